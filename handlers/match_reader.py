"""How ``match`` is read: codes and targets in words, for whoever can press nothing."""

from dataclasses import replace
from datetime import date

from bot import words
from handlers.asked import Act, MisreadError, Request, customer_of, words_of
from handlers.ids import Verb
from handlers.manners import plain
from handlers.values import page_of

DIVISION = "division"


def read_match(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``match [customer] <code> [in <list>] to <account>``, or ``none`` instead, or a ``division``.

    Besides ``match [customer] suggested [word]`` and ``match [customer] [page]``.
    """
    asked, said = Request(verb, text), [plain(word) for word in rest]
    place = next((n for n, word in enumerate(said) if word == "to" and _is_code(said, n)), None)
    if place is not None:
        if not rest[place + 1 :]:
            raise MisreadError(
                words.asking.TO_WHICH.format(example=words.commands.EXAMPLES[Verb.MATCH])
            )
        asked = replace(asked, act=Act.TO, target=words_of(rest[place + 1 :]))
        return _with_code(asked, rest[:place])
    if said[-1:] == ["none"] and _is_code(said, len(said) - 1):
        return _with_code(replace(asked, act=Act.NONE), rest[:-1])
    if "suggested" in said:
        place = said.index("suggested")
        asked = replace(asked, act=Act.SUGGESTED, note="".join(said[place + 1 : place + 2]))
        return _named(asked, rest[:place])
    pages = bool(said) and said[-1].isascii() and said[-1].isdigit() and len(said[-1]) < 4
    asked = replace(asked, page=page_of(said[-1]) if pages else 1)
    return _named(asked, rest[:-1] if pages else rest)


def _is_code(said: list[str], end: int) -> bool:
    """Whether a code, a code of a list, or a division is named right before ``end``."""
    named = DIVISION in said[:end] or _list_place(said[:end]) is not None
    return end > 0 and (named or _has_digit(said[end - 1]))


def _list_place(said: list[str]) -> int | None:
    """Where ``<code> in <list>`` has its ``in``."""
    places = (n for n, word in enumerate(said) if n and word == "in" and _has_digit(said[n - 1]))
    return next(places, None)


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _with_code(asked: Request, words: list[str]) -> Request:
    """``[customer] <code> [in <list>]``, the last words with digits; or a ``division`` by name."""
    said = [plain(word) for word in words]
    if DIVISION in said:
        end = said.index(DIVISION)
        asked = replace(asked, code=words_of(words[end + 1 :]), of_division=True)
        return _named(asked, words[:end])
    place = _list_place(said)
    if place is not None:
        asked = replace(asked, of_list=words_of(words[place + 1 :]))
        words = words[:place]
    start = len(words)
    while start and _has_digit(words[start - 1]):
        start -= 1
    return _named(replace(asked, code=words_of(words[start:])), words[:start])


def _named(asked: Request, words: list[str]) -> Request:
    customer, channel = customer_of(words)
    return replace(asked, customer=customer, channel_id=channel)
