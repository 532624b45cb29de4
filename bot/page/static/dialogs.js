// The dialogs: who a seeker is, contacts, choosing people, opening links and files.

import { act, copy } from "./acts.js";
import { make } from "./dom.js";

const find = (id) => document.getElementById(id);
const NAMES = ["Dana", "Omar", "Mei", "Jonas", "Priya", "Sofia"];
const KNOWN = ["Maria Lopez", "Sam Chen", "Aunt Rosa", "Coach Williams", "Ben from the bus", "Priya Nair"];
const TEXTUAL = /^(text\/|application\/(json|calendar))/;
const MOST_PREVIEWED = 200_000;

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.hasAttribute("data-close")) dialog.close();
  });
}

// Opens a dialog; `done` gets its fields when it is sent off.
function open(id, done) {
  const dialog = find(id), form = dialog.querySelector("form");
  form.onsubmit = () => done(Object.fromEntries(new FormData(form)));
  dialog.showModal();
  const first = form.querySelector("input, select");
  if (first) first.focus();
}

function ownZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

function zones() {
  const known = Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : [];
  return [...new Set([ownZone(), "UTC", ...known])].sort();
}

// The first seeker: English where this browser speaks nothing that the coach speaks.
export function firstSeeker(languages) {
  const own = navigator.language.split("-")[0];
  const language = own in languages && own !== "ar" ? own : "en";
  return { first_name: NAMES[0], language, zone: ownZone() };
}

export function editSeeker(languages, seeker, count, done) {
  const name = find("seeker-name"), language = find("seeker-language"), zone = find("seeker-zone");
  language.replaceChildren(...Object.entries(languages).map(([code, own]) => make("option", { value: code }, own)));
  zone.replaceChildren(...zones().map((one) => make("option", { value: one }, one)));
  name.value = seeker ? seeker.first_name : NAMES[count % NAMES.length];
  language.value = seeker ? seeker.language : "en";
  zone.value = seeker ? seeker.zone : ownZone();
  open("seeker-dialog", done);
}

export function shareContact(seeker) {
  open("contact-dialog", (fields) => act("contact", { seeker, ...fields }));
}

export function shareOwnNumber(seeker, text) {
  ask("Share your phone number?", "The coach will see the number of this phone.", "Share",
    () => act("letters", { seeker, text }));
}

export function pickPeople(seeker, request) {
  const most = request.max_quantity || 1;
  find("pick-most").textContent = most === 1 ? "The coach asks for one person." : `The coach asks for up to ${most} people.`;
  const boxes = KNOWN.map((name) => make("input", { type: most === 1 ? "radio" : "checkbox", name: "names", value: name }));
  find("pick-list").replaceChildren(...boxes.map((box, i) => make("li", {}, make("label", {}, box, ` ${KNOWN[i]}`))));
  for (const box of boxes) {
    box.addEventListener("change", () => {
      const full = boxes.filter((one) => one.checked).length >= most;
      for (const one of boxes) one.disabled = most > 1 && full && !one.checked;
    });
  }
  open("pick-dialog", () => {
    const names = boxes.filter((one) => one.checked).map((one) => one.value);
    act("pick", { seeker, names, request: request.request_id });
  });
}

function ask(title, words, yes, done) {
  find("ask-title").textContent = title;
  find("ask-words").textContent = words;
  find("ask-yes").textContent = yes;
  open("ask-dialog", done);
  find("ask-yes").focus();
}

// A local Telegram has no other chats to open: the address is shown, and opened only if that is meant.
export function askToOpen(url) {
  const isWeb = /^https?:/.test(url);
  if (isWeb) ask("Open this link?", url, "Open", () => window.open(url, "_blank", "noopener,noreferrer"));
  else ask("On a phone this opens:", url, "Copy", () => copy(url));
}

export async function openFile(file, isPicture) {
  const address = `/files/${file.file_id}`;
  const name = file.file_name || "Picture";
  find("viewer-title").textContent = name;
  find("viewer-save").href = address;
  find("viewer-save").download = name;
  const mime = isPicture ? "image/" : file.mime_type || "";
  find("viewer-content").replaceChildren(await content(address, mime, name, file.file_size || 0));
  find("viewer").showModal();
}

async function content(address, mime, name, size) {
  if (mime.startsWith("image/")) return make("img", { src: address, alt: name });
  if (TEXTUAL.test(mime) && size < MOST_PREVIEWED) {
    const answer = await fetch(address);
    return make("pre", { tabindex: "0", dir: "auto" }, await answer.text());
  }
  return make("p", {}, "This kind of file is not shown here. Save it to open it.");
}
