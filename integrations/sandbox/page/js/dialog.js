/** Dialogs: stacked, focus kept inside, focus given back, Esc closes the top one. */
import { describeFocus, h, restoreFocus, setBusy, uid } from "./dom.js";

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex="0"]';

const layers = [];

const focusables = (node) =>
  [...node.querySelectorAll(FOCUSABLE)].filter(
    (one) => one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }),
  );

function trap(event, layer) {
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    layer.onEscape();
    return;
  }
  if (event.key !== "Tab") return;
  const all = focusables(layer.node);
  if (all.length === 0) return;
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (document.activeElement === edge || !layer.node.contains(document.activeElement)) {
    event.preventDefault();
    (event.shiftKey ? all[all.length - 1] : all[0]).focus();
  }
}

/** Only the top layer can be used; everything below is inert. */
function refreshInert() {
  document.getElementById("app").inert = layers.length > 0;
  layers.forEach((layer, index) => {
    layer.node.inert = index < layers.length - 1;
  });
}

/**
 * Shows `node` above the page. `initialFocus()` names the element to focus first.
 * Returns a function that takes the layer away and gives the focus back.
 */
export function openLayer(node, { onEscape, initialFocus }) {
  const layer = { node, onEscape, opener: describeFocus() };
  node.addEventListener("keydown", (event) => trap(event, layer));
  document.getElementById("layers").append(node);
  layers.push(layer);
  refreshInert();
  (initialFocus() ?? focusables(node)[0])?.focus();
  return () => {
    const at = layers.indexOf(layer);
    if (at < 0) return;
    layers.splice(at, 1);
    node.remove();
    refreshInert();
    const below = layers[layers.length - 1]?.node ?? null;
    const fallback = below ? focusables(below)[0] : document.getElementById("composer-text");
    restoreFocus(layer.opener, fallback, below ?? document);
  };
}

/** Asks before something happens; resolves to true if the person agrees. */
export function confirmDialog({ title, body, confirm, deny, danger = false }) {
  return new Promise((resolve) => {
    const titleId = uid("confirm");
    let close = () => {};
    const answer = (value) => () => {
      close();
      resolve(value);
    };
    const yes = h(
      "button",
      {
        type: "button",
        class: danger ? "button button-danger" : "button button-primary",
        "data-testid": "confirm-yes",
        onclick: answer(true),
      },
      confirm,
    );
    const no = h(
      "button",
      { type: "button", class: "button", "data-testid": "confirm-no", onclick: answer(false) },
      deny,
    );
    const dialog = h(
      "div",
      {
        class: "dialog dialog-small",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-labelledby": titleId,
        "aria-describedby": `${titleId}-text`,
        "data-testid": "confirm",
      },
      h("h2", { class: "dialog-title", id: titleId }, title),
      h("div", { class: "dialog-body", id: `${titleId}-text` }, body),
      h("div", { class: "dialog-foot" }, no, yes),
    );
    const layer = h("div", { class: "layer" }, dialog);
    // The safe answer gets the focus first where the other one destroys something.
    close = openLayer(layer, { onEscape: answer(false), initialFocus: () => (danger ? no : yes) });
  });
}

/** Runs `work` with `control` shown busy; a second click meanwhile does nothing. */
export async function whileBusy(control, work) {
  if (control.classList.contains("is-busy")) return undefined;
  setBusy(control, true);
  try {
    return await work();
  } finally {
    setBusy(control, false);
  }
}
