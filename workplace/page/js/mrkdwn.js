// Slack's mrkdwn, the part of it bots use: *bold* _italic_ ~strike~ `code`, links, mentions, dates, quotes and lists.

import { el } from "./dom.js";

const EMOJI = {
  wave: "👋", white_check_mark: "✅", heavy_check_mark: "✔️", bulb: "💡", seedling: "🌱", tada: "🎉", star: "⭐",
  calendar: "📅", hourglass: "⌛", pencil: "📝", memo: "📝", thinking_face: "🤔", point_right: "👉", warning: "⚠️",
  speech_balloon: "💬", house: "🏠", books: "📚", gear: "⚙️", lock: "🔒", "+1": "👍", sunny: "☀️", mag: "🔍",
};
const SPAN = /`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*\S)~(?![\w~])|:([a-z0-9_+-]+):/gu;

export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

// A text object as nodes: paragraphs, lists and quotes for mrkdwn; one span for plain text.
export function textNodes(text, names) {
  if (text.type === "plain_text") return [plain(text.text)];
  return blocksOf(text.text).map(([kind, lines]) => shaped(kind, lines, names));
}

// mrkdwn on one line, for labels and options.
export function inlineNodes(text, names) {
  return text.type === "plain_text" ? [plain(text.text)] : spans(text.text, names);
}

function plain(text) {
  return el("span", { class: "plain" }, text.replace(/:([a-z0-9_+-]+):/gu, (all, name) => EMOJI[name] || all));
}

function blocksOf(text) {
  const blocks = [];
  text.split(/```/u).forEach((part, index) => {
    if (index % 2) { blocks.push(["code", [part.replace(/^\n|\n$/gu, "")]]); return; }
    for (const line of part.replace(/^\n+|\n+$/gu, "").split("\n")) {
      const kind = /^(&gt;|>)\s?/u.test(line) ? "quote" : /^\s*[•◦-]\s+/u.test(line) ? "list" : line.trim() ? "text" : "gap";
      const last = blocks.at(-1);
      if (last && last[0] === kind) last[1].push(line);
      else blocks.push([kind, [line]]);
    }
  });
  return blocks.filter(([kind]) => kind !== "gap");
}

function shaped(kind, lines, names) {
  if (kind === "code") return el("pre", {}, el("code", {}, unescape(lines[0])));
  if (kind === "quote") return el("blockquote", {}, broken(lines.map((line) => line.replace(/^(&gt;|>)\s?/u, "")), names));
  if (kind === "list") {
    return el("ul", {}, lines.map((line) => el("li", {}, spans(line.replace(/^\s*[•◦-]\s+/u, ""), names))));
  }
  return el("p", {}, broken(lines, names));
}

function broken(lines, names) {
  return lines.flatMap((line, index) => (index ? [el("br"), ...spans(line, names)] : spans(line, names)));
}

function spans(text, names) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(SPAN)) {
    const [all, code, angle, bold, italic, strike, emoji] = match;
    if (emoji && !EMOJI[emoji]) continue;
    nodes.push(unescape(text.slice(end, match.index)));
    end = match.index + all.length;
    if (code) nodes.push(el("code", {}, unescape(code)));
    else if (angle) nodes.push(reference(angle, names));
    else if (bold) nodes.push(el("strong", {}, spans(bold, names)));
    else if (italic) nodes.push(el("em", {}, spans(italic, names)));
    else if (strike) nodes.push(el("s", {}, spans(strike, names)));
    else nodes.push(EMOJI[emoji]);
  }
  nodes.push(unescape(text.slice(end)));
  return nodes.filter((node) => node !== "");
}

function reference(inner, names) {
  const [target, label] = inner.split("|");
  if (target.startsWith("@")) return mention(`@${names.person(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${names.channel(target.slice(1))}`);
  if (target.startsWith("!subteam^")) return mention(`@${names.group(target.slice(9))}`);
  if (target.startsWith("!date^")) return unescape(label || target);
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`);
  if (/^(https?:|mailto:|slack:)/u.test(target)) {
    return el("a", { href: unescape(target), target: "_blank", rel: "noopener noreferrer" }, unescape(label || target));
  }
  return unescape(`&lt;${inner}&gt;`);
}

function mention(text) {
  return el("span", { class: "mention" }, text);
}
