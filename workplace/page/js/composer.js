// Where a person writes: a message, or a command after a slash.

import { el, freshId } from "./dom.js";
import { say } from "./words.js";

/** `command` takes what begins with a slash, where the platform has commands. */
export function composer(label, { hint, send, command }) {
  const [fieldId, hintId] = [freshId("composer"), freshId("hint")];
  const field = el("textarea", { id: fieldId, rows: 1, "aria-describedby": hintId, autocomplete: "off" });
  const grow = () => {
    field.rows = Math.min(8, field.value.split("\n").length);
  };
  const submit = async () => {
    const text = field.value;
    if (!text.trim()) return;
    field.value = "";
    grow();
    const [word, ...rest] = text.trim().split(/\s+/u);
    const done = command && /^\/[a-zåäö]/iu.test(word) ? await command(word, rest.join(" ")) : await send(text);
    if (!done && !field.value) field.value = text;
    field.focus();
  };
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  return el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); submit(); } },
    el("label", { for: fieldId }, label),
    el("div", { class: "composer-row" }, field, el("button", { class: "button primary" }, say("send"))),
    el("p", { class: "hint", id: hintId }, hint));
}
