/** The app's Home tab. */
import { api } from "./api.js";
import { renderBlocks } from "./blocks/index.js";
import { describeFocus, fill, h, restoreFocus } from "./dom.js";
import { Surface } from "./surface.js";

export class Home {
  constructor(app) {
    this.app = app;
    this.surface = null;
    this.persona = null;
    this.fingerprint = "";
    this.node = h("div", { class: "home", "data-testid": "home-tab", tabindex: "-1" });
  }

  /** Opens the tab; the app is told and may publish a newer view shortly after. */
  async open() {
    const persona = this.app.me.id;
    if (persona !== this.persona) {
      this.fingerprint = "";
      this.surface = null;
      fill(this.node, h("p", { class: "empty" }, "Opening…"));
    }
    this.persona = persona;
    const answer = await api.home(persona);
    // Opening the app also opens its direct messages, which the list then shows.
    this.app.reloadState();
    if (persona === this.app.me.id) this.show(answer.view ?? null, answer.note ?? answer.message);
  }

  /** Shows a view as published, or the sentence that stands in for one. */
  show(view, note) {
    const fingerprint = JSON.stringify([view, note]);
    if (fingerprint === this.fingerprint) return;
    this.fingerprint = fingerprint;
    if (!view) {
      const text = note || `${this.app.state.bot.name} hasn't published anything here yet.`;
      fill(this.node, h("p", { class: "empty" }, text));
      return;
    }
    const focus = this.node.contains(document.activeElement) ? describeFocus() : null;
    const source = { type: "home", view_id: view.id };
    this.surface ??= new Surface({ env: this.app.env, source });
    this.surface.source = source;
    fill(this.node, renderBlocks(view.blocks, this.surface));
    if (focus) restoreFocus(focus, this.node, this.node);
  }
}
