// What the package leaves undone on its inputs: groups with a name, faults that assistive technology hears of, and long
// lists that can be searched.

import { el } from "./dom.js";
import { filterFor, LONG_LIST } from "./filtering.js";
import { say } from "./words.js";

/** `searched`: ids of inputs whose choices are looked for, however few they are. */
export function finishInputs(card, searched) {
  for (const input of card.getAllInputs()) {
    const control = input.renderedInputControlElement;
    if (!control) continue;
    const toggles = [...control.querySelectorAll("input[type=radio], input[type=checkbox]")];
    // Each is named by its own label; the package would add the words of the group, and of faults.
    for (const toggle of toggles) for (const name of ["aria-label", "aria-labelledby"]) toggle.removeAttribute(name);
    input.updateInputControlAriaLabelledBy = () => {};
    if (input instanceof window.AdaptiveCards.ToggleInput) {
      tellFaults(input, toggles[0]);
      continue;
    }
    if (toggles.length) asGroup(input, control, toggles);
    if (toggles[0]?.type === "checkbox" && (toggles.length > LONG_LIST || searched.has(input.id))) asLongList(control, toggles);
    if (input.isRequired && control.matches("textarea")) control.setAttribute("aria-required", "true");
    tellFaults(input, control);
  }
}

/** Plain values by input id; one whose input is empty is "", or [] where there may be many; a box to tick is true or false. */
export function values(card) {
  const entries = card.getAllInputs().filter((input) => input.id).map((input) => {
    if (input.isMultiSelect) return [input.id, input.value ? input.value.split(",") : []];
    if (input instanceof window.AdaptiveCards.ToggleInput) return [input.id, input.value === input.valueOn];
    return [input.id, String(input.value ?? "")];
  });
  return Object.fromEntries(entries);
}

function asGroup(input, control, toggles) {
  const isRadio = toggles[0].type === "radio";
  control.setAttribute("role", isRadio ? "radiogroup" : "group");
  const label = input.renderedElement.querySelector("label.ac-richTextBlock");
  if (label) control.setAttribute("aria-labelledby", label.id);
  // To be filled in is the group, not each button of it.
  for (const toggle of toggles) toggle.removeAttribute("aria-required");
  if (isRadio && input.isRequired) control.setAttribute("aria-required", "true");
}

function asLongList(control, toggles) {
  control.classList.add("choices", "long");
  const count = el("p", { class: "count", "aria-live": "polite" });
  const showCount = () => { count.textContent = say("chosen", String(toggles.filter((toggle) => toggle.checked).length)); };
  control.addEventListener("change", showCount);
  showCount();
  control.parentElement.before(filterFor([...control.children]));
  control.parentElement.after(count);
}

/** What is wrong describes the input, as in the rest of the page. */
function tellFaults(input, control) {
  const tell = (isWrong) => {
    const fault = isWrong && input.renderedElement.querySelector(":scope > .ac-textBlock");
    if (fault) control.setAttribute("aria-describedby", fault.id);
    else control.removeAttribute("aria-describedby");
    // A group of boxes cannot be invalid in ARIA.
    if (control.getAttribute("role") !== "group") control.setAttribute("aria-invalid", String(isWrong));
  };
  const { validateValue, resetValidationFailureCue } = input;
  input.resetValidationFailureCue = function reset() {
    resetValidationFailureCue.call(this);
    tell(false);
  };
  input.validateValue = function validate() {
    const holds = validateValue.call(this);
    tell(!holds);
    return holds;
  };
}
