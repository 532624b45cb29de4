// The page: listens to what is new, and draws the seekers' phones, the time and the requests.

import { act, tell } from "./acts.js";
import { editSeeker, firstSeeker } from "./dialogs.js";
import { button, formatted, make } from "./dom.js";
import { Phone } from "./phone.js";
import { drawCalls } from "./wire.js";

const find = (id) => document.getElementById(id);
const things = new Map();
const phones = new Map();
const answered = new Set();
let current = 0;

const clock = {
  at: Date.now() / 1000,
  heard: performance.now(),
  now() { return this.at + (performance.now() - this.heard) / 1000; },
  set(seconds) { this.at = seconds; this.heard = performance.now(); },
};

function named(prefix) {
  return [...things].filter(([name]) => name.startsWith(prefix)).map(([, thing]) => thing);
}

function listen() {
  const stream = new EventSource("/events");
  stream.onmessage = (event) => {
    const { begins, set, gone } = JSON.parse(event.data);
    if (begins) things.clear();
    for (const [name, thing] of Object.entries(set)) things.set(name, thing);
    for (const name of gone) things.delete(name);
    find("lost").hidden = true;
    draw(begins);
  };
  stream.onerror = () => { find("lost").hidden = false; };
}

function draw(begins) {
  clock.set(things.get("clock").now);
  const seekers = named("seeker:").sort((a, b) => a.id - b.id);
  if (!seekers.length && begins) act("begin", firstSeeker(things.get("languages")));
  for (const [id, phone] of phones) {
    if (!things.has(`seeker:${id}`)) { phone.element.remove(); phones.delete(id); }
  }
  for (const seeker of seekers) drawPhone(seeker, begins);
  if (!phones.has(current) && seekers.length) current = seekers[0].id;
  drawSeekers(seekers);
  drawAnswers(begins);
  drawCalls(named("call:").sort((a, b) => a.number - b.number));
  drawFaults();
  tick();
}

function drawPhone(seeker, begins) {
  if (!phones.has(seeker.id)) {
    const phone = new Phone(seeker, clock, { edit: changeSeeker });
    phone.element.addEventListener("focusin", () => choose(seeker.id));
    phone.lastOwn = () => messagesOf(seeker.id).filter((one) => one.mine && one.text).at(-1);
    phones.set(seeker.id, phone);
    find("phones").append(phone.element);
    if (!begins) current = seeker.id;
  }
  phones.get(seeker.id).draw(seeker, messagesOf(seeker.id), begins);
}

function messagesOf(id) {
  return named(`message:${id}:`).sort((a, b) => a.message_id - b.message_id);
}

function drawSeekers(seekers) {
  const text = JSON.stringify(seekers.map(({ id, first_name, language, locked }) => [id, first_name, language, locked.length])) + current;
  const list = find("seekers");
  if (list.dataset.text !== text) {
    const focused = list.contains(document.activeElement) && document.activeElement.dataset.seeker;
    list.dataset.text = text;
    list.replaceChildren(...seekers.map((one) => {
      const made = button(one.first_name, () => choose(one.id, true), { "data-seeker": one.id, "aria-current": one.id === current ? "true" : null });
      if (one.locked.length) made.append(make("span", { class: "count", "aria-label": `${one.locked.length} new` }, String(one.locked.length)));
      return make("li", {}, made);
    }));
    if (focused) list.querySelector(`[data-seeker="${focused}"]`)?.focus();
  }
  for (const [id, phone] of phones) phone.element.classList.toggle("current", id === current);
}

function choose(id, goes = false) {
  if (current !== id) {
    current = id;
    drawSeekers(named("seeker:").sort((a, b) => a.id - b.id));
    drawFaults();
  }
  if (goes) phones.get(id).element.scrollIntoView({ inline: "nearest", block: "nearest" });
}

function drawAnswers(begins) {
  for (const answer of named("answer:")) {
    if (answered.has(answer.callback_query_id)) continue;
    answered.add(answer.callback_query_id);
    if (!begins) phones.get(answer.user)?.notice(answer);
  }
}

function drawFaults() {
  const faults = things.get("faults"), seeker = things.get(`seeker:${current}`);
  find("away").checked = faults.away;
  find("slow").checked = faults.slow;
  document.body.classList.toggle("away", faults.away);
  if (!seeker) return;
  find("block").textContent = seeker.blocked ? "Let the coach in again" : "Block the coach";
  find("block").setAttribute("aria-pressed", seeker.blocked);
}

// The time is that of the chosen phone.
function tick() {
  const seeker = things.get(`seeker:${current}`);
  if (!seeker) return;
  const at = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
  find("now").textContent = formatted(clock.now(), navigator.language, seeker.zone, at);
  find("now").dateTime = new Date(clock.now() * 1000).toISOString();
  const due = things.get("clock").next_due;
  find("due").textContent = due ? `Next nudge: ${formatted(due, navigator.language, seeker.zone, at)}` : "No nudge is planned yet.";
  for (const phone of phones.values()) phone.tick();
}

function changeSeeker(seeker) {
  editSeeker(things.get("languages"), seeker, phones.size, (fields) => act("change", { seeker: seeker.id, ...fields }));
}

const PASSED = { 3600: "An hour has passed.", 86400: "A day has passed." };

async function pass(name, fields) {
  const buttons = document.querySelectorAll(".passes button");
  const focused = document.activeElement;
  for (const one of buttons) one.disabled = true;
  const newest = named("message:").length;
  const done = await act(name, fields);
  // The stream tells what came of it a moment later than the answer.
  setTimeout(() => {
    if (done && named("message:").length === newest) tell(`${PASSED[fields.seconds] || ""} The coach is silent.`.trim());
  }, 300);
  for (const one of buttons) one.disabled = false;
  if (document.activeElement === document.body) focused.focus();
}

function begin() {
  for (const one of document.querySelectorAll("[data-pass]")) one.addEventListener("click", () => pass("pass", { seconds: Number(one.dataset.pass) }));
  for (const one of document.querySelectorAll("[data-once]")) one.addEventListener("click", () => act("once", { what: one.dataset.once }));
  find("to-nudge").addEventListener("click", () => pass("next_nudge", {}));
  find("add").addEventListener("click", () => editSeeker(things.get("languages"), null, phones.size, (fields) => act("add", fields)));
  for (const id of ["away", "slow"]) {
    find(id).addEventListener("change", () => act("faults", { away: find("away").checked, slow: find("slow").checked }));
  }
  find("block").addEventListener("click", () => act("block", { seeker: current, on: !things.get(`seeker:${current}`).blocked }));
  find("tools-toggle").addEventListener("click", () => {
    const open = document.body.classList.toggle("tools-open");
    find("tools-toggle").setAttribute("aria-expanded", open);
    find("tools-toggle").textContent = open ? "Back to the phone" : "Help and tools";
  });
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    phones.get(current)?.begin();
  });
  find("how").open = !matchMedia("(max-width: 60rem)").matches;
  const theme = find("theme");
  theme.value = localStorage.getItem("theme") || "";
  const paint = () => { document.documentElement.dataset.theme = theme.value; localStorage.setItem("theme", theme.value); };
  theme.addEventListener("change", paint);
  paint();
  // A file that is let go beside a phone must not take the place of the page.
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
  setInterval(tick, 1000);
  listen();
}

begin();
