/** Select menus of every source, single and multiple. */
import { Combobox } from "./combobox.js";
import { plainText } from "./text.js";

const plainOption = (name, value, note) => ({
  text: { type: "plain_text", text: name, emoji: false },
  value,
  description: note ? { type: "plain_text", text: note, emoji: false } : undefined,
});

function peopleOptions(surface) {
  return surface.env.directory
    .people(surface.channel)
    .map((one) => plainOption(one.name, one.id, one.note));
}

function channelOptions(surface) {
  return surface.env.directory.mine().map((one) => plainOption(`#${one.name}`, one.id));
}

const SOURCES = {
  users: { options: peopleOptions, single: "selected_user", initial: "initial_user" },
  channels: { options: channelOptions, single: "selected_channel", initial: "initial_channel" },
  conversations: {
    options: channelOptions,
    single: "selected_conversation",
    initial: "initial_conversation",
  },
};

function flatten(choices) {
  return (choices ?? []).flatMap((one) => one.options ?? [one]);
}

/** Keeps the choices whose text holds every word typed, inside their groups. */
function narrow(choices, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (option) => {
    const text = `${plainText(option.text)} ${plainText(option.description)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return choices
    .map((one) => (one.options ? { ...one, options: one.options.filter(fits) } : one))
    .filter((one) => (one.options ? one.options.length > 0 : fits(one)));
}

/** How one select type loads its choices and shapes its value. */
function kindOf(element, blockId, surface) {
  const multiple = element.type.startsWith("multi_");
  const family = element.type.replace(/^multi_/, "").replace(/_select$/, "");
  const source = SOURCES[family];
  if (source) return idKind(element, surface, source, multiple);
  const choices = element.option_groups ?? element.options ?? [];
  const load =
    family === "external"
      ? (query) => surface.options(blockId, element, query)
      : (query) => narrow(choices, query);
  const key = multiple ? "selected_options" : "selected_option";
  const initial = multiple ? (element.initial_options ?? []) : (element.initial_option ?? null);
  return {
    multiple,
    load,
    initial: { type: element.type, [key]: initial },
    toValue: (list) => ({ type: element.type, [key]: multiple ? list : (list[0] ?? null) }),
    toList: (value) => [value[key] ?? []].flat(),
  };
}

function idKind(element, surface, source, multiple) {
  const key = multiple ? `${source.single}s` : source.single;
  const first = multiple ? (element[`${source.initial}s`] ?? []) : (element[source.initial] ?? null);
  const known = () => flatten(source.options(surface));
  const byId = (id) => known().find((one) => one.value === id) ?? plainOption(id, id);
  const ids = (list) => list.map((one) => one.value);
  return {
    multiple,
    load: (query) => narrow(source.options(surface), query),
    initial: { type: element.type, [key]: first },
    toValue: (list) => ({ type: element.type, [key]: multiple ? ids(list) : (ids(list)[0] ?? null) }),
    toList: (value) => [value[key] ?? []].flat().map(byId),
  };
}

/** Any select element. */
export function select(element, blockId, surface, use) {
  const kind = kindOf(element, blockId, surface);
  const box = new Combobox({
    element,
    label: use.label ?? (plainText(element.placeholder) || "Choose an option"),
    describedBy: use.describedBy,
    multiple: kind.multiple,
    selected: kind.toList(surface.value(blockId, element.action_id, kind.initial)),
    load: kind.load,
    onChange: (list) => {
      const value = kind.toValue(list);
      surface.set(blockId, element.action_id, value);
      box.input.dispatchEvent(new Event("change", { bubbles: true }));
      if (use.dispatch) surface.act(blockId, element, value, box.input);
    },
  });
  return box.node;
}
