/** The `markdown` block: the common part of Markdown, built node by node. */
import { h, link } from "./dom.js";
import { withEmoji } from "./emoji.js";

/** Renders Markdown; HTML inside it stays visible text. */
export function markdown(text) {
  const lines = String(text ?? "").split("\n");
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    const [node, next] = blockAt(lines, at);
    if (node) nodes.push(node);
    at = next;
  }
  return nodes;
}

const FENCE = /^\s*```/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const QUOTE = /^>\s?/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

function blockAt(lines, at) {
  const line = lines[at];
  if (line.trim() === "") return [null, at + 1];
  if (FENCE.test(line)) return fenced(lines, at);
  const heading = HEADING.exec(line);
  // The page has its own h1 and h2: a message's headings start below them.
  if (heading) {
    const level = Math.min(heading[1].length + 2, 6);
    return [h(`h${level}`, { class: "md-heading" }, spans(heading[2])), at + 1];
  }
  if (RULE.test(line)) return [h("hr"), at + 1];
  if (QUOTE.test(line)) return quoted(lines, at);
  if (ITEM.test(line)) return list(lines, at);
  if (line.includes("|") && TABLE_RULE.test(lines[at + 1] ?? "x")) return table(lines, at);
  return paragraph(lines, at);
}

function fenced(lines, at) {
  let end = at + 1;
  while (end < lines.length && !FENCE.test(lines[end])) end += 1;
  return [h("pre", {}, h("code", {}, lines.slice(at + 1, end).join("\n"))), end + 1];
}

function quoted(lines, at) {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  return [h("blockquote", {}, markdown(inner.join("\n"))), end];
}

function list(lines, at) {
  const first = ITEM.exec(lines[at]);
  const indent = first[1].length;
  const ordered = first[2] !== undefined;
  const node = h(ordered ? "ol" : "ul", ordered ? { start: first[2] } : {});
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (!item || item[1].length < indent) break;
    if (item[1].length > indent && node.lastElementChild) {
      const [inner, next] = list(lines, end);
      node.lastElementChild.append(inner);
      end = next;
      continue;
    }
    node.append(h("li", {}, spans(item[3])));
    end += 1;
  }
  return [node, end];
}

const cells = (line) =>
  line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function table(lines, at) {
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  const head = cells(lines[at]).map((cell) => h("th", { scope: "col" }, spans(cell)));
  const rows = lines
    .slice(at + 2, end)
    .map((line) => h("tr", {}, cells(line).map((cell) => h("td", {}, spans(cell)))));
  const node = h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
  return [h("div", { class: "table-scroll", tabindex: "0", role: "group" }, node), end];
}

function startsBlock(line) {
  return [FENCE, HEADING, ITEM, QUOTE, RULE].some((pattern) => pattern.test(line));
}

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== "" && !startsBlock(lines[end])) end += 1;
  const node = h("p");
  lines.slice(at, end).forEach((line, index) => {
    if (index > 0) node.append(h("br"));
    node.append(...spans(line));
  });
  return [node, end];
}

const SPAN =
  /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|\*([^\s*](?:.*?[^\s*])?)\*|(?<![\p{L}\p{N}])_([^\s_](?:.*?[^\s_])?)_(?![\p{L}\p{N}])|\[([^\]]+)\]\(([^)\s]+)\)/u;

/** The inline part of a line, as a list of nodes. */
function spans(text) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const found = SPAN.exec(rest);
    if (!found) break;
    if (found.index > 0) nodes.push(withEmoji(rest.slice(0, found.index)));
    nodes.push(span(found));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) nodes.push(withEmoji(rest));
  return nodes;
}

function span([, , code, strong, strong2, strike, em, em2, label, url]) {
  if (code !== undefined) return h("code", {}, code);
  if (strong ?? strong2) return h("strong", {}, spans(strong ?? strong2));
  if (strike) return h("s", {}, spans(strike));
  if (em ?? em2) return h("em", {}, spans(em ?? em2));
  return link(url, spans(label));
}
