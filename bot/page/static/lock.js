// A phone in a pocket: what came meanwhile stands on its locked screen, until a message is opened.

import { act } from "./acts.js";
import { button, formatted, make } from "./dom.js";
import { preview } from "./text.js";

const DAY = { weekday: "long", month: "long", day: "numeric" };
const CARD = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };

export class Lock {
  constructor(phone) {
    this.phone = phone;
    this.drawn = "";
    this.time = make("p", { class: "lock-time" });
    this.day = make("p", { class: "lock-day" });
    this.cards = make("ul", {});
    this.element = make("div", { class: "lock", role: "group", hidden: true }, this.time, this.day, this.cards,
      make("p", { class: "lock-hint" }, "Press a message to open it."));
  }

  // Whether the phone is locked. What is new on it is next to be read; what stands there stays untouched.
  draw(messages) {
    const { locked, first_name, name, language, zone } = this.phone.seeker;
    const came = messages.filter((one) => locked.includes(one.message_id)).reverse();
    const drawn = JSON.stringify([came, name, language, zone]);
    const isNew = drawn !== this.drawn;
    this.drawn = drawn;
    this.element.hidden = came.length === 0;
    if (came.length && isNew) {
      this.element.setAttribute("aria-label", `${first_name}’s phone is locked, with ${came.length} new`);
      this.cards.replaceChildren(...came.map((one) => make("li", {}, this.card(one))));
      this.tick();
      this.first().focus({ preventScroll: true });
    }
    return came.length > 0;
  }

  first() {
    return this.element.hidden ? null : this.cards.querySelector("button");
  }

  tick() {
    const { language, zone } = this.phone;
    if (this.element.hidden) return;
    this.time.textContent = formatted(this.phone.now(), language, zone, { hour: "numeric", minute: "2-digit" });
    this.day.textContent = formatted(this.phone.now(), language, zone, DAY);
  }

  card(message) {
    const { language, zone, seeker } = this.phone;
    const made = button("", () => this.open(message.message_id), { class: "card" });
    made.append(
      make("span", { class: "card-head" }, make("span", { class: "card-app" }, "Telegram"), make("span", {}, formatted(message.date, language, zone, CARD))),
      make("strong", {}, seeker.name),
      make("span", { class: "card-words", dir: "auto", lang: language }, preview(message)));
    return made;
  }

  async open(number) {
    await act("unlock", { seeker: this.phone.id });
    this.element.hidden = true;
    this.phone.unlocked(number);
  }
}
