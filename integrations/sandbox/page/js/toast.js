/** Short notices at the bottom of the page, as Slack shows for failures. */
import { h } from "./dom.js";

const SHOWN_FOR = 9000;
const SAME_WITHIN = 3000;

const recent = new Map();

/** Shows `text`; the same text again within three seconds is the same news, told twice. */
export function toast(text, { kind = "info" } = {}) {
  const now = performance.now();
  if (now - (recent.get(text) ?? -SAME_WITHIN) < SAME_WITHIN) return;
  recent.set(text, now);
  let timer = null;
  const node = h(
    "div",
    { class: `toast toast-${kind}`, "data-testid": "toast" },
    h("span", { class: "toast-text" }, text),
  );
  const dismiss = () => {
    clearTimeout(timer);
    node.remove();
  };
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(dismiss, SHOWN_FOR);
  };
  const label = "Dismiss this notice";
  node.append(
    h("button", { type: "button", class: "icon-button", "aria-label": label, onclick: dismiss }, "✕"),
  );
  node.addEventListener("pointerenter", () => clearTimeout(timer));
  node.addEventListener("pointerleave", start);
  document.getElementById("toasts").append(node);
  start();
}
