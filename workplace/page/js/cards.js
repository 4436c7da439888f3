// Adaptive Cards, drawn by Microsoft's own package; here is only what the package leaves to its host.
// The bundles come with `make setup` and are plain scripts, so they lie on the window.

import { announce, el, freshId } from "./dom.js";
import { finishInputs, values } from "./card_inputs.js";
import { HOST_CONFIG } from "./host_config.js";
import { say } from "./words.js";

let ready = null;

/** Draw a card. `press(action, values, button)` hears of every Execute and Submit whose inputs hold; `people` is [[id, name]]. */
export function drawCard(json, { people, press }) {
  if (!window.AdaptiveCards || !window.markdownit) return el("p", { class: "error" }, say("noRenderer"));
  ready ||= prepared(window.AdaptiveCards);
  const { AdaptiveCard, HostConfig } = window.AdaptiveCards;
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(HOST_CONFIG);
  card.onExecuteAction = (action) => executed(card, action, press);
  const [filled, searched] = withPeople(json, people);
  card.parse(filled);
  const drawn = card.render();
  // The message around it has a name, and what is new is read out: said a third time it would be noise.
  drawn.removeAttribute("aria-label");
  finishInputs(card, searched);
  makeUnique(drawn);
  return el("div", { class: `card ${json.msteams?.width === "Full" ? "full" : ""}`, lang: json.lang }, drawn);
}

function prepared({ AdaptiveCard, GlobalSettings }) {
  const markdown = window.markdownit({ html: false });
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };
  GlobalSettings.setTabIndexAtCardRoot = false;
  return true;
}

function executed(card, action, press) {
  const { OpenUrlAction, ToggleVisibilityAction } = window.AdaptiveCards;
  if (action instanceof OpenUrlAction) window.open(action.url, "_blank", "noopener");
  // The package shows and hides after this call.
  else if (action instanceof ToggleVisibilityAction) queueMicrotask(() => toggled(card, action));
  else press(action, values(card), action.renderedElement);
}

function toggled(card, action) {
  const targets = Object.keys(action.targetElements).map((id) => card.getElementById(id)).filter(Boolean);
  // The package says so of what it shows, where it means nothing; it belongs to buttons.
  for (const { renderedElement } of targets) renderedElement.removeAttribute("aria-expanded");
  const shown = targets.filter((target) => target.isVisible).map((target) => target.renderedElement);
  if (action.renderedElement.checkVisibility()) {
    announce(shown.flatMap((node) => [...node.querySelectorAll(".ac-textBlock, .ac-richTextBlock")]).map((node) => node.textContent).join(" "));
    return;
  }
  // Whoever pressed what is gone now goes on with what came instead, from its beginning, or with what leads to it again.
  const place = shown[0] || leadsTo(card, action) || card.renderedElement;
  if (!place.matches("button")) place.tabIndex = -1;
  place.focus();
}

function leadsTo(card, { targetElements }) {
  return card.getAllActions()
    .filter((one) => Object.entries(one.targetElements || {}).some(([id, isVisible]) => id in targetElements && isVisible !== false))
    .map((one) => one.renderedElement)
    .find((button) => button?.checkVisibility());
}

/**
 * Teams searches the directory for such a choice: here it is the people of this workplace, beside what the card names
 * itself. Returns the card with them in it, and the ids of those inputs.
 */
function withPeople(json, people) {
  const searched = new Set();
  const filled = JSON.parse(JSON.stringify(json), (key, part) => {
    if (part?.["choices.data"]?.dataset !== "graph.microsoft.com/users") return part;
    const { "choices.data": dropped, choices = [], ...rest } = part;
    const named = new Map([...choices.map(({ title, value }) => [value, title]), ...people]);
    searched.add(part.id);
    return { ...rest, choices: [...named].map(([value, title]) => ({ value, title })) };
  });
  return [filled, searched];
}

/** Two cards may use the same ids; in one page they must not be the same. */
function makeUnique(drawn) {
  const prefix = freshId("card");
  const renamed = (id) => (id.startsWith("__ac-") ? id : `${prefix}-${id}`);
  for (const node of drawn.querySelectorAll("[id]")) node.id = renamed(node.id);
  for (const node of drawn.querySelectorAll("[aria-controls]")) {
    node.setAttribute("aria-controls", node.getAttribute("aria-controls").split(" ").map(renamed).join(" "));
  }
  for (const node of drawn.querySelectorAll("input[name]")) node.name = `${prefix}-${node.name}`;
}
