"""What people say instead of a command: a question, a thank-you, or what stands on a button."""

from collections.abc import Container, Sequence

from handlers.manners import BEFORE, plain

QUESTIONS = {
    "status": (
        "what's left|whats left|what is left|what's next|whats next|what is next|what's missing|"
        "whats missing|what is missing|where are we|how are we|how's it|how is it|how far|"
        "are we ready|we're ready|we are ready"
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
    if said == ["ready"]:
        return ["status"]
    if said[-2:] in (["is", "done"], ["are", "done"]) and said[0] not in verbs:
        return ["done", *tokens[:-2]]
    return list(tokens)


def _marked(tokens: Sequence[str], said: Sequence[str]) -> list[str]:
    """``mark the vendors as done, Dana merged them``: the item, then the note."""
    place = said.index("done")
    item = [word for word, one in zip(tokens[:place], said, strict=False) if one != "as"]
    return ["done", *item, *tokens[place + 1 :]]
