// One phone with its chat. It is drawn again in part whenever something of it is new; what is focused stays so.

import { act, sendFile, tell } from "./acts.js";
import { Composer } from "./composer.js";
import { button, dayOf, directionOf, formatted, make } from "./dom.js";
import { Lock } from "./lock.js";
import { partsOf } from "./message.js";

const NEAR = 80;
const GAP = 8;
const TYPING_SECONDS = 6;
const BUSY_SECONDS = 15;

export class Phone {
  // `clock.now()` gives seconds; `hooks.edit` opens the dialog of the seeker.
  constructor(seeker, clock, hooks) {
    this.id = seeker.id;
    this.seeker = seeker;
    this.clock = clock;
    this.items = new Map();
    this.days = new Map();
    this.busy = new Map();
    this.wantsFocus = false;
    this.typingSince = 0;
    this.newsFrom = 0;
    this.build(hooks);
  }

  get language() { return this.seeker.language; }
  get zone() { return this.seeker.zone; }
  now() { return this.clock.now(); }

  command(words) {
    return act("write", { seeker: this.id, text: words });
  }

  build(hooks) {
    this.time = make("time");
    this.name = make("h2", { id: `bot-${this.id}` });
    this.status = make("p", { class: "status", role: "status" });
    this.edit = button("", () => hooks.edit(this.seeker), { class: "owner" });
    this.list = make("ol", {});
    this.log = make("div", { class: "log", role: "log", tabindex: "0" }, this.list);
    this.about = make("div", { class: "about" });
    this.composer = new Composer(this);
    this.lock = new Lock(this);
    this.inside = make("div", { class: "inside" },
      make("header", {}, make("div", { class: "avatar", "aria-hidden": "true" }, "20"),
        make("div", { class: "names" }, this.name, this.status), this.edit),
      make("div", { class: "chat" }, this.about, this.log), this.composer.element);
    this.element = make("section", { class: "phone", "data-seeker": this.id },
      make("div", { class: "top", "aria-hidden": "true" }, this.time), this.inside, this.lock.element);
    this.log.addEventListener("keydown", (event) => this.onkey(event));
    // Whoever goes elsewhere by hand is not called back by what comes later.
    this.element.addEventListener("pointerdown", () => { this.wantsFocus = false; });
    this.element.addEventListener("keydown", (event) => { if (event.key === "Tab") this.wantsFocus = false; });
    this.takeDrops();
    // A phone that is turned, or a keyboard that comes up, leaves the newest words in sight.
    this.wasAtEnd = true;
    this.log.addEventListener("scroll", () => { this.wasAtEnd = this.isAtEnd(); });
    new ResizeObserver(() => { if (this.wasAtEnd) this.toEnd(); }).observe(this.log);
  }

  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.wasAtEnd = true;
  }

  // To the end; but what the coach said since the seeker last did something is read from its first line.
  toNews() {
    this.toEnd();
    const first = this.items.get(this.newsFrom);
    if (!first) return;
    const top = first.element.getBoundingClientRect().top - this.log.getBoundingClientRect().top;
    if (top < GAP) { this.log.scrollTop += top - GAP; this.wasAtEnd = this.isAtEnd(); }
  }

  takeDrops() {
    const over = (is) => (event) => {
      event.preventDefault();
      this.element.classList.toggle("dropping", is);
    };
    this.element.addEventListener("dragover", over(true));
    this.element.addEventListener("dragleave", over(false));
    this.element.addEventListener("drop", (event) => {
      over(false)(event);
      this.sendFiles(event.dataTransfer.files, true);
    });
    this.element.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) this.sendFiles(event.clipboardData.files, true);
    });
  }

  async sendFiles(files, asPicture) {
    for (const file of files) {
      if (!(await sendFile(this.id, file, asPicture))) return;
    }
  }

  // Up and down go from message to message, as in a list; letters go into the line at the bottom.
  onkey(event) {
    const types = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (types) return this.composer.words.focus();
    if (!["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const messages = [...this.list.querySelectorAll(".message")];
    const at = messages.indexOf(document.activeElement.closest(".message"));
    const next = at < 0 ? messages.length - 1 : at + (event.key === "ArrowUp" ? -1 : 1);
    if (!messages[next]) return;
    event.preventDefault();
    messages[next].focus();
  }

  // `messages` in order; `fresh`: everything is told for the first time.
  draw(seeker, messages, fresh) {
    this.seeker = seeker;
    this.drawFrame();
    const atEnd = this.isAtEnd();
    const focused = this.focused();
    const came = this.drawMessages(messages);
    this.composer.draw();
    this.inside.inert = this.lock.draw(messages);
    this.keepFocus(focused, messages);
    if (came && !fresh) this.toNews();
    else if (atEnd || fresh) this.toEnd();
  }

  drawFrame() {
    const { first_name, language, zone, name, action, about } = this.seeker;
    const direction = directionOf(language);
    this.element.dir = direction;
    this.element.setAttribute("aria-label", `${first_name}’s phone`);
    this.log.setAttribute("aria-label", `Conversation of ${first_name} with ${name}`);
    this.name.textContent = name;
    this.edit.textContent = `${first_name} · ${language}`;
    this.edit.setAttribute("aria-label", `${first_name}’s phone: name, language and time zone`);
    this.edit.title = `${first_name}, ${language}, ${zone}`;
    this.list.lang = language;
    this.typingSince = action ? this.typingSince || Date.now() : 0;
    this.tick();
    this.about.replaceChildren(make("h3", {}, "What can this bot do?"), make("p", { dir: "auto", lang: language }, about || ""));
  }

  // Whatever shows the time of day, once a second.
  tick() {
    const { language, zone, blocked, action } = this.seeker;
    this.time.textContent = formatted(this.now(), language, zone, { hour: "numeric", minute: "2-digit" });
    const typing = action && Date.now() - this.typingSince < TYPING_SECONDS * 1000;
    const words = blocked ? "blocked" : typing ? "typing…" : "bot";
    if (this.status.textContent !== words) this.status.textContent = words;
    this.lock.tick();
  }

  drawMessages(messages) {
    const kept = new Set(messages.map((one) => one.message_id));
    for (const [number, item] of this.items) {
      if (!kept.has(number)) { item.element.remove(); this.items.delete(number); }
    }
    let came = false;
    for (const message of messages) came = this.drawMessage(message) || came;
    this.drawDays(messages);
    this.about.hidden = messages.length > 0;
    return came;
  }

  drawMessage(message) {
    const text = JSON.stringify(message) + this.language + this.zone + this.busyOf(message.message_id);
    const item = this.items.get(message.message_id);
    if (item && item.text === text) return false;
    const isNews = !item || item.words !== message.text;
    if (isNews) this.newsFrom = message.mine ? 0 : this.newsFrom || message.message_id;
    const element = item ? item.element : make("li", { tabindex: "-1", "data-number": message.message_id });
    element.className = `message ${message.mine ? "out" : "in"}`;
    element.replaceChildren(...partsOf(message, this));
    this.items.set(message.message_id, { element, text, words: message.text });
    if (!item) this.list.append(element);
    return isNews;
  }

  drawDays(messages) {
    const kept = new Set();
    let last = "";
    for (const message of messages) {
      const day = dayOf(message.date, this.zone);
      if (day === last) continue;
      last = day;
      kept.add(day);
      this.drawDay(day, message);
    }
    for (const [day, element] of this.days) {
      if (!kept.has(day)) { element.remove(); this.days.delete(day); }
    }
  }

  drawDay(day, first) {
    const element = this.days.get(day) || make("li", { class: "day" }, make("span", {}));
    element.firstChild.textContent = formatted(first.date, this.language, this.zone, { weekday: "long", month: "long", day: "numeric" });
    const before = this.items.get(first.message_id).element;
    if (element.nextSibling !== before) this.list.insertBefore(element, before);
    this.days.set(day, element);
  }

  // A press waits for its answer a while, and the button says so.
  pressed(number, data) {
    this.wantsFocus = true;
    this.newsFrom = 0;
    this.busy.set(number, { data, until: Date.now() + BUSY_SECONDS * 1000 });
    setTimeout(() => this.answered(number), BUSY_SECONDS * 1000);
    return act("press", { seeker: this.id, message: number, data });
  }

  busyOf(number) {
    const found = this.busy.get(number);
    return found && found.until > Date.now() ? found.data : "";
  }

  answered(number) {
    this.busy.delete(number);
    for (const busy of this.list.querySelectorAll(`[data-number="${number}"] [aria-busy]`)) busy.removeAttribute("aria-busy");
  }

  notice(answer) {
    if (answer.text) tell(answer.text);
    this.busy.clear();
    for (const busy of this.list.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  }

  focused() {
    const active = document.activeElement;
    if (!this.list.contains(active)) return null;
    const message = active.closest(".message");
    return message && { number: Number(message.dataset.number), label: active.textContent, isMessage: active === message };
  }

  // Where the focused button went away, the newest words of the coach are next to be read.
  keepFocus(focused, messages) {
    const newest = messages.filter((one) => !one.mine).at(-1);
    const target = newest && this.items.get(newest.message_id).element;
    if (!target || !focused) return;
    const isLost = !this.list.contains(document.activeElement);
    const isOver = this.wantsFocus && newest.message_id > focused.number;
    if (isLost && !isOver) {
      const buttons = this.items.has(focused.number) ? [...this.items.get(focused.number).element.querySelectorAll("button")] : [];
      const same = !this.wantsFocus && buttons.find((one) => one.textContent === focused.label);
      return (same || target).focus({ preventScroll: true });
    }
    if (isOver) {
      this.wantsFocus = false;
      target.focus({ preventScroll: true });
    }
  }

  // Where whoever comes to this phone should begin to read.
  begin() {
    const newest = [...this.items.values()].at(-1);
    const target = this.lock.first() || (newest ? newest.element : this.composer.start);
    target.focus();
  }

  unlocked(number) {
    this.inside.inert = false;
    const item = this.items.get(number);
    if (!item) return;
    this.newsFrom = number;
    this.toNews();
    item.element.focus({ preventScroll: true });
  }
}
