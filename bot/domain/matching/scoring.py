"""Pairs of parties scored in log-odds, and the score told in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp, inf

from bot.domain.matching.evidence import (
    KIN,
    MOST_TOLD,
    OTHER,
    Terms,
    add_fields,
    field_terms,
    name_terms,
    supported,
)
from bot.domain.matching.identifiers import same_company
from bot.domain.matching.namecompare import NameDifference
from bot.domain.matching.names import NameForm
from bot.domain.matching.parties import Ready
from bot.domain.matching.weights import WEIGHTS

_BASE = WEIGHTS["base"]
_BEST = _BASE + max(WEIGHTS["equal"], WEIGHTS["told"] * MOST_TOLD) + 0.01
"""Log-odds that names give at most: equal ones, or those that tell most; a hair for rounding."""
_CALIBRATION = 1.6
SURE, LIKELY, POSSIBLE = 1.6, 0.5, -1.4
"""Log-odds from which a pair is in each band."""
_NEVER_SURE = frozenset(
    {
        "swap_far",
        "swap_trade",
        "kin_word",
        "extra_sister",
        "extra_place",
        "extra_own_state",
        "extra_number",
        "extra_rare",
        "nothing",
    }
)
"""Names with words of their own are looked at by a person, whatever else they share."""
_TELLING = frozenset({"typo_telling", "extra_country"})
"""Abc and Abd, Clark and Clarke, Toll and Toll Australia: one firm, or two."""
_WELL_TOLD = 3.4
_FAMILY = frozenset({"kin_word", "extra_sister", "extra_place", "operator_both"})
"""Another firm or branch of the family: what it shares with the first is to be expected."""


def _ceiling(terms: Terms, *, known: bool) -> float:
    """The log-odds that the names allow at most; ``known`` where a record has more than a name.

    A merge with a sister firm cannot be undone, so it is not even suggested where the family may
    share phone, mail and address. One registered number is one company, branches apart. A trade
    word more is left out by clerks, but also tells two firms apart where nothing else agrees;
    two letters behind a name are the rest of a longer one in lists that hold nothing but names.
    """
    if known and not terms.keys().isdisjoint(_FAMILY):
        sister = terms.keys() & _FAMILY == {"extra_sister"}
        if not (sister and "tax" + KIN in terms):
            return LIKELY - 0.1
    if "other_body" in terms and terms.keys().isdisjoint({"tax", "tax" + OTHER}):
        return LIKELY - 0.1
    if not terms.keys().isdisjoint(_NEVER_SURE):
        return SURE - 0.1
    if not terms.keys().isdisjoint(_TELLING) and terms["told"] < _WELL_TOLD:
        return inf if supported(terms) else SURE - 0.1
    if "extra_trade" in terms:
        return inf if supported(terms) else SURE - 0.1
    return SURE - 0.1 if "extra_short" in terms and "only_names" not in terms else inf


def _sum(terms: Terms) -> float:
    weight = WEIGHTS.get
    total = 0.0
    for name, value in terms.items():
        total += weight(name, 0.0) * value
    return total


def confidence(score: float) -> float:
    """Log-odds as a probability, to three digits.

    The bounds on the weights make the score too modest; the factor puts the measured precision of
    the bands back.
    """
    return round(1.0 / (1.0 + exp(-max(min(_CALIBRATION * score, 30.0), -30.0))), 3)


Told = tuple[Terms, NameDifference, tuple[NameForm, NameForm]]
"""Every term of a pair, how its two best names differ, and those names."""


class Scorer:
    """Scores pairs of one run's parties, by their places; each pair once."""

    def __init__(self, parties: Sequence[Ready], counts: Counter[str]) -> None:
        self.parties = parties
        self.counts = counts
        self._scores: dict[tuple[int, int], float] = {}
        self._told: dict[tuple[int, int], Told] = {}

    def score(self, a: int, b: int, least: float = -inf) -> float:
        """Log-odds that the two are one party.

        Minus infinity where the fields alone tell that they are less than ``least``: names take
        most of the time, and of a large list's pairs a third needs no look at them.
        """
        pair = (a, b) if a < b else (b, a)
        found = self._scores.get(pair)
        if found is None:
            fields = field_terms(self.parties[pair[0]], self.parties[pair[1]], self.counts)
            if least > -inf and not supported(fields) and _BEST + _sum(fields) < least:
                return -inf
            told = self._told_by(*pair, fields)
            known = self.parties[a].has_identity or self.parties[b].has_identity
            found = min(_BASE + _sum(told[0]), _ceiling(told[0], known=known))
            self._scores[pair] = found
            if found >= POSSIBLE:
                self._told[pair] = told  # It will be explained.
        return found

    def remember(self, scores: Mapping[tuple[int, int], float]) -> None:
        """Take over what another process has found for the same parties."""
        self._scores.update(scores)

    def terms(self, a: int, b: int) -> Told:
        """Every term of a pair, by the two names of theirs that agree best."""
        return self._told_by(a, b, field_terms(self.parties[a], self.parties[b], self.counts))

    def _told_by(self, a: int, b: int, fields: Terms) -> Told:
        left, right = self.parties[a], self.parties[b]
        states = (
            left.states & right.states
            if left.states and right.states
            else (left.states | right.states)
        )
        best: tuple[float, Terms, str, NameDifference, tuple[NameForm, NameForm]] | None = None
        for one in left.names:
            for other in right.names:
                for terms, mark, found in name_terms(one, other, self.counts, states):
                    score = _sum(terms)
                    if best is None or score > best[0]:
                        best = (score, terms, mark, found, (one, other))
        assert best is not None
        _, terms, mark, found, names = best
        add_fields(terms, fields, mark)
        return terms, found, names

    def forbidden(self, a: int, b: int) -> bool:
        """Two valid different company numbers, or a parent and its child: never one party."""
        left, right = self.parties[a], self.parties[b]
        if left.parent_id == right.id or right.parent_id == left.id:
            return True
        if not left.tax or not right.tax:
            return False
        kinds = left.tax[0], right.tax[0]
        if "o" in kinds:
            return False
        same_kind = kinds[0] == kinds[1] or set(kinds) == {"a"}
        return same_kind and not same_company(left.tax, right.tax)

    def explain(self, a: int, b: int) -> tuple[str, ...]:
        """Why the two may be one, in words: what is shared, how names differ, what is against."""
        told = self._told.pop((a, b)) if (a, b) in self._told else self.terms(a, b)
        terms, found, names = told
        left, right = self.parties[a], self.parties[b]
        reasons = [*_shared(left, right, terms), _names(found, names, terms), *_against(terms)]
        return tuple(reason for reason in reasons if reason)


