// The page: who is chosen, where they are, and keeping it all up to date.

import { Clock } from "./clock.js";
import { composer } from "./composer.js";
import { announce, el } from "./dom.js";
import { Form } from "./form.js";
import { Home } from "./home.js";
import { Messages } from "./messages.js";
import { namesFrom } from "./names.js";
import { avatar, People } from "./people.js";
import { profile } from "./profile.js";
import { hour, place as placeName } from "./times.js";
import * as workplace from "./workplace.js";
import { language, languages, say, sayEverywhere, speak } from "./words.js";

const main = document.getElementById("main");
const people = new People(document.getElementById("people"));
let place;
let names;
let seen;
let chosen = { person: null, tab: "messages" };
let showing = {};
let clock;

const app = {
  person: () => seen.person,
  names: () => names,
  zone: () => seen.person.tz,
  act, press, refresh,
  focusConversation: () => (main.querySelector(".composer textarea") || main.querySelector(".scroller"))?.focus(),
};
const form = new Form(app);

async function act(what, body, { quietly = false } = {}) {
  try {
    const answer = await workplace.act(chosen.person, what, body);
    if (!answer.acknowledged && !quietly) notice(say(answer.status ? "refused" : "noAnswer"));
    await refresh();
    return answer;
  } catch (error) {
    if (quietly) throw error;
    notice(say("failed", error.message));
    return null;
  }
}

async function press(where, block, element, value, entries, pressed) {
  if (pressed.getAttribute("aria-busy")) return;
  pressed.setAttribute("aria-busy", "true");
  try {
    await act("press", {
      ...where, action_id: element.action_id, block_id: block.block_id, value, values: entries.values(),
    });
  } finally {
    pressed.removeAttribute("aria-busy");
  }
}

function notice(text) {
  const node = document.getElementById("notice");
  node.replaceChildren(el("p", {}, text), el("button", { type: "button", class: "button", onclick: () => node.replaceChildren() }, say("close")));
}

