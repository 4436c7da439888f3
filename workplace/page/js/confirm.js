// "Are you sure?" in a dialog of its own, above everything else.

import { el, freshId } from "./dom.js";
import { inlineNodes } from "./mrkdwn.js";

export function confirmed(words) {
  return new Promise((resolve) => {
    const title = freshId("confirm");
    const before = document.activeElement;
    const finish = (answer) => {
      dialog.close();
      dialog.remove();
      before?.focus();
      resolve(answer);
    };
    const style = words.style === "danger" ? "danger" : "primary";
    const dialog = el("dialog", { class: "confirm", "aria-labelledby": title, oncancel: (event) => { event.preventDefault(); finish(false); } },
      el("h2", { id: title }, words.title.text),
      el("p", {}, inlineNodes(words.text, { person: String, channel: String, group: String })),
      el("div", { class: "dialog-buttons" },
        el("button", { type: "button", class: "button", onclick: () => finish(false) }, words.deny.text),
        el("button", { type: "button", class: `button ${style}`, onclick: () => finish(true) }, words.confirm.text)));
    document.body.append(dialog);
    dialog.showModal();
  });
}
