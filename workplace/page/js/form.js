// The bot's forms: one <dialog>, showing the top of the person's stack.

import { drawBlocks } from "./blocks.js";
import { el, scrollable } from "./dom.js";
import { goBack, placeOf } from "./openers.js";
import { Entries } from "./entries.js";
import { say } from "./words.js";

export class Form {
  #view = null;
  #entries = new Entries();
  #inputs = new Map();
  #opener = { node: document.body, message: null };
  #busy = false;

  // app: {names(), person(), press(...), act(what, body), focusConversation()}
  constructor(app) {
    this.app = app;
    this.dialog = el("dialog", { class: "form", "aria-labelledby": "form-title" });
    this.dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.#close(); });
    document.body.append(this.dialog);
  }

  get isOpen() {
    return this.dialog.open;
  }

  show(stack) {
    const view = stack.at(-1);
    if (!view) { this.#hide(); return; }
    if (this.#view?.id === view.id && this.#view?.hash === view.hash) return;
    const isUpdate = this.#view?.id === view.id;
    if (!this.dialog.open) this.#opener = placeOf(document.activeElement);
    this.#view = view;
    // What has been typed stays where block and action keep their ids, as in Slack.
    const first = this.#draw(view, stack.length, isUpdate ? this.#entries.values() : {});
    if (!this.dialog.open) this.dialog.showModal();
    (isUpdate ? this.dialog.querySelector("h2") : first || this.dialog.querySelector("h2")).focus();
    this.dialog.querySelector(".form-body").scrollTop = 0;
  }

  #hide() {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.#view = null;
    goBack(this.#opener, this.app);
  }

  #draw(view, depth, typed) {
    this.#entries = new Entries();
    this.#inputs = new Map();
    const context = {
      names: this.app.names(), entries: this.#entries, inputs: this.#inputs, state: view.state.values, typed, headingLevel: 3,
      press: (block, element, value, pressed) =>
        this.app.press({ view_id: view.id }, block, element, value, this.#entries, pressed),
    };
    const body = scrollable(el("div", { class: "form-body" }, drawBlocks(view.blocks, context)), "form-title");
    const close = view.close?.text || say(depth > 1 ? "back" : view.submit ? "cancel" : "close");
    this.dialog.replaceChildren(
      el("form", {
        novalidate: true, lang: this.app.person().locale,
        onsubmit: (event) => { event.preventDefault(); this.#submit(); },
      },
      el("h2", { id: "form-title", tabindex: "-1" }, view.title?.text || ""),
      body,
      el("p", { class: "error form-error", role: "alert" }),
      el("div", { class: "dialog-buttons" },
        el("button", { type: "button", class: "button", onclick: () => this.#close() }, close),
        view.submit && el("button", { class: "button primary", "data-submit": true }, view.submit.text))));
    return context.focusFirst || [...this.#inputs.values()][0]?.focus;
  }

  async #submit() {
    if (this.#busy || !this.#view.submit) return;
    this.#busy = true;
    const button = this.dialog.querySelector("[data-submit]");
    button.setAttribute("aria-disabled", "true");
    this.#fault("");
    try {
      const answer = await this.app.act("submit", { view_id: this.#view.id, values: this.#entries.values() }, { quietly: true });
      if (!answer) return;
      if (!answer.acknowledged) this.#fault(say(answer.status ? "refused" : "noAnswer"));
      const words = Object.entries(answer.errors || {}).map(([id, text]) => [id, answer.sent ? text : say(text)]);
      this.#showErrors(new Map(words));
    } catch (error) {
      this.#fault(say("failed", error.message));
    } finally {
      this.#busy = false;
      button.removeAttribute("aria-disabled");
    }
  }

  #showErrors(errors) {
    let first = null;
    for (const [blockId, { focus, error, control }] of this.#inputs) {
      const text = errors.get(blockId);
      error.textContent = text || "";
      error.hidden = !text;
      // A group of boxes cannot be invalid in ARIA; its error is tied to it by aria-describedby.
      if (control.getAttribute("role") !== "group") control.setAttribute("aria-invalid", text ? "true" : "false");
      if (text && !first) first = focus;
    }
    first?.focus();
  }

  #fault(text) {
    this.dialog.querySelector(".form-error").textContent = text;
  }

  async #close() {
    await this.app.act("close", { view_id: this.#view.id });
  }
}
