// Building elements without a template language, so that no text from the bot is ever read as HTML.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const FOCUSED = "a[href], button, input, select, textarea, summary, [tabindex]";

/** What may scroll and holds nothing that takes the focus takes it itself, so that the keyboard can scroll it. */
export function scrollable(node, titleId) {
  if (node.querySelector(FOCUSED)) return node;
  for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-labelledby", titleId]]) node.setAttribute(name, value);
  return node;
}

let counter = 0;
export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Read out, and shown for a while to those who see. */
export function flash(text) {
  announce(text);
  const node = document.getElementById("flash");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(flashing);
  flashing = setTimeout(() => { node.hidden = true; }, FLASH_MS);
}

const FLASH_MS = 5000;
let flashing = 0;

export function announce(text) {
  const status = document.getElementById("status");
  status.textContent = "";
  // A new text node in the next frame is what screen readers notice.
  requestAnimationFrame(() => { status.textContent = text; });
}
