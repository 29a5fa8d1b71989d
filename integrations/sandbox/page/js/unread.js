/** Which channels hold something that a persona has not seen. */
import { api } from "./api.js";

const STORE = "sandbox-read";
const PAUSE = 250;

export class Unread {
  constructor(onChange) {
    this.onChange = onChange;
    this.read = JSON.parse(sessionStorage.getItem(STORE) ?? "{}");
    this.unread = new Set();
    this.timers = new Map();
  }

  has(persona, channel) {
    return this.unread.has(`${persona} ${channel}`);
  }

  markRead(persona, channel, ts) {
    const key = `${persona} ${channel}`;
    if (Number(ts) > Number(this.read[key] ?? 0)) {
      this.read[key] = ts;
      sessionStorage.setItem(STORE, JSON.stringify(this.read));
    }
    if (this.unread.delete(key)) this.onChange();
  }

  /** Looks whether a channel that is not open has news; a burst of events costs one look. */
  check(persona, channel) {
    const key = `${persona} ${channel}`;
    clearTimeout(this.timers.get(key));
    this.timers.set(key, setTimeout(() => this.look(persona, channel, key), PAUSE));
  }

  async look(persona, channel, key) {
    const answer = await api.messages(persona, channel);
    const others = (answer.messages ?? []).filter((one) => one.author.id !== persona);
    const last = Number(others[others.length - 1]?.ts ?? 0);
    if (last <= Number(this.read[key] ?? 0)) return;
    this.unread.add(key);
    this.onChange();
  }
}
