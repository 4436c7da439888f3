// Block Kit drawn: every block becomes plain, semantic HTML.
// context: {names, entries, state, press(block, element, value, node), headingLevel}

import { isGroup } from "./choices.js";
import { actor, control } from "./elements.js";
import { el, freshId } from "./dom.js";
import { inlineNodes, textNodes, unescape } from "./mrkdwn.js";
import { say } from "./words.js";

export function drawBlocks(blocks, context) {
  return blocks.map((block) => (DRAW[block.type] || unknown)(block, context));
}

const DRAW = {
  header: (block, context) =>
    el(`h${context.headingLevel}`, { class: "block header" }, inlineNodes(block.text, context.names)),

  section: (block, context) => {
    const text = block.text && el("div", { class: "text" }, textNodes(block.text, context.names));
    const fields = block.fields && el("div", { class: "fields" },
      block.fields.map((field) => el("div", {}, textNodes(field, context.names))));
    const accessory = block.accessory && el("div", { class: "accessory" },
      block.accessory.type === "image"
        ? image(block.accessory)
        : actor(block, block.accessory, context, unescape(block.text?.text || "")));
    return el("div", { class: "block section" }, el("div", { class: "body" }, text, fields), accessory);
  },

  actions: (block, context) =>
    el("div", { class: "block actions" }, block.elements.map((element) => actor(block, element, context, say("pick")))),

  context: (block, context) =>
    el("div", { class: "block context" }, block.elements.map((element) =>
      (element.type === "image" ? image(element) : el("span", {}, inlineNodes(element, context.names))))),

  divider: () => el("hr", { class: "block" }),

  image: (block) => el("figure", { class: "block image" }, image(block),
    block.title && el("figcaption", {}, block.title.text)),

  input: (block, context) => drawInput(block, context),

  rich_text: (block) => el("div", { class: "block section" }, el("p", {}, richText(block))),
};

function drawInput(block, context) {
  const [fieldId, labelId, hintId, errorId] = ["field", "label", "hint", "error"].map(freshId);
  const element = block.element;
  const describes = { "aria-describedby": `${block.hint ? `${hintId} ` : ""}${errorId}` };
  // A single field gets a real label; a group of choices is named by the same words.
  const labels = isGroup(element) ? { "aria-labelledby": labelId, ...describes } : { id: fieldId, ...describes };
  const part = control(block, element, { ...context, isInput: true }, labels, (event) => {
    if (block.dispatch_action) context.press(block, element, part.read(), event.target);
  });
  context.entries.add(block, element, part.read);
  const optional = block.optional && el("span", { class: "optional" }, ` (${say("optional")})`);
  const error = el("p", { class: "error", id: errorId, hidden: true });
  const words = [inlineNodes(block.label, context.names), optional];
  const node = el("div", { class: "block input", "data-block": block.block_id },
    isGroup(element)
      ? el("p", { class: "label", id: labelId }, words)
      : el("label", { class: "label", for: fieldId }, words),
    block.hint && el("p", { class: "hint", id: hintId }, inlineNodes(block.hint, context.names)),
    part.node, error);
  context.inputs?.set(block.block_id, { focus: part.focus, error, control: part.node });
  if (element.focus_on_load) context.focusFirst = part.focus;
  return node;
}

function image(block) {
  return el("img", { src: block.image_url, alt: block.alt_text, loading: "lazy" });
}

function richText(block) {
  const collect = (part) => part.text ?? (part.elements || []).map(collect).join("");
  return block.elements.map(collect).join("\n");
}

function unknown(block) {
  return el("p", { class: "block hint" }, `[${block.type}]`);
}
