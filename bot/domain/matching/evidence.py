"""What speaks for and against two parties being one, as named terms.

Every term has a value here and a weight in ``weights``; their sum is log-odds. A name that tells a
sister firm or a branch (an extra "Holdings", another suburb) turns shared phones, domains and
addresses into evidence of kinship: those terms are then marked.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from math import log2
from operator import attrgetter

from rapidfuzz.distance import OSA, Hamming

from bot.domain.matching.addresses import Place
from bot.domain.matching.identifiers import same_company
from bot.domain.matching.lexicon import classes
from bot.domain.matching.namecompare import (
    NameDifference,
    are_surnames,
    compare_names,
    is_slip,
    is_word,
)
from bot.domain.matching.names import NameForm, word_class
from bot.domain.matching.parties import Ready

Terms = dict[str, float]
KIN = "~"
"""Marks what a sister firm or a branch would share as well."""
OTHER = "^"
"""Marks what stands beside a name with other words of its own."""
_KNOWN = frozenset({"trade", "loose", "sister"})


def _shrunk(count: int) -> float:
    """A shared value's strength: 1 where only these two share it, less where many do."""
    return 1.0 / (1.0 + 0.5 * log2(max(count, 2) / 2))


_TELLS = {"trade": 0.7, "place": 0.8, "sister": 0.5, "loose": 0.3}


def _information(word: str, counts: Counter[str]) -> float:
    kind = word_class(word)
    if kind in ("rare", "number"):
        length = min(len(word), 6) / 6
        return length * 3.0 / (1.0 + 0.3 * log2(max(counts.get("w" + word, 0), 1)))
    return _TELLS.get(kind, 0.0)


def _typo_terms(found: NameDifference, counts: Counter[str], terms: Terms) -> None:
    sole = not any(word_class(word) == "rare" for word in found.shared)
    for word, other, edits, soft in found.typos:
        known = [word_class(each) in _KNOWN for each in (word, other)]
        if any(known) and not all(known):
            terms["typo_known"] = terms.get("typo_known", 0) + edits
            continue
        often = min(counts.get("w" + word, 0), counts.get("w" + other, 0))
        surnames = are_surnames(word, other)
        told = all(known) or surnames or often >= 3
        name = "typo_words" if told else "typo_soft" if soft else "typo"
        shortest = max(min(len(word), len(other)), 3)
        if shortest == 3 or surnames or not is_slip(word, other):
            terms["typo_telling"] = 1
        terms[name] = terms.get(name, 0) + edits * 8 / shortest
        if word[0] != other[0]:
            terms["typo_first"] = 1
        if sole and name == "typo" and shortest <= 6:
            terms["typo_sole"] = edits


_GARBLED, _NEAR = 0.5, 0.6
"""Letters that words with many errors share at least, and those that need no second look."""


def _places_apart(left: set[str], right: set[str]) -> bool:
    """Both sides say where or which one they are, and differ: branches, lots, numbered firms."""
    return bool({"place", "number"} & left and {"place", "number"} & right)


def _swap_terms(found: NameDifference, terms: Terms) -> str:
    """Terms for words that stand against each other."""
    left = {word_class(word) for word in found.extra_left}
    right = {word_class(word) for word in found.extra_right}
    swapped = min(len(found.extra_left), len(found.extra_right), 2)
    if left | right <= _KNOWN or all(map(is_word, found.extra_left + found.extra_right)):
        terms["swap_trade"] = swapped
    else:
        alike = OSA.normalized_similarity("".join(found.extra_left), "".join(found.extra_right))
        terms["swap_near" if alike >= _GARBLED else "swap"] = swapped
        if alike < _NEAR:
            terms["swap_far"] = 1  # Blacktown and Clayton: two suburbs as well as one misspelt.
    if {"sister", "place", "number"} & (left | right):
        terms["kin_word"] = 1
    if _places_apart(left, right):
        terms["swap_place"] = 1
    return OTHER


@cache
def _all_of(kind: str) -> frozenset[str]:
    """The words of a class that stand in another one as well."""
    kinds = classes("party_classes.txt")
    return frozenset(word for word, found in kinds.items() if kind in found)


def _extra_terms(found: NameDifference, states: frozenset[str], terms: Terms) -> str:
    """Terms for words that one side lacks, and the mark for what the two may share as kin."""
    if found.extra_left and found.extra_right:
        return _swap_terms(found, terms)
    mark = ""
    extra = found.extra_left + found.extra_right
    bodies = _all_of("institution")
    body = not bodies.isdisjoint(found.shared)
    for word in extra:
        kind = word_class(word)
        if kind == "place" and word in states:
            kind = "own_state"
        elif len(extra) == 1 and word in _all_of("country"):
            kind = "country"
        elif kind == "rare" and len(word) <= 3 and found.tail and len(extra) == 1:
            kind = "short"
        if body and kind in ("place", "rare", "trade") and word not in bodies:
            terms["other_body"] = 1  # Each state has its own department of health.
        terms["extra_" + kind] = terms.get("extra_" + kind, 0) + 1
        if kind in ("sister", "place", "number"):
            mark = KIN
        elif kind in ("rare", "short") and not mark:
            mark = OTHER
    return mark


