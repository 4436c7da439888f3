// The Slack half of the page: its people, and what one of them sees.

import { composer } from "./composer.js";
import { el } from "./dom.js";
import { Form } from "./form.js";
import { Home } from "./home.js";
import { Messages } from "./messages.js";
import { namesFrom } from "./names.js";
import { slackProfile } from "./profile.js";
import { say } from "./words.js";
import { slack } from "./workplace.js";

export class SlackHalf {
  heading = "inSlack";
  mainTab = "messages";
  #showing = {};

  // page: {act(what, body, options), pressing(button, work), refresh(), focusConversation()}
  constructor(page) {
    this.app = {
      ...page, names: () => namesFrom(this.place), person: () => this.seen.person, zone: () => this.seen.person.tz,
      canWrite: () => this.canWrite(),
      press: (where, block, element, value, entries, pressed) => page.pressing(pressed, () => page.act("press", {
        ...where, action_id: element.action_id, block_id: block.block_id, value, values: entries.values(),
      })),
    };
    this.form = new Form(this.app);
  }

  act(id, what, body) {
    return slack.act(id, what, body);
  }

  read(person) {
    return Promise.all([slack.people(), person && slack.person(person)]);
  }

  take([place, seen]) {
    this.place = place;
    this.seen = seen;
  }

  get workplaceName() { return this.place.team.name; }
  get zone() { return this.place.team.zone; }

  people() {
    return this.place.people.map(({ id, real_name: name, title, unit, deleted, is_bot: isBot, newest }) => ({
      id, name, title, unit, newest, isGone: deleted, marks: [deleted && say("left"), isBot && say("bot")].filter(Boolean),
    }));
  }

  startsWith() {
    return this.place.people.find((one) => !one.deleted && !one.is_bot)?.id;
  }

  person() {
    const { id, real_name: name, title, tz, deleted } = this.seen.person;
    return { id, name, tz, about: [title, deleted && say("left")].filter((part) => part !== false) };
  }

  canWrite() {
    return !this.seen.person.deleted && !this.seen.person.is_bot && !this.#isArchived();
  }

  #isArchived() {
    return Boolean(this.seen.channels.find((one) => one.id === this.#showing.id)?.is_archived);
  }

  tabs() {
    return [["home", say("home")], ["messages", say("messages")], ...this.seen.channels.map((one) => [one.id, `#${one.name}`])];
  }

  /** `change(what, body, whatToSay)` */
  profile(change) {
    return slackProfile(this.seen.person, (changes) => change("profile", changes, say("profileSaved")));
  }

  /** Make anew what `tab` shows; `show` fills it. */
  draw(tab) {
    if (tab === "home") {
      const home = new Home(this.app);
      this.#showing = { home };
      return { title: say("homeOf"), parts: [home.node] };
    }
    const channel = this.seen.channels.find((one) => one.id === tab);
    const id = channel?.id || this.seen.direct.id;
    const messages = new Messages(this.app, id);
    this.#showing = { messages, id };
    return {
      title: channel ? say("channelTitle", channel.name) : say("conversationWith"),
      parts: [messages.node, this.#isArchived() && archived(), this.canWrite() && composer(channel ? say("composerChannel", `#${channel.name}`) : say("composer"), {
        hint: say("composerHint"),
        send: (text) => this.app.act("write", { text, channel: id }),
        command: (command, text) => this.app.act("command", { command, text, channel: id }),
      })],
    };
  }

  show() {
    const { home, messages, id } = this.#showing;
    messages?.show([this.seen.direct, ...this.seen.channels].find((one) => one.id === id) || this.seen.direct);
    home?.show(this.seen.home);
    this.form.show(this.seen.stack);
  }

  leave() {
    this.#showing = {};
    this.form.show([]);
  }

  scrollToEnd() {
    this.#showing.messages?.scrollToEnd();
  }

  /** Slack tells the bot when somebody opens its Home or its messages. */
  arrived(tab) {
    if (this.canWrite() && (tab === "home" || tab === "messages")) this.app.act("home", { tab }, { quietly: true }).catch(() => {});
  }
}

/** What stands where one writes in a channel that can only be read. */
function archived() {
  return el("div", { class: "composer out-of-reach" }, el("p", {}, say("archived")));
}