let refreshing = null;
let again = false;
async function refresh() {
  // One request at a time; whoever asks meanwhile gets one more round, which is then newer than the question.
  if (refreshing) { again = true; return refreshing; }
  refreshing = (async () => {
    try {
      do { again = false; await readAndShow(); } while (again);
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

/** For what nobody waits for: a workplace that has gone is said, not thrown. */
const lookAgain = () => refresh().catch(() => notice(say("gone")));

async function readAndShow() {
  const asked = chosen.person;
  const [newPlace, newSeen] = await Promise.all([workplace.people(), asked && workplace.person(asked)]);
  if (asked !== chosen.person) { again = true; return; }
  place = newPlace;
  names = namesFrom(place);
  seen = newSeen;
  show();
}

function show() {
  document.getElementById("team").textContent = place.team.name;
  if (!seen) return;
  const conversation = [seen.direct, ...seen.channels].find((one) => one.id === showing.channelId) || seen.direct;
  if (showing.messages && document.visibilityState === "visible" && chosen.tab === "messages") {
    people.markRead(seen.person.id, place.people.find((one) => one.id === seen.person.id)?.newest);
  }
  people.draw(place, chosen.person);
  showing.messages?.show(conversation);
  showing.home?.show(seen.home);
  form.show(seen.stack);
  showLocalTime();
}

function showLocalTime() {
  const node = document.getElementById("local-time");
  if (node && seen) node.textContent = say("localTime", hour(clock.seconds(), seen.person.tz), placeName(seen.person.tz));
}

function draw() {
  const person = seen.person;
  const channel = seen.channels.find((one) => one.id === chosen.tab);
  const title = chosen.tab === "home" ? say("homeOf") : channel ? say("channelTitle", channel.name) : say("conversationWith");
  showing = { drawnFor: key() };
  const parts = [];
  if (chosen.tab === "home") {
    showing.home = new Home(app);
    parts.push(showing.home.node);
  } else {
    showing.channelId = channel?.id || seen.direct.id;
    showing.messages = new Messages(app, showing.channelId);
    parts.push(showing.messages.node);
    if (!person.deleted && !person.is_bot) {
      parts.push(composer(channel ? say("composerChannel", channel.name) : say("composer"), {
        send: (text) => act("write", { text, channel: showing.channelId }),
        command: (command, text) => act("command", { command, text, channel: showing.channelId }),
      }));
    }
  }
  main.replaceChildren(
    el("header", { class: "person" },
      avatar(person.real_name),
      el("div", {}, el("h2", {}, person.real_name),
        el("p", {}, [person.title, person.deleted && say("left"), ""].filter((part) => part !== false).join(" · "), el("span", { id: "local-time" }))),
      profile(person, async (changes) => {
        if (await act("profile", changes)) announce(say("profileSaved"));
        draw();
      })),
    el("nav", { class: "places", "aria-label": say("places", person.real_name) }, el("ul", {}, places(person))),
    el("h2", { class: "hidden" }, title), ...parts);
  document.title = `${person.real_name} · ${title}`;
  show();
  showing.messages?.scrollToEnd();
}

function places(person) {
  const tabs = [["home", say("home")], ["messages", say("messages")], ...seen.channels.map((one) => [one.id, `#${one.name}`])];
  return tabs.map(([tab, text]) => el("li", {},
    el("a", { href: `#${person.id}/${tab}`, "aria-current": tab === chosen.tab ? "page" : null }, text)));
}

const key = () => `${chosen.person}/${chosen.tab}/${language()}`;

async function follow() {
  const [person, tab] = location.hash.slice(1).split("/");
  if (location.hash === "#main") return;
  const known = place.people.some((one) => one.id === person);
  const before = chosen;
  chosen = { person: known ? person : place.people.find((one) => !one.deleted && !one.is_bot)?.id, tab: tab || "messages" };
  const movedFocus = document.activeElement?.closest?.(".places a") ? "places" : null;
  await refresh();
  if (showing.drawnFor !== key()) draw();
  if (movedFocus) main.querySelector('.places a[aria-current="page"]')?.focus();
  const arrived = before.person !== chosen.person || before.tab !== chosen.tab;
  if (arrived && !seen.person.deleted && !seen.person.is_bot && (chosen.tab === "home" || chosen.tab === "messages")) act("home", { tab: chosen.tab }, { quietly: true }).catch(() => {});
}

function closeMenus(which) {
  for (const menu of document.querySelectorAll("details.menu[open], details.overflow[open]")) {
    if (!which(menu)) continue;
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary").focus();
  }
}

function drawLanguages() {
  document.getElementById("language").replaceChildren(
    document.getElementById("language-title"),
    ...languages.map(([code, name]) => el("button", {
      type: "button", class: "quiet", lang: code, "aria-pressed": String(code === language()),
      onclick: (event) => {
        speak(code);
        drawEverything();
        document.querySelector(`#language [lang="${code}"]`).focus();
      },
    }, name)));
}

function drawEverything() {
  sayEverywhere();
  drawLanguages();
  clock.draw();
  draw();
}

async function start() {
  place = await workplace.people();
  names = namesFrom(place);
  clock = new Clock({ zone: place.team.zone, onWound: lookAgain, onFailed: (error) => notice(say("failed", error.message)) });
  await clock.read();
  sayEverywhere();
  drawLanguages();
  clock.draw();
  await follow();
  addEventListener("hashchange", () => follow().catch(() => notice(say("gone"))));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") lookAgain(); });
  setInterval(showLocalTime, 1000);
  document.addEventListener("click", (event) => closeMenus((menu) => !menu.contains(event.target)));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(() => true); });
  workplace.listen(() => { lookAgain(); clock.read().catch(() => {}); });
}

start().catch((error) => notice(say("failed", error.message)));