_HALVES = {(0, 1): "operator", (1, 0): "operator", (1, 2): "operator", (2, 1): "operator",
           (1, 1): "operator_both"}  # fmt: skip
"""Which halves of "X Pty Ltd T/A Y" agree: one X may well trade under two names."""


_PLAIN = ("abbreviations", "stems", "joined", "reordered", "cut", "initials")
_plainly = attrgetter(*_PLAIN)


def _plain_terms(a: NameForm, b: NameForm, found: NameDifference, terms: Terms) -> None:
    equal = found.is_none
    if not equal:
        for name, value in zip(_PLAIN, _plainly(found), strict=True):
            if value:
                terms[name] = value
    if a.legal != b.legal and a.legal and b.legal:
        terms["legal"] = 1
    if a.half or b.half:
        terms[_HALVES.get((a.half, b.half), "trading_name")] = 1
    if equal:
        terms["equal"] = 1


_ENOUGH = 1.5
"""What names must tell, in words that not everybody has, before they can be one name."""
_LETTERS = 6
MOST_TOLD = 3.5
"""What a name that is not equal tells at most."""
_RETYPED = 2.5
"""What a name tells at least whose whole differs in typing only."""
_NOT_RETYPED = frozenset({"typo_first", "typo_sole", "typo_words"})


def _is_retyped(found: NameDifference, terms: Terms) -> bool:
    """Whether every word has its counterpart, and spaces, endings and slips are all that differ."""
    whole = not (found.extra_left or found.extra_right or found.cut or found.initials)
    whole = whole and not (found.abbreviations or found.reordered)
    return whole and terms.keys().isdisjoint(_NOT_RETYPED)


def _same_letters(a: NameForm, b: NameForm) -> bool:
    """Whether only the spaces differ, in more letters than agree by chance."""
    return len(a.full) >= _LETTERS and a.full == b.full


def _told_terms(
    a: NameForm, b: NameForm, found: NameDifference, counts: Counter[str], terms: Terms
) -> None:
    told = sum(_information(word, counts) for word in found.shared)
    for word, other, edits, _ in found.typos:
        shortest = min(len(word), len(other))
        known = word_class(word) in _KNOWN or word_class(other) in _KNOWN
        told += (0.7 if known else 3.0) * max(0.0, 1.0 - 2.0 * edits / shortest)
    if not found.is_none:
        retyped = (told >= _ENOUGH and _is_retyped(found, terms)) or _same_letters(a, b)
        terms["told"] = max(min(told, MOST_TOLD), _RETYPED if retyped else 0.0)
    terms["little"] = max(0.0, _ENOUGH - told)
    if not found.shared and not found.typos and not found.run_on:
        terms["nothing"] = 1
    same = counts.get("n" + a.squash, 0) if told < 2.5 else 0
    if same > 2 and (same := min(same, counts.get("n" + b.squash, 0))) > 2:
        terms["common_name"] = log2(same / 2)


def _run_on_terms(a: NameForm, b: NameForm, found: NameDifference, terms: Terms) -> Terms:
    """The other reading of a garbled name: edits of the whole instead of words."""
    kept = ("legal", "trading_name", *_HALVES.values())
    other = {name: value for name, value in terms.items() if name in kept}
    length = min(len(a.typed), len(b.typed))
    other["run_on"] = 1
    other["run_on_edits"] = found.run_on * 8 / length
    return other


def name_terms(
    a: NameForm, b: NameForm, counts: Counter[str], states: frozenset[str]
) -> Iterator[tuple[Terms, str, NameDifference]]:
    """The readings of two names: terms, how shared fields are marked, and the difference.

    Word by word first; run together as well where typing errors may have garbled the words.
    ``states`` are the states that both records are known to stand in.
    """
    found = compare_names(a, b)
    terms: Terms = {}
    _plain_terms(a, b, found, terms)
    if found.run_on and not _real_words(found, counts):
        yield _run_on_terms(a, b, found, terms), "", found
    if found.typos:
        _typo_terms(found, counts, terms)
    mark = ""
    if found.extra_left or found.extra_right:
        mark = _extra_terms(found, states, terms)
    _told_terms(a, b, found, counts, terms)
    yield terms, mark, found


