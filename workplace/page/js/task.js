// A dialog of Teams ("task module"): one card in a <dialog>. What is wrong with a form the bot says in a new card.

import { drawCard } from "./cards.js";
import { el, scrollable } from "./dom.js";
import { goBack, placeOf } from "./openers.js";
import { say } from "./words.js";

export class Task {
  #drawn = null;
  #opener = { node: document.body, message: null };

  // app: {people(), act(what, body, options), pressing(button, work), focusConversation()}
  constructor(app) {
    this.app = app;
    this.dialog = el("dialog", { class: "form task", "aria-labelledby": "task-title" });
    this.dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.app.act("close", {}); });
    document.body.append(this.dialog);
  }

  show(task) {
    if (!task) { this.#hide(); return; }
    const drawn = JSON.stringify(task);
    if (drawn === this.#drawn) return;
    if (!this.dialog.open) this.#opener = placeOf(document.activeElement);
    const first = this.#draw(task);
    if (!this.dialog.open) this.dialog.showModal();
    // A card that comes in place of another is read from its beginning: there stands what is wrong.
    (this.#drawn ? this.dialog.querySelector("h2") : first || this.dialog.querySelector("h2")).focus();
    this.dialog.querySelector(".form-body").scrollTop = 0;
    this.#drawn = drawn;
  }

  #hide() {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.#drawn = null;
    goBack(this.#opener, this.app);
  }

  #draw(task) {
    const card = drawCard(task.card, {
      people: this.app.people(),
      press: (action, values, button) => this.#press(action, values, button),
    });
    const faults = Object.values(task.errors || {});
    this.dialog.classList.toggle("large", task.height === "large" || task.width === "large");
    this.dialog.replaceChildren(el("form", { lang: this.app.person().locale, onsubmit: (event) => event.preventDefault() },
      el("h2", { id: "task-title", tabindex: "-1" }, task.title || ""),
      scrollable(el("div", { class: "form-body" }, card), "task-title"),
      el("p", { class: "error form-error", role: "alert" }, faults.join(" ")),
      el("div", { class: "dialog-buttons" },
        el("button", { type: "button", class: "button", onclick: () => this.app.act("close", {}) }, say("close")))));
    return card.querySelector("input:not([type=search]), textarea, select");
  }

  async #press(action, values, button) {
    const { knuff } = action.data || {};
    const [what, which] = knuff?.action
      ? ["press_in_dialog", { title: action.title, action: knuff.action, value: knuff.value }]
      : ["submit", { title: action.title }];
    this.#fault("");
    try {
      const answer = await this.app.pressing(button, () => this.app.act(what, { ...which, values }, { quietly: true }));
      if (answer && !answer.acknowledged) this.#fault(say(answer.status ? "refused" : "noAnswer"));
    } catch (error) {
      this.#fault(say("failed", error.message));
    }
  }

  #fault(text) {
    this.dialog.querySelector(".form-error").textContent = text;
  }
}
