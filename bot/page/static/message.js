// One message as elements: its bubble with words, pictures and files, and the buttons that hang on it.

import { openFile } from "./dialogs.js";
import { button, formatted, make } from "./dom.js";
import { keyboardOf } from "./keys.js";
import { preview, shown } from "./text.js";

export function partsOf(message, phone) {
  const rows = message.reply_markup && message.reply_markup.inline_keyboard;
  return rows ? [bubble(message, phone), keyboardOf(rows, phone, message)] : [bubble(message, phone)];
}

function bubble(message, phone) {
  const who = message.mine ? phone.seeker.first_name : phone.seeker.name;
  const words = message.text ?? message.caption ?? "";
  const entities = message.entities || message.caption_entities;
  return make("div", { class: "bubble" },
    make("span", { class: "unseen" }, `${who}:`),
    message.reply_to_message && make("div", { class: "replied", dir: "auto" }, preview(message.reply_to_message)),
    message.photo && picture(message.photo.at(-1)),
    message.document && file(message.document),
    message.contact && contact(message.contact),
    message.users_shared && chosen(message.users_shared),
    words ? make("div", { class: "text" }, shown(words, entities, phone)) : null,
    foot(message, phone));
}

function foot(message, phone) {
  const at = formatted(message.date, phone.language, phone.zone, { hour: "numeric", minute: "2-digit" });
  const time = make("time", { datetime: new Date(message.date * 1000).toISOString() }, at);
  if (!message.mine) return make("div", { class: "foot" }, time);
  // No stop for the keyboard on each: the arrow up in an empty line changes the last words, too.
  const change = { class: "change", tabindex: "-1" };
  return make("div", { class: "foot" },
    message.text && button("Change", () => phone.composer.change(message), change),
    message.edit_date && make("span", {}, "changed"),
    time,
    make("span", { role: "img", "aria-label": message.read ? "read by the coach" : "not read yet" }, message.read ? "✓✓" : "✓"));
}

function picture(photo) {
  const image = make("img", { src: `/files/${photo.file_id}`, alt: "", width: photo.width, height: photo.height });
  const opens = { class: "picture", "aria-label": "Open the picture" };
  return button(image, () => openFile(photo, true), opens);
}

function file(document) {
  const { file_name: name, file_size: length } = document;
  const size = length < 1024 ? `${length} bytes` : `${Math.round(length / 1024)} KB`;
  const opens = button("", () => openFile(document, false), { class: "file" });
  opens.append(make("span", { class: "sheet", "aria-hidden": "true" }, (name || "").split(".").pop().slice(0, 4)),
    make("span", {}, make("bdi", {}, name || "File"), make("small", {}, ` ${size}`)));
  return opens;
}

function contact(shared) {
  const name = [shared.first_name, shared.last_name].filter(Boolean).join(" ");
  return make("div", { class: "shared" }, make("strong", {}, make("bdi", {}, name)), make("bdi", { class: "number" }, shared.phone_number));
}

function chosen(shared) {
  return make("div", { class: "shared" }, `Chosen: ${shared.users.map((one) => one.first_name).join(", ")}`);
}
