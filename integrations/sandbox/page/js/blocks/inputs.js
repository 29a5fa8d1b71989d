/** Text-like fields: lines of text, numbers, e-mail, addresses, dates and times. */
import { h } from "../dom.js";
import { plainText } from "./text.js";

const DEFAULT_TRIGGERS = ["on_enter_pressed"];

const FIELDS = {
  plain_text_input: { type: "text", initial: "initial_value", key: "value" },
  number_input: { type: "text", initial: "initial_value", key: "value", inputmode: "decimal" },
  email_text_input: { type: "email", initial: "initial_value", key: "value" },
  url_text_input: { type: "url", initial: "initial_value", key: "value" },
  datepicker: { type: "date", initial: "initial_date", key: "selected_date" },
  timepicker: { type: "time", initial: "initial_time", key: "selected_time" },
};

export const TEXT_TYPES = Object.keys(FIELDS);

function attributes(element, field, use) {
  return {
    class: "field",
    type: element.multiline ? null : field.type,
    inputmode: field.inputmode,
    rows: element.multiline ? "4" : null,
    maxlength: element.max_length,
    placeholder: plainText(element.placeholder) || null,
    "aria-label": use.labelId ? null : (use.label ?? plainText(element.placeholder)) || field.type,
    "aria-labelledby": use.labelId,
    "aria-describedby": use.describedBy,
    "aria-required": use.required ? "true" : null,
    "data-action-id": element.action_id,
    autocomplete: "off",
  };
}

/** A field holding one string, a date ("2026-11-22") or a time ("09:00"). */
export function textField(element, blockId, surface, use) {
  const field = FIELDS[element.type];
  const initial = { type: element.type, [field.key]: element[field.initial] ?? null };
  const kept = surface.value(blockId, element.action_id, initial);
  const control = h(element.multiline ? "textarea" : "input", attributes(element, field, use));
  control.value = kept[field.key] ?? "";
  const current = () => ({ type: element.type, [field.key]: control.value || null });
  control.addEventListener("input", () => surface.set(blockId, element.action_id, current()));
  if (use.dispatch) wireDispatch(control, element, current, (value) => {
    surface.set(blockId, element.action_id, value);
    surface.act(blockId, element, value, control);
  });
  return control;
}

function wireDispatch(control, element, current, send) {
  if (element.type === "datepicker" || element.type === "timepicker") {
    control.addEventListener("change", () => send(current()));
    return;
  }
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? DEFAULT_TRIGGERS;
  if (triggers.includes("on_character_entered")) {
    let timer = null;
    control.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => send(current()), 300);
    });
  }
  if (triggers.includes("on_enter_pressed")) {
    control.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || (element.multiline && event.shiftKey)) return;
      event.preventDefault();
      send(current());
    });
  }
}

/** A date and a time together; its value counts seconds since 1970, as Slack's does. */
export function dateTimeField(element, blockId, surface, use) {
  const initial = { type: element.type, selected_date_time: element.initial_date_time ?? null };
  const kept = surface.value(blockId, element.action_id, initial);
  const control = h("input", attributes(element, { type: "datetime-local" }, use));
  const seconds = kept.selected_date_time;
  if (seconds) {
    const local = new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60000);
    control.value = local.toISOString().slice(0, 16);
  }
  control.addEventListener("change", () => {
    const chosen = control.value ? Math.floor(new Date(control.value).getTime() / 1000) : null;
    const value = { type: element.type, selected_date_time: chosen };
    surface.set(blockId, element.action_id, value);
    if (use.dispatch) surface.act(blockId, element, value, control);
  });
  return control;
}

/** Formatted text, entered as plain lines. */
export function richTextField(element, blockId, surface, use) {
  const initial = { type: element.type, rich_text_value: element.initial_value ?? null };
  const kept = surface.value(blockId, element.action_id, initial);
  const control = h("textarea", attributes({ ...element, multiline: true }, { type: "text" }, use));
  control.value = (kept.rich_text_value?.elements ?? [])
    .flatMap((part) => part.elements ?? [])
    .map((one) => one.text ?? "")
    .join("");
  control.addEventListener("input", () => {
    const section = { type: "rich_text_section", elements: [{ type: "text", text: control.value }] };
    const value = control.value ? { type: "rich_text", elements: [section] } : null;
    surface.set(blockId, element.action_id, { type: element.type, rich_text_value: value });
  });
  return control;
}

const EMPTY_MESSAGE = "Please complete this required field.";

function isEmpty(value) {
  const { type, ...rest } = value ?? {};
  return Object.values(rest).every((one) => one === null || one === "" || one?.length === 0);
}

function numberProblem(element, text) {
  const number = Number(text);
  if (Number.isNaN(number)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) {
    return "Please enter a whole number.";
  }
  if (element.min_value !== undefined && number < Number(element.min_value)) {
    return `Please enter ${element.min_value} or more.`;
  }
  if (element.max_value !== undefined && number > Number(element.max_value)) {
    return `Please enter ${element.max_value} or less.`;
  }
  return null;
}

function isUrl(text) {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

const PROBLEMS = {
  number_input: numberProblem,
  email_text_input: (_, text) =>
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : "Please enter a valid email address.",
  url_text_input: (_, text) => (isUrl(text) ? null : "Please enter a valid URL."),
  plain_text_input: (element, text) =>
    text.length < (element.min_length ?? 0)
      ? `Please enter at least ${element.min_length} characters.`
      : null,
};

/** What Slack's own client would refuse before it asks the app; null if nothing. */
export function inputProblem(block, value) {
  if (isEmpty(value)) return block.optional ? null : EMPTY_MESSAGE;
  const check = PROBLEMS[block.element.type];
  return check ? check(block.element, value.value ?? "") : null;
}
