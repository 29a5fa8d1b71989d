/** The conversation in the middle: messages in order, with dividers, kept up to date in place. */
import { api } from "./api.js";
import { announce, h, resetRoving, roving } from "./dom.js";
import { keyOf, MessageItem, plainMessage } from "./message.js";
import { Thread } from "./thread.js";
import { dayKey, dayLabel, tsDate } from "./time.js";

const CLOSE_IN_TIME = 300;
const NEAR_END = 80;

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** The top-level messages with the replies of each. */
export function fold(messages) {
  const parents = new Set(messages.filter((one) => !isReply(one)).map((one) => one.ts));
  const top = [];
  const replies = new Map();
  for (const message of messages) {
    const orphan = isReply(message) && !parents.has(message.thread_ts);
    if (!isReply(message) || orphan || message.subtype === "thread_broadcast") top.push(message);
    if (isReply(message) && !orphan) {
      const list = replies.get(message.thread_ts) ?? [];
      list.push(message);
      replies.set(message.thread_ts, list);
    }
  }
  return { top, replies };
}

export class Messages {
  constructor(app) {
    this.app = app;
    this.entries = new Map();
    this.known = null;
    this.channel = null;
    this.loading = null;
    this.again = false;
    this.list = h("ol", { class: "messages", "data-testid": "messages", "aria-label": "Messages" });
    this.empty = h("p", { class: "empty", hidden: true });
    this.scroller = h("div", { class: "scroller" }, this.empty, this.list);
    this.more = h(
      "button",
      { type: "button", class: "more-below", hidden: true, onclick: () => this.toEnd(true) },
      "New messages ↓",
    );
    this.node = h("div", { class: "conversation" }, this.scroller, this.more);
    this.scroller.addEventListener("scroll", () => {
      if (this.atEnd()) this.more.hidden = true;
    });
    roving(this.list, ".messages > .message");
    this.stickToEnd();
  }

  /** Who reads the newest message goes on doing so when the space or a message grows. */
  stickToEnd() {
    let wasAtEnd = true;
    this.scroller.addEventListener("scroll", () => {
      wasAtEnd = this.atEnd();
    });
    const observer = new ResizeObserver(() => {
      if (wasAtEnd) this.toEnd();
    });
    observer.observe(this.scroller);
    observer.observe(this.list);
  }

  /** Shows another channel (or the same one to another persona) from scratch. */
  async show(channel) {
    this.channel = channel;
    this.known = null;
    this.entries.clear();
    this.list.replaceChildren();
    this.empty.hidden = true;
    await this.refresh();
  }

  /** Fetches again; calls that come meanwhile are answered by one more fetch, not by many. */
  async refresh() {
    if (this.loading) {
      this.again = true;
      return this.loading;
    }
    this.loading = this.fetch();
    try {
      await this.loading;
    } finally {
      this.loading = null;
    }
    if (!this.again) return undefined;
    this.again = false;
    return this.refresh();
  }

  async fetch() {
    const { channel } = this;
    // Who is in no channel may come to look while an earlier answer is still on its way.
    if (channel === null) return;
    const persona = this.app.me.id;
    const answer = await api.messages(persona, channel);
    if (channel !== this.channel || persona !== this.app.me.id) {
      this.again = true;
      return;
    }
    if (!answer.ok) {
      this.showEmpty(answer.message);
      return;
    }
    this.draw(answer.messages);
    const last = answer.messages[answer.messages.length - 1];
    if (last) this.app.unread.markRead(persona, channel, last.ts);
  }

  showEmpty(text) {
    this.empty.hidden = false;
    this.empty.textContent = text;
  }

  draw(messages) {
    const wasAtEnd = this.atEnd();
    this.empty.hidden = messages.length > 0;
    if (messages.length === 0) this.showEmpty("Nothing has been said here yet.");
    const { top, replies } = fold(messages);
    this.reconcile(this.plan(top), replies);
    resetRoving(this.list, ".messages > .message", this.list.lastElementChild);
    this.tellNews(messages, wasAtEnd);
  }

  /** What should stand in the list, in order: day dividers and messages. */
  plan(top) {
    const { env } = this.app;
    const plan = [];
    let day = null;
    let previous = null;
    for (const message of top) {
      const date = tsDate(message.ts);
      const key = dayKey(date, env.zone);
      if (key !== day) {
        plan.push({ key: `day-${key}`, label: dayLabel(date, env.now(), env.zone) });
        previous = null;
      }
      day = key;
      plan.push({ key: keyOf(message), message, compact: this.continues(previous, message) });
      previous = message;
    }
    return plan;
  }

  continues(previous, message) {
    return (
      previous !== null &&
      previous.author.id === message.author.id &&
      !message.blocks?.length &&
      !previous.subtype &&
      !message.subtype &&
      !previous.ephemeral &&
      !message.ephemeral &&
      Number(message.ts) - Number(previous.ts) < CLOSE_IN_TIME
    );
  }

  reconcile(plan, replies) {
    const wanted = new Set(plan.map((one) => one.key));
    for (const [key, entry] of this.entries) {
      if (wanted.has(key)) continue;
      entry.node.remove();
      this.entries.delete(key);
    }
    let place = this.list.firstElementChild;
    for (const one of plan) {
      const entry = this.entries.get(one.key) ?? this.create(one);
      this.entries.set(one.key, entry);
      if (entry.node === place) place = place.nextElementSibling;
      else this.list.insertBefore(entry.node, place);
      entry.update(one, replies.get(one.message?.ts) ?? []);
    }
  }

  create(one) {
    if (!one.message) return this.createDivider();
    const item = new MessageItem({ env: this.app.env, channel: this.channel });
    const threaded = !one.message.ephemeral && !isReply(one.message);
    const thread = threaded
      ? new Thread({ app: this.app, channel: this.channel, parentTs: one.message.ts })
      : null;
    if (thread) item.node.append(thread.node);
    return {
      node: item.node,
      update: ({ message, compact }, replies) => {
        item.update(message, { compact });
        thread?.update(replies);
      },
    };
  }

  createDivider() {
    const label = h("span", { class: "day-label" });
    const node = h("li", { class: "day" }, label);
    return {
      node,
      update: (one) => {
        if (label.textContent !== one.label) label.textContent = one.label;
      },
    };
  }

  tellNews(messages, wasAtEnd) {
    const { env, me } = this.app;
    const before = this.known;
    this.known = new Set(messages.map(keyOf));
    if (before === null) {
      this.toEndSoon();
      return;
    }
    const fresh = messages.filter((one) => !before.has(keyOf(one)));
    for (const one of fresh) {
      const note = one.ephemeral ? " (only visible to you)" : "";
      if (one.author.id !== me.id) announce(`${one.author.name}${note}: ${plainMessage(one, env)}`);
    }
    const mine = fresh.some((one) => one.author.id === me.id || one.ephemeral);
    if (wasAtEnd || (mine && fresh.some((one) => !isReply(one)))) this.toEndSoon();
    else if (fresh.some((one) => !isReply(one))) this.more.hidden = false;
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  /** With the next frame, which lays the page out anyway. */
  toEndSoon() {
    requestAnimationFrame(() => this.toEnd());
  }

  toEnd(smooth = false) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = smooth && !calm ? "smooth" : "instant";
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior });
    this.more.hidden = true;
  }
}
