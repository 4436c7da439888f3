// The page: who is chosen, where they are, and keeping it all up to date.

import { Clock } from "./clock.js";
import { announce, el } from "./dom.js";
import { avatar, People } from "./people.js";
import { SlackHalf } from "./slack.js";
import { TeamsHalf } from "./teams.js";
import { hour, place as placeName } from "./times.js";
import { listen } from "./workplace.js";
import { language, languages, say, sayEverywhere, speak } from "./words.js";

const main = document.getElementById("main");
const list = new People(document.getElementById("people"));
const page = {
  act, doing, pressing, notice, refresh: lookAgain,
  focusConversation: () => (main.querySelector(".composer textarea") || main.querySelector(".scroller"))?.focus(),
};
const slack = new SlackHalf(page);
const halves = [slack, new TeamsHalf(page)];
let half = slack;
let chosen = { person: null, tab: null };
let drawnFor = null;
let drawnAt = null;
let clock;

function act(what, body, options) {
  return doing(() => half.act(chosen.person, what, body), options);
}

/** Do something that the bot answers; say what went wrong, then look again. Null when it could not be done. */
async function doing(work, { quietly = false } = {}) {
  try {
    const answer = await work();
    if (!answer.acknowledged && !quietly) notice(say(answer.status ? "refused" : "noAnswer"));
    await refresh();
    return answer;
  } catch (error) {
    if (quietly) throw error;
    notice(say("failed", error.message));
    return null;
  }
}

/** A button that is at work is not pressed twice. */
async function pressing(button, work) {
  if (button?.getAttribute("aria-busy")) return null;
  button?.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button?.removeAttribute("aria-busy");
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
function lookAgain() {
  return refresh().catch(() => notice(say("gone")));
}

async function readAndShow() {
  const [person, asked] = [chosen.person, half];
  const news = await Promise.all(halves.map((one) => one.read(one === asked ? person : null)));
  if (person !== chosen.person) { again = true; return; }
  halves.forEach((one, index) => one.take(news[index]));
  show();
}

function show() {
  document.getElementById("team").textContent = slack.workplaceName;
  if (!half.seen) return;
  const groups = halves.map((one) => ({ heading: say(one.heading), tab: one.mainTab, people: one.people() }));
  if (drawnFor === key() && document.visibilityState === "visible" && chosen.tab === half.mainTab) {
    list.markRead(chosen.person, half.people().find((one) => one.id === chosen.person)?.newest);
  }
  list.draw(groups, chosen.person);
  if (drawnFor === key()) half.show();
  else draw();
  showLocalTime();
}

function showLocalTime() {
  const node = document.getElementById("local-time");
  if (!node || !half.seen) return;
  const { tz } = half.person();
  node.textContent = say("localTime", hour(clock.seconds(), tz), placeName(tz));
}

function draw() {
  if (!half.seen) return; // not read yet: it is drawn once it is
  const person = half.person();
  const { title, parts } = half.draw(chosen.tab);
  const hadFocus = main.contains(document.activeElement);
  const unsent = drawnAt === place() ? main.querySelector(FIELD)?.value : "";
  const wasWriting = drawnAt === place() && document.activeElement?.matches(FIELD);
  drawnFor = key();
  drawnAt = place();
  main.replaceChildren(
    el("header", { class: "person" },
      avatar(person.name),
      el("div", {}, el("h2", {}, person.name),
        el("p", {}, [say(half.heading), ...person.about, ""].join(" · "), el("span", { id: "local-time" }))),
      half.profile(changeProfile)),
    el("nav", { class: "places", "aria-label": say("places", person.name) }, el("ul", {}, half.tabs().map(([tab, text]) => el("li", {},
      el("a", { href: `#${person.id}/${encodeURIComponent(tab)}`, "aria-current": tab === chosen.tab ? "page" : null }, text))))),
    el("h2", { class: "hidden" }, title), ...parts.filter(Boolean));
  document.title = `${person.name} · ${title}`;
  const field = main.querySelector(FIELD);
  if (field && unsent) field.value = unsent;
  if (hadFocus) (wasWriting && field || main).focus();
  show();
  half.scrollToEnd();
}

async function changeProfile(what, body, whatToSay) {
  if (await act(what, body)) announce(whatToSay);
  draw();
}

/** What stands on the page stays as long as this does, and what somebody is writing as long as where they are. */
const key = () => [place(), language(), half.canWrite(), ...half.tabs().map(([tab]) => tab)].join("/");
const place = () => [chosen.person, chosen.tab].join("/");
const FIELD = ".composer textarea";

async function follow() {
  if (location.hash === "#main") return;
  const [person, tab] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const before = chosen;
  const [was, known] = [half, halves.find((one) => one.people().some(({ id }) => id === person))];
  half = known || halves.find((one) => one.startsWith()) || slack;
  chosen = { person: known ? person : half.startsWith(), tab: tab || half.mainTab };
  if (was !== half) was.leave();
  const movedFocus = document.activeElement?.closest?.(".places a") ? "places" : null;
  await refresh();
  if (movedFocus) main.querySelector('.places a[aria-current="page"]')?.focus();
  if (before.person !== chosen.person || before.tab !== chosen.tab) half.arrived(chosen.tab);
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
  await refresh();
  clock = new Clock({ zone: slack.zone, onWound: lookAgain, onFailed: (error) => notice(say("failed", error.message)) });
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
  listen(() => { lookAgain(); clock.read().catch(() => {}); });
}

start().catch((error) => notice(say("failed", error.message)));
