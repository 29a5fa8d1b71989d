"""How two names differ, as counted differences."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise, permutations

from rapidfuzz.distance import OSA

from bot.domain.matching.lexicon import words
from bot.domain.matching.names import NameForm, word_class
from bot.domain.matching.spelling import trade_words

_STEM_ENDINGS = (
    "ings", "ions", "ies", "ing", "ers", "ors", "ion", "er", "or", "es", "al", "ed", "s", "e", "y"
)  # fmt: skip
_KNOWN = frozenset({"trade", "loose", "sister"})
_LONGEST = 12
"""Words of a name that are compared one by one; a longer name is compared by its first words."""


@dataclass(slots=True)
class NameDifference:
    """Each kind of difference; all empty means equal names.

    ``typos`` holds (word, other word, edits, soft), soft for a swap of neighbours or a doubled
    letter. ``tail`` says that the one extra word ends its name. ``run_on`` are the edits between
    the names run together, where only that makes them near.
    """

    typos: list[tuple[str, str, int, bool]] = field(default_factory=list)
    abbreviations: int = 0
    stems: int = 0
    joined: int = 0
    reordered: int = 0
    cut: int = 0
    initials: int = 0
    run_on: int = 0
    shared: list[str] = field(default_factory=list)
    extra_left: list[str] = field(default_factory=list)
    extra_right: list[str] = field(default_factory=list)
    tail: bool = False

    @property
    def is_none(self) -> bool:
        """Whether the names are equal."""
        return not (
            self.typos or self.abbreviations or self.stems or self.joined or self.reordered
            or self.cut or self.initials or self.run_on or self.extra_left or self.extra_right
        )  # fmt: skip


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    for ending in _STEM_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _same_root(word: str, other: str) -> bool:
    """``consultants`` and ``consultation``: long words that begin alike."""
    longest = max(len(word), len(other))
    root = max(5, -(-longest * 3 // 5))
    return len(word) >= root <= len(other) and word[:root] == other[:root]


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def _abbreviates(short: str, long: str) -> bool:
    """``constr`` or ``cln`` for a longer word of the trade with the same first letter."""
    if len(short) < 2 or len(long) - len(short) < 2 or short[0] != long[0]:
        return False
    if word_class(long) not in _KNOWN or word_class(short) in _KNOWN:
        return False
    return long.startswith(short) or (len(short) >= 3 and _is_subsequence(short, long))


def is_word(word: str) -> bool:
    """Whether a word means something by itself, so that it is no other word misspelt."""
    return word_class(word) != "rare" or word in words("party_words.txt")


def are_surnames(word: str, other: str) -> bool:
    """Whether both are common surnames: Clark is no misspelt Clarke."""
    return {word, other} <= words("party_surnames.txt")


def _edits_allowed(word: str, other: str) -> int:
    longest = max(len(word), len(other))
    if longest <= 3:
        return 1 if longest == 3 else 0
    return 1 if longest <= 7 else 2 if longest <= 10 else 3


@lru_cache(maxsize=16384)
def _head(word: str) -> tuple[str, str]:
    """``jjcearthmoving`` → (``jjc``, ``earthmoving``): a word before a trade word run into it."""
    for at in range(1, len(word) - 4):
        if word[at:] in trade_words():
            return word[:at], word[at:]
    return word, ""


def _edits(word: str, other: str) -> int | None:
    """The edits between two words; None where they are too many for typing errors.

    Where both end in the same trade, only what stands before it tells: JJC is not JP Earthmoving.
    """
    limit = _edits_allowed(word, other)
    edits = OSA.distance(word, other, score_cutoff=limit)
    if edits > limit:
        return None
    (head, trade), (other_head, other_trade) = _head(word), _head(other)
    if trade and trade == other_trade and edits > _edits_allowed(head, other_head):
        return None
    return edits


def _is_soft(word: str, other: str) -> bool:
    """Letters swapped or doubled: how fingers err, and hardly how two names differ."""
    if len(word) == len(other):
        return sorted(word) == sorted(other)
    return _undoubled(word) == _undoubled(other)


_KEYS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUNDS = ("aeiouy", "ckqsxz", "dt", "fpv", "bp", "gj", "mn", "uvw", "l1i", "o0", "lr")


def is_slip(word: str, other: str) -> bool:
    """Whether a finger, an ear or a scanner takes one word for the other.

    Always where letters are swapped, lost or doubled; where one letter stands for another, only
    when it is the key beside or sounds or looks alike: Novatel is no misspelt Novatec.
    """
    if len(word) != len(other):
        return True
    wrong = [(a, b) for a, b in zip(word, other, strict=True) if a != b]
    return len(wrong) != 1 or wrong[0] in _slips()


@cache
def _slips() -> frozenset[tuple[str, str]]:
    told = {pair for sounds in _SOUNDS for pair in permutations(sounds, 2)}
    for row in _KEYS:
        told.update(pairwise(row))
    for above, below in pairwise(_KEYS):
        for place, letter in enumerate(below):
            told.update((key, letter) for key in above[place : place + 2])
    return frozenset(told | {(b, a) for a, b in told})


def _undoubled(word: str) -> str:
    return word[:1] + "".join(b for a, b in pairwise(word) if a != b)


@lru_cache(maxsize=32768)
def _likeness(
    word: str, written: str, other: str, other_written: str
) -> tuple[int, int, bool] | None:
    """(edits, kind, soft): kind 0 same stem, 1 abbreviation, 2 typing error; None if unlike."""
    if abs(len(written) - len(other_written)) > 3 and word[0] != other[0]:
        return None
    same = _stem(word) == _stem(other) or _stem(written) == _stem(other_written)
    if same and not are_surnames(word, other):
        return 0, 0, False
    if _same_root(written, other_written) and (word_class(word) in _KNOWN):
        return 0, 0, False
    if word.isdecimal() or other.isdecimal():
        return None
    if is_word(word) and is_word(other):
        return None  # Northwest and northeast, printing and painting: neither is misspelt.
    if _abbreviates(written, other) or _abbreviates(other_written, word):
        return 1, 1, False
    for one, another in ((written, other_written), (word, other)):
        edits = _edits(one, another)
        if edits is not None:
            return edits, 2, _is_soft(one, another)
    return None


_Words = list[tuple[str, str]]


def _pair_off(left: _Words, right: _Words, found: NameDifference) -> None:
    """Match what is left over, word by word, nearest first."""
    options: list[tuple[int, int, int, int, bool]] = []
    for i, (word, written) in enumerate(left):
        for j, (other, other_written) in enumerate(right):
            like = _likeness(word, written, other, other_written)
            if like is not None:
                edits, kind, soft = like
                options.append((edits, kind, i, j, soft))
    used_left: set[int] = set()
    used_right: set[int] = set()
    for edits, kind, i, j, soft in sorted(options):
        if i in used_left or j in used_right:
            continue
        used_left.add(i)
        used_right.add(j)
        first, second = sorted((left[i][0], right[j][0]))
        if kind == 2:
            found.typos.append((first, second, edits, soft))
        else:
            found.stems += kind == 0
            found.abbreviations += kind == 1
            found.shared.append(first if len(first) >= len(second) else second)
    left[:] = [pair for i, pair in enumerate(left) if i not in used_left]
    right[:] = [pair for j, pair in enumerate(right) if j not in used_right]


def _join(left: _Words, right: _Words, found: NameDifference) -> None:
    """A space lost or won: two neighbours on the left that make one word of the right."""
    place = 0
    while place + 1 < len(left):
        first, second = left[place], left[place + 1]
        together = (first[0] + second[0], first[1] + second[1])
        most = 3 if min(len(first[1]), len(second[1])) > 3 else 1  # TLC is no misspelt GC.
        match = next((other for other in right if _same_run(together, other, most)), None)
        if match is None:
            place += 1
            continue
        edits = OSA.distance(together[1], match[1], score_cutoff=3)
        if edits > 1 and together[0] != match[0]:
            one, other = sorted((together[1], match[1]))
            found.typos.append((one, other, edits, False))
        right.remove(match)
        del left[place : place + 2]
        found.joined += 1
        found.shared += [first[0], second[0]]


def _same_run(word: tuple[str, str], other: tuple[str, str], most: int) -> bool:
    if word[0] == other[0] or word[1] == other[1]:
        return True
    shortest = min(len(word[1]), len(other[1]))
    if shortest < 8 or word_class(other[0]) in _KNOWN:
        return False  # Water Roofing is another trade than Waterproofing.
    limit = min(shortest // 6, most)
    return OSA.distance(word[1], other[1], score_cutoff=limit) <= limit


def _cut_end(a: NameForm, b: NameForm, left: _Words, right: _Words, found: NameDifference) -> None:
    """A name cut by its field's length begins the other as it was written."""
    for form, whole, own, other in ((a, b, left, right), (b, a, right, left)):
        if not form.cut or len(form.whole) >= len(whole.whole):
            continue
        told = {word_class(word) for word, _ in other}
        if whole.whole.startswith(form.whole) and not told & {"sister", "place", "number"}:
            own.clear()
            other.clear()
            found.cut = 1


