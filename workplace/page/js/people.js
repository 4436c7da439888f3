// The list of everyone who works here, each platform's people under its name.

import { el, freshId } from "./dom.js";
import { say } from "./words.js";

const LONG_LIST = 14;

export class People {
  #read = JSON.parse(sessionStorage.getItem("read") || "{}");
  #drawn = "";
  #shown = null;

  constructor(node) {
    this.node = node;
  }

  markRead(id, newest) {
    if (!newest || this.#read[id] === newest) return;
    this.#read[id] = newest;
    sessionStorage.setItem("read", JSON.stringify(this.#read));
  }

  // groups: [{heading, tab, people: [{id, name, title, marks, newest, isGone}]}]
  draw(groups, chosen) {
    const drawn = JSON.stringify([groups, chosen, this.#read, say("people")]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = document.activeElement?.closest?.("a[data-person]")?.dataset.person;
    const wanted = this.node.querySelector("input")?.value || "";
    const parts = groups.filter(({ people }) => people.length > 0).map((group) => this.#group(group, chosen));
    const items = parts.flatMap(({ rows }) => rows);
    this.node.replaceChildren(...(items.length > LONG_LIST ? [this.#filter(items, wanted)] : []), ...parts.map(({ node }) => node));
    if (chosen !== this.#shown) this.node.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#shown = chosen;
    if (focused) this.node.querySelector(`a[data-person="${focused}"]`)?.focus();
  }

  #group({ heading, tab, people }, chosen) {
    const id = freshId("group");
    const rows = people.map((person) => this.#item(person, tab, chosen));
    return { rows, node: el("section", { "aria-labelledby": id }, el("h3", { id }, heading), el("ul", {}, rows)) };
  }

  #item(person, tab, chosen) {
    const unread = person.newest && this.#read[person.id] !== person.newest;
    return el("li", { "data-name": person.name.toLocaleLowerCase() },
      el("a", {
        href: `#${person.id}/${tab}`, "data-person": person.id, class: person.isGone ? "gone" : null,
        "aria-current": person.id === chosen ? "true" : null,
      },
      avatar(person.name),
      el("span", { class: "who" },
        el("span", { class: "name" }, person.name), el("span", { class: "title" }, person.marks.join(", ") || person.title)),
      unread && el("span", { class: "unread" }, say("unread"))));
  }

  #filter(items, wanted) {
    const apply = (text) => {
      for (const item of items) item.hidden = !item.dataset.name.includes(text.toLocaleLowerCase());
    };
    apply(wanted);
    return el("input", {
      type: "search", class: "filter", value: wanted, "aria-label": say("filter"), placeholder: say("filter"),
      oninput: (event) => apply(event.target.value),
    });
  }
}

export function avatar(name, { isBot = false } = {}) {
  if (isBot) return el("img", { class: "avatar", src: "/page/knuff.svg", alt: "", width: 36, height: 36 });
  const letters = name.split(/\s+/u).map((part) => part[0]).slice(0, 2).join("");
  const colour = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return el("span", { class: `avatar colour-${colour}`, "aria-hidden": "true" }, letters);
}
