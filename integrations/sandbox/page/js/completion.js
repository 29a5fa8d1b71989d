/** Hints while typing: commands after "/", people after "@", channels after "#". */
import { h, uid } from "./dom.js";

const MOST = 8;

/** What the cursor stands in: the start and text of a "/…", "@…" or "#…" word, or null. */
export function wordAt(text, cursor) {
  const before = text.slice(0, cursor);
  if (/^\/[^\s]*$/.test(before)) return { kind: "/", start: 0, typed: before.slice(1) };
  const found = /(?:^|\s)([@#])([^\s@#]*)$/.exec(before);
  if (!found) return null;
  return { kind: found[1], start: cursor - found[2].length - 1, typed: found[2] };
}

const starts = (text, typed) => text.toLowerCase().startsWith(typed);

export class Completion {
  /** `choices(kind)` gives `{insert, title, note, words}`; the list hangs above `area`. */
  constructor(area, choices) {
    this.area = area;
    this.choices = choices;
    this.shown = [];
    this.active = 0;
    this.word = null;
    this.node = h("div", {
      class: "completion",
      role: "listbox",
      id: uid("completion"),
      "aria-label": "Suggestions",
      "data-testid": "completion",
      hidden: true,
    });
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", this.node.id);
    area.addEventListener("input", () => this.refresh());
    area.addEventListener("click", () => this.refresh());
    area.addEventListener("blur", () => this.hide());
    this.node.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get isOpen() {
    return !this.node.hidden;
  }

  refresh() {
    this.word = wordAt(this.area.value, this.area.selectionStart);
    if (!this.word) {
      this.hide();
      return;
    }
    const typed = this.word.typed.toLowerCase();
    this.shown = this.choices(this.word.kind)
      .filter((one) => one.words.some((word) => starts(word, typed)))
      .slice(0, MOST);
    if (this.shown.length === 0) {
      this.hide();
      return;
    }
    this.active = 0;
    this.draw();
  }

  draw() {
    this.node.hidden = false;
    this.node.replaceChildren(...this.shown.map((one, index) => this.row(one, index)));
    this.mark();
  }

  row(one, index) {
    return h(
      "div",
      {
        class: "completion-row",
        role: "option",
        id: `${this.node.id}-${index}`,
        "data-testid": "completion-option",
        onclick: () => this.accept(index),
      },
      h("strong", {}, one.title),
      one.hint && h("code", {}, one.hint),
      h("span", { class: "muted" }, one.note),
    );
  }

  mark() {
    [...this.node.children].forEach((row, index) => {
      row.setAttribute("aria-selected", String(index === this.active));
      row.classList.toggle("is-active", index === this.active);
    });
    this.area.setAttribute("aria-activedescendant", `${this.node.id}-${this.active}`);
  }

  hide() {
    this.node.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  accept(index = this.active) {
    const { start, typed } = this.word;
    const { value } = this.area;
    const end = start + typed.length + 1;
    const rest = value.slice(end).replace(/^ /, "");
    this.area.value = `${value.slice(0, start)}${this.shown[index].insert} ${rest}`;
    const cursor = start + this.shown[index].insert.length + 1;
    this.area.setSelectionRange(cursor, cursor);
    this.hide();
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.area.focus();
  }

  /** Takes the keys that belong to an open list; true if it took this one. */
  key(event) {
    if (!this.isOpen) return false;
    const count = this.shown.length;
    const exact = this.shown[this.active]?.insert === `${this.word.kind}${this.word.typed}`;
    if (event.key === "ArrowDown") this.active = (this.active + 1) % count;
    else if (event.key === "ArrowUp") this.active = (this.active - 1 + count) % count;
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !exact)) this.accept();
    else return false;
    event.preventDefault();
    if (this.isOpen) this.mark();
    return true;
  }
}
