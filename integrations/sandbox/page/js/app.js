/** The page as a whole: who looks, at what, and what to do when something changes. */
import { api, Stream } from "./api.js";
import { Composer } from "./composer.js";
import { Directory } from "./directory.js";
import { avatar, fill, h } from "./dom.js";
import { Home } from "./home.js";
import { icon } from "./icons.js";
import { Messages } from "./messages.js";
import { Modals } from "./modal.js";
import { PersonaRail, Sidebar } from "./sidebar.js";
import { knownZone } from "./time.js";
import { toast } from "./toast.js";
import { Unread } from "./unread.js";
import { WorldPanel } from "./world.js";

const DEFAULT_ZONE = "Australia/Sydney";
const PAUSE = 40;

/** Runs `work` once shortly after a burst of calls. */
function gathered(work) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, PAUSE);
  };
}

export class App {
  constructor() {
    this.state = null;
    this.me = null;
    this.place = "channel";
    this.channel = null;
    this.lastChannel = new Map();
    this.clockAhead = 0;
    this.env = {
      directory: null,
      zone: DEFAULT_ZONE,
      now: () => new Date(Date.now() + this.clockAhead),
      openChannel: (id) => this.openChannel(id),
    };
    this.unread = new Unread(() => this.sidebar.drawPlaces());
    this.rail = new PersonaRail(this);
    this.sidebar = new Sidebar(this);
    this.messages = new Messages(this);
    this.composer = new Composer({ app: this });
    this.home = new Home(this);
    this.modals = new Modals(this);
    this.world = new WorldPanel(this);
    this.stream = new Stream({
      onChange: (event) => this.changed(event),
      onOpen: (again) => this.connected(again),
      onLost: () => this.setOnline(false),
    });
    this.reloadState = gathered(() => this.refreshState());
    this.reloadWorld = gathered(() => this.world.refresh());
    this.reloadMessages = gathered(() => this.messages.refresh());
  }

  /** Builds the page and opens it at the address's place. */
  async start() {
    const answer = await api.state();
    if (!answer.ok) {
      fill(document.getElementById("app"), h("p", { class: "empty" }, answer.message ?? answer.error));
      return;
    }
    this.takeState(answer);
    this.build();
    const [persona, place] = this.address();
    const known = this.state.personas.find((one) => one.id === persona);
    await this.become((known ?? this.state.personas[0]).id, place);
    this.world.refresh();
    window.addEventListener("hashchange", () => this.followAddress());
  }

  build() {
    this.banner = h("div", { class: "banner", role: "status", "data-testid": "banner", hidden: true });
    this.head = h("header", { class: "chat-head" });
    const parts = [this.messages.node, this.composer.node, this.home.node];
    this.main = h("main", { class: "chat" }, this.banner, this.head, parts);
    this.left = h("div", { class: "left" }, this.rail.node, this.sidebar.node);
    this.bar = h("nav", { class: "bottom-bar", "aria-label": "Panes" });
    fill(document.getElementById("app"), this.left, this.main, this.world.node, this.bar);
    this.setPane("chat");
  }

  /** On a narrow screen one pane shows at a time. */
  setPane(pane) {
    document.body.dataset.pane = pane;
    const panes = [["left", "People", "people"], ["chat", "Messages", "chat"], ["world", "World", "world"]];
    fill(
      this.bar,
      panes.map(([id, name, drawing]) =>
        h(
          "button",
          {
            type: "button",
            class: "bar-button",
            "aria-pressed": String(id === pane),
            "data-testid": `pane-${id}`,
            onclick: () => this.setPane(id),
          },
          icon(drawing),
          h("span", {}, name),
        ),
      ),
    );
  }

  takeState(state) {
    this.state = state;
    this.setClock(state.clock);
    if (this.me) this.takePersona(this.me.id);
  }

  takePersona(id) {
    this.me = this.state.personas.find((one) => one.id === id) ?? this.state.personas[0];
    this.env.directory = new Directory(this.state, this.me);
    this.env.zone = knownZone(this.me.tz ?? DEFAULT_ZONE);
  }

  setClock(iso) {
    const clock = Date.parse(iso);
    if (!Number.isNaN(clock)) this.clockAhead = clock - Date.now();
  }

  async refreshState() {
    const answer = await api.state();
    if (!answer.ok) return;
    this.takeState(answer);
    this.rail.draw();
    this.sidebar.draw();
    this.drawHead();
    this.drawBanner();
  }

  address() {
    const [, persona, place] = window.location.hash.split("/");
    return [persona, place];
  }

  followAddress() {
    const [persona, place] = this.address();
    if (persona && persona !== this.me.id) this.become(persona, place);
    else if (place === "home" && this.place !== "home") this.openHome();
    else if (place && place !== "home" && place !== this.channel) this.openChannel(place);
  }

