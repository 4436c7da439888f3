// The list of everyone who works here.

import { el } from "./dom.js";
import { say } from "./words.js";

const LONG_LIST = 14;

export class People {
  #read = JSON.parse(sessionStorage.getItem("read") || "{}");
  #drawn = "";

  constructor(node) {
    this.node = node;
  }

  markRead(id, ts) {
    if (!ts || this.#read[id] === ts) return;
    this.#read[id] = ts;
    sessionStorage.setItem("read", JSON.stringify(this.#read));
  }

  draw(place, chosen) {
    const drawn = JSON.stringify([place.people, chosen, this.#read, say("people")]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = document.activeElement?.closest?.("a[data-person]")?.dataset.person;
    const wanted = this.node.querySelector("input")?.value || "";
    const items = place.people.map((person) => this.#item(person, chosen));
    this.node.replaceChildren(...(place.people.length > LONG_LIST ? [this.#filter(items, wanted)] : []), el("ul", {}, items));
    if (focused) this.node.querySelector(`a[data-person="${focused}"]`)?.focus();
  }

  #item(person, chosen) {
    const marks = [person.deleted && say("left"), person.is_bot && say("bot")].filter(Boolean).join(", ");
    const unread = person.newest && this.#read[person.id] !== person.newest;
    return el("li", { "data-name": person.real_name.toLocaleLowerCase() },
      el("a", {
        href: `#${person.id}/messages`, "data-person": person.id, class: person.deleted ? "gone" : null,
        "aria-current": person.id === chosen ? "true" : null,
      },
      avatar(person.real_name),
      el("span", { class: "who" }, el("span", { class: "name" }, person.real_name), el("span", { class: "title" }, marks || person.title)),
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