def _shared(left: Ready, right: Ready, terms: Terms) -> list[str]:
    told = {name.rstrip(KIN + OTHER) for name in terms}
    reasons = []
    if "tax" in told:
        reasons.append(f"same {_tax_words(left.tax)}")
    for name, word, ours, theirs in (
        ("phone", "phone", left.phones, right.phones),
        ("email", "e-mail", left.emails, right.emails),
        ("domain", "web domain", left.domains, right.domains),
    ):
        if name in told and (both := set(ours).intersection(theirs)):
            reasons.append(f"same {word} {min(both)}")
    if "street" in told:
        reasons.append(f"same address {left.place.number} {left.place.street}")
    if "box" in told:
        reasons.append(f"same PO box {left.place.box}")
    return reasons


def _tax_words(tax: str) -> str:
    kind, _, digits = tax.partition(":")
    if kind == "abn":
        return f"ABN {digits[:2]} {digits[2:5]} {digits[5:8]} {digits[8:]}"
    if kind == "acn":
        return f"ACN {digits[:3]} {digits[3:6]} {digits[6:]}"
    return f"{'NZBN' if kind == 'nzbn' else 'tax number'} {digits}"


def _names(found: NameDifference, names: tuple[NameForm, NameForm], terms: Terms) -> str:
    if found.is_none:
        a, b = names
        if a.legal != b.legal:
            forms = " and ".join(form.capitalize() for form in sorted({a.legal, b.legal}) if form)
            return f"name differs only by legal form ({forms})"
        if a.typed == b.typed and a.whole != b.whole:
            return "name differs only in how the legal form is written"
        trading = " as a trading name" if a.half or b.half else ""
        return f"equal name{trading}" if a.whole == b.whole else "name differs only in spelling"
    parts = []
    if "run_on" in terms:
        return f"name differs by {found.run_on} letters, spaces aside"
    parts += [f"{word}/{other}" for word, other, _, _ in found.typos]
    if found.abbreviations or found.stems:
        parts.append("an abbreviation")
    if found.joined:
        parts.append("a space")
    if found.reordered:
        parts.append("the order of words")
    if found.cut:
        parts.append("a cut-off end")
    if found.initials:
        parts.append("initials")
    parts += [f'"{word}"' for word in sorted(found.extra_left + found.extra_right)]
    return f"name differs by {', '.join(parts)}"


_AGAINST = {
    "tax_other": "but the registered numbers differ",
    "number_other": "but the registered numbers differ",
    "state_other": "but the states differ",
    "area_other": "but the area codes differ",
    "domain_other": "but the web domains differ",
    "street_other": "but the addresses differ",
    "site_other": "but the addresses differ",
    "phone_other": "but the phones differ",
    "namesakes": "but others of this name are known to be different parties",
}


def _against(terms: Terms) -> list[str]:
    return [words for name, words in _AGAINST.items() if name in terms]
