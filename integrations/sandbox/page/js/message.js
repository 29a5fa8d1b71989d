/** One message: who, when, the text or the blocks, and what hangs on it. */
import { fileChip } from "./blocks/images.js";
import { renderBlocks } from "./blocks/index.js";
import { avatar, h } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { Surface } from "./surface.js";
import { clockTime, fullTime, tsDate } from "./time.js";

const SYSTEM = new Set(["channel_join", "channel_leave", "channel_topic", "channel_purpose"]);

/** The message as one line of plain text, for announcements and labels. */
export function plainMessage(message, env) {
  const holder = h("div", {}, mrkdwn(message.text ?? "", env));
  return holder.textContent.replace(/\s+/g, " ").trim();
}

/** The key under which the page remembers a message. */
export const keyOf = (message) => `${message.ts}${message.ephemeral ? "-e" : ""}`;

export class MessageItem {
  constructor({ env, channel }) {
    this.env = env;
    this.channel = channel;
    this.fingerprint = "";
    this.surface = null;
    this.body = h("div", { class: "message-body" });
    this.node = h("li", { class: "message", "data-testid": "message", tabindex: "-1" }, this.body);
  }

  /** Redraws the message if anything about it changed; true if it did. */
  update(message, { compact = false } = {}) {
    const fingerprint = JSON.stringify([message, compact]);
    if (fingerprint === this.fingerprint) return false;
    this.fingerprint = fingerprint;
    this.message = message;
    const source = { type: "message", channel: this.channel, ts: message.ts };
    this.surface ??= new Surface({ env: this.env, source, channel: this.channel });
    const hadFocus = this.body.contains(document.activeElement) ? document.activeElement : null;
    this.draw(message, compact);
    if (hadFocus) this.refocus(hadFocus);
    return true;
  }

  refocus(old) {
    const { actionId } = old.dataset;
    const block = old.closest("[data-block-id]")?.dataset.blockId;
    const same = actionId && `[data-action-id="${CSS.escape(actionId)}"]`;
    const next =
      (same && block && this.body.querySelector(`[data-block-id="${CSS.escape(block)}"] ${same}`)) ||
      (same && this.body.querySelector(same)) ||
      this.node;
    next.focus({ preventScroll: true });
  }

  draw(message, compact) {
    const { node } = this;
    const system = SYSTEM.has(message.subtype);
    node.dataset.ts = message.ts;
    node.classList.toggle("is-compact", compact);
    node.classList.toggle("is-ephemeral", Boolean(message.ephemeral));
    node.classList.toggle("is-system", system);
    if (message.ephemeral) node.dataset.ephemeral = "true";
    const when = clockTime(tsDate(message.ts), this.env.zone);
    const label = `${message.author.name}, ${when}: ${plainMessage(message, this.env)}`;
    node.setAttribute("aria-label", label.slice(0, 400));
    const side = compact
      ? h("span", { class: "gutter-time", "aria-hidden": "true" }, this.time(message))
      : avatar(message.author.name, message.author.color, { app: message.author.is_bot });
    this.body.replaceChildren(side, h("div", { class: "message-main" }, this.parts(message, compact)));
  }

  parts(message, compact) {
    return [
      message.ephemeral &&
        h("p", { class: "ephemeral-note" }, icon("eye"), " Only visible to you"),
      message.subtype === "thread_broadcast" &&
        h("p", { class: "ephemeral-note" }, icon("thread"), " Also sent to the channel from a thread"),
      !compact && this.header(message),
      this.content(message),
      (message.attachments ?? []).map((one) => this.attachment(one)),
      message.files?.length > 0 &&
        h("div", { class: "files" }, message.files.map((one) => fileChip(one, this.surface.persona))),
      message.reactions?.length > 0 && this.reactions(message.reactions),
    ];
  }

  header(message) {
    const { author } = message;
    const persona = this.env.directory.personas.get(author.id);
    return h(
      "div",
      { class: "message-head" },
      h("span", { class: "author" }, author.name),
      author.is_bot && h("span", { class: "tag" }, "APP"),
      persona?.external && h("span", { class: "company" }, persona.team.name),
      this.time(message),
    );
  }

  time(message) {
    const date = tsDate(message.ts);
    const title = fullTime(date, this.env.zone);
    const props = { class: "time", datetime: date.toISOString(), title };
    return h("time", props, clockTime(date, this.env.zone));
  }

  content(message) {
    const edited = message.edited ? h("span", { class: "edited" }, " (edited)") : null;
    if (message.blocks?.length) {
      return [renderBlocks(message.blocks, this.surface), edited];
    }
    const text = message.mrkdwn === false ? message.text : mrkdwn(message.text, this.env);
    return h("div", { class: "text" }, text, edited);
  }

  attachment(one) {
    const node = h(
      "div",
      { class: "attachment" },
      one.pretext && h("div", { class: "text" }, mrkdwn(one.pretext, this.env)),
      one.title && h("strong", {}, one.title),
      one.blocks
        ? renderBlocks(one.blocks, this.surface)
        : h("div", { class: "text" }, mrkdwn(one.text ?? one.fallback ?? "", this.env)),
    );
    const color = /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : null;
    if (color) node.style.setProperty("--bar", color);
    return node;
  }

  reactions(reactions) {
    return h(
      "div",
      { class: "reactions" },
      reactions.map((one) => {
        const who = (one.users ?? []).map((id) => this.env.directory.userName(id)).join(", ");
        const text = `${emoji(one.name) ?? `:${one.name}:`} ${one.count ?? one.users?.length ?? 1}`;
        return h("span", { class: "reaction", title: `${who} reacted with :${one.name}:` }, text);
      }),
    );
  }
}
