// The workplace's clock at the top of the page, and the buttons that wind it on.

import { announce, el } from "./dom.js";
import { dayAfter, dayAndHour, isoDay, localMoment, weekday, weekdayAndHour } from "./times.js";
import { time, wind } from "./workplace.js";
import { say } from "./words.js";

const MORNING = "08:15";
// On its way over several days the clock stops at every working morning, or the days between would be days when Knuff
// did not run. Further than that it goes in one leap.
const STOP = "08:15:05";
const STOP_MS = 2000;
// When a team has just heard of the day's step, and when it has just seen what opened.
const TEAM_HOURS = ["10:05", "15:05"];
// The clock goes by itself too: a stop so near may be behind it when it is asked to go there.
const NEAR_SECONDS = 5;
const MOST_STOPS = 20;
const WORKING_DAYS = [1, 2, 3, 4, 5];

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
    const toTeam = document.getElementById("to-team-hour");
    if (toTeam !== null) this.#name(toTeam);
  }

  draw() {
    const form = el("form", { class: "other-time", onsubmit: (event) => this.#toChosen(event) },
      el("label", {}, say("date"), el("input", { type: "date", name: "date", required: true, value: isoDay(this.seconds(), this.zone) })),
      el("label", {}, say("time"), el("input", { type: "time", name: "time", required: true, value: MORNING })),
      el("button", { class: "button primary" }, say("goThere")),
      el("p", { class: "hint" }, say("stopsOnTheWay", MOST_STOPS)));
    document.getElementById("winders").replaceChildren(
      el("button", { type: "button", class: "button primary", onclick: () => this.#wind({ next_morning: MORNING }) }, say("nextMorning")),
      el("button", { type: "button", class: "button", onclick: () => this.#wind({ advance_seconds: 3600 }) }, say("oneHour")),
      el("details", { class: "menu" }, el("summary", { class: "button" }, say("otherTime")), form),
      el("button", { type: "button", class: "button", id: "to-team-hour", onclick: (event) => this.#toTeamHour(event.target) }));
    this.show();
  }

  async #toChosen(event) {
    event.preventDefault();
    const chosen = new FormData(event.target);
    const menu = event.target.closest("details");
    const button = event.target.querySelector("button");
    const moment = `${chosen.get("date")}T${chosen.get("time")}`;
    if (await this.#goTo(moment, button)) menu.open = false;
  }

  /** Wind on to a local moment, over the working mornings before it. */
  async #goTo(moment, button) {
    button.disabled = true;
    try {
      for (const stop of this.#stopsBefore(moment)) {
        const isNear = stop <= localMoment(this.seconds() + NEAR_SECONDS, this.zone);
        if (!isNear && !await this.#wind({ to_local: stop })) return false;
        await new Promise((done) => setTimeout(done, STOP_MS));
      }
      return await this.#wind({ to_local: moment });
    } finally {
      button.disabled = false;
    }
  }

  async #toTeamHour(button) {
    await this.#goTo(this.#teamHour(), button);
  }

  /** The next hour, on a working day, at which a team that does a challenge has something new. */
  #teamHour() {
    const now = localMoment(this.seconds() + NEAR_SECONDS, this.zone);
    for (let day = now.slice(0, 10); ; day = dayAfter(day)) {
      const next = TEAM_HOURS.map((hour) => `${day}T${hour}`).find((moment) => moment > now);
      if (WORKING_DAYS.includes(weekday(day)) && next !== undefined) return next;
    }
  }

  #name(button) {
    const text = say("toTeamHour", weekdayAndHour(this.#teamHour()));
    if (button.textContent !== text) button.textContent = text;
  }

  /** The working mornings between now and a local moment; none when they are too many to wait for. */
  #stopsBefore(moment) {
    const now = localMoment(this.seconds(), this.zone);
    const last = moment.slice(0, 10);
    const stops = [];
    for (let day = now.slice(0, 10); day <= last && stops.length <= MOST_STOPS; day = dayAfter(day)) {
      const stop = `${day}T${STOP}`;
      if (WORKING_DAYS.includes(weekday(day)) && stop > now && stop < moment) stops.push(stop);
    }
    return stops.length > MOST_STOPS ? [] : stops;
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
