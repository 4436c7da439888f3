// The workplace's clock at the top of the page, and the buttons that wind it on.

import { announce, el } from "./dom.js";
import { dayAndHour, isoDay } from "./times.js";
import { time, wind } from "./workplace.js";
import { say } from "./words.js";

const MORNING = "08:14";
// Ten seconds before a quarter past: long enough to see the day begin, short enough to wait for what comes.
const JUST_BEFORE = "08:14:50";

export class Clock {
  #seconds = Date.now() / 1000;
  #seen = performance.now();

  constructor({ zone, onWound, onFailed }) {
    this.zone = zone;
    this.onWound = onWound;
    this.onFailed = onFailed;
    setInterval(() => this.show(), 1000);
  }

  seconds() {
    return this.#seconds + (performance.now() - this.#seen) / 1000;
  }

  async read() {
    this.#set(await time());
  }

  #set(answer) {
    this.#seconds = Date.parse(answer.now) / 1000;
    this.#seen = performance.now();
    this.show();
  }

  show() {
    const node = document.getElementById("now");
    const text = dayAndHour(this.seconds(), this.zone);
    if (node.textContent !== text) {
      node.textContent = text;
      node.dateTime = new Date(this.seconds() * 1000).toISOString();
    }
  }

  draw() {
    const form = el("form", { class: "other-time", onsubmit: (event) => this.#toChosen(event) },
      el("label", {}, say("date"), el("input", { type: "date", name: "date", required: true, value: isoDay(this.seconds(), this.zone) })),
      el("label", {}, say("time"), el("input", { type: "time", name: "time", required: true, value: MORNING })),
      el("button", { class: "button primary" }, say("goThere")));
    document.getElementById("winders").replaceChildren(
      el("button", { type: "button", class: "button primary", onclick: () => this.#wind({ next_morning: JUST_BEFORE }) }, say("nextMorning")),
      el("button", { type: "button", class: "button", onclick: () => this.#wind({ advance_seconds: 3600 }) }, say("oneHour")),
      el("details", { class: "menu" }, el("summary", { class: "button" }, say("otherTime")), form));
    this.show();
  }

  async #toChosen(event) {
    event.preventDefault();
    const chosen = new FormData(event.target);
    if (await this.#wind({ to_local: `${chosen.get("date")}T${chosen.get("time")}` })) {
      event.target.closest("details").open = false;
    }
  }

  async #wind(body) {
    try {
      this.#set(await wind(body));
    } catch (error) {
      this.onFailed(error);
      return false;
    }
    announce(say("wound", dayAndHour(this.seconds(), this.zone)));
    this.onWound();
    return true;
  }
}
