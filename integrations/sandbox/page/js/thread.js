/** The replies of one message, folded under it and opened in place. */
import { Composer } from "./composer.js";
import { fill, h } from "./dom.js";
import { keyOf, MessageItem } from "./message.js";
import { clockTime, tsDate } from "./time.js";

export class Thread {
  constructor({ app, channel, parentTs }) {
    this.app = app;
    this.channel = channel;
    this.parentTs = parentTs;
    this.open = false;
    this.seen = null;
    this.replies = [];
    this.items = new Map();
    this.toggled = null;
    this.toggle = h("button", {
      type: "button",
      class: "thread-toggle",
      "data-testid": "thread-toggle",
      "aria-expanded": "false",
      onclick: () => this.setOpen(!this.open, { focus: true }),
    });
    this.list = h("ol", { class: "replies", "aria-label": "Replies" });
    this.panel = h("div", { class: "thread-panel", "data-testid": "thread", hidden: true }, this.list);
    this.composer = null;
    this.node = h("div", { class: "thread" }, this.toggle, this.panel);
    this.showToggle();
  }

  /** Takes the replies as they now are, oldest first. */
  update(replies) {
    const before = new Set(this.replies.map(keyOf));
    const fresh = this.seen === null ? [] : replies.filter((one) => !before.has(keyOf(one)));
    this.replies = replies;
    if (this.seen === null || this.open) this.seen = replies.length;
    // An answer that only this person can see would be lost inside a folded thread.
    if (fresh.some((one) => one.ephemeral)) this.setOpen(true);
    if (this.open) this.draw();
    this.showToggle();
  }

  showToggle() {
    const count = this.replies.length;
    const fresh = this.seen !== null && count > this.seen;
    const last = this.replies[count - 1];
    // Each change in the channel comes by here for every message; most have nothing new to say.
    const toggled = [count, fresh, this.open, last?.ts].join(" ");
    if (toggled === this.toggled) return;
    this.toggled = toggled;
    this.node.classList.toggle("has-replies", count > 0);
    this.toggle.setAttribute("aria-expanded", String(this.open));
    const label = count === 0 ? "Reply in thread" : `${count} ${count === 1 ? "reply" : "replies"}`;
    fill(
      this.toggle,
      h("span", { class: "thread-count" }, this.open && count === 0 ? "Close the thread" : label),
      last && !this.open && h("span", { class: "muted" }, ` last at ${this.time(last)}`),
      fresh && h("span", { class: "tag tag-new" }, "new"),
    );
  }

  time(message) {
    return clockTime(tsDate(message.ts), this.app.env.zone);
  }

  setOpen(open, { focus = false } = {}) {
    this.open = open;
    this.panel.hidden = !open;
    if (open) {
      this.seen = this.replies.length;
      this.composer ??= this.makeComposer();
      this.draw();
      if (focus) this.composer.focus();
    }
    this.showToggle();
  }

  makeComposer() {
    const composer = new Composer({
      app: this.app,
      threadTs: this.parentTs,
      testid: "thread-composer",
      label: "Reply in this thread",
    });
    composer.setChannel(this.channel);
    this.panel.append(composer.node);
    return composer;
  }

  draw() {
    const wanted = new Set(this.replies.map(keyOf));
    for (const [key, item] of this.items) {
      if (!wanted.has(key)) {
        item.node.remove();
        this.items.delete(key);
      }
    }
    for (const reply of this.replies) {
      const key = keyOf(reply);
      let item = this.items.get(key);
      if (!item) {
        item = new MessageItem({ env: this.app.env, channel: this.channel });
        this.items.set(key, item);
        this.list.append(item.node);
      }
      item.update(reply);
    }
  }
}
