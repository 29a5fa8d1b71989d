/** The app's modals: a stack for each persona, of which the top one is seen. */
import { api } from "./api.js";
import { clearError, showErrors } from "./blocks/errors.js";
import { renderBlocks } from "./blocks/index.js";
import { inputProblem } from "./blocks/inputs.js";
import { plainText } from "./blocks/text.js";
import { openLayer, whileBusy } from "./dialog.js";
import { describeFocus, fill, h, restoreFocus, uid } from "./dom.js";
import { Surface } from "./surface.js";
import { toast } from "./toast.js";

class ViewModal {
  constructor(modals, view) {
    this.modals = modals;
    const source = { type: "view", view_id: view.id };
    this.surface = new Surface({ env: modals.app.env, source });
    this.titleId = uid("modal");
    this.title = h("h2", { class: "dialog-title", id: this.titleId });
    this.problem = h("p", { class: "dialog-problem", role: "alert", hidden: true });
    this.body = h("div", { class: "dialog-body" });
    this.foot = h("div", { class: "dialog-foot" });
    const onclick = () => modals.dismiss(this);
    const closeProps = { type: "button", class: "icon-button", "aria-label": "Close", onclick };
    this.form = h(
      "form",
      {
        class: "dialog",
        role: "dialog",
        "aria-modal": "true",
        "aria-labelledby": this.titleId,
        "data-testid": "modal",
        novalidate: true,
        onsubmit: (event) => this.submit(event),
      },
      h("header", { class: "dialog-head" }, this.title, h("button", closeProps, "✕")),
      this.problem,
      this.body,
      this.foot,
    );
    this.layer = h("div", { class: "layer" }, this.form);
    for (const kind of ["input", "change"]) {
      this.body.addEventListener(kind, (event) => clearError(event.target));
    }
    this.fingerprint = "";
    this.closeLayer = null;
    this.update(view);
  }

  /** Redraws after views.update; what was entered stays where block and action are the same. */
  update(view) {
    this.view = view;
    const { hash, state, ...shown } = view;
    const fingerprint = JSON.stringify(shown);
    if (fingerprint === this.fingerprint) return;
    this.fingerprint = fingerprint;
    const focus = this.form.contains(document.activeElement) ? describeFocus() : null;
    const scrolled = this.body.scrollTop;
    this.form.dataset.viewId = view.id;
    this.form.dataset.callbackId = view.callback_id ?? "";
    this.title.textContent = plainText(view.title);
    this.problem.hidden = true;
    fill(this.body, renderBlocks(view.blocks, this.surface));
    this.body.scrollTop = scrolled;
    this.drawFoot(view);
    if (focus) restoreFocus(focus, this.form.querySelector(".icon-button"), this.form);
  }

  drawFoot(view) {
    const close = h(
      "button",
      {
        type: "button",
        class: "button",
        "data-testid": "modal-close",
        onclick: () => this.modals.dismiss(this),
      },
      plainText(view.close) || (view.submit ? "Cancel" : "Close"),
    );
    this.submitButton = view.submit
      ? h(
          "button",
          { type: "submit", class: "button button-primary", "data-testid": "modal-submit" },
          plainText(view.submit),
        )
      : null;
    const note = `Only ${this.modals.app.me.real_name} sees this`;
    fill(this.foot, h("span", { class: "private-note" }, note), close, this.submitButton);
  }

  show() {
    if (this.closeLayer) return;
    const initialFocus = () =>
      this.body.querySelector("input, textarea, button, a[href]") ?? this.submitButton;
    const onEscape = () => this.modals.dismiss(this);
    this.closeLayer = openLayer(this.layer, { onEscape, initialFocus });
  }

  hide() {
    this.closeLayer?.();
    this.closeLayer = null;
  }

  problems() {
    const state = this.surface.state();
    const problems = {};
    for (const block of this.view.blocks ?? []) {
      if (block.type !== "input") continue;
      const value = state[block.block_id]?.[block.element.action_id];
      const problem = inputProblem(block, value);
      if (problem) problems[block.block_id] = problem;
    }
    return problems;
  }

  async submit(event) {
    event.preventDefault();
    if (!this.submitButton) return;
    const errors = this.problems();
    this.showProblems(errors);
    if (Object.keys(errors).length > 0) return;
    const persona = this.surface.persona;
    const body = { persona, view_id: this.view.id, state: this.surface.state() };
    const answer = await whileBusy(this.submitButton, () => api.submit(body));
    if (answer) this.modals.answered(this, answer);
  }

  showProblems(errors) {
    const homeless = showErrors(this.body, errors);
    this.problem.hidden = homeless.length === 0;
    this.problem.textContent = homeless.join(" ");
  }
}

export class Modals {
  constructor(app) {
    this.app = app;
    this.stacks = new Map();
    this.shown = null;
  }

  get stack() {
    const stack = this.stacks.get(this.app.me.id) ?? [];
    this.stacks.set(this.app.me.id, stack);
    return stack;
  }

  /** Another persona looks at the page: modals are private, so theirs come instead. */
  switchPersona(previous) {
    for (const modal of [...(this.stacks.get(previous) ?? [])].reverse()) modal.hide();
    this.present();
  }

  /** Follows the server: a whole stack where it gives one, else one view, else nothing. */
  follow({ view, stack }) {
    if (Array.isArray(stack)) this.sync(stack);
    else if (view) this.put(view);
    else this.sync([]);
  }

  put(view) {
    const known = this.stack.find((one) => one.view.id === view.id);
    if (known) known.update(view);
    else this.stack.push(new ViewModal(this, view));
    this.present();
  }

  sync(views) {
    const wanted = new Set(views.map((view) => view.id));
    const { stack } = this;
    for (const modal of [...stack].reverse()) {
      if (!wanted.has(modal.view.id)) this.drop(modal);
    }
    for (const view of views) {
      const known = stack.find((one) => one.view.id === view.id);
      if (known) known.update(view);
      else stack.push(new ViewModal(this, view));
    }
    this.present();
  }

  drop(modal) {
    const { stack } = this;
    const at = stack.indexOf(modal);
    if (at >= 0) stack.splice(at, 1);
    // Uncovered first: what cannot be seen cannot take the focus back.
    stack[stack.length - 1]?.layer.classList.remove("is-covered");
    modal.hide();
  }

  /** Every modal of the stack is open; the covered ones wait unseen below the top one. */
  present() {
    const { stack } = this;
    stack.forEach((modal, index) => {
      modal.show();
      modal.layer.classList.toggle("is-covered", index < stack.length - 1);
    });
  }

  /** The person closes a modal; the app is told. */
  dismiss(modal) {
    const body = { persona: modal.surface.persona, view_id: modal.view.id };
    if (modal.view.clear_on_close) this.sync([]);
    else this.drop(modal);
    this.present();
    api.close(body);
  }

  answered(modal, answer) {
    if (!answer.ok) {
      modal.problem.hidden = false;
      modal.problem.textContent = answer.message ?? answer.error;
      if (answer.error === "unreachable") toast(answer.message, { kind: "error" });
      return;
    }
    const action = answer.response_action ?? null;
    if (action === "errors") modal.showProblems(answer.errors ?? {});
    else if (action === "clear") this.sync([]);
    else if (action === "push" && answer.view) this.put(answer.view);
    else if (action === "update" && answer.view) this.replace(modal, answer.view);
    else if (action === null) this.drop(modal);
    this.present();
  }

  replace(modal, view) {
    if (view.id === modal.view.id) {
      modal.update(view);
      return;
    }
    this.drop(modal);
    this.put(view);
  }
}
