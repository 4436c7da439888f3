// A conversation in Slack.

import { drawBlocks } from "./blocks.js";
import { Conversation } from "./conversation.js";
import { Entries } from "./entries.js";
import { textNodes, unescape } from "./mrkdwn.js";
import { say } from "./words.js";

export class Messages extends Conversation {
  // app: as of Conversation, and canWrite(), press(...)
  constructor(app, channelId) {
    super(app);
    this.channelId = channelId;
  }

  show(conversation) {
    const note = conversation.older ? say("older", String(conversation.older)) : conversation.messages.length === 0 && this.#empty(conversation);
    this.showMessages(conversation.messages, note);
  }

  #empty(conversation) {
    if (!conversation.is_direct) return say("emptyChannel");
    return this.app.canWrite() && say("empty");
  }

  id(message) { return message.ts; }
  attributes(message) { return { "data-ts": message.ts }; }
  seconds(message) { return Number(message.ts); }
  author(message) { return message.author; }
  isBot(message) { return message.is_bot; }
  isOwn(message) { return message.user === this.app.person().id; }
  source(message) { return unescape(message.text); }
  edit(message, text) { return this.app.act("edit", { ts: message.ts, channel: this.channelId, text }); }
  remove(message) { return this.app.act("delete", { ts: message.ts, channel: this.channelId }); }

  words(message) {
    const entries = new Entries();
    const context = {
      names: this.app.names(), entries, headingLevel: 3,
      press: (block, element, value, pressed) =>
        this.app.press({ ts: message.ts, channel: this.channelId }, block, element, value, entries, pressed),
    };
    return message.blocks?.length
      ? drawBlocks(message.blocks, context)
      : textNodes({ type: "mrkdwn", text: message.text }, context.names);
  }

  marks(message) {
    // Slack marks edited text; a card the bot has replaced is simply its newest self.
    const isMarkedEdited = message.edited && !(message.is_bot && message.blocks?.length);
    return [isMarkedEdited && `(${say("edited")})`, message.only_for_you && say("onlyYou")].filter(Boolean);
  }

  // A message as a screen reader hears of it: its fallback text, as Slack does.
  spoken(message) {
    return unescape(message.text).replaceAll(/[*_~`]/gu, "").slice(0, 300);
  }
}
