/** Short notices at the bottom of the page, as Slack shows for failures. */
import { h } from "./dom.js";

const SHOWN_FOR = 9000;
const SAME_WITHIN = 3000;

const recent = new Map();

/** Whether the same sentence has been shown just now: news may come on two ways. */
export function wasShown(text) {
  return performance.now() - (recent.get(text) ?? -SAME_WITHIN) < SAME_WITHIN;
}

/** Shows `text`; the same text again within three seconds is the same news, told twice. */
export function toast(text, { kind = "info" } = {}) {
  if (wasShown(text)) return;
  recent.set(text, performance.now());
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
