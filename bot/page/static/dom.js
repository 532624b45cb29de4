// Small helpers to build elements.

export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter(Boolean));
  return made;
}

export function button(label, onclick, attributes = {}) {
  return make("button", { type: "button", onclick, ...attributes }, label);
}

// Words that can be pressed and still flow with the others: a button proper would stand there as one block.
export function flowing(onclick, attributes, ...children) {
  const onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onclick();
  };
  return make("span", { role: "button", tabindex: "0", onclick, onkeydown, ...attributes }, ...children);
}

const LEFTWARD = ["ar", "fa", "he", "ur"];

export function directionOf(language) {
  return LEFTWARD.includes(language.split(/[-_@]/)[0]) ? "rtl" : "ltr";
}

// Formats are costly to make and few: each is made once.
const formats = new Map();

export function formatted(seconds, language, zone, options) {
  const name = JSON.stringify([language, zone, options]);
  if (!formats.has(name)) {
    formats.set(name, new Intl.DateTimeFormat(language.replace(/[_@].*/, ""), { timeZone: zone, ...options }));
  }
  return formats.get(name).format(new Date(seconds * 1000));
}

export function dayOf(seconds, zone) {
  return formatted(seconds, "en-CA", zone, { year: "numeric", month: "2-digit", day: "2-digit" });
}
