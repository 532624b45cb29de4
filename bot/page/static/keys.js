// Keyboards: the one that hangs on a message, and the one in place of the letters.

import { act, copy, tell } from "./acts.js";
import { askToOpen, pickPeople, shareOwnNumber } from "./dialogs.js";
import { button, make } from "./dom.js";

// Telegram lays the buttons of a row from left to right in every language, so the row has its own direction.
export function keyboardOf(rows, phone, message) {
  return make("div", { class: "keys", role: "group", "aria-label": "Buttons" },
    ...rows.map((row) => make("div", { class: "row", dir: "ltr" }, ...row.map((key) => inline(key, phone, message)))));
}

function inline(key, phone, message) {
  const isBusy = key.callback_data && phone.busyOf(message.message_id) === key.callback_data;
  const sign = key.copy_text ? "⧉" : key.url ? "↗" : "";
  const made = button("", () => pressed(key, phone, message, made), {
    class: `key ${key.style || ""}`, "aria-busy": isBusy ? "true" : null, title: key.copy_text ? "Copy" : key.url || null,
  });
  made.append(make("span", { dir: "auto", lang: phone.language }, key.text));
  if (sign) made.append(make("span", { class: "sign", "aria-hidden": "true" }, sign));
  return made;
}

function pressed(key, phone, message, made) {
  if (key.copy_text) return copy(key.copy_text.text);
  if (key.url) return askToOpen(key.url);
  if (key.callback_data === undefined) return tell("A local Telegram does nothing with this kind of button.");
  made.setAttribute("aria-busy", "true");
  return phone.pressed(message.message_id, key.callback_data);
}

export function lettersOf(keyboard, phone) {
  return make("div", { class: `letters ${keyboard.resize_keyboard ? "" : "tall"}`, role: "group", "aria-label": "Keyboard of the coach" },
    ...keyboard.keyboard.map((row) => make("div", { class: "row", dir: "ltr" }, ...row.map((key) => letter(key, phone)))));
}

function letter(given, phone) {
  const key = typeof given === "string" ? { text: given } : given;
  const onclick = () => {
    if (key.request_contact) return shareOwnNumber(phone.id, key.text);
    if (key.request_users) return pickPeople(phone.id, key.request_users);
    return act("letters", { seeker: phone.id, text: key.text });
  };
  return button(key.text, onclick, { class: `key ${key.style || ""}`, dir: "auto" });
}
