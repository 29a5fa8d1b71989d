/** The `/_ui/*` calls of the Slack stand-in. Every answer is an object with `ok`. */

const UNREACHABLE = {
  ok: false,
  error: "unreachable",
  message: "The sandbox didn't answer. Nothing was changed; try again in a moment.",
};

async function call(path, options = {}) {
  try {
    const response = await fetch(path, { cache: "no-store", ...options });
    const body = await response.json();
    return typeof body === "object" && body !== null ? body : UNREACHABLE;
  } catch {
    return UNREACHABLE;
  }
}

function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

const query = (params) => new URLSearchParams(params).toString();

export const api = {
  state: () => call("/_ui/state"),
  messages: (persona, channel) => call(`/_ui/messages?${query({ persona, channel })}`),
  home: (persona) => call(`/_ui/home?${query({ persona })}`),
  world: () => call("/_ui/world"),
  runWorld: (id) => post("/_ui/world", { id }),
  send: (body) => post("/_ui/send", body),
  action: (body) => post("/_ui/action", body),
  submit: (body) => post("/_ui/submit", body),
  close: (body) => post("/_ui/close", body),
  options: (body) => post("/_ui/options", body),
  fileUrl: (id, persona) => `/_ui/file?${query({ id, persona })}`,
};

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/**
 * Keeps one Server-Sent Events stream open for a persona, reopening it with growing waits.
 * `onOpen(again)` says whether something may have been missed meanwhile.
 */
export class Stream {
  constructor({ onChange, onOpen, onLost }) {
    Object.assign(this, { onChange, onOpen, onLost });
    this.source = null;
    this.timer = null;
    this.wait = FIRST_WAIT;
  }

  open(persona) {
    this.close();
    this.wait = FIRST_WAIT;
    this.connect(persona, false);
  }

  connect(persona, again) {
    const source = new EventSource(`/_ui/stream?${query({ persona })}`);
    this.source = source;
    source.addEventListener("open", () => {
      this.wait = FIRST_WAIT;
      this.onOpen(again);
    });
    source.addEventListener("change", (event) => this.onChange(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      source.close();
      if (this.source !== source) return;
      this.onLost();
      this.timer = setTimeout(() => this.connect(persona, true), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
  }

  close() {
    clearTimeout(this.timer);
    if (this.source) this.source.close();
    this.source = null;
  }
}
