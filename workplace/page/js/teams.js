// The Teams half of the page: its people, and what one of them sees.

import { Chat } from "./chat.js";
import { composer } from "./composer.js";
import { el, flash } from "./dom.js";
import { teamsProfile } from "./profile.js";
import { Task } from "./task.js";
import { say } from "./words.js";
import { teams } from "./workplace.js";

export class TeamsHalf {
  heading = "inTeams";
  mainTab = "chat";
  #showing = {};

  // page: {act(what, body, options), pressing(button, work), notice(text), refresh(), focusConversation()}
  constructor(page) {
    this.page = page;
    this.app = {
      ...page, person: () => this.seen.person, zone: () => this.seen.person.tz, canWrite: () => this.canWrite(),
      people: () => this.place.people.map((one) => [one.id, one.name]),
      pressCard: (where, action, values, button) => page.pressing(button, () => this.#press(where, action, values)),
      say: (conversation, text, thread) => this.#say(conversation, text, thread),
      mentioning: (text) => this.#mentioning(text),
    };
    this.task = new Task(this.app);
  }

  act(id, what, body) {
    return teams.act(id, what, body);
  }

  read(person) {
    return Promise.all([teams.people(), person && teams.person(person)]);
  }

  take([place, seen]) {
    this.place = place;
    this.seen = seen;
  }

  people() {
    return this.place.people.map(({ id, name, title, newest, ...states }) => ({ id, name, title, newest, marks: marks(states) }));
  }

  startsWith() {
    return this.place.people.find((one) => one.installed)?.id;
  }

  person() {
    const { id, name, title, tz, ...states } = this.seen.person;
    return { id, name, tz, about: [title, ...marks(states)] };
  }

  canWrite() {
    const { installed, blocked, disabled } = this.seen.person;
    return installed && !blocked && !disabled;
  }

  tabs() {
    return [["chat", say("chat")], ...this.seen.channels.map((one) => [one.id, one.name])];
  }

  profile(change) {
    const { person } = this.seen;
    return teamsProfile(person, {
      save: (changes) => change("profile", changes, say("profileSavedTeams", person.name)),
      install: () => change("install", {}, say("installed")),
      uninstall: () => change("uninstall", {}, say("uninstalled")),
    });
  }

  draw(tab) {
    const channel = this.seen.channels.find((one) => one.id === tab);
    const chat = new Chat(this.app);
    this.#showing = { chat, id: channel?.id };
    if (channel) {
      return {
        title: channel.name,
        parts: [chat.node, composer(say("composerChannel", channel.name), {
          hint: say("composerHintChannel", this.place.bot.name), send: (text) => this.#say(channel.id, text),
        })],
      };
    }
    return {
      title: say("chatWith"),
      parts: [chat.node, this.canWrite() ? composer(say("composer"), {
        hint: say("composerHintChat"), send: (text) => this.page.act("write", { text }),
      }) : this.#outOfReach()],
    };
  }

  show() {
    const { chat, id } = this.#showing;
    const conversation = id ? this.seen.channels.find((one) => one.id === id) : this.seen.personal;
    if (conversation) chat?.show(conversation);
    else chat?.showNothing();
    this.task.show(this.seen.dialog);
  }

  leave() {
    this.#showing = {};
    this.task.show(null);
  }

  scrollToEnd() {
    this.#showing.chat?.scrollToEnd();
  }

  arrived() {}

  /** What stands where one writes, when nothing one writes would come through. */
  #outOfReach() {
    const { name, ...states } = this.seen.person;
    return el("div", { class: "composer out-of-reach" },
      el("p", {}, `${name} ${marks(states).join(", ")}.`),
      !states.installed && el("button", { type: "button", class: "button primary", onclick: () => this.page.act("install", {}) }, say("install")));
  }

  /** What is said to the bot in a text that begins with its name; null for any other text. */
  #mentioning(text) {
    const [called, said] = [`@${this.place.bot.name}`.toLocaleLowerCase(), text.trimStart()];
    return said.toLocaleLowerCase().startsWith(called) ? said.slice(called.length).trim() : null;
  }

  /** In a channel the bot hears of nothing but what mentions it. */
  #say(conversation, text, thread) {
    const mention = this.#mentioning(text);
    if (mention === null) return this.page.act("write", { text, conversation, thread });
    const team = this.place.teams.find((one) => one.channels.some((channel) => channel.id === conversation));
    return this.page.doing(() => teams.mention({ person: this.seen.person.id, team: team.id, channel: conversation, text: mention, thread }));
  }

  async #press(where, action, values) {
    const { knuff, msteams } = action.data || {};
    const opens = action.getJsonTypeName() === "Action.Submit" && msteams?.type === "task/fetch";
    const answer = await this.page.act(opens ? "open" : "press", {
      ...where, values, title: action.title, verb: action.verb, action: knuff?.action, value: knuff?.value,
    });
    if (!answer?.shown) return;
    // In Teams, what a button answers is a line that goes away; what came instead of a dialog stands until it is closed.
    if (opens) this.page.notice(answer.shown);
    else flash(answer.shown);
  }
}

function marks({ installed, blocked, disabled }) {
  return [!installed && say("notInstalled"), blocked && say("hasBlocked"), disabled && say("isDisabled")].filter(Boolean);
}
