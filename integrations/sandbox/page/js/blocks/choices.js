/** Checkboxes and radio buttons. */
import { h, uid } from "../dom.js";
import { textNodes } from "./text.js";

function row(option, props, env) {
  const id = uid("choice");
  const note = option.description
    ? h("span", { class: "option-note", id: `${id}-note` }, textNodes(option.description, env))
    : null;
  return h(
    "div",
    { class: "choice" },
    h("input", { id, "aria-describedby": note ? note.id : null, "data-value": option.value, ...props }),
    h("label", { for: id }, h("span", {}, textNodes(option.text, env)), note),
  );
}

function group(element, use, role, rows) {
  return h(
    "div",
    {
      class: "choices",
      role,
      "aria-labelledby": use.labelId,
      "aria-label": use.labelId ? null : (use.label ?? "Choices"),
      "aria-describedby": use.describedBy,
      "data-action-id": element.action_id,
    },
    rows,
  );
}

/** Several may be ticked. */
export function checkboxes(element, blockId, surface, use) {
  const initial = { type: element.type, selected_options: element.initial_options ?? [] };
  const kept = surface.value(blockId, element.action_id, initial).selected_options;
  const chosen = new Set(kept.map((one) => one.value));
  const options = element.options ?? [];
  const onchange = (event) => {
    const { value } = event.target.dataset;
    if (event.target.checked) chosen.add(value);
    else chosen.delete(value);
    const picked = options.filter((one) => chosen.has(one.value));
    const state = { type: element.type, selected_options: picked };
    surface.set(blockId, element.action_id, state);
    if (use.dispatch) surface.act(blockId, element, state, event.target);
  };
  const rows = options.map((one) =>
    row(one, { type: "checkbox", checked: chosen.has(one.value), onchange }, surface.env),
  );
  return group(element, use, "group", rows);
}

/** Exactly one may be chosen. */
export function radioButtons(element, blockId, surface, use) {
  const initial = { type: element.type, selected_option: element.initial_option ?? null };
  const kept = surface.value(blockId, element.action_id, initial).selected_option;
  const name = uid("radio");
  const rows = (element.options ?? []).map((one) => {
    const onchange = (event) => {
      const state = { type: element.type, selected_option: one };
      surface.set(blockId, element.action_id, state);
      if (use.dispatch) surface.act(blockId, element, state, event.target);
    };
    const checked = one.value === kept?.value;
    return row(one, { type: "radio", name, checked, onchange }, surface.env);
  });
  return group(element, use, "radiogroup", rows);
}
