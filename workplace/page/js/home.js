// The bot's Home, as one person sees it.

import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { Entries } from "./entries.js";
import { say } from "./words.js";

export class Home {
  #drawn = null;

  constructor(app) {
    this.app = app;
    this.node = el("div", { class: "scroller home", tabindex: "0", role: "region", "aria-label": say("homeOf") });
  }

  show(view) {
    const drawn = view ? `${view.id} ${view.hash}` : "none";
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (!view) { this.node.replaceChildren(el("p", { class: "empty" }, say("emptyHome"))); return; }
    const entries = new Entries();
    const hadFocus = this.node.contains(document.activeElement) && document.activeElement !== this.node;
    this.node.replaceChildren(el("div", { class: "words", lang: this.app.person().locale }, drawBlocks(view.blocks, {
      names: this.app.names(), entries, state: view.state.values, headingLevel: 3,
      press: (block, element, value, pressed) =>
        this.app.press({ view_id: view.id }, block, element, value, entries, pressed),
    })));
    if (hadFocus) this.node.focus();
  }
}
