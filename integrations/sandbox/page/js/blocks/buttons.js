/** Buttons and the overflow menu. */
import { h, link, roving, safeUrl, setBusy, uid } from "../dom.js";
import { openPopup } from "../popup.js";
import { plainText } from "./text.js";

const STYLES = { primary: "button-primary", danger: "button-danger" };

function buttonClass(element) {
  return `button ${STYLES[element.style] ?? ""}`.trim();
}

function payload(element) {
  return { type: "button", value: element.value, text: element.text, action_id: element.action_id };
}

function hooks(element) {
  return {
    "data-action-id": element.action_id,
    "data-value": element.value,
    "aria-label": element.accessibility_label,
  };
}

/** A button; one with an address opens it and tells the app about the click as well. */
export function button(element, blockId, surface) {
  const visible = element.visible_to_user_ids;
  if (visible && !visible.includes(surface.persona)) return null;
  const label = h("span", { class: "button-label" }, plainText(element.text));
  const props = { class: buttonClass(element), ...hooks(element) };
  if (element.url && safeUrl(element.url)) return urlButton(element, blockId, surface, props, label);
  const onclick = (event) =>
    surface.act(blockId, element, payload(element), event.currentTarget);
  return h("button", { type: "button", ...props, onclick }, label);
}

function urlButton(element, blockId, surface, props, label) {
  const anchor = link(element.url, label, props);
  anchor.addEventListener("click", async (event) => {
    if (!element.confirm) {
      surface.act(blockId, element, payload(element), anchor);
      return;
    }
    event.preventDefault();
    const agreed = await surface.act(blockId, element, payload(element), anchor);
    if (agreed) window.open(anchor.href, "_blank", "noopener");
  });
  return anchor;
}

/** The "⋯" menu. */
export function overflow(element, blockId, surface) {
  const menuId = uid("menu");
  let popup = null;
  const trigger = h(
    "button",
    {
      type: "button",
      class: "button button-overflow",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-controls": menuId,
      "aria-label": element.accessibility_label ?? "More actions",
      "data-action-id": element.action_id,
    },
    "⋯",
  );
  const choose = (option) => {
    popup?.close();
    trigger.focus();
    const value = { type: "overflow", selected_option: option, action_id: element.action_id };
    surface.act(blockId, element, value, trigger);
  };
  const menu = h(
    "div",
    { class: "popup", id: menuId, role: "menu", popover: "manual" },
    (element.options ?? []).map((option) => menuItem(option, choose)),
  );
  roving(menu, '[role="menuitem"]');
  wireMenu(trigger, menu, {
    isOpen: () => popup !== null,
    open: () => {
      popup = openPopup(trigger, menu, () => {
        popup = null;
        trigger.setAttribute("aria-expanded", "false");
      });
      trigger.setAttribute("aria-expanded", "true");
      menu.querySelector('[role="menuitem"]')?.focus();
    },
    close: () => popup?.close(),
  });
  setBusy(trigger, false);
  return h("span", { class: "popup-anchor" }, trigger, menu);
}

function menuItem(option, choose) {
  const content = [
    h("span", {}, plainText(option.text)),
    option.description && h("span", { class: "option-note" }, plainText(option.description)),
  ];
  const props = {
    class: "popup-item",
    role: "menuitem",
    tabindex: "-1",
    "data-testid": "option",
    "data-value": option.value,
  };
  const anchor = option.url ? link(option.url, content, props) : null;
  const node = anchor?.href ? anchor : h("button", { type: "button", ...props }, content);
  node.addEventListener("click", () => choose(option));
  return node;
}

function wireMenu(trigger, menu, control) {
  trigger.addEventListener("click", () => {
    if (trigger.classList.contains("is-busy")) return;
    if (control.isOpen()) control.close();
    else control.open();
  });
  trigger.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || control.isOpen()) return;
    event.preventDefault();
    control.open();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") return;
    // A modal below must not take the same Esc as its own.
    event.preventDefault();
    control.close();
    trigger.focus();
  });
}
