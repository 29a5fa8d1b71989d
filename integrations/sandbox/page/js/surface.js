/**
 * A surface is one place that shows blocks: a message, a modal or the Home tab. It keeps what
 * a person entered (Slack's `state.values`) and carries clicks to the server.
 */
import { api } from "./api.js";
import { confirmDialog, whileBusy } from "./dialog.js";
import { mrkdwn } from "./mrkdwn.js";
import { toast } from "./toast.js";

export class Surface {
  /**
   * `env` is what text needs (directory, zone, now, openChannel); `source` is the page API's
   * description of the place; `channel` is where a message stands, for people selects.
   */
  constructor({ env, source, channel = null }) {
    this.env = env;
    this.source = source;
    this.channel = channel;
    this.values = new Map();
    this.inputs = new Set();
  }

  get persona() {
    return this.env.directory.me.id;
  }

  /** Forgets which elements are shown, before a re-render, and keeps what was entered. */
  beginRender() {
    this.inputs.clear();
  }

  /** What was entered before for this element, else its initial value. */
  value(blockId, actionId, initial) {
    this.inputs.add(`${blockId}\n${actionId}`);
    const kept = this.values.get(`${blockId}\n${actionId}`);
    if (kept && kept.value.type === initial.type) return kept.value;
    this.set(blockId, actionId, initial);
    return initial;
  }

  set(blockId, actionId, value) {
    this.values.set(`${blockId}\n${actionId}`, { blockId, actionId, value });
  }

  /** Slack's `state.values`: block id → action id → value, of the elements now shown. */
  state() {
    const state = {};
    for (const [key, { blockId, actionId, value }] of this.values) {
      if (!this.inputs.has(key)) continue;
      state[blockId] ??= {};
      state[blockId][actionId] = value;
    }
    return state;
  }

  /** Sends one click or choice, after its confirm dialog; true if the app acknowledged it. */
  async act(blockId, element, value, control) {
    if (element.confirm && !(await this.confirm(element.confirm))) return false;
    const answer = await whileBusy(control, () =>
      api.action({
        persona: this.persona,
        source: this.source,
        block_id: blockId,
        action_id: element.action_id,
        value,
        state: this.state(),
      }),
    );
    if (answer && !answer.ok) toast(answer.message ?? answer.error, { kind: "error" });
    return Boolean(answer?.ok);
  }

  confirm(confirm) {
    const text = (object, fallback) => object?.text ?? fallback;
    const body =
      confirm.text?.type === "mrkdwn"
        ? mrkdwn(confirm.text.text, this.env)
        : text(confirm.text, "Are you sure?");
    return confirmDialog({
      title: text(confirm.title, "Are you sure?"),
      body,
      confirm: text(confirm.confirm, "Yes"),
      deny: text(confirm.deny, "Cancel"),
      danger: confirm.style === "danger",
    });
  }

  /** The choices of an external select for what was typed. */
  async options(blockId, element, query) {
    const answer = await api.options({
      persona: this.persona,
      source: this.source,
      block_id: blockId,
      action_id: element.action_id,
      value: query,
    });
    if (!answer.ok) {
      toast(answer.message ?? answer.error, { kind: "error" });
      return [];
    }
    return answer.option_groups?.length ? answer.option_groups : (answer.options ?? []);
  }
}
