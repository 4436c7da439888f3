// What a person can change about themselves: zone, language, and whether they still work here.

import { el } from "./dom.js";
import { say } from "./words.js";

const ZONES = ["Europe/Stockholm", "Europe/London", "Europe/Helsinki", "Europe/Lisbon", "America/New_York", "Asia/Tokyo"];
const LOCALES = [["sv-SE", "Svenska"], ["en-GB", "English"]];

export function profile(person, change) {
  const zones = [...new Set([person.tz, ...ZONES])];
  const choose = (label, name, options, current) => el("label", {}, label,
    el("select", { name }, options.map(([value, text]) => el("option", { value, selected: value === current }, text))));
  return el("details", { class: "menu profile" },
    el("summary", { class: "button" }, say("profile")),
    el("form", {
      onsubmit: (event) => {
        event.preventDefault();
        const chosen = new FormData(event.target);
        change({ tz: chosen.get("tz"), locale: chosen.get("locale") });
      },
    },
    choose(say("zone"), "tz", zones.map((zone) => [zone, zone.replace("_", " ")]), person.tz),
    choose(say("locale"), "locale", LOCALES, person.locale),
    el("button", { class: "button primary" }, say("save")),
    el("button", { type: "button", class: person.deleted ? "button" : "button danger", onclick: () => change({ deleted: !person.deleted }) },
      say(person.deleted ? "reactivate" : "deactivate"))));
}
