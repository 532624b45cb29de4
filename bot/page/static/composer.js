// The line at the bottom: words, the menu of commands, what can be attached, and the keyboard of the coach.

import { act, tell } from "./acts.js";
import { shareContact } from "./dialogs.js";
import { button, make } from "./dom.js";
import { lettersOf } from "./keys.js";

const MOST_LINES = 6;

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.changing = null;
    this.showsLetters = true;
    this.lettersFrom = "";
    this.build();
  }

  build() {
    const id = this.phone.id;
    this.words = make("textarea", { id: `words-${id}`, rows: "1", dir: "auto", "aria-label": "Message", placeholder: "Message",
      onkeydown: (event) => this.onkey(event), oninput: () => this.oninput() });
    this.picker = make("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-hidden": "true",
      onchange: () => this.chosen() });
    this.menu = make("ul", { class: "menu", id: `menu-${id}`, hidden: true });
    this.menuToggle = button("Menu", () => this.toggle(this.menu, this.menuToggle), { class: "round menu-toggle", "aria-expanded": "false", "aria-controls": `menu-${id}` });
    this.attach = make("ul", { class: "menu attach", id: `attach-${id}`, hidden: true },
      make("li", {}, button("Picture", () => this.pick("image/*"))), make("li", {}, button("File", () => this.pick(""))),
      make("li", {}, button("Contact", () => { this.close(); shareContact(id); })));
    this.attachToggle = button("+", () => this.toggle(this.attach, this.attachToggle), { class: "round", "aria-label": "Attach", "aria-expanded": "false", "aria-controls": `attach-${id}` });
    this.lettersToggle = button("⌨", () => { this.showsLetters = !this.showsLetters; this.drawLetters(); }, { class: "round", "aria-label": "Keyboard of the coach", hidden: true });
    // A sign, as in Telegram: beside the coach's own button "Sent" the word would be taken for it.
    this.send = make("button", { type: "submit", class: "send", "aria-label": "Send" }, make("span", { "aria-hidden": "true" }, "➤"));
    this.note = make("p", { class: "changing", hidden: true }, make("span", {}, "You change what you wrote."), button("Leave it", () => this.leave()));
    this.form = make("form", { onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.menuToggle, this.attachToggle, this.words, this.lettersToggle, this.send, this.picker);
    this.start = button("Start", () => this.begin(), { class: "start" });
    this.letters = make("div", {});
    this.element = make("footer", { onkeydown: (event) => { if (event.key === "Escape") this.close(true); } },
      this.menu, this.attach, this.note, this.form, this.start, this.letters);
  }

  draw() {
    const { blocked, commands } = this.phone.seeker;
    const isNew = this.phone.items.size === 0;
    this.start.textContent = blocked ? "Unblock" : "Start";
    const hadFocus = document.activeElement === this.start;
    this.start.hidden = !(isNew || blocked);
    this.form.hidden = isNew || blocked;
    // Not into the line: on a phone its keyboard would hide what the coach says first.
    if (hadFocus && this.start.hidden) this.phone.log.focus({ preventScroll: true });
    this.menuToggle.hidden = commands.length === 0;
    if (this.menu.hidden) this.drawMenu(commands);
    this.drawLetters();
  }

  begin() {
    if (this.phone.seeker.blocked) return act("block", { seeker: this.phone.id, on: false });
    this.phone.wantsFocus = true;
    return act("write", { seeker: this.phone.id, text: "/start" });
  }

  drawMenu(commands) {
    this.menu.replaceChildren(...commands.map((one) => make("li", {},
      make("button", { type: "button", onclick: () => { this.close(); this.words.value = ""; this.phone.command(`/${one.command}`); this.words.focus(); } },
        make("b", { dir: "ltr" }, `/${one.command}`), make("span", { dir: "auto", lang: this.phone.language }, ` ${one.description}`)))));
  }

  drawLetters() {
    const { keyboard, blocked } = this.phone.seeker;
    const text = JSON.stringify(keyboard);
    if (text !== this.lettersFrom) {
      this.lettersFrom = text;
      this.showsLetters = true;
      this.letters.replaceChildren(...(keyboard ? [lettersOf(keyboard, this.phone)] : []));
    }
    this.letters.hidden = !keyboard || !this.showsLetters || blocked;
    this.lettersToggle.hidden = !keyboard;
    this.words.placeholder = (keyboard && keyboard.input_field_placeholder) || "Message";
  }

  toggle(menu, toggle) {
    const opens = menu.hidden;
    this.close();
    if (menu === this.menu) this.drawMenu(this.phone.seeker.commands);
    menu.hidden = !opens;
    toggle.setAttribute("aria-expanded", opens);
    if (opens) menu.querySelector("button").focus();
  }

  close(keepsFocus = false) {
    const back = !this.menu.hidden ? this.menuToggle : !this.attach.hidden ? this.attachToggle : null;
    for (const one of [this.menu, this.attach]) one.hidden = true;
    for (const one of [this.menuToggle, this.attachToggle]) one.setAttribute("aria-expanded", false);
    if (keepsFocus && back) back.focus();
  }

  // A slash at the beginning offers the commands that begin so.
  oninput() {
    this.words.rows = Math.min(MOST_LINES, this.words.value.split("\n").length);
    const found = /^\/([a-z0-9_]*)$/.exec(this.words.value);
    const fitting = found ? this.phone.seeker.commands.filter((one) => one.command.startsWith(found[1])) : [];
    this.drawMenu(fitting.length ? fitting : this.phone.seeker.commands);
    this.menu.hidden = fitting.length === 0;
    this.menuToggle.setAttribute("aria-expanded", fitting.length > 0);
  }

  onkey(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" && !this.words.value) {
      const last = this.phone.lastOwn();
      if (last) { event.preventDefault(); this.change(last); }
    } else if (event.key === "ArrowDown" && !this.menu.hidden) {
      event.preventDefault();
      this.menu.querySelector("button").focus();
    }
  }

  async submit() {
    const text = this.words.value.trim();
    if (!text) {
      tell("Write something first.");
      return this.words.focus();
    }
    const { id } = this.phone;
    const done = this.changing ? act("edit", { seeker: id, message: this.changing, text }) : act("write", { seeker: id, text });
    this.close();
    if (!(await done)) return;
    this.leave();
  }

  change(message) {
    this.changing = message.message_id;
    this.note.hidden = false;
    this.words.value = message.text;
    this.words.focus();
  }

  leave() {
    this.changing = null;
    this.note.hidden = true;
    this.words.value = "";
    this.words.rows = 1;
    this.words.focus();
  }

  pick(kind) {
    this.close();
    this.picker.accept = kind;
    this.picker.click();
  }

  async chosen() {
    await this.phone.sendFiles(this.picker.files, this.picker.accept !== "");
    this.picker.value = "";
    this.words.focus();
  }
}
