/** The left side: who I am, and where I can go. */
import { avatar, fill, h, keepingFocus, resetRoving, roving } from "./dom.js";
import { icon } from "./icons.js";

const firstWord = (name) => name.split(" ")[0];

/** The rail of personas, grouped by company; one press and the page is theirs. */
export class PersonaRail {
  constructor(app) {
    this.app = app;
    this.node = h("nav", { class: "rail", "aria-label": "Who am I" });
    roving(this.node, ".rail-person");
  }

  draw() {
    const groups = new Map();
    for (const persona of this.app.state.personas) {
      const list = groups.get(persona.team.id) ?? [];
      list.push(persona);
      groups.set(persona.team.id, list);
    }
    keepingFocus(this.node, () => {
      fill(this.node, [...groups.values()].map((people) => this.group(people)));
    });
    resetRoving(this.node, ".rail-person", this.node.querySelector('[aria-pressed="true"]'));
  }

  group(people) {
    const { name } = people[0].team;
    return h(
      "div",
      { class: "rail-group", role: "group", "aria-label": name },
      h("span", { class: "rail-team", title: name, "aria-hidden": "true" }, firstWord(name)),
      people.map((one) => this.person(one)),
    );
  }

  person(one) {
    const kind = one.external ? ", external" : one.is_restricted ? ", guest" : "";
    const label = `${one.real_name}, ${one.team.name}${kind}`;
    return h(
      "button",
      {
        type: "button",
        class: one.external ? "rail-person is-external" : "rail-person",
        "aria-pressed": String(one.id === this.app.me.id),
        "aria-label": label,
        title: one.title ? `${label}\n${one.title}` : label,
        "data-testid": `persona-${one.id}`,
        onclick: () => this.app.become(one.id),
      },
      avatar(one.real_name, one.color),
      h("span", { class: "rail-name", "aria-hidden": "true" }, firstWord(one.real_name)),
    );
  }
}

/** The workspace's name, the current persona, the channels and the app. */
export class Sidebar {
  constructor(app) {
    this.app = app;
    this.head = h("header", { class: "side-head" });
    this.me = h("div", { class: "me", "data-testid": "current-persona" });
    this.places = h("nav", { class: "places", "aria-label": "Channels and apps" });
    this.node = h("div", { class: "sidebar" }, this.head, this.me, this.places);
    roving(this.places, ".place");
  }

  draw() {
    const { state, me } = this.app;
    const note = "Slack stand-in · nothing leaves this machine";
    const title = h("h1", { class: "workspace" }, state.workspace.name);
    fill(this.head, title, h("p", { class: "side-note" }, note));
    fill(
      this.me,
      avatar(me.real_name, me.color),
      h(
        "div",
        { class: "me-text" },
        h("span", { class: "me-name" }, me.real_name, this.tag(me)),
        h("span", { class: "side-note" }, [me.title, me.team.name].filter(Boolean).join(" · ")),
      ),
    );
    this.drawPlaces();
  }

  tag(me) {
    const external = { class: "tag tag-external", "data-testid": "external-tag" };
    if (me.external) return h("span", external, "external");
    return me.is_restricted ? h("span", { class: "tag" }, "guest") : null;
  }

  drawPlaces() {
    const mine = this.app.env.directory.mine();
    const direct = mine.filter((one) => one.is_im || one.is_mpim);
    const channels = mine.filter((one) => !direct.includes(one));
    const nowhere = `${this.app.me.real_name} is in no channel of this workspace.`;
    const drawAll = () =>
      fill(
        this.places,
        this.section("Channels", channels.map((one) => this.channel(one))),
        channels.length === 0 && h("p", { class: "side-note" }, nowhere),
        direct.length > 0 && this.section("Direct messages", direct.map((one) => this.channel(one))),
        this.section("Apps", [this.home()]),
      );
    keepingFocus(this.places, drawAll);
    resetRoving(this.places, ".place", this.places.querySelector('[aria-current="page"]'));
  }

  section(title, items) {
    return h("div", { class: "place-group" }, h("h2", { class: "place-title" }, title), h("ul", {}, items));
  }

  place(props, current, content) {
    const button = h(
      "button",
      { type: "button", class: "place", "aria-current": current ? "page" : null, ...props },
      content,
    );
    return h("li", {}, button);
  }

  channel(one) {
    const { app } = this;
    const current = app.place === "channel" && app.channel === one.id;
    const unread = !current && app.unread.has(app.me.id, one.id);
    const shared = one.is_ext_shared ? `Shared with ${one.shared_with.join(", ")}` : null;
    const mark = one.is_im
      ? avatar(app.env.directory.channelName(one.id), null, { app: true })
      : icon(one.is_private ? "lock" : "hash");
    return this.place(
      {
        "data-testid": `channel-${one.name}`,
        "data-channel-id": one.id,
        "data-unread": unread ? "true" : null,
        onclick: () => app.openChannel(one.id, { typing: true }),
      },
      current,
      [
        h("span", { class: "place-mark" }, mark),
        h("span", { class: "place-name" }, app.env.directory.channelName(one.id)),
        shared &&
          h(
            "span",
            { class: "shared-mark", title: shared, role: "img", "aria-label": shared },
            icon("shared"),
          ),
        unread && h("span", { class: "unread-dot", role: "img", "aria-label": "unread" }),
      ],
    );
  }

  home() {
    const { app } = this;
    const { bot } = app.state;
    const props = { "data-testid": "open-home", onclick: () => app.openHome() };
    return this.place(props, app.place === "home", [
      avatar(bot.name, null, { app: true }),
      h("span", { class: "place-name" }, bot.name),
      h("span", { class: "tag" }, "APP"),
    ]);
  }
}
