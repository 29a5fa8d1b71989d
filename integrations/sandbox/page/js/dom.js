/**
 * Small helpers around the DOM. Text from outside only ever reaches the page through
 * `textContent`, `append` or an attribute; nothing here parses HTML.
 */

/** Builds an element. `on…` keys add listeners; `null`, `undefined` and `false` are left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) setProp(node, key, value);
  node.append(...children.flat(Infinity).filter((child) => isContent(child)));
  return node;
}

function isContent(child) {
  return child !== null && child !== undefined && child !== false;
}

function setProp(node, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "class") node.className = value;
  else if (key === "text") node.textContent = value;
  else if (key === "value" && "value" in node) node.value = value;
  else node.setAttribute(key, value === true ? "" : String(value));
}

/** Replaces everything inside `node` by `children`. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => isContent(child)));
  return node;
}

let serial = 0;

/** A fresh id for labels and descriptions. */
export function uid(prefix = "x") {
  serial += 1;
  return `${prefix}-${serial}`;
}

const SAFE_PROTOCOLS = new Set(["http:", "https:", "mailto:", "tel:", "slack:"]);

/** The address if a click on it is harmless, else null (`javascript:` and its relatives). */
export function safeUrl(url) {
  try {
    const parsed = new URL(String(url), window.location.href);
    return SAFE_PROTOCOLS.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A link that opens beside the page, or plain text where the address is not safe. */
export function link(url, content, props = {}) {
  const href = safeUrl(url);
  if (href === null) return h("span", {}, content);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", ...props }, content);
}

const STEP = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Arrow keys, Home and End move through the items of a list; Tab enters and leaves it once. */
export function roving(container, selector, { horizontal = false } = {}) {
  const items = () => [...container.querySelectorAll(selector)];
  const allowed = horizontal ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  container.addEventListener("keydown", (event) => {
    if (!event.target.matches(selector)) return;
    const all = items();
    const at = all.indexOf(event.target);
    let next = null;
    if (allowed.includes(event.key)) next = all[at + STEP[event.key]];
    else if (event.key === "Home") next = all[0];
    else if (event.key === "End") next = all[all.length - 1];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  container.addEventListener("focusin", (event) => {
    if (!event.target.matches(selector)) return;
    for (const item of items()) item.tabIndex = item === event.target ? 0 : -1;
  });
}

/** Leaves exactly one item of a roving list in the Tab order. */
export function resetRoving(container, selector, current = null) {
  const all = [...container.querySelectorAll(selector)];
  const chosen = current && all.includes(current) ? current : all[0];
  for (const item of all) {
    const index = item === chosen ? 0 : -1;
    if (item.tabIndex !== index) item.tabIndex = index;
  }
}

/** Where the focus is, in words that survive a re-render of its surroundings. */
export function describeFocus() {
  const active = document.activeElement;
  if (!active || active === document.body) return null;
  const holder = active.closest("[data-ts]");
  return {
    node: active,
    ts: holder ? holder.dataset.ts : null,
    block: active.closest("[data-block-id]")?.dataset.blockId ?? null,
    action: active.dataset.actionId ?? null,
  };
}

/** Puts the focus back where `describeFocus` found it, or on `fallback`. */
export function restoreFocus(place, fallback = null, root = document) {
  const node = place && (place.node.isConnected ? place.node : findPlace(place, root));
  const target = node ?? fallback;
  if (target) target.focus({ preventScroll: true });
}

function findPlace(place, root) {
  if (!place.action) return null;
  const ts = place.ts ? `[data-ts="${CSS.escape(place.ts)}"] ` : "";
  const block = place.block ? `[data-block-id="${CSS.escape(place.block)}"] ` : "";
  return root.querySelector(`${ts}${block}[data-action-id="${CSS.escape(place.action)}"]`);
}

/** Redraws the inside of `root` and puts the focus on the same control as before. */
export function keepingFocus(root, draw) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const testid = active?.dataset.testid;
  draw();
  if (!active || active.isConnected) return;
  const same = testid && root.querySelector(`[data-testid="${CSS.escape(testid)}"]`);
  if (same) same.focus({ preventScroll: true });
}

/** Marks a control as waiting for an answer; it keeps the focus and ignores further clicks. */
export function setBusy(control, busy) {
  control.classList.toggle("is-busy", busy);
  if (busy) {
    control.setAttribute("aria-busy", "true");
    control.setAttribute("aria-disabled", "true");
  } else {
    control.removeAttribute("aria-busy");
    control.removeAttribute("aria-disabled");
  }
}

/** Up to two initials of a name. */
export function initials(name) {
  const words = String(name).trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}

/** A round or square badge with somebody's initials. */
export function avatar(name, color, { app = false } = {}) {
  const node = h("span", { class: app ? "avatar avatar-app" : "avatar", "aria-hidden": "true" });
  node.textContent = initials(name);
  if (color && CSS.supports("color", color)) node.style.setProperty("--avatar", color);
  return node;
}

/** Says something to screen readers without showing it. */
export function announce(text) {
  const region = document.getElementById("announcer");
  region.append(h("p", {}, text));
  while (region.childElementCount > 5) region.firstElementChild.remove();
}
