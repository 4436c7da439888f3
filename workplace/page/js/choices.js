// Choosing: selects, radio buttons, and lists of boxes to tick.

import { el, freshId } from "./dom.js";
import { filterFor, LONG_LIST } from "./filtering.js";
import { inlineNodes } from "./mrkdwn.js";
import { say } from "./words.js";

// All that can be chosen in an element, as [heading or null, [{text, value, description}]].
export function optionGroups(element, names) {
  if (element.option_groups) {
    return element.option_groups.map((group) => [group.label.text, group.options]);
  }
  if (element.options) return [[null, element.options]];
  const kinds = element.type.includes("users") ? ["im"] : element.type.includes("channels") ? ["public"]
    : element.filter?.include || ["public", "im"];
  const channels = kinds.includes("public") ? names.channels() : [];
  const people = kinds.includes("im") ? names.people({ bots: !element.filter?.exclude_bot_users }) : [];
  return [[null, [...channels, ...people].map(asOption)]];
}

function asOption([value, text]) {
  return { value, text: { type: "plain_text", text } };
}

// A group of radio buttons or boxes, rather than one field.
export function isGroup(element) {
  return element.type === "radio_buttons" || element.type === "checkboxes" || element.type.startsWith("multi_");
}

export function select(element, names, { start, labels }) {
  const groups = optionGroups(element, names).map(([heading, options]) => {
    const items = options.map((option) =>
      el("option", { value: option.value, selected: option.value === start }, option.text.text));
    return heading ? el("optgroup", { label: heading }, items) : items;
  });
  const placeholder = el("option", { value: "" }, element.placeholder?.text || say("pick"));
  const node = el("select", labels, placeholder, groups);
  return { node, focus: node, read: () => node.value || null };
}

export function radios(element, names, { start, labels, onchange }) {
  const name = freshId("radio");
  const inputs = [];
  const rows = element.options.map((option) => {
    const input = el("input", { type: "radio", name, value: option.value, checked: option.value === start, onchange });
    inputs.push(input);
    return row(input, option, names);
  });
  return {
    node: el("div", { class: "choices", role: "radiogroup", ...labels }, rows),
    focus: inputs[0],
    read: () => inputs.find((input) => input.checked)?.value ?? null,
  };
}

export function boxes(element, names, { start, labels, onchange }) {
  const groups = optionGroups(element, names);
  const inputs = [];
  const count = el("p", { class: "count", "aria-live": "polite" });
  const showCount = () => { count.textContent = say("chosen", String(inputs.filter((i) => i.checked).length)); };
  const rows = groups.flatMap(([heading, options]) => [
    heading && el("p", { class: "choices-heading" }, heading),
    ...options.map((option) => {
      const input = el("input", {
        type: "checkbox", value: option.value, checked: (start || []).includes(option.value),
        onchange: (event) => { showCount(); onchange?.(event); },
      });
      inputs.push(input);
      return row(input, option, names);
    }),
  ]);
  const list = el("div", { class: "choices" }, rows);
  const long = inputs.length > LONG_LIST;
  if (long) list.classList.add("long");
  showCount();
  return {
    node: el("div", { role: "group", ...labels }, long && filterFor(rows), list, long && count),
    focus: inputs[0],
    read: () => inputs.filter((input) => input.checked).map((input) => input.value),
  };
}

function row(input, option, names) {
  const description = option.description
    && el("span", { class: "description" }, inlineNodes(option.description, names));
  return el("label", { class: "choice" }, input, el("span", {}, inlineNodes(option.text, names), description));
}
