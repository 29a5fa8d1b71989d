/** The `rich_text` block. */
import { h, link } from "../dom.js";
import { emoji, withEmoji } from "../emoji.js";
import { channelMention, emojiNode, userMention } from "../mrkdwn.js";
import { slackDate } from "../time.js";

const MARKS = { code: "code", strike: "s", italic: "em", bold: "strong", underline: "u" };

function styled(node, style) {
  let result = node;
  for (const [name, tag] of Object.entries(MARKS)) {
    if (style?.[name]) result = h(tag, {}, result);
  }
  return result;
}

const ELEMENTS = {
  text: (one) => withEmoji(one.text),
  link: (one) => link(one.url, one.text || one.url),
  user: (one, env) => userMention(one.user_id, null, env),
  channel: (one, env) => channelMention(one.channel_id, null, env),
  usergroup: (one, env) =>
    h("span", { class: "mention" }, `@${env.directory.usergroupName(one.usergroup_id)}`),
  broadcast: (one) => h("span", { class: "mention mention-me" }, `@${one.range}`),
  emoji: (one) => {
    const characters = emoji(one.name);
    return characters ? emojiNode(one.name, characters) : `:${one.name}:`;
  },
  date: (one, env) => {
    const text = slackDate(one.timestamp, one.format ?? "{date}", env.now(), env.zone);
    return h("time", {}, text ?? one.fallback ?? String(one.timestamp));
  },
  color: (one) => h("code", {}, one.value),
};

function inlineElements(elements, env) {
  return (elements ?? []).map((one) => {
    const make = ELEMENTS[one.type];
    return make ? styled(make(one, env), one.style) : `[unsupported: ${one.type}]`;
  });
}

function richList(part, env) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const items = (part.elements ?? []).map((one) => h("li", {}, inlineElements(one.elements, env)));
  const start = part.offset ? part.offset + 1 : null;
  return h(tag, { class: `rich-list rich-indent-${Math.min(part.indent ?? 0, 8)}`, start }, items);
}

const PARTS = {
  rich_text_section: (part, env) => h("p", {}, inlineElements(part.elements, env)),
  rich_text_list: richList,
  rich_text_preformatted: (part, env) =>
    h("pre", {}, h("code", {}, inlineElements(part.elements, env))),
  rich_text_quote: (part, env) => h("blockquote", {}, inlineElements(part.elements, env)),
};

/** The nodes of a rich_text value, for the block and for table cells. */
export function richText(block, env) {
  return (block.elements ?? []).map((part) => {
    const make = PARTS[part.type];
    return make ? make(part, env) : h("p", {}, `[unsupported: ${part.type}]`);
  });
}
