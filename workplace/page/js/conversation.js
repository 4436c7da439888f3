// One conversation: its messages, drawn in the order they come, whatever platform they are of.
//
// A platform's own class says, of one of its messages: id, seconds, author, isBot, isOwn, words (what is drawn), spoken (what
// is read out), source (what is edited), and perhaps marks (what is said beside the time), kinds (classes), attributes and
// buttons; and it does edit and remove.

import { announce, el, freshId } from "./dom.js";
import { avatar } from "./people.js";
import { day, hour } from "./times.js";
import { say } from "./words.js";

export class Conversation {
  #items = new Map();

  // app: {person(), names(), zone(), act(what, body), refresh()}
  constructor(app) {
    this.app = app;
    this.list = el("ol", { class: "messages" });
    this.note = el("div", { class: "empty" });
    this.node = el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": say("messages") }, this.note, this.list);
  }

  // Draw what is new or changed, leave everything else as it stands, so that focus and typing survive.
  showMessages(messages, note) {
    const first = this.#items.size === 0 && this.list.childElementCount === 0;
    const atEnd = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 80;
    const present = new Set(messages.map((message) => this.id(message)));
    for (const [id, item] of this.#items) {
      if (!present.has(id)) { item.node.remove(); this.#items.delete(id); }
    }
    let added = false;
    for (const message of messages) added = this.#put(message, first) || added;
    this.#keepOrder(messages);
    this.#markDays(messages);
    this.note.hidden = !note;
    this.note.replaceChildren(...[note].flat().filter(Boolean));
    if (first || (added && atEnd)) this.scrollToEnd();
  }

  scrollToEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    // On a narrow screen the whole page scrolls instead.
    this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  marks() {
    return [];
  }

  kinds() {
    return [];
  }

  attributes() {
    return {};
  }

  buttons() {
    return [];
  }

  /** Write in place of a message's words; `send(text)` is not called when nothing was written or Escape was pressed. */
  writeIn(message, { label, text, into, send }) {
    const item = this.#items.get(this.id(message));
    const field = el("textarea", { rows: 2, "aria-label": label });
    field.value = text;
    const finish = async (written) => {
      item.editing = false;
      item.drawn = "";
      if (written?.trim()) await send(written);
      await this.app.refresh();
      this.#items.get(this.id(message))?.node.focus();
    };
    const form = el("form", {
      class: "editing",
      onsubmit: (event) => { event.preventDefault(); finish(field.value); },
      onkeydown: (event) => { if (event.key === "Escape") finish(null); },
    }, field, el("div", { class: "dialog-buttons" },
      el("button", { type: "button", class: "button", onclick: () => finish(null) }, say("cancel")),
      el("button", { class: "button primary" }, say(into === "words" ? "save" : "send"))));
    item.editing = true;
    if (into === "words") item.node.querySelector(".words").replaceChildren(form);
    else item.node.querySelector(".content").append(form);
    item.node.querySelector(".own-buttons").remove();
    field.focus();
  }

  #put(message, quietly) {
    const id = this.id(message);
    const drawn = JSON.stringify(message);
    const before = this.#items.get(id);
    if (before?.drawn === drawn) return false;
    if (before?.editing) return false;
    const node = this.#item(message);
    this.#items.set(id, { node, drawn });
    if (before) {
      const hadFocus = before.node.contains(document.activeElement);
      before.node.replaceWith(node);
      if (hadFocus) node.focus();
      if (!quietly && this.isBot(message)) announce(say("changedFrom", this.author(message), this.spoken(message)));
      return false;
    }
    this.list.append(node);
    if (!quietly && this.isBot(message)) announce(say("newFrom", this.author(message), this.spoken(message)));
    return true;
  }

  /** What is new stands last in the list already; only an answer in a thread has to be moved. */
  #keepOrder(messages) {
    messages.forEach((message, index) => {
      const { node } = this.#items.get(this.id(message));
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index]);
    });
  }

  #markDays(messages) {
    let last = null;
    for (const message of messages) {
      const name = day(this.seconds(message), this.app.zone());
      const { node } = this.#items.get(this.id(message));
      const marker = node.querySelector(":scope > .day");
      if (name === last) marker?.remove();
      else if (!marker) node.prepend(el("p", { class: "day" }, el("span", {}, name)));
      last = name;
    }
  }

  #item(message) {
    const who = freshId("who");
    const own = this.isOwn(message);
    const seconds = this.seconds(message);
    const kinds = ["message", own && "own", ...this.kinds(message)].filter(Boolean).join(" ");
    return el("li", { class: kinds, tabindex: "-1", "data-message": this.id(message), ...this.attributes(message) },
      el("article", { "aria-labelledby": who },
        avatar(this.author(message), { isBot: this.isBot(message) }),
        el("div", { class: "content" },
          el("p", { class: "meta", id: who },
            el("span", { class: "author" }, this.author(message)),
            this.isBot(message) && el("span", { class: "tag" }, say("app")),
            el("time", { datetime: new Date(seconds * 1000).toISOString() }, hour(seconds, this.app.zone())),
            this.marks(message).map((mark) => el("span", {}, mark))),
          el("div", { class: "words", lang: this.app.person().locale }, this.words(message)),
          this.#buttons(message, own))));
  }

  #buttons(message, own) {
    const quiet = (word, onclick) => el("button", { type: "button", class: "quiet", onclick }, say(word));
    const buttons = this.buttons(message).map(([word, onclick]) => quiet(word, onclick));
    if (own) {
      buttons.push(quiet("edit", () => this.writeIn(message, {
        label: say("edit"), text: this.source(message), into: "words", send: (text) => this.edit(message, text),
      })));
      buttons.push(quiet("remove", () => this.remove(message)));
    }
    return buttons.length > 0 && el("div", { class: "own-buttons" }, buttons);
  }
}
