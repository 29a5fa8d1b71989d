/** "Change the world": what happens outside Slack, and the clock. */
import { api } from "./api.js";
import { whileBusy } from "./dialog.js";
import { fill, h, keepingFocus } from "./dom.js";
import { icon } from "./icons.js";
import { worldTime } from "./time.js";

const TICK = 1000;

export class WorldPanel {
  constructor(app) {
    this.app = app;
    this.groups = new Map();
    this.clockDay = h("span", { class: "clock-day" });
    this.clockTime = h("span", { class: "clock-time" });
    this.clockActions = h("div", { class: "clock-actions" });
    this.drawn = new Map();
    const said = { class: "world-message", role: "status", "data-testid": "world-message" };
    this.message = h("p", { ...said, hidden: true });
    this.list = h("div", { class: "world-groups" });
    this.node = h(
      "section",
      { class: "world", "aria-label": "Change the world", "data-testid": "world-panel" },
      h("h2", { class: "world-title" }, "Change the world"),
      h(
        "p",
        { class: "side-note" },
        "Do here what people would do in Procore, in QuickBooks, or by waiting.",
      ),
      h(
        "div",
        { class: "clock", "data-testid": "clock" },
        h("span", { class: "clock-icon" }, icon("clock")),
        h("time", { class: "clock-face" }, this.clockDay, this.clockTime),
      ),
      this.clockActions,
      this.message,
      this.list,
    );
    setInterval(() => this.tick(), TICK);
  }

  tick() {
    if (!this.app.me) return;
    const { day, time } = worldTime(this.app.env.now(), this.app.env.zone);
    if (this.clockDay.textContent !== day) this.clockDay.textContent = day;
    if (this.clockTime.textContent !== time) this.clockTime.textContent = time;
  }

  async refresh() {
    const answer = await api.world();
    if (!answer.ok) {
      this.say(answer.message ?? answer.error, true);
      return;
    }
    this.app.setClock(answer.clock);
    this.tick();
    keepingFocus(this.node, () => {
      this.drawActions(this.clockActions, answer.clock_actions ?? [], (button) => button);
      this.drawGroups(answer.groups ?? []);
    });
  }

  /** Updates the accordions in place, so that open ones stay open and the focus stays put. */
  drawGroups(groups) {
    const wanted = new Set(groups.map((one) => one.customer));
    for (const [slug, group] of this.groups) {
      if (wanted.has(slug)) continue;
      group.node.remove();
      this.drawn.delete(group.body);
      this.groups.delete(slug);
    }
    for (const group of groups) {
      let shown = this.groups.get(group.customer);
      if (!shown) {
        shown = this.createGroup(group);
        this.groups.set(group.customer, shown);
        this.list.append(shown.node);
      }
      const done = group.actions.filter((one) => one.done).length;
      const all = group.actions.length;
      const count = done > 0 ? `${done} of ${all} done` : String(all);
      if (shown.count.textContent !== count) shown.count.textContent = count;
      this.drawActions(shown.body, group.actions, (button) => h("li", {}, button));
    }
    this.openCurrent();
  }

  /** Draws a list of actions where one of them changed; else the one at work stays at work. */
  drawActions(place, actions, wrap) {
    const drawn = JSON.stringify(actions);
    if (this.drawn.get(place) === drawn) return;
    this.drawn.set(place, drawn);
    fill(place, actions.map((one) => wrap(this.action(one))));
  }

  createGroup(group) {
    const count = h("span", { class: "group-count" });
    const body = h("ul", { class: "world-actions" });
    const summary = h("summary", {}, h("span", { class: "group-name" }, group.name), count);
    const props = { class: "world-group", "data-testid": `world-group-${group.customer}` };
    return { node: h("details", props, summary, body), count, body };
  }

  /** Opens the customer whose channel is shown; the others stay as the person left them. */
  openCurrent() {
    const name = this.app.env.directory.channelName(this.app.channel);
    const words = new Set(String(name).split("-"));
    const slug = [...this.groups.keys()].find((one) => words.has(one)) ?? null;
    const first = this.groups.keys().next().value;
    const target = slug ?? (this.opened ? null : first);
    if (target && target !== this.opened) {
      for (const [one, group] of this.groups) group.node.open = one === target;
      this.opened = target;
    }
  }

  action(one) {
    const run = (event) => this.run(one, event.currentTarget);
    return h(
      "button",
      {
        type: "button",
        class: `world-action ${one.done ? "is-done" : ""} ${one.danger ? "is-danger" : ""}`,
        "data-testid": `world-action-${one.id}`,
        "data-done": one.done ? "true" : null,
        disabled: Boolean(one.disabled),
        onclick: run,
      },
      h("span", { class: "tick", "aria-hidden": "true" }, one.done ? "✓" : ""),
      h(
        "span",
        { class: "action-text" },
        h("span", { class: "action-label" }, one.label),
        one.done && h("span", { class: "visually-hidden" }, " (done)"),
        one.hint && h("span", { class: "action-hint" }, one.hint),
      ),
    );
  }

  async run(one, control) {
    const answer = await whileBusy(control, () => api.runWorld(one.id));
    if (!answer) return;
    this.say(answer.message ?? answer.error ?? "Done.", !answer.ok);
    // The stream tells of it as well, and one look answers both.
    this.app.reloadWorld();
  }

  say(text, failed = false) {
    this.message.hidden = !text;
    this.message.classList.toggle("is-error", failed);
    this.message.textContent = text;
  }
}
