"""One grammar for the slash command, mentions, direct messages and suggestion buttons.

``parse`` is pure: text in, a ``Request`` or a ``Problem`` out. It forgives case, spaces, smart
quotes, Slack's ``<@U1|name>`` and ``<#C1|name>``; for a typo it names the nearest command instead
of guessing.
"""

import difflib
from datetime import date

from bot import words
from handlers.asked import MisreadError, Problem, Request, tokens_of, words_of
from handlers.ids import Verb
from handlers.manners import bare, plain, to_the_point
from handlers.phrases import in_other_words, is_thanks
from handlers.readers import READERS

SYNONYMS = {
    "hi": Verb.HELP,
    "hello": Verb.HELP,
    "?": Verb.HELP,
    "card": Verb.STATUS,
    "how": Verb.FIX,
    "show": Verb.STATUS,
    "recheck": Verb.CHECK,
    "re-check": Verb.CHECK,
    "hand-off": Verb.HANDOFF,
    "handover": Verb.HANDOFF,
    "start": Verb.NEW,
    "ls": Verb.LIST,
    "unpause": Verb.RESUME,
}
NEGATIONS = frozenset({"don't", "dont", "never", "no", "not"})
"""What nearly spells a command and asks for the contrary."""
COMMANDS = frozenset(Verb) | SYNONYMS.keys()


def parse(text: str, today: date, bot_user_id: str = "") -> Request | Problem:
    """Understand one line. ``today`` is the day that "friday" is counted from."""
    tokens = bare(tokens_of(text, bot_user_id))
    if is_thanks(tokens):
        return Problem(words.asking.WELCOME, str(Verb.STATUS))
    tokens = to_the_point(in_other_words(tokens, COMMANDS), COMMANDS)
    clean = " ".join(tokens)
    if not tokens:
        return Request(Verb.HELP, clean)
    try:
        verb = _verb(tokens)
        return READERS[verb](verb, clean, tokens[1:], today)
    except MisreadError as error:
        return error.problem


def _verb(tokens: list[str]) -> Verb:
    word = plain(tokens[0]) or tokens[0]
    known = {str(verb): verb for verb in Verb} | SYNONYMS
    if word in known:
        return known[word]
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if not near or word in NEGATIONS:
        raise MisreadError(words.asking.UNKNOWN.format(text=words_of(tokens[:1])), "help")
    meant = str(known[near[0]])
    raise MisreadError(
        words.asking.DID_YOU_MEAN.format(text=words_of(tokens[:1]), nearest=meant),
        " ".join([meant, *tokens[1:]]),
    )
