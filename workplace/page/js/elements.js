// Block Kit's interactive elements as native controls. Each returns {node, focus, read}.

import { boxes, isGroup, radios, select } from "./choices.js";
import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { startValue } from "./entries.js";
import { say } from "./words.js";

const TYPED = { email_text_input: "email", url_text_input: "url", number_input: "text", datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

// An element that acts by itself: in a section or an actions block, outside an input.
export function actor(block, element, context, label) {
  if (element.type === "button") return button(block, element, context);
  if (element.type === "overflow") return overflow(block, element, context);
  const part = control(block, element, context, { "aria-label": element.placeholder?.text || label }, (event) => {
    if (part.needsButton) return;
    context.press(block, element, part.read(), event.target);
  });
  context.entries.add(block, element, part.read);
  if (!part.needsButton) return part.node;
  // A select fires on every arrow key; a button of its own says when the choice is made.
  const choose = el("button", {
    type: "button", class: "button",
    onclick: (event) => { if (part.read()) context.press(block, element, part.read(), event.target); },
  }, say("choose"));
  return el("span", { class: "select-with-button" }, part.node, choose);
}

// The control of an input block, or of `actor`.
export function control(block, element, context, labels, onchange) {
  const { block_id: inBlock } = block;
  const { action_id: as } = element;
  const start = context.typed?.[inBlock]?.[as] ?? startValue(element, context.state?.[inBlock]?.[as]);
  const options = { start, labels, onchange };
  const kind = element.type;
  if (kind === "radio_buttons") return radios(element, context.names, options);
  if (isGroup(element)) return boxes(element, context.names, options);
  if (kind.endsWith("_select")) return { ...select(element, context.names, options), needsButton: !context.isInput };
  if (kind === "plain_text_input" && element.multiline) return written(el("textarea", { rows: 4 }), element, options);
  return written(el("input", { type: TYPED[kind] || "text" }), element, options);
}

function written(node, element, { start, labels, onchange }) {
  const attributes = {
    ...labels, placeholder: element.placeholder?.text, maxlength: element.max_length,
    inputmode: element.type === "number_input" ? "decimal" : null,
  };
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  const isMoment = element.type === "datetimepicker";
  node.value = start === null ? "" : isMoment ? new Date(start * 1000).toISOString().slice(0, 16) : start;
  let before = node.value;
  node.addEventListener("blur", (event) => {
    if (node.value !== before) onchange?.(event);
    before = node.value;
  });
  const read = () => (node.value === "" ? null : isMoment ? Date.parse(`${node.value}Z`) / 1000 : node.value);
  return { node, focus: node, read };
}

function button(block, element, context) {
  const attributes = {
    class: `button ${element.style || ""}`,
    "aria-label": element.accessibility_label,
    onclick: async (event) => {
      const pressed = event.currentTarget;
      if (element.confirm && !(await confirmed(element.confirm))) return;
      await context.press(block, element, null, pressed);
    },
  };
  if (element.url) {
    const link = { ...attributes, href: element.url, target: "_blank", rel: "noopener noreferrer" };
    return el("a", link, element.text.text, el("span", { class: "hidden" }, ` (${say("opensOutside")})`));
  }
  return el("button", { ...attributes, type: "button" }, element.text.text);
}

function overflow(block, element, context) {
  const choose = async (option, event) => {
    const pressed = event.currentTarget;
    if (element.confirm && !(await confirmed(element.confirm))) return;
    await context.press(block, element, option.value, pressed);
  };
  const items = element.options.map((option) =>
    el("button", { type: "button", class: "button", onclick: (event) => choose(option, event) }, option.text.text));
  return el("details", { class: "overflow" }, el("summary", { class: "button" }, say("more")), el("div", {}, items));
}