def _real_words(found: NameDifference, counts: Counter[str]) -> bool:
    """Whether what is left over on both sides has a word in its own right, not a garbled one."""
    return all(
        any(
            word_class(word) != "rare" or counts.get("w" + word, 0) >= 3
            for word in words
            if len(word) > 2
        )
        for words in (found.extra_left, found.extra_right)
    )


def _place_terms(a: Place, b: Place, counts: Counter[str], terms: Terms) -> None:
    if a.state and b.state and a.state != b.state:
        terms["state_other"] = 1
    elif a.postcode and b.postcode and a.postcode != b.postcode:
        terms["postcode_other"] = 1
    if a.box and b.box:
        terms["box" if a.box == b.box else "box_other"] = 1
    if not (a.is_street and b.is_street):
        return
    near = a.postcode == b.postcode or not (a.postcode and b.postcode)
    if a.number == b.number and near and _same_street(a.street, b.street):
        held = counts[f"a{a.number} {a.street[:3]} {a.postcode}"]
        terms["street"] = _shrunk(held)
        terms.pop("state_other", None)
    else:
        terms["street_other"] = 1


def _same_street(a: str, b: str) -> bool:
    if a == b or a.split(" ")[0] == b.split(" ")[0]:
        return True
    return OSA.distance(a, b, score_cutoff=2) <= 2


def _shared(a: Sequence[str], b: Sequence[str], prefix: str, counts: Counter[str]) -> float:
    """How strong the strongest value is that both have, 0 for none."""
    strength = 0.0
    for value in a:
        if value in b:
            strength = max(strength, _shrunk(counts[prefix + value]))
    return strength


def _mail_terms(a: Ready, b: Ready, counts: Counter[str], terms: Terms) -> None:
    if a.emails and b.emails and (email := _shared(a.emails, b.emails, "e", counts)):
        terms["email"] = email
    elif a.domains and b.domains:
        domain = _shared(a.domains, b.domains, "d", counts)
        terms["domain" if domain else "domain_other"] = domain or 1
    elif a.emails and b.emails:
        terms["email_other"] = 1


def _phone_terms(a: Ready, b: Ready, counts: Counter[str], terms: Terms) -> None:
    if a.phones and b.phones:
        phone = _shared(a.phones, b.phones, "p", counts)
        if phone:
            terms["phone"] = phone
            return
        terms["phone_other"] = 1
    if a.areas and b.areas:
        if a.areas.isdisjoint(b.areas):
            terms["area_other"] = 1
    elif a.states and b.states and a.states.isdisjoint(b.states):
        terms["area_other"] = 1


def _tax_terms(a: Ready, b: Ready, counts: Counter[str], terms: Terms) -> None:
    if same_company(a.tax, b.tax):
        terms["tax"] = _shrunk(counts["t" + a.tax])
    elif a.tax[0] == b.tax[0] != "o":
        terms["tax_other"] = 1
    elif len(a.tax) == len(b.tax) and Hamming.distance(a.tax, b.tax) > 2:
        # Not a checked number, and more than a mistyped digit apart.
        terms["number_other"] = 1


def field_terms(a: Ready, b: Ready, counts: Counter[str]) -> Terms:
    """The terms of everything but the names, as nothing but equal names would mark them."""
    terms: Terms = {}
    if a.tax and b.tax:
        _tax_terms(a, b, counts, terms)
    _phone_terms(a, b, counts, terms)
    if a.emails or a.domains:
        _mail_terms(a, b, counts, terms)
    _place_terms(a.place, b.place, counts, terms)
    if ("street_other" in terms or "street" in terms) and not (a.has_identity or b.has_identity):
        # Where address and phone are all there is, the address tells one site from another.
        if "street_other" in terms:
            terms["site_other"] = terms.pop("street_other")
        else:
            terms["site_same"] = 1
    if not terms and a.is_bare and b.is_bare:
        terms["only_names"] = 1
    elif counts.get("N" + a.names[0].squash, 0) > 1 and not supported(terms):
        terms["namesakes"] = 1
    return terms


def add_fields(terms: Terms, fields: Terms, mark: str) -> None:
    """Add the terms of the fields to those of the names, what is shared with the names' mark."""
    if mark:
        for name, value in fields.items():
            terms[name + mark if name in _SUPPORT else name] = value
    else:
        terms.update(fields)
    if "only_names" in fields:
        # Nothing is known of either but the name, so nothing can speak against it either.
        terms.pop("common_name", None)
        if "operator" in terms:
            terms["operator_alone"] = terms.pop("operator")


def supported(terms: Terms) -> bool:
    """Whether anything but the names speaks for the two being one."""
    return not _SUPPORTS.isdisjoint(terms)


_SUPPORT = frozenset({"tax", "phone", "email", "domain", "street", "box"})
_SUPPORTS = frozenset(name + mark for name in _SUPPORT for mark in ("", KIN, OTHER))
