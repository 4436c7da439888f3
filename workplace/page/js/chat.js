// A conversation in Teams: the personal chat with the bot, or a channel with its threads.

import { drawCard } from "./cards.js";
import { Conversation } from "./conversation.js";
import { el } from "./dom.js";
import { say } from "./words.js";

export class Chat extends Conversation {
  // app: as of Conversation, and canWrite(), people(), pressCard(...), say(conversation, text, thread), mentioning(text)
  show(conversation) {
    this.conversation = conversation;
    const note = conversation.older ? say("older", String(conversation.older)) : conversation.messages.length === 0 && this.#empty();
    this.showMessages(threaded(conversation.messages), note);
  }

  showNothing() {
    this.showMessages([], null);
  }

  id(message) { return message.id; }
  kinds(message) { return message.thread ? ["reply"] : []; }
  seconds(message) { return Date.parse(message.at) / 1000; }
  author(message) { return message.author_name; }
  isBot(message) { return message.is_bot; }
  isOwn(message) { return message.author === this.app.person().id; }
  source(message) { return message.text; }
  edit(message, text) { return this.app.act("edit", { ...this.#place(message), text: this.app.mentioning(text) ?? text }); }
  remove(message) { return this.app.act("delete", this.#place(message)); }

  words(message) {
    const text = message.text && el("p", { class: "plain" }, message.text);
    const card = message.card && drawCard(message.card, {
      people: this.app.people(),
      press: (action, values, button) => this.app.pressCard(this.#place(message), action, values, button),
    });
    return [text, card].filter(Boolean);
  }

  marks(message) {
    return [message.edited && !message.is_bot && `(${say("edited")})`, message.thread && say("inThread")].filter(Boolean);
  }

  buttons(message) {
    if (this.conversation.is_personal || message.thread) return [];
    return [["reply", () => this.writeIn(message, {
      label: say("replyTo", message.author_name), text: "", send: (text) => this.app.say(this.conversation.id, text, message.id),
    })]];
  }

  spoken(message) {
    return (message.summary || message.card?.speak || message.text).slice(0, 300);
  }

  /** Where one cannot write, what stands there instead of the composer says why. */
  #empty() {
    if (!this.conversation.is_personal) return say("emptyChannel");
    return this.app.canWrite() && say("emptyChat");
  }

  #place(message) {
    return { id: message.id, conversation: this.conversation.id };
  }
}

/** Each message that began a thread, with its answers after it. */
function threaded(messages) {
  const known = new Set(messages.map((one) => one.id));
  const begins = (one) => !known.has(one.thread);
  return messages.filter(begins).flatMap((one) => [one, ...messages.filter((other) => other.thread === one.id)]);
}
