/** Where a persona types: Enter sends, Shift+Enter makes a new line. */
import { api } from "./api.js";
import { Completion } from "./completion.js";
import { whileBusy } from "./dialog.js";
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { plainText } from "./blocks/text.js";
import { wasShown } from "./toast.js";

const TALLEST = 220;

export class Composer {
  constructor({ app, threadTs = null, testid = "composer", label = "Message" }) {
    this.app = app;
    this.threadTs = threadTs;
    this.channel = null;
    this.persona = null;
    this.drafts = new Map();
    this.area = h("textarea", {
      class: "composer-text",
      id: threadTs ? uid("reply") : "composer-text",
      rows: "1",
      "aria-label": label,
      placeholder: label,
      "data-testid": testid,
    });
    this.send = h(
      "button",
      {
        type: "submit",
        class: "button button-primary composer-send",
        "data-testid": threadTs ? "thread-send" : "send",
      },
      threadTs ? "Reply" : "Send",
    );
    const said = { class: "composer-notice", role: "alert", "data-testid": "composer-notice" };
    this.notice = h("div", { ...said, hidden: true });
    this.completion = new Completion(this.area, (kind) => this.choices(kind));
    this.node = h(
      "form",
      { class: "composer", onsubmit: (event) => this.submit(event) },
      this.notice,
      h("div", { class: "composer-box" }, this.completion.node, this.area, this.send),
    );
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("input", () => this.grow());
  }

  focus() {
    this.area.focus();
  }

  /** Goes on in another channel or as another persona; the draft left behind is kept. */
  setChannel(channel) {
    if (this.persona) this.drafts.set(`${this.persona} ${this.channel}`, this.area.value);
    this.channel = channel;
    this.persona = this.app.me.id;
    this.area.value = this.drafts.get(`${this.persona} ${channel}`) ?? "";
    if (!this.threadTs) {
      const name = `Message ${this.app.env.directory.channelTitle(channel)}`;
      this.area.placeholder = name;
      this.area.setAttribute("aria-label", name);
    }
    this.say(null);
    this.completion.hide();
    this.grow();
  }

  choices(kind) {
    const { state, env } = this.app;
    if (kind === "/") {
      return state.commands.map((one) => ({
        insert: one.command,
        title: one.command,
        hint: plainText(one.usage_hint),
        note: plainText(one.description),
        words: [one.command.slice(1)],
      }));
    }
    if (kind === "#") {
      const mine = env.directory.mine();
      return mine
        .filter((one) => !one.is_im)
        .map(({ name }) => ({ insert: `#${name}`, title: `#${name}`, note: "", words: [name] }));
    }
    const people = env.directory.people(this.channel);
    // The app first: it is the one most often spoken to here.
    people.unshift(people.pop());
    return people.map((one) => ({
      insert: `@${one.handle}`,
      title: one.name,
      note: `@${one.handle} · ${one.note}`,
      words: [one.handle, ...one.name.split(" ")],
    }));
  }

  key(event) {
    if (event.isComposing || this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.node.requestSubmit();
    }
  }

  grow() {
    this.area.style.height = "auto";
    // Nothing typed is one line, and to measure that lays the whole page out.
    if (!this.area.value) return;
    // Out of sight nothing has a height; CSS gives it one line until it is typed in.
    if (this.area.scrollHeight === 0) return;
    this.area.style.height = `${Math.min(this.area.scrollHeight, TALLEST)}px`;
  }

  say(text) {
    this.notice.hidden = !text;
    this.notice.replaceChildren();
    if (!text) return;
    this.notice.append(
      h("span", { class: "ephemeral-note" }, icon("eye"), " Only visible to you"),
      h("span", { class: "notice-text" }, text),
    );
  }

  async submit(event) {
    event.preventDefault();
    const text = this.area.value.trim();
    if (!text) return;
    if (this.threadTs && text.startsWith("/")) {
      const [command] = text.split(/\s/);
      const instead = "Use it in the channel, or mention the app here.";
      this.say(`${command} is not supported in threads. ${instead}`);
      return;
    }
    await whileBusy(this.send, () => this.deliver(text));
    this.focus();
  }

  async deliver(text) {
    const { channel, persona } = this;
    const body = { persona, channel, text };
    if (this.threadTs) body.thread_ts = this.threadTs;
    this.area.value = "";
    this.grow();
    this.completion.hide();
    this.say(null);
    const answer = await api.send(body);
    if (answer.ok) return;
    const refusal = answer.message ?? answer.error;
    if (!wasShown(refusal)) this.say(refusal);
    // What was typed comes back, unless the person has typed on or moved on.
    if (this.channel !== channel || this.persona !== persona) {
      this.drafts.set(`${persona} ${channel}`, text);
    } else if (!this.area.value) {
      this.area.value = text;
      this.grow();
    }
  }
}
