// Searching in a list that is too long to read through.

import { el } from "./dom.js";
import { say } from "./words.js";

export const LONG_LIST = 8;

/** A field that hides the rows whose text does not contain what is typed. Rows may be missing. */
export function filterFor(rows) {
  return el("input", {
    type: "search", class: "filter", "aria-label": say("searchOptions"), placeholder: say("searchOptions"),
    oninput: (event) => {
      const wanted = event.target.value.toLocaleLowerCase();
      for (const one of rows) if (one) one.hidden = !one.textContent.toLocaleLowerCase().includes(wanted);
    },
    // Return here means "search", not "send the form".
    onkeydown: (event) => { if (event.key === "Enter") event.preventDefault(); },
  });
}
