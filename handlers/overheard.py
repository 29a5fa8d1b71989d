"""What is said beside the bot: a sentence that names it, a question, a message edited afterwards.

Whatever only shows something is answered. What would change something is asked back, with the
command on a button: somebody who thanks for it has not asked for anything.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from bot import words
from handlers.asked import Act, Problem, Request, mention_of
from handlers.grammar import parse
from handlers.ids import Verb
from handlers.manners import AFTER, BEFORE, are_courtesies, plain

SHOWING = frozenset(
    {
        *(Verb.HELP, Verb.STATUS, Verb.CHECK, Verb.DETAILS, Verb.FIX, Verb.HISTORY, Verb.LIST),
        *(Verb.EXPORT, Verb.DOCTOR, Verb.CONNECT, Verb.MATCH, Verb.REVIEW, Verb.RISKS),
    }
)
"""Commands that only show; the last four change something with certain words after them."""
WEIGHTY = frozenset({Verb.DONE, Verb.UNDO, Verb.HANDOFF, Verb.ARCHIVE})
"""What nobody means who asks whether it is so."""
PLEASE = frozenset({"kindly", "please", "pls"})
ASKING = frozenset({"can", "could", "will", "would"})
ASKED = frozenset({"anyone", "somebody", "someone", "you"})


def parse_heard(
    text: str, today: date, bot_user: str, *, edited: bool = False
) -> Request | Problem:
    """Understand a mention or a direct message; an ``edited`` one was heard before."""
    before, after = _around(text, bot_user)
    aside = bool(after) and not are_courtesies(before, BEFORE)
    parsed = parse(after or text, today, bot_user)
    if aside and isinstance(parsed, Problem):
        parsed = parse(text, today, bot_user)
    if isinstance(parsed, Problem):
        return parsed
    if aside and changes(parsed):
        return Problem(words.asking.NOT_ASKED.format(verb=parsed.verb), parsed.text)
    if edited and changes(parsed):
        return Problem(words.asking.EDITED, parsed.text)
    if "?" in text and parsed.verb in WEIGHTY and not _is_polite(text.split()):
        return Problem(words.asking.QUESTION, parsed.text.replace("?", ""))
    return parsed


def changes(asked: Request) -> bool:
    """Whether it would leave anything otherwise than it was."""
    shows = asked.verb in SHOWING and asked.act is Act.LIST and not asked.company
    return not shows or (asked.verb is Verb.RISKS and asked.on is not None)


def _around(text: str, bot_user: str) -> tuple[Sequence[str], str]:
    """The words before the bot's name, and what stands after it; nothing where it comes last."""
    called = mention_of(bot_user).search(text) if bot_user else None
    after = text[called.end() :] if called else ""
    if called is None or are_courtesies(after.split(), AFTER):
        return [], ""
    return text[: called.start()].split(), after


def _is_polite(tokens: Sequence[str]) -> bool:
    """``could you …?`` asks for it; ``can we …?`` asks whether."""
    said = [plain(word) for word in tokens]
    asked = any(one in ASKING and two in ASKED for one, two in pairwise(said))
    return asked or not PLEASE.isdisjoint(said)
