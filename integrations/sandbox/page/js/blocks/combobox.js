/** A list of choices under a text field: ARIA's combobox pattern, for every kind of select. */
import { h, uid } from "../dom.js";
import { openPopup } from "../popup.js";
import { plainText } from "./text.js";

const SEARCH_PAUSE = 180;

/**
 * `load(query)` gives options or option groups, at once or as a promise. `selected` is a list
 * of options; `onChange(list)` gets the new list. A single select holds at most one.
 */
export class Combobox {
  constructor({ element, label, selected, multiple, load, onChange, describedBy }) {
    Object.assign(this, { element, selected, multiple, load, onChange });
    this.limit = multiple ? (element.max_selected_items ?? Infinity) : 1;
    this.active = -1;
    this.shown = [];
    this.popup = null;
    this.asked = 0;
    this.timer = null;
    this.build(label, describedBy);
    this.showSelection();
  }

  build(label, describedBy) {
    const listId = uid("list");
    this.input = h("input", {
      type: "text",
      class: "field combobox-input",
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-label": label,
      "aria-describedby": describedBy,
      "data-action-id": this.element.action_id,
      "data-testid": "select",
    });
    this.list = h("div", { class: "popup", id: listId, role: "listbox", popover: "manual" });
    this.list.setAttribute("aria-label", label ?? "Choices");
    if (this.multiple) this.list.setAttribute("aria-multiselectable", "true");
    this.chips = h("span", { class: "chips" });
    this.box = h("span", { class: "combobox-box" }, this.multiple && this.chips, this.input);
    this.node = h("span", { class: "combobox" }, this.box, this.list);
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // The list must not take the focus from the field, or the field's blur would close it.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  showSelection() {
    const placeholder = plainText(this.element.placeholder) || "Choose an option";
    if (!this.multiple) {
      this.input.value = this.selected[0] ? plainText(this.selected[0].text) : "";
      this.input.placeholder = placeholder;
      return;
    }
    this.input.value = "";
    this.input.placeholder = this.selected.length ? "" : placeholder;
    this.chips.replaceChildren(...this.selected.map((option) => this.chip(option)));
  }

  chip(option) {
    const name = plainText(option.text);
    const onclick = () => {
      this.change(this.selected.filter((one) => one.value !== option.value));
      this.input.focus();
    };
    const props = { type: "button", class: "chip-remove", "aria-label": `Remove ${name}`, onclick };
    return h("span", { class: "chip" }, name, h("button", props, "✕"));
  }

  change(selected) {
    this.selected = selected;
    this.showSelection();
    this.onChange(selected);
  }

  open() {
    if (this.popup || this.input.classList.contains("is-busy")) return;
    if (!this.multiple) this.input.select();
    this.popup = openPopup(this.box, this.list, () => {
      this.popup = null;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
      this.showSelection();
    });
    this.input.setAttribute("aria-expanded", "true");
    this.fetch("");
  }

  close() {
    clearTimeout(this.timer);
    this.popup?.close();
  }

  search() {
    if (!this.popup) this.open();
    clearTimeout(this.timer);
    const pause = this.element.type.includes("external") ? SEARCH_PAUSE : 0;
    this.timer = setTimeout(() => this.fetch(this.input.value.trim()), pause);
  }

  async fetch(query) {
    this.asked += 1;
    const mine = this.asked;
    const least = this.element.min_query_length ?? 0;
    if (this.element.type.includes("external") && query.length < least) {
      this.note(`Type at least ${least} characters to search`);
      return;
    }
    const loaded = this.load(query);
    if (loaded instanceof Promise) this.note("Searching…");
    const choices = await loaded;
    // A slow answer to an earlier query must not replace a later one's.
    if (mine === this.asked && this.popup) this.showChoices(choices);
  }

  note(text) {
    this.shown = [];
    this.list.replaceChildren(h("p", { class: "popup-note" }, text));
    this.popup?.reposition();
  }

  showChoices(choices) {
    this.shown = [];
    const nodes = choices.flatMap((one) => (one.options ? this.group(one) : [this.item(one)]));
    if (this.shown.length === 0) {
      this.note("Nothing matches");
      return;
    }
    this.list.replaceChildren(...nodes);
    const at = this.shown.findIndex(({ option }) => this.isSelected(option));
    this.activate(Math.max(at, 0));
    this.popup?.reposition();
  }

  group(group) {
    const id = uid("group");
    const label = h("p", { class: "popup-group", id }, plainText(group.label));
    const items = group.options.map((option) => this.item(option));
    return [h("div", { role: "group", "aria-labelledby": id }, label, items)];
  }

  item(option) {
    const node = h(
      "div",
      {
        class: "popup-item",
        role: "option",
        id: uid("option"),
        "aria-selected": String(this.isSelected(option)),
        "data-testid": "option",
        "data-value": option.value,
        onclick: () => this.pick(option),
      },
      h("span", {}, plainText(option.text)),
      option.description && h("span", { class: "option-note" }, plainText(option.description)),
    );
    this.shown.push({ option, node });
    return node;
  }

  isSelected(option) {
    return this.selected.some((one) => one.value === option.value);
  }

  activate(index) {
    this.active = index;
    this.shown.forEach(({ node }, at) => node.classList.toggle("is-active", at === index));
    const current = this.shown[index];
    if (!current) return;
    this.input.setAttribute("aria-activedescendant", current.node.id);
    current.node.scrollIntoView({ block: "nearest" });
  }

  pick(option) {
    let next = [option];
    if (this.multiple) {
      next = this.isSelected(option)
        ? this.selected.filter((one) => one.value !== option.value)
        : [...this.selected, option].slice(0, this.limit);
    }
    this.close();
    this.change(next);
  }

  key(event) {
    if (event.key === "Backspace" && this.input.value === "" && this.selected.length) {
      this.change(this.multiple ? this.selected.slice(0, -1) : []);
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.popup) this.open();
      else this.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.popup && this.shown[this.active]) {
      event.preventDefault();
      this.pick(this.shown[this.active].option);
    } else if (event.key === "Escape" && this.popup) {
      event.preventDefault();
      this.close();
    }
  }

  step(by) {
    const count = this.shown.length;
    if (count) this.activate((this.active + by + count) % count);
  }
}
