// The list of everyone who works here, each platform's people under its name.

import { el, freshId } from "./dom.js";
import { say } from "./words.js";

const LONG_LIST = 14;

export class People {
  #read = JSON.parse(sessionStorage.getItem("read") || "{}");
  #drawn = "";
  #shown = null;
  #open = new Set();

  // The field and the lists' own node stay for good: what is typed, the focus and the caret survive every redraw.
  constructor(node) {
    this.search = el("input", { type: "search", class: "filter", hidden: true, oninput: () => this.#narrow() });
    this.lists = el("div");
    node.append(this.search, this.lists);
  }

  markRead(id, newest) {
    if (!newest || this.#read[id] === newest) return;
    this.#read[id] = newest;
    sessionStorage.setItem("read", JSON.stringify(this.#read));
  }

  // groups: [{heading, tab, people: [{id, name, title, unit, marks, newest, isGone}]}]; those of a unit are folded.
  draw(groups, chosen) {
    const drawn = JSON.stringify([groups, chosen, this.#read, say("people")]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = document.activeElement?.closest?.("a[data-person]")?.dataset.person;
    // On a narrow screen each list is a strip that scrolls sideways.
    const scrolled = new Map(this.#strips().map((strip) => [strip.dataset.group, strip.scrollLeft]));
    this.lists.replaceChildren(...groups.filter(({ people }) => people.length > 0).map((group) => this.#group(group, chosen)));
    this.#narrow();
    for (const strip of this.#strips()) strip.scrollLeft = scrolled.get(strip.dataset.group) || 0;
    if (chosen !== this.#shown) this.lists.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#shown = chosen;
    if (focused) this.lists.querySelector(`a[data-person="${focused}"]`)?.focus();
  }

  #group({ heading, tab, people }, chosen) {
    const id = freshId("group");
    const units = [...new Set(people.map(({ unit }) => unit).filter(Boolean))];
    const list = (some, name) => el("ul", { "data-group": name }, some.map((person) => this.#item(person, tab, chosen)));
    return el("section", { "aria-labelledby": id },
      el("h3", { id }, heading),
      list(people.filter(({ unit }) => !unit), tab),
      units.map((unit) => this.#unit(unit, people.filter((one) => one.unit === unit), chosen, list)));
  }

  /** Open once somebody in it is chosen, and while it is searched. */
  #unit(unit, people, chosen, list) {
    const isOpen = this.#open.has(unit) || people.some(({ id }) => id === chosen);
    return el("details", {
      class: "unit", open: isOpen ? "" : null, "data-unit": unit,
      ontoggle: ({ target }) => target.open ? this.#open.add(unit) : this.#open.delete(unit),
    },
    el("summary", {}, `${unit} (${people.length})`), list(people, unit));
  }

  #strips() {
    return [...this.lists.querySelectorAll("ul")];
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

  /** Show whom the field asks for; there is a field where the list is long. */
  #narrow() {
    const items = [...this.lists.querySelectorAll("li")];
    const wanted = this.search.value.toLocaleLowerCase();
    this.search.hidden = items.length <= LONG_LIST;
    this.search.ariaLabel = this.search.placeholder = say("filter");
    for (const item of items) item.hidden = !this.search.hidden && !item.dataset.name.includes(wanted);
    if (wanted) for (const unit of this.lists.querySelectorAll("details.unit")) unit.open = true;
  }
}

export function avatar(name, { isBot = false } = {}) {
  if (isBot) return el("img", { class: "avatar", src: "/page/knuff.svg", alt: "", width: 36, height: 36 });
  const letters = name.split(/\s+/u).map((part) => part[0]).slice(0, 2).join("");
  const colour = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return el("span", { class: `avatar colour-${colour}`, "aria-hidden": "true" }, letters);
}
