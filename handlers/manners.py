"""What people say besides: courtesies around a command, and words that mean "this one here"."""

import re
from collections.abc import Container, Sequence

from bot.words.buttons import BOT

QUOTES = "\"'`.,:;!?()\u2026*_~"
"""What stands around a word, formatting included."""
CALLED = frozenset({"/onboard", BOT.casefold()})
"""How the bot is called where Slack makes nothing of it, e.g. in a direct message."""
_EMOJI = re.compile(r":[\w+'-]+:")
_SOMEBODY = re.compile(r"<[@!][^>]*>")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BEFORE = _words(
    """
    a afternoon am an anyone are can could do get give good hello hey hi i i'm i've im ive just
    kindly let let's lets like me morning now ok okay please pls run show somebody someone the to
    us want we we're we've will would you
    """
)
"""Before a command, e.g. "could you please show me the …"."""
AFTER = _words(
    """
    again cheers kindly now please pls thanks thx today ty
    """
)
"""After one."""
HERE = _words(
    """
    channel company customer everything for here it my of on onboarding our ours project that
    the this us
    """
)
"""What means this channel's own customer."""


def plain(word: str) -> str:
    """A word without its punctuation, in lower case."""
    return word.strip(QUOTES).casefold()


def _says_something(word: str) -> bool:
    """False for punctuation and emoji, drawn or named."""
    return any(map(str.isalnum, word)) and not _EMOJI.fullmatch(word)


def bare(tokens: Sequence[str]) -> list[str]:
    """The words without emoji and punctuation around them, and without whom they call first."""
    said = [n for n, word in enumerate(tokens) if _says_something(word)]
    words = list(tokens[said[0] : said[-1] + 1]) if said else []
    called = (n for n, word in enumerate(words) if not _calls(word))
    return words[next(called, len(words)) :]


def _calls(word: str) -> bool:
    return not _says_something(word) or bool(_SOMEBODY.fullmatch(word)) or plain(word) in CALLED


def are_courtesies(words: Sequence[str], known: Container[str]) -> bool:
    """Whether that is nothing but courtesies, of those before a command or of those after one."""
    return all(plain(word) in known or not _says_something(word) for word in words)


def to_the_point(tokens: Sequence[str], verbs: Container[str]) -> list[str]:
    """The words of a command without courtesies; where they are all there is, they stay."""
    words = list(tokens)
    first = next((n for n, word in enumerate(words) if plain(word) not in BEFORE), 0)
    if first and plain(words[first]) in verbs:
        words = words[first:]
    if [plain(word) for word in words[-2:]] == ["thank", "you"] and len(words) > 2:
        words = words[:-2]
    while len(words) > 1 and plain(words[-1]) in AFTER:
        words.pop()
    return words


def name_of(tokens: Sequence[str]) -> list[str]:
    """The words of a customer's name: none where they only mean the customer of this channel."""
    if all(plain(word) in HERE or not _says_something(word) for word in tokens):
        return []
    first = next(n for n, word in enumerate(tokens) if plain(word) not in ("for", "of", "on"))
    return list(tokens[first:])
