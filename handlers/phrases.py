"""What people say instead of a command: a question, a thank-you, or what stands on a button."""

from collections.abc import Container, Sequence

from handlers.item_names import described_item, find_item, hinted_item
from handlers.manners import BEFORE, plain

QUESTIONS = {
    "status": (
        "what's left|whats left|what is left|what's next|whats next|what is next|what's missing|"
        "whats missing|what is missing|where are we|how are we|how's it|how is it|how far|"
        "are we ready|we're ready|we are ready|are we done|we're done|we are done|is it done|"
        "it's done|it is done|all done|everything is done|everything's done"
    ),
    "help": "what can|what do you|who are you|what are you",
}
"""The command that answers a question; the rest of the question changes nothing."""
ON_BUTTONS = {
    "handoff": "hand over|hand off|contact interfy support|contact interfy|contact support",
    "stuck": "ask interfy for help",
    "status": "open the card|show the card",
    "match": "match them",
    "done": "mark as done",
    "remind off": "stop reminding|stop reminders|stop the reminders",
    "remind on": "unsnooze|start reminding",
}
"""What stands on a button, or nearly so; what follows belongs to the command."""
ARTICLES = frozenset({"all", "my", "our", "the", "these", "those"})
THANKS = frozenset({"thanks", "thank", "thx", "ta", "ty", "cheers"})
BESIDE_THANKS = THANKS | {"a", "all", "for", "great", "heaps", "lot", "mate", "much", "so", "you"}


def _by_length(said: dict[str, str]) -> list[tuple[list[str], list[str]]]:
    pairs = [(one.split(), what.split()) for what, many in said.items() for one in many.split("|")]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


_QUESTIONS, _ON_BUTTONS = _by_length(QUESTIONS), _by_length(ON_BUTTONS)


def is_thanks(tokens: Sequence[str]) -> bool:
    """Nothing but a thank-you."""
    said = {plain(word) for word in tokens}
    return bool(said & THANKS) and said <= BESIDE_THANKS


def in_other_words(tokens: Sequence[str], verbs: Container[str]) -> list[str]:
    """The command that was meant, where something else was said."""
    said = [plain(word) for word in tokens]
    for start in range(len(said)):
        for phrase, command in _QUESTIONS:
            if said[start : start + len(phrase)] == phrase:
                return command
        for phrase, command in _ON_BUTTONS:
            if said[start : start + len(phrase)] == phrase:
                return [*command, *tokens[start + len(phrase) :]]
        if said[start] == "mark" and "done" in said:
            return _marked(tokens[start + 1 :], said[start + 1 :])
        if said[start] not in BEFORE:
            break
    if said == ["ready"] or (said[:1] in (["is"], ["are"]) and said[-1] == "done"):
        return ["status"]
    return _said_done(tokens, said, verbs)


def _said_done(tokens: Sequence[str], said: Sequence[str], verbs: Container[str]) -> list[str]:
    """``the vendors are done``; "when the vendors are done" says something else."""
    if said[-2:] not in (["is", "done"], ["are", "done"]) or said[0] in verbs:
        return list(tokens)
    item = list(tokens[:-2])
    while len(item) > 1 and plain(item[0]) in ARTICLES:
        item.pop(0)
    found = find_item(item) or hinted_item(item) or described_item(item)
    is_all = found is not None and found[:2] == (0, len(item))
    return ["done", *item] if is_all else list(tokens)


def _marked(tokens: Sequence[str], said: Sequence[str]) -> list[str]:
    """``mark the vendors as done, Dana merged them``: the item, then the note."""
    place = said.index("done")
    item = [word for word, one in zip(tokens[:place], said, strict=False) if one != "as"]
    return ["done", *item, *tokens[place + 1 :]]
