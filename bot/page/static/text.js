// A text with its entities as elements, the way Telegram shows them. Offsets count UTF-16 units, as JavaScript does.

import { copy, tell } from "./acts.js";
import { askToOpen } from "./dialogs.js";
import { button, flowing, formatted, make } from "./dom.js";

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };
const LINES_SHOWN = 3;
const FOUND_IN_TEXT = /(https?:\/\/[^\s]+[^\s.,;:!?)])|(^|(?<=\s))(\/[a-z0-9_]{1,32})\b/g;

// `phone` gives language, zone, now() and command(words).
export function shown(text, entities, phone) {
  const ordered = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return range(text, 0, text.length, ordered, phone, true);
}

function range(text, begin, end, entities, phone, links) {
  const made = document.createDocumentFragment();
  let at = begin;
  for (let i = 0; i < entities.length; i++) {
    const one = entities[i];
    if (one.offset < at || one.offset >= end) continue;
    const stop = Math.min(end, one.offset + one.length);
    const inner = entities.slice(i + 1).filter((other) => other.offset < stop);
    made.append(plain(text.slice(at, one.offset), phone, links));
    const isLink = one.type === "text_link" || one.type === "code" || one.type === "pre";
    const children = range(text, one.offset, stop, inner, phone, links && !isLink);
    made.append(element(one, children, text.slice(one.offset, stop), phone));
    at = stop;
    // A block brings its own end of line.
    if (isBlock(one) && text[at] === "\n") at += 1;
  }
  made.append(plain(text.slice(at, end), phone, links));
  return made;
}

function isBlock(one) {
  return one.type.endsWith("blockquote") || one.type === "pre";
}

function plain(words, phone, links) {
  const made = document.createDocumentFragment();
  let at = 0;
  for (const found of links ? words.matchAll(FOUND_IN_TEXT) : []) {
    made.append(words.slice(at, found.index));
    made.append(found[1] ? link(found[1], found[1]) : command(found[3], phone));
    at = found.index + found[0].length;
  }
  made.append(words.slice(at));
  return made;
}

function command(words, phone) {
  return button(words, () => phone.command(words), { class: "link" });
}

function link(url, ...children) {
  return make("a", { href: url, onclick: (event) => { event.preventDefault(); askToOpen(url); } }, ...children);
}

function element(one, children, words, phone) {
  if (PLAIN[one.type]) return make(PLAIN[one.type], {}, children);
  switch (one.type) {
    case "spoiler": return spoiler(children);
    case "code": return flowing(() => copy(words), { class: "code", title: "Copy" }, make("code", {}, children));
    case "pre": return pre(one, children, words);
    case "blockquote": return make("blockquote", {}, children);
    case "expandable_blockquote": return expandable(children);
    case "text_link": return link(one.url, children);
    case "date_time": return moment(one, children, phone);
    case "text_mention": return make("span", { class: "mention" }, children);
    default: return make("span", {}, children);
  }
}

function spoiler(children) {
  const words = make("span", { class: "words" }, children);
  words.inert = true;
  const made = flowing(() => {
    words.inert = false;
    const told = make("span", { class: "told", tabindex: "-1" }, ...words.childNodes);
    made.replaceWith(told);
    told.focus({ preventScroll: true });
  }, { class: "spoiler", "aria-label": "Hidden words. Press to show them." }, words);
  return made;
}

function pre(one, children, words) {
  const head = make("div", { class: "head" }, make("span", {}, one.language || ""),
    button("Copy", () => copy(words)));
  return make("div", { class: "pre" }, head, make("pre", { tabindex: "0" }, make("code", {}, children)));
}

function expandable(children) {
  const quote = make("blockquote", { class: "expandable" });
  const words = make("div", { class: "words" }, children);
  const toggle = button("Show all", () => {
    const open = quote.classList.toggle("open");
    toggle.textContent = open ? "Show less" : "Show all";
    toggle.setAttribute("aria-expanded", open);
  }, { class: "toggle", "aria-expanded": "false" });
  quote.append(words, toggle);
  requestAnimationFrame(() => {
    const line = parseFloat(getComputedStyle(words).lineHeight);
    if (words.scrollHeight <= line * (LINES_SHOWN + 0.5)) {
      quote.classList.add("open", "short");
      toggle.remove();
    }
  });
  return quote;
}

// As the phone has it: in its own zone and language. Without a format the words stay, and a press tells.
function moment(one, children, phone) {
  const at = one.unix_time;
  const whole = formatted(at, phone.language, phone.zone, { dateStyle: "full", timeStyle: "short" });
  const shape = one.date_time_format || "";
  const words = shape === "r" ? relative(at - phone.now(), phone.language) : shape ? timed(at, shape, phone) : null;
  const time = make("time", { datetime: new Date(at * 1000).toISOString() }, words === null ? children : words);
  return flowing(() => tell(whole), { class: "moment", title: whole }, time);
}

function timed(at, shape, phone) {
  const options = {};
  if (shape.includes("w")) options.weekday = shape.includes("D") ? "long" : "short";
  if (shape.includes("d")) Object.assign(options, { day: "numeric", month: "short" });
  if (shape.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/[tT]/.test(shape)) Object.assign(options, { hour: "numeric", minute: "2-digit" });
  if (shape.includes("T")) options.second = "2-digit";
  return formatted(at, phone.language, phone.zone, options);
}

const SPANS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function relative(seconds, language) {
  const [unit, size] = SPANS.find(([, length]) => Math.abs(seconds) >= length) || ["second", 1];
  const format = new Intl.RelativeTimeFormat(language.replace(/[_@].*/, ""), { numeric: "auto" });
  return format.format(Math.round(seconds / size), unit);
}

// What a locked screen shows of a message: its words, hidden ones left hidden.
export function preview(message) {
  let words = message.text || message.caption || (message.document && message.document.file_name) || "";
  for (const one of message.entities || []) {
    if (one.type !== "spoiler") continue;
    const end = one.offset + one.length;
    words = words.slice(0, one.offset) + "▒".repeat(one.length) + words.slice(end);
  }
  return words;
}
