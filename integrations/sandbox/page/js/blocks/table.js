/** The `table` block. */
import { h } from "../dom.js";
import { richText } from "./richtext.js";
import { textNodes } from "./text.js";

const ALIGN = new Set(["left", "center", "right"]);

function cellNodes(cell, env) {
  if (cell.type === "rich_text") return richText(cell, env);
  if (cell.type === "mrkdwn" || cell.type === "plain_text") return textNodes(cell, env);
  return [String(cell.text ?? cell.value ?? "")];
}

function row(cells, settings, env, isHead) {
  return h(
    "tr",
    {},
    cells.map((cell, column) => {
      const setting = settings[column] ?? {};
      const align = ALIGN.has(setting.align) ? `align-${setting.align}` : "";
      const wrap = setting.is_wrapped ? "is-wrapped" : "";
      const props = { class: `${align} ${wrap}`.trim() || null, scope: isHead ? "col" : null };
      return h(isHead ? "th" : "td", props, cellNodes(cell, env));
    }),
  );
}

/** A table whose first row is its header; wide ones scroll inside their own frame. */
export function table(block, surface) {
  const [head, ...body] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const { env } = surface;
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      head && h("thead", {}, row(head, settings, env, true)),
      h("tbody", {}, body.map((cells) => row(cells, settings, env, false))),
    ),
  );
}
