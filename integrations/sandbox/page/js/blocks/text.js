/** Text objects: plain_text as it stands, mrkdwn through the parser. */
import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { mrkdwn } from "../mrkdwn.js";

/** A text object's content as nodes. */
export function textNodes(object, env) {
  if (!object) return [];
  if (object.type === "mrkdwn") return [mrkdwn(object.text, env)];
  return [plainText(object)];
}

/** The characters of a plain_text object; Slack shows short codes as emoji unless told not to. */
export function plainText(object) {
  if (!object) return "";
  const text = typeof object === "string" ? object : object.text;
  return object.emoji === false ? text : withEmoji(text ?? "");
}

/** A text object in its own element. */
export function textElement(tag, object, env, props = {}) {
  return h(tag, props, textNodes(object, env));
}