  /** Looks at the page as somebody else. */
  async become(id, place = null) {
    const previous = this.me?.id;
    if (previous === id) return;
    if (previous) this.lastChannel.set(previous, this.channel);
    const wanted = place ?? (this.place === "home" ? "home" : (this.lastChannel.get(id) ?? this.channel));
    this.takePersona(id);
    this.stream.open(id);
    this.modals.switchPersona(previous);
    const mine = this.env.directory.mine();
    const channel = mine.find((one) => one.id === wanted) ?? this.bestChannel(mine);
    this.channel = channel?.id ?? null;
    for (const one of mine) if (one !== channel) this.unread.check(id, one.id);
    this.rail.draw();
    this.sidebar.draw();
    if (wanted === "home") await this.openHome();
    else await this.openChannel(this.channel);
  }

  bestChannel(mine) {
    return mine.find((one) => one.is_ext_shared) ?? mine[0] ?? null;
  }

  async openChannel(id, { typing = false } = {}) {
    this.place = "channel";
    this.channel = id;
    this.arrive();
    if (!id) {
      this.messages.channel = null;
      this.messages.list.replaceChildren();
      this.messages.showEmpty("Nobody has added this person to a channel.");
      return;
    }
    this.composer.setChannel(id);
    // With a touch screen the focus would bring up the keyboard over the messages.
    if (typing && window.matchMedia("(hover: hover)").matches) this.composer.focus();
    this.world.openCurrent();
    await this.messages.show(id);
  }

  async openHome() {
    this.place = "home";
    this.arrive();
    await this.home.open();
  }

  arrive() {
    const isHome = this.place === "home";
    this.messages.node.hidden = isHome;
    this.composer.node.hidden = isHome || !this.channel;
    this.home.node.hidden = !isHome;
    const place = isHome ? "home" : (this.channel ?? "");
    window.history.replaceState(null, "", `#/${this.me.id}/${place}`);
    this.sidebar.drawPlaces();
    this.drawHead();
    this.drawBanner();
    this.setPane("chat");
  }

  /** Who looks: on a narrow screen the left column, which says so, is out of sight. */
  whoLooks() {
    const { me } = this;
    const name = me.real_name.split(" ")[0];
    return h("span", { class: "who-looks" }, avatar(me.real_name, me.color), `as ${name}`);
  }

  drawHead() {
    if (this.place === "home") {
      const title = h("h2", { class: "chat-title" }, this.state.bot.name, h("span", { class: "tag" }, "APP"));
      fill(this.head, title, h("span", { class: "chat-tab" }, "Home"), this.whoLooks());
      return;
    }
    const channel = this.env.directory.channels.get(this.channel);
    if (!channel) {
      fill(this.head, h("h2", { class: "chat-title" }, "No channel"), this.whoLooks());
      return;
    }
    const mark = channel.is_im ? null : icon(channel.is_private ? "lock" : "hash");
    const companies = channel.shared_with.join(", ");
    const shared = channel.is_ext_shared
      ? h("span", { class: "tag tag-shared" }, icon("shared"), ` shared with ${companies}`)
      : null;
    fill(
      this.head,
      h("h2", { class: "chat-title" }, mark, this.env.directory.channelName(channel.id)),
      shared,
      channel.topic && h("span", { class: "muted topic" }, channel.topic),
      !channel.is_im && h("span", { class: "muted member-count" }, `${channel.members.length} members`),
      this.whoLooks(),
    );
  }

  setOnline(online) {
    this.online = online;
    this.drawBanner();
  }

  drawBanner() {
    if (!this.banner) return;
    let text = null;
    if (this.online === false) text = "Reconnecting… what you see may be out of date.";
    else if (this.state.connected === false) {
      text = `${this.state.bot.name} isn't connected yet. Messages are kept; it can't answer until it is.`;
    }
    this.banner.hidden = text === null;
    this.banner.dataset.state = this.online === false ? "reconnecting" : "";
    if (this.banner.textContent !== text) this.banner.textContent = text ?? "";
  }

  connected(again) {
    this.setOnline(true);
    if (!again) return;
    this.refreshState();
    this.world.refresh();
    if (this.place === "channel" && this.channel) this.messages.refresh();
    for (const one of this.env.directory.mine()) {
      if (one.id !== this.channel) this.unread.check(this.me.id, one.id);
    }
  }

  changed(event) {
    const handlers = {
      message: () => this.messageChanged(event.channel),
      view: () => this.modals.follow(event),
      home: () => this.homeChanged(event),
      toast: () => toast(event.text ?? "", { kind: "error" }),
      clock: () => this.reloadWorld(),
      world: () => this.reloadWorld(),
      state: () => this.reloadState(),
    };
    handlers[event.kind]?.();
  }

  messageChanged(channel) {
    // A conversation that the app has just opened is not in the list yet.
    if (channel && !this.env.directory.channels.has(channel)) this.reloadState();
    const here = this.place === "channel" && (!channel || channel === this.channel);
    if (here) this.reloadMessages();
    else this.unread.check(this.me.id, channel ?? this.channel);
  }

  /** Opening the tab tells the app, which publishes: asking again here would go round for ever. */
  homeChanged(event) {
    if (this.place === "home" && "view" in event) this.home.show(event.view, null);
  }
}
