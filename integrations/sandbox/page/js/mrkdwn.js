/**
 * Slack's mrkdwn as DOM nodes. The text is scanned by hand and every piece becomes a text node
 * or an element built here, so that nothing a person or a customer's data says can become HTML.
 */
import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { slackDate } from "./time.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** Undoes Slack's three escapes, once. */
export const decode = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

const BROADCASTS = new Set(["here", "channel", "everyone"]);
const STYLES = { "*": "strong", _: "em", "~": "s" };
const isWord = (char) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
const isSpace = (char) => char === undefined || /\s/.test(char);

/** Renders a whole mrkdwn text: fences, quotes, then the inline marks. */
export function mrkdwn(text, env) {
  const fragment = document.createDocumentFragment();
  const pieces = String(text ?? "").split(/```/);
  const unclosed = pieces.length % 2 === 0;
  pieces.forEach((piece, index) => {
    const isLast = index === pieces.length - 1;
    if (index % 2 === 1 && !(unclosed && isLast)) {
      fragment.append(h("pre", {}, h("code", {}, codeText(piece.replace(/^\n|\n$/g, ""), env))));
    } else {
      const raw = index % 2 === 1 ? `\`\`\`${piece}` : trimAroundFence(piece, index, isLast);
      fragment.append(paragraphs(raw, env));
    }
  });
  return fragment;
}

function trimAroundFence(piece, index, isLast) {
  let text = piece;
  if (index > 0) text = text.replace(/^\n/, "");
  if (!isLast) text = text.replace(/\n$/, "");
  return text;
}

/** Links inside code keep their address visible and lose the angle brackets. */
function codeText(text, env) {
  return decode(text.replace(/<([^<>\n]+)>/g, (_, body) => specialText(body, env)));
}

function specialText(body, env) {
  const node = special(body, env);
  return node ? node.textContent : `<${body}>`;
}

function paragraphs(text, env) {
  const fragment = document.createDocumentFragment();
  let quote = null;
  let needsBreak = false;
  for (const line of text === "" ? [] : text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    if (quoted) {
      if (quote === null) {
        quote = h("blockquote");
        fragment.append(quote);
      } else {
        quote.append(h("br"));
      }
      quote.append(inline(line.slice(quoted[0].length), env));
      needsBreak = false;
      continue;
    }
    quote = null;
    if (needsBreak) fragment.append(h("br"));
    fragment.append(inline(line, env));
    needsBreak = true;
  }
  return fragment;
}

/** One line of text with its inline marks. */
export function inline(text, env) {
  const fragment = document.createDocumentFragment();
  let plain = "";
  const flush = () => {
    if (plain) fragment.append(decode(plain));
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = match(text, at, env);
    if (found === null) {
      plain += text[at];
      at += 1;
      continue;
    }
    flush();
    fragment.append(found.node);
    at = found.end;
  }
  flush();
  return fragment;
}

function match(text, at, env) {
  const char = text[at];
  if (char === "<") return matchSpecial(text, at, env);
  if (char === "`") return matchCode(text, at, env);
  if (char === ":") return matchEmoji(text, at);
  if (char === "h") return matchBareUrl(text, at);
  return char in STYLES ? matchStyle(text, at, env) : null;
}

function matchSpecial(text, at, env) {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const node = special(text.slice(at + 1, end), env);
  return node && { node, end: end + 1 };
}

function matchCode(text, at, env) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: h("code", {}, codeText(text.slice(at + 1, end), env)), end: end + 1 };
}

function matchEmoji(text, at) {
  const found = /^:([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?/.exec(text.slice(at, at + 60));
  const characters = found && emoji(found[1]);
  if (!characters) return null;
  return { node: emojiNode(found[1], characters), end: at + found[0].length };
}

export function emojiNode(name, characters) {
  const label = name.replaceAll("_", " ");
  return h("span", { class: "emoji", role: "img", "aria-label": label, title: `:${name}:` }, characters);
}

function matchBareUrl(text, at) {
  if (isWord(text[at - 1])) return null;
  const found = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"*_~]/.exec(text.slice(at));
  if (!found) return null;
  const url = decode(found[0]);
  return { node: link(url, url), end: at + found[0].length };
}

/** *bold*, _italic_ and ~strike~ need a word's edge on both outer sides, as in Slack. */
function matchStyle(text, at, env) {
  const mark = text[at];
  if (isWord(text[at - 1]) || isSpace(text[at + 1]) || text[at + 1] === mark) return null;
  let end = text.indexOf(mark, at + 1);
  while (end > 0 && (isSpace(text[end - 1]) || isWord(text[end + 1]))) {
    end = text.indexOf(mark, end + 1);
  }
  if (end < 0) return null;
  return { node: h(STYLES[mark], {}, inline(text.slice(at + 1, end), env)), end: end + 1 };
}

/** What stands between angle brackets: links, mentions, dates; null where it is nothing known. */
function special(body, env) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? null : decode(body.slice(bar + 1));
  if (target.startsWith("@")) return userMention(target.slice(1), label, env);
  if (target.startsWith("#")) return channelMention(target.slice(1), label, env);
  if (target.startsWith("!")) return command(target.slice(1), label, env);
  if (/^(?:https?|mailto|tel|slack):/i.test(target)) {
    const url = decode(target);
    return link(url, label ?? url.replace(/^(?:mailto|tel):/, ""));
  }
  return null;
}

export function userMention(id, label, { directory }) {
  const self = id === directory.me.id ? " mention-me" : "";
  const known = directory.userName(id);
  const name = known === id && label ? label.replace(/^@/, "") : known;
  return h("span", { class: `mention${self}`, "data-user-id": id }, `@${name}`);
}

export function channelMention(id, label, { directory, openChannel }) {
  const name = `#${label || directory.channelName(id)}`;
  if (!openChannel || !directory.channels.get(id)?.members.includes(directory.me.id)) {
    return h("span", { class: "mention", "data-channel-id": id }, name);
  }
  const onclick = () => openChannel(id);
  return h("button", { type: "button", class: "mention mention-button", onclick }, name);
}

function command(body, label, env) {
  const [name, ...rest] = body.split("^");
  if (BROADCASTS.has(name)) return h("span", { class: "mention mention-me" }, `@${name}`);
  if (name === "subteam") {
    const handle = label?.replace(/^@/, "") ?? env.directory.usergroupName(rest[0]);
    return h("span", { class: "mention" }, `@${handle}`);
  }
  if (name === "date") return dateNode(rest, label, env);
  return h("span", {}, label ?? `<${name}>`);
}

function dateNode([epoch, pattern, url], label, env) {
  const text = slackDate(epoch, decode(pattern ?? ""), env.now(), env.zone) ?? label ?? epoch;
  const iso = new Date(Number(epoch) * 1000);
  const datetime = Number.isNaN(iso.getTime()) ? null : iso.toISOString();
  const node = h("time", { datetime, title: label }, text);
  return url ? link(decode(url), node) : node;
}
