// What went over the wire, the newest first: each request with its arguments and its answer.

import { formatted, make } from "./dom.js";

const find = (id) => document.getElementById(id);
const items = new Map();
// What is cut off in the middle must not leave a direction turned.
const MARKUP_AND_TURNS = /<[^>]*>|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

find("only-refused").addEventListener("change", (event) => find("calls").classList.toggle("only-refused", event.target.checked));

export function drawCalls(calls) {
  const list = find("calls"), kept = new Set(calls.map((one) => one.number));
  for (const [number, element] of items) {
    if (!kept.has(number)) { element.remove(); items.delete(number); }
  }
  for (const call of calls) {
    if (items.has(call.number)) continue;
    const element = drawn(call);
    items.set(call.number, element);
    list.prepend(element);
  }
  const refused = calls.filter(isRefused).length;
  find("refused").textContent = refused === 0 ? "nothing refused" : `${refused} refused`;
}

function isRefused(call) {
  return call.status >= 400;
}

function drawn(call) {
  const status = call.status === 0 ? "no answer" : String(call.status);
  const at = formatted(call.at, "en-GB", Intl.DateTimeFormat().resolvedOptions().timeZone, { timeStyle: "medium" });
  const summary = make("summary", {}, make("span", { class: "status" }, status), make("b", {}, ` ${call.method} `), make("small", {}, about(call)), make("time", {}, at));
  const details = make("details", {}, summary);
  // Most are never opened: their insides are made when they are.
  details.addEventListener("toggle", () => {
    if (details.childElementCount === 1) details.append(part("Arguments", call.params), part("Answer", call.answer));
  });
  return make("li", { class: isRefused(call) ? "refused" : call.status === 0 ? "unanswered" : "" }, details);
}

function part(title, value) {
  const words = typeof value === "string" ? value || "(nothing)" : JSON.stringify(value, null, 2);
  return make("div", {}, make("h3", {}, title), make("pre", { tabindex: "0", dir: "auto" }, words));
}

function about(call) {
  const result = call.answer && call.answer.result;
  if (isRefused(call)) return (call.answer && call.answer.description) || "";
  if (call.method.toLowerCase() === "getupdates" && Array.isArray(result)) {
    return result.map((one) => Object.keys(one).find((key) => key !== "update_id")).join(", ");
  }
  return call.params.text ? String(call.params.text).replace(MARKUP_AND_TURNS, "").slice(0, 40) : "";
}