def _initials(left: _Words, right: _Words, found: NameDifference) -> None:
    """``smc`` for ``smith mason construction``, or ``j`` for ``john``."""
    for own, other in ((left, right), (right, left)):
        if len(own) == 1 and other and own[0][0] == "".join(word[0] for word, _ in other):
            own.clear()
            other.clear()
            found.initials = 1


def _run_on(a: NameForm, b: NameForm) -> int:
    """Edits between the names run together, 0 where they are too far apart for typing errors."""
    shortest = min(len(a.full), len(b.full))
    limit = min(shortest // 6, 4)
    if limit < 1 or abs(len(a.full) - len(b.full)) > limit:
        return 0
    edits = OSA.distance(a.full, b.full, score_cutoff=limit)
    return edits if edits <= limit and _digits(a.full) == _digits(b.full) else 0


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())


def _leave(words: Sequence[str], written: Sequence[str], taken: Sequence[str]) -> _Words:
    """The words that are not in ``taken``, each as often as it stands more often."""
    rest = list(taken)
    left: _Words = []
    for pair in zip(words, written, strict=False):
        if pair[0] in rest:
            rest.remove(pair[0])
        else:
            left.append(pair)
    return left


def _rest(words: Sequence[str], gone: list[str]) -> list[str]:
    """The words less those ``gone``, each as often as it stands there."""
    rest = []
    for word in words:
        if word in gone:
            gone.remove(word)
        else:
            rest.append(word)
    return rest


def compare_names(a: NameForm, b: NameForm) -> NameDifference:
    """What differs between two names, the same whichever comes first."""
    found = NameDifference()
    if a.words == b.words:
        found.shared = list(a.words[:_LONGEST])
        return found
    ours, theirs = a.words[:_LONGEST], b.words[:_LONGEST]
    left = _leave(ours, a.written, theirs)
    right = _leave(theirs, b.written, ours)
    found.shared = _rest(ours, [word for word, _ in left])
    if not left and not right:
        found.reordered = 1
        return found
    if a.squash == b.squash or a.typed == b.typed or a.full == b.full:
        found.joined = 1
        found.shared = list(a.words if len(a.words) >= len(b.words) else b.words)
        return found
    if left and right:
        _join(left, right, found)
        _join(right, left, found)
    if left and right:
        _pair_off(left, right, found)
    if left or right:
        _cut_end(a, b, left, right, found)
    _initials(left, right, found)
    if left or right:
        found.run_on = _run_on(a, b)
    found.extra_left = [word for word, _ in left]
    found.extra_right = [word for word, _ in right]
    found.tail = not (left and right) and [*left, *right][-1:] in (
        [(a.words[-1], a.written[-1])],
        [(b.words[-1], b.written[-1])],
    )
    return found
