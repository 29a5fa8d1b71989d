/** Block Kit: which block and which element is drawn by whom. */
import { h, uid } from "../dom.js";
import { markdown } from "../markdown.js";
import { button, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { imageBlock, imageElement } from "./images.js";
import { dateTimeField, richTextField, TEXT_TYPES, textField } from "./inputs.js";
import { richText } from "./richtext.js";
import { select } from "./selects.js";
import { table } from "./table.js";
import { plainText, textElement, textNodes } from "./text.js";

const SELECTS = ["static", "external", "users", "channels", "conversations"].flatMap((source) => [
  `${source}_select`,
  `multi_${source}_select`,
]);

const ELEMENTS = new Map([
  ["button", button],
  ["overflow", overflow],
  ["checkboxes", checkboxes],
  ["radio_buttons", radioButtons],
  ["datetimepicker", dateTimeField],
  ["rich_text_input", richTextField],
  ["image", (element, _, surface) => imageElement(element, surface)],
  ...TEXT_TYPES.map((type) => [type, textField]),
  ...SELECTS.map((type) => [type, select]),
]);

function unsupported(what) {
  return h("p", { class: "unsupported" }, `[unsupported block: ${what}]`);
}

function drawElement(element, blockId, surface, use = { dispatch: true }) {
  const draw = ELEMENTS.get(element.type);
  return draw ? draw(element, blockId, surface, use) : unsupported(element.type);
}

function section(block, surface) {
  const { env } = surface;
  const label = block.text?.text?.slice(0, 80);
  return h(
    "div",
    { class: "block-section" },
    h(
      "div",
      { class: "section-main" },
      block.text && textElement("div", block.text, env, { class: "text" }),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((field) => textElement("div", field, env, { class: "text field-text" })),
        ),
    ),
    block.accessory &&
      h(
        "div",
        { class: `accessory accessory-${block.accessory.type}` },
        drawElement(block.accessory, block.block_id, surface, { dispatch: true, label }),
      ),
  );
}

function context(block, surface) {
  const parts = (block.elements ?? []).map((one) =>
    one.type === "image"
      ? imageElement(one, surface)
      : h("span", { class: "text" }, textNodes(one, surface.env)),
  );
  return h("div", { class: "block-context" }, parts);
}

function actions(block, surface) {
  const parts = (block.elements ?? []).map((one) => drawElement(one, block.block_id, surface));
  return h("div", { class: "block-actions" }, parts.filter(Boolean));
}

function input(block, surface) {
  const id = uid("input");
  const label = plainText(block.label);
  const labelId = `${id}-label`;
  const hint = block.hint
    ? h("p", { class: "input-hint", id: `${id}-hint` }, plainText(block.hint))
    : null;
  const error = h("p", { class: "input-error", id: `${id}-error`, role: "alert", hidden: true });
  const use = {
    dispatch: Boolean(block.dispatch_action),
    label,
    labelId,
    describedBy: [hint?.id, error.id].filter(Boolean).join(" "),
    required: !block.optional,
  };
  const control = drawElement(block.element, block.block_id, surface, use);
  const field = fieldOf(control);
  const caption = h(field ? "label" : "span", { class: "input-label", id: labelId }, label);
  if (field) {
    field.id = id;
    caption.htmlFor = id;
  }
  if (block.optional) caption.append(h("span", { class: "optional" }, " (optional)"));
  return h("div", { class: "block-input" }, caption, control, hint, error);
}

/** The one field a label can point at; groups of choices are named through their own role. */
function fieldOf(control) {
  if (control.matches("input, textarea")) return control;
  return control.querySelector(".combobox-input");
}

const BLOCKS = new Map([
  ["header", (block) => h("h3", { class: "block-header" }, plainText(block.text))],
  ["section", section],
  ["actions", actions],
  ["context", context],
  ["divider", () => h("hr", { class: "block-divider" })],
  ["image", imageBlock],
  ["input", input],
  ["rich_text", (block, surface) => h("div", { class: "text" }, richText(block, surface.env))],
  ["table", table],
  ["markdown", (block) => h("div", { class: "text markdown" }, markdown(block.text))],
]);

/** Draws the blocks of a surface, each in a holder that carries its block id. */
export function renderBlocks(blocks, surface) {
  surface.beginRender();
  const nodes = (blocks ?? []).map((block) => {
    const draw = BLOCKS.get(block.type);
    const node = draw ? draw(block, surface) : unsupported(block.type);
    return h("div", { class: "block", "data-block-id": block.block_id }, node);
  });
  return h("div", { class: "blocks" }, nodes);
}
