// What a person can change about themselves.

import { el } from "./dom.js";
import { language, say } from "./words.js";

const ZONES = ["Europe/Stockholm", "Europe/London", "Europe/Helsinki", "Europe/Lisbon", "America/New_York", "Asia/Tokyo"];
const LOCALES = [["sv-SE", "Svenska"], ["en-GB", "English"]];

/** In Slack: zone, language, and whether they still work here. */
export function slackProfile(person, save) {
  const word = person.deleted ? "reactivate" : "deactivate";
  return menu(person, say("localeSlack"), {
    save,
    rest: [el("button", {
      type: "button", class: person.deleted ? "button" : "button danger", onclick: () => save({ deleted: !person.deleted }),
    }, say(word))],
  });
}

/** In Teams: zone, language, and whether Knuff reaches them. */
export function teamsProfile(person, { save, install, uninstall }) {
  const blocked = el("input", { type: "checkbox", checked: person.blocked });
  return menu(person, say("localeTeams"), {
    fields: [el("label", { class: "choice" }, blocked, el("span", {}, say("block")))],
    save: (chosen) => save({ ...chosen, blocked: blocked.checked }),
    rest: [person.installed
      ? el("button", { type: "button", class: "button danger", onclick: uninstall }, say("uninstall"))
      : el("button", { type: "button", class: "button", onclick: install }, say("install"))],
  });
}

function menu(person, localeLabel, { fields = [], save, rest }) {
  const zones = [...new Set([person.tz, ...ZONES])];
  const locales = LOCALES.some(([code]) => code === person.locale) ? LOCALES : [[person.locale, named(person.locale)], ...LOCALES];
  return el("details", { class: "menu profile" },
    el("summary", { class: "button" }, say("profile")),
    el("form", {
      onsubmit: (event) => {
        event.preventDefault();
        save(Object.fromEntries(new FormData(event.target)));
      },
    },
    choose(say("zone"), "tz", zones.map((zone) => [zone, zone.replace("_", " ")]), person.tz),
    choose(localeLabel, "locale", locales, person.locale),
    fields,
    el("button", { class: "button primary" }, say("save")),
    rest));
}

function named(locale) {
  return new Intl.DisplayNames([language()], { type: "language" }).of(locale);
}

function choose(label, name, options, current) {
  return el("label", {}, label,
    el("select", { name }, options.map(([value, text]) => el("option", { value, selected: value === current }, text))));
}
