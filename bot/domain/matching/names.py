"""Names of firms and people, reduced to the words that tell one party from another."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from sys import intern
from typing import NamedTuple

from bot.domain.matching.lexicon import classes, folds
from bot.domain.matching.spelling import LONG_LEGAL, mended, mended_legal

_FOLDS = "party_folds.txt"
_TRADING_AS = re.compile(
    r"\s+(?:t\s*/\s*as?|t\.a\.?|trading\s+(?:as|under)|d\s*/\s*b\s*/\s*a|d\.b\.a\.?|dba|"
    r"also\s+known\s+as|a\s*/\s*k\s*/\s*a|aka|formerly|f\s*/\s*k\s*/\s*a|"
    r"atf|a\.t\.f\.?|as\s+trustees?\s+(?:for|of))\s+"
)
_TRUSTEE = re.compile(r"^(?:the\s+)?trustees?\s+(?:for|of)\s+(?:the\s+)?")
_NAMED_TRUST = re.compile(r"\s+(?:family|unit|discretionary)\s+trust$")
_FAMILY_TRUST = re.compile(
    r"\s+(?:family|unit|discretionary|investment|property|business)?\s*trust\b.*$"
)
_STATES = {
    "new south wales": "nsw",
    "western australia": "wa",
    "south australia": "sa",
    "northern territory": "nt",
    "australian capital territory": "act",
}
_STATE = re.compile(rf"\b(?:{'|'.join(_STATES)})\b")
_CARE_OF = re.compile(r"\s+(?:c\s*/\s*o|care\s+of|attn:?|attention:?)\s+.*$")
_WORD = re.compile(r"[a-z]{4,}+(?=\d++(?![a-z]))|[a-z0-9]+")
"""A number behind a whole word is a word of its own: ``architecture49``."""
_SLIPS = frozenset({"nd", "ad", "adn", "amd", "anf", "znd", "fo", "lf", "od", "ov"})
"""``and`` and ``of`` mistyped: between two words they say nothing."""
_SURNAME = frozenset({"mc", "mac", "o"})
_CUT_AT = frozenset({29, 30, 34, 35, 39, 40, 49, 50})
"""Lengths of names that a field of 30, 35, 40 or 50 characters may have cut."""
_CUT_AFTER = ("&", " and", " of", "(", " -", "/")
"""No name ends so: what followed was cut off."""
_CUT_LEGAL = (*LONG_LEGAL, "llc", "pty")


class NameForm(NamedTuple):
    """One name: its words without legal form, abbreviations folded, and as they were written.

    ``squash`` is the words run together, ``typed`` the written ones, ``full`` those with "of" and
    "and" among them, ``whole`` all of it with the legal form.
    ``cut`` says that the name may have lost its end to a field's length; ``half`` is 1 for the
    company and 2 for the trading name of "X Pty Ltd T/A Y", else 0.
    """

    words: tuple[str, ...]
    written: tuple[str, ...]
    squash: str
    typed: str
    full: str
    whole: str
    legal: str
    cut: bool
    half: int

    def __reduce__(self) -> tuple[type["NameForm"], tuple[object, ...]]:
        # Quicker than what a named tuple does by itself to go to another process.
        return NameForm, tuple(self)


@cache
def word_class(word: str) -> str:
    """``loose``, ``filler``, ``trade``, ``sister``, ``place``, ``number`` or ``rare``."""
    if word.isdecimal() or word in _NUMERALS:
        return "number"
    found = classes("party_classes.txt").get(word, frozenset())
    for kind in ("filler", "place", "sister", "loose", "trade"):
        if kind in found:
            return kind
    return "rare"


_NUMERALS = frozenset({"i", "ii", "iii", "iv", "vi", "vii", "viii", "ix", "two", "three"})


def _plain(text: str) -> str:
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text)
    text = text.casefold().replace("'", "").replace("`", "")
    return text.replace("&", " and ").replace("+", " and ").replace("_", " ")


def _join_letters(words: list[str]) -> list[str]:
    """``w j mc guire`` → ``wj mcguire``: initials and split surnames belong together."""
    if _SURNAME.isdisjoint(words) and 1 not in map(len, words):
        return words
    joined: list[str] = []
    letters = ""
    for place, word in enumerate(words):
        if len(word) == 1 and word.isalpha():
            letters += word
            continue
        if word == "and" and len(letters) == 1 and len("".join(words[place + 1 : place + 2])) == 1:
            continue
        if letters:
            joined.append(letters)
            letters = ""
        if joined and joined[-1] in _SURNAME and len(word) > 2:
            joined[-1] += word
        else:
            joined.append(word)
    return [*joined, letters] if letters else joined


def _without_legal(words: list[str], cut: bool) -> tuple[list[str], str]:
    """The words less legal forms (never the first word), and the form that was found."""
    legal = ""
    while cut and len(words) > 1 and _is_cut_legal(words[-1], _legal()):
        words = words[:-1]
    forms = [_legal_form(word) for word in words[1:]]
    if not any(forms):
        return words, ""
    kept = words[:1]
    for word, form in zip(words[1:], forms, strict=True):
        if not form:
            kept.append(word)
        elif form != "co" or not legal:
            legal = form
    return kept, legal


@lru_cache(maxsize=65536)
def _legal_form(word: str) -> str:
    """The legal form that a word is, mended where it must be; "" for any other word."""
    return _legal().get(word) or mended_legal(word)


def _is_cut_legal(word: str, table: Mapping[str, str]) -> bool:
    return word not in table and any(form.startswith(word) for form in _CUT_LEGAL)


@cache
def _legal() -> dict[str, str]:
    table = dict(folds("party_legal.txt"))
    table.update({kept: kept for kept in table.values()})
    return table | {"plc": "plc"}


@lru_cache(maxsize=65536)
def _read(word: str) -> tuple[str, str, str]:
    """A word as it is compared, and as it was written; one object for every time it stands.

    The third is why it may say nothing: "filler" always, "slip" between two words; else "".
    """
    told = folds(_FOLDS).get(word) or intern(mended(word))
    why = "filler" if word_class(told) == "filler" else "slip" if told in _SLIPS else ""
    return told, intern(word), why


_DOTTED = re.compile(r"\b(p)\s*/\s*(l)\b|\b([a-z])\.(?=[a-z]\b)")


def _form(text: str, cut: bool, half: int) -> NameForm | None:
    if "." in text or "/" in text:
        text = _DOTTED.sub(lambda found: found[3] or "pl", text)
    everything = _join_letters(_WORD.findall(text))
    words, legal = _without_legal(everything, cut)
    words, full = _without_acronym(words), "".join(words)
    told = [_read(word) for word in words]
    if not told:
        return None
    folded, written, why = zip(*told, strict=True)
    if any(why):
        last = len(told) - 1
        kept = [
            word
            for place, word in enumerate(told)
            if not word[2] or (word[2] == "slip" and place in (0, last))
        ]
        folded, written, _ = zip(*(kept or told), strict=True)
    squash, typed, whole = "".join(folded), "".join(written), "".join(everything)
    if folded == written:  # Most names: one object for both, as a list holds very many.
        written, typed = folded, squash
    if full == typed:
        full = typed
    if whole == full:
        whole = full
    return NameForm(folded, written, squash, typed, full, whole, legal, cut, half)


_SHORT_ACRONYM = 3


def _without_acronym(words: list[str]) -> list[str]:
    """``alberta health services ahs``: the words less an acronym that only repeats them."""
    if len(words) <= _SHORT_ACRONYM:
        return words
    for acronym, rest in ((words[-1:], words[:-1]), (words[:1], words[1:])):
        if _SHORT_ACRONYM <= len(acronym[0]) <= len(rest):
            told = [word[0] for word in rest if word_class(word) != "filler"]
            if acronym[0] in ("".join(told), "".join(word[0] for word in rest)):
                return rest
    return words


def _is_parted(text: str) -> bool:
    """Whether a name may be several: what stands in all that the two patterns take apart."""
    # Written out, as every name of a large list is asked.
    return (
        "/" in text or "trad" in text or ".a" in text or "dba" in text or ".b" in text
        or "also" in text or "aka" in text or "form" in text or "atf" in text
        or "trustee" in text or "care" in text or "att" in text
    )  # fmt: skip


def _without_trust(name: str) -> str:
    """``the trustee for the ellery family trust`` and ``ellery family trust``: ``ellery``."""
    trustee = _TRUSTEE.sub("", name)
    return (_NAMED_TRUST if trustee == name else _FAMILY_TRUST).sub("", trustee)


@lru_cache(maxsize=4096)
def name_forms(name: str) -> tuple[NameForm, ...]:
    """The forms of a name: two for "X Pty Ltd T/A Y", one for most."""
    text = " ".join(_plain(name).split())
    if " wales" in text or " australia" in text or " territory" in text:
        text = _STATE.sub(lambda found: _STATES[found[0]], text)
    cut = len(name) in _CUT_AT or text.endswith(_CUT_AFTER)
    halves = [text]
    if _is_parted(text):
        halves = [half for half in _TRADING_AS.split(_CARE_OF.sub("", text)) if half.strip()]
    forms: list[NameForm] = []
    for place, half in enumerate(halves):
        owned = _without_trust(half) if "trust" in half else half
        last = place == len(halves) - 1
        form = _form(
            owned, cut and last and owned == half, min(place + 1, 2) if len(halves) > 1 else 0
        )
        if form is not None and form not in forms:
            forms.append(form)
    return tuple(forms)
