// One conversation: its messages, and a place to write.

import { drawBlocks } from "./blocks.js";
import { announce, el, freshId } from "./dom.js";
import { Entries } from "./entries.js";
import { textNodes, unescape } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { day, hour } from "./times.js";
import { say } from "./words.js";

export class Messages {
  #items = new Map();
  #lastDay = null;

  // app: {person(), names(), zone(), press(...), act(what, body)}
  constructor(app, channelId) {
    this.app = app;
    this.channelId = channelId;
    this.list = el("ol", { class: "messages" });
    this.note = el("p", { class: "empty" });
    this.node = el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": say("messages") }, this.note, this.list);
  }

  // Draw what is new or changed, leave everything else as it stands, so that focus and typing survive.
  show(conversation) {
    const first = this.#items.size === 0 && this.list.childElementCount === 0;
    const atEnd = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 80;
    const present = new Set(conversation.messages.map((message) => message.ts));
    for (const [ts, item] of this.#items) {
      if (!present.has(ts)) { item.node.remove(); this.#items.delete(ts); }
    }
    let added = false;
    for (const message of conversation.messages) added = this.#put(message, first) || added;
    this.#markDays(conversation.messages);
    this.note.hidden = conversation.messages.length > 0 && !conversation.older;
    this.note.textContent = conversation.older
      ? say("older", String(conversation.older))
      : say(conversation.is_direct ? "empty" : "emptyChannel");
    if (first || (added && atEnd)) this.scrollToEnd();
  }

  scrollToEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    // On a narrow screen the whole page scrolls instead.
    this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  #put(message, quietly) {
    const drawn = JSON.stringify(message);
    const before = this.#items.get(message.ts);
    if (before?.drawn === drawn) return false;
    if (before?.editing) return false;
    const node = this.#item(message);
    this.#items.set(message.ts, { node, drawn });
    if (before) {
      const hadFocus = before.node.contains(document.activeElement);
      before.node.replaceWith(node);
      if (hadFocus) node.focus();
      if (!quietly && message.is_bot) announce(say("changedFrom", message.author, spoken(message)));
      return false;
    }
    this.list.append(node);
    if (!quietly && message.is_bot) announce(say("newFrom", message.author, spoken(message)));
    return true;
  }

  #markDays(messages) {
    let last = null;
    for (const message of messages) {
      const name = day(Number(message.ts), this.app.zone());
      const node = this.#items.get(message.ts).node;
      const marker = node.querySelector(":scope > .day");
      if (name === last) marker?.remove();
      else if (!marker) node.prepend(el("p", { class: "day" }, el("span", {}, name)));
      last = name;
    }
  }

  #item(message) {
    const entries = new Entries();
    const context = {
      names: this.app.names(), entries, headingLevel: 3,
      press: (block, element, value, pressed) =>
        this.app.press({ ts: message.ts, channel: this.channelId }, block, element, value, entries, pressed),
    };
    const body = message.blocks?.length
      ? drawBlocks(message.blocks, context)
      : textNodes({ type: "mrkdwn", text: message.text }, context.names);
    const who = freshId("who");
    const own = message.user === this.app.person().id;
    return el("li", { class: `message ${own ? "own" : ""}`, tabindex: "-1", "data-ts": message.ts },
      el("article", { "aria-labelledby": who },
        avatar(message.author, { isBot: message.is_bot }),
        el("div", { class: "content" },
          el("p", { class: "meta", id: who },
            el("span", { class: "author" }, message.author),
            message.is_bot && el("span", { class: "tag" }, say("app")),
            el("time", { datetime: new Date(Number(message.ts) * 1000).toISOString() }, hour(Number(message.ts), this.app.zone())),
            isMarkedEdited(message) && el("span", {}, `(${say("edited")})`),
            message.only_for_you && el("span", {}, say("onlyYou"))),
          el("div", { class: "words", lang: this.app.person().locale }, body),
          own && this.#ownButtons(message))));
  }

  #ownButtons(message) {
    return el("div", { class: "own-buttons" },
      el("button", { type: "button", class: "quiet", onclick: () => this.#edit(message) }, say("edit")),
      el("button", { type: "button", class: "quiet", onclick: () => this.app.act("delete", { ts: message.ts, channel: this.channelId }) }, say("remove")));
  }

  #edit(message) {
    const item = this.#items.get(message.ts);
    const field = el("textarea", { rows: 2, "aria-label": say("edit") });
    field.value = unescape(message.text);
    const finish = async (text) => {
      item.editing = false;
      item.drawn = "";
      if (text?.trim()) await this.app.act("edit", { ts: message.ts, channel: this.channelId, text });
      await this.app.refresh();
      this.#items.get(message.ts)?.node.focus();
    };
    const form = el("form", {
      class: "editing",
      onsubmit: (event) => { event.preventDefault(); finish(field.value); },
      onkeydown: (event) => { if (event.key === "Escape") finish(null); },
    }, field, el("div", { class: "dialog-buttons" },
      el("button", { type: "button", class: "button", onclick: () => finish(null) }, say("cancel")),
      el("button", { class: "button primary" }, say("save"))));
    item.editing = true;
    item.node.querySelector(".words").replaceChildren(form);
    item.node.querySelector(".own-buttons").remove();
    field.focus();
  }
}

// A message as a screen reader hears of it: its fallback text, as Slack does.
function spoken(message) {
  return unescape(message.text).replaceAll(/[*_~`]/gu, "").slice(0, 300);
}

// Slack marks edited text; a card the bot has replaced is simply its newest self.
function isMarkedEdited(message) {
  return message.edited && !(message.is_bot && message.blocks?.length);
}
