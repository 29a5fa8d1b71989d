"""Cost codes to accounts and items: what is matched beyond doubt, and what a person must decide.

In order: a mapping that a person chose; an equal number with an agreeing name; a unique equal
name. Everything else is a question. An equal number with a disagreeing name is a *conflict*: a
common default list has 03-300 for Footings where MasterFormat has 03300 for Cast-in-Place
Concrete. Suggestions never count until a person accepts them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.matching.codes import code_key, split_leading_code
from bot.domain.matching.collector import collector_paused
from bot.domain.matching.costnames import CostName, cost_name, is_generic, names_agree
from bot.domain.matching.doubts import Doubts, by_number
from bot.domain.matching.suggestions import Suggester, Suggestion
from bot.domain.matching.usability import (
    Problem,
    in_mode,
    is_cost_target,
    problem_words,
    target_label,
    target_problem,
)
from bot.domain.model import MappingMode
from bot.domain.records import CostCode, Target

__all__ = [
    "CodeMatch",
    "CostCodeReport",
    "How",
    "Problem",
    "Suggestion",
    "match_cost_codes",
]


class How(StrEnum):
    """How a cost code came to its target."""

    CHOSEN = "chosen"
    CODE = "code"
    NAME = "name"
    CONFLICT = "conflict"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """One cost code: its target or what stands in the way, in words, with suggestions."""

    code: CostCode
    target: Target | None
    how: How
    problem: Problem | None
    reason: str
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def ok(self) -> bool:
        """True only when the code has a usable target beyond doubt."""
        return self.target is not None and self.problem is None


@dataclass(frozen=True, slots=True)
class CostCodeReport:
    """Every active leaf code in the order given, and the divisions apart."""

    rows: tuple[CodeMatch, ...]
    divisions: tuple[CostCode, ...] = ()

    def _count(self, *problems: Problem) -> int:
        return sum(1 for row in self.rows if row.problem in problems)

    @property
    def total(self) -> int:
        """How many codes count."""
        return len(self.rows)

    @property
    def matched(self) -> int:
        """How many have a usable target beyond doubt."""
        return sum(1 for row in self.rows if row.ok)

    @property
    def no_target(self) -> int:
        """How many have no target at all."""
        return self._count(Problem.NO_TARGET)

    @property
    def conflicts(self) -> int:
        """How many have targets that contradict or equal each other: a person's question."""
        return self._count(Problem.CONFLICT, Problem.AMBIGUOUS)

    @property
    def inactive(self) -> int:
        """How many lead to an inactive target only."""
        return self._count(Problem.INACTIVE)

    @property
    def no_expense_account(self) -> int:
        """How many lead to an item without an expense account only."""
        return self._count(Problem.NO_EXPENSE_ACCOUNT)

    @property
    def other_unusable(self) -> int:
        """How many lead to a category, a bundle or an account of the wrong type only."""
        return self._count(Problem.CATEGORY, Problem.BUNDLE, Problem.ACCOUNT_TYPE)

    @property
    def invalid_choice(self) -> int:
        """How many were chosen by a person and lost their target since."""
        return self._count(Problem.INVALID_CHOICE)


@dataclass(frozen=True, slots=True)
class _Named:
    """A target with its names read: the name itself, and number and rest where one leads it."""

    target: Target
    names: tuple[CostName, ...]
    numbers: frozenset[str]


def _named(target: Target) -> _Named:
    leaf = target.name.rsplit(":", 1)[-1].strip()
    led, rest = split_leading_code(leaf)
    names = tuple(dict.fromkeys(cost_name(text) for text in (leaf, rest) if text))
    return _Named(target, names, frozenset({code_key(target.number), code_key(led)} - {""}))


def _code_name(code: CostCode) -> CostName:
    """The name of a code, less its own number; in "20 MPa Concrete" the number is what it is."""
    led, rest = split_leading_code(code.name)
    return cost_name(rest if led and code_key(led) == code_key(code.code) else code.name)


class _Targets:
    """The targets of one run, found by number and by name."""

    def __init__(self, targets: Sequence[Target], mode: MappingMode) -> None:
        self.by_key = {target.key: target for target in targets}
        self.mode = mode
        self.in_mode = [target for target in targets if in_mode(target, mode)]
        self._by_number: dict[str, list[_Named]] = defaultdict(list)
        self._by_name: dict[str, list[_Named]] = defaultdict(list)
        for named in sorted(map(_named, self.in_mode), key=lambda named: named.target.key):
            for number in named.numbers:
                self._by_number[number].append(named)
            for key in {key for name in named.names for key in name.keys}:
                self._by_name[key].append(named)

    def with_number(self, number: str) -> Sequence[_Named]:
        return self._by_number.get(number, ()) if number else ()

    def with_name(self, name: CostName) -> list[_Named]:
        found = {
            named.target.key: named for key in name.keys for named in self._by_name.get(key, ())
        }
        return [found[key] for key in sorted(found)]


def _usable(named: Sequence[_Named]) -> list[_Named]:
    return [each for each in named if target_problem(each.target) is None]


def _decide(code: CostCode, found: Sequence[_Named], how: How, reason: str) -> CodeMatch:
    """One usable target matches; none names what is wrong; several are a question."""
    usable = _usable(found)
    if len(usable) == 1:
        return CodeMatch(code, usable[0].target, how, None, reason)
    if usable:
        listed = " and ".join(target_label(each.target) for each in usable[:3])
        return _question(code, f"{listed} fit equally well")
    target = found[0].target
    problem = target_problem(target) or Problem.NO_TARGET
    return CodeMatch(code, target, how, problem, f"{reason}, but {problem_words(target, problem)}")


def _chosen(code: CostCode, key: str, targets: _Targets) -> CodeMatch:
    target = targets.by_key.get(key)
    if target is None:
        reason = "the target that a person chose no longer exists"
        return CodeMatch(code, None, How.CHOSEN, Problem.INVALID_CHOICE, reason)
    if not in_mode(target, targets.mode):
        reason = f"a person chose {target_label(target)}, but only {targets.mode}s are mapped now"
        return CodeMatch(code, target, How.CHOSEN, Problem.INVALID_CHOICE, reason)
    problem = target_problem(target)
    if problem is not None:
        reason = f"a person chose it, but {problem_words(target, problem)}"
        return CodeMatch(code, target, How.CHOSEN, Problem.INVALID_CHOICE, reason)
    return CodeMatch(code, target, How.CHOSEN, None, f"a person chose {target_label(target)}")


def _by_number(code: CostCode, name: CostName, targets: _Targets) -> CodeMatch | None:
    numbered = targets.with_number(code_key(code.code))
    agreeing = [each for each in numbered if any(names_agree(name, own) for own in each.names)]
    if not agreeing:
        return None
    match = _decide(code, agreeing, How.CODE, f"number {code.code} and name are equal")
    doubt = by_number(match.target) if match.ok and match.target else ""
    return _question(code, doubt) if doubt else match


def _question(code: CostCode, reason: str) -> CodeMatch:
    return CodeMatch(code, None, How.CONFLICT, Problem.AMBIGUOUS, reason)


def _by_name(
    code: CostCode, name: CostName, targets: _Targets, doubts: Doubts, repeated: bool
) -> CodeMatch | None:
    """A unique equal name. Only accounts on the cost side count without a number."""
    named = [
        each
        for each in targets.with_name(name)
        if is_cost_target(each.target) or target_problem(each.target) is not None
    ]
    if not named or is_generic(name):
        return None
    if repeated and _usable(named):
        listed = target_label(_usable(named)[0].target)
        return _question(code, f"several codes are named {code.name}; {listed} fits each of them")
    match = _decide(code, named, How.NAME, "the name is equal, and no other target has it")
    doubt = doubts.by_name(code, name, match.target) if match.ok and match.target else ""
    return _question(code, doubt) if doubt else match


def _conflict(code: CostCode, targets: _Targets) -> CodeMatch | None:
    rivals = _usable(targets.with_number(code_key(code.code)))
    if not rivals:
        return None
    reason = f"number {code.code} is {target_label(rivals[0].target)}, whose name differs"
    return CodeMatch(code, None, How.CONFLICT, Problem.CONFLICT, reason)


def _leaves(codes: Sequence[CostCode]) -> tuple[list[CostCode], tuple[CostCode, ...]]:
    parents = {f"{code.list_id}/{code.parent_id}" for code in codes if code.parent_id}
    divisions = tuple(code for code in codes if code.is_parent or code.key in parents)
    apart = {code.key for code in divisions}
    leaves = [code for code in codes if code.active is not False and code.key not in apart]
    return leaves, divisions


def _repeated_names(leaves: Sequence[CostCode], names: Sequence[CostName]) -> set[tuple[str, str]]:
    """(list, name key) of names that stand at several numbers of one list."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code, name in zip(leaves, names, strict=True):
        number = code_key(code.code)
        for key in name.keys:
            numbers[code.list_id, key].add(number)
    return {place for place, found in numbers.items() if len(found) > 1}


@collector_paused()
def match_cost_codes(
    codes: Sequence[CostCode],
    targets: Sequence[Target],
    *,
    mode: MappingMode = MappingMode.EITHER,
    choices: Mapping[str, str] | None = None,
) -> CostCodeReport:
    """Match every active leaf of ``codes`` to one of ``targets``, or say why not.

    ``choices`` maps ``CostCode.key`` to ``Target.key``: what people decided. The result does not
    depend on the order of either list; rows keep the order of ``codes``.
    """
    leaves, divisions = _leaves(codes)
    found = _Targets(targets, mode)
    names = [_code_name(code) for code in leaves]
    repeated = _repeated_names(leaves, names)
    doubts = Doubts(codes, found.in_mode)
    chosen = choices or {}
    rows: list[CodeMatch] = []
    for code, name in zip(leaves, names, strict=True):
        if chosen.get(code.key):
            rows.append(_chosen(code, chosen[code.key], found))
            continue
        twice = any((code.list_id, key) in repeated for key in name.keys)
        rows.append(
            _by_number(code, name, found)
            or _by_name(code, name, found, doubts, twice)
            or _conflict(code, found)
            or CodeMatch(
                code, None, How.NONE, Problem.NO_TARGET, "no target has this number or name"
            )
        )
    return CostCodeReport(_with_suggestions(rows, codes, found), divisions)


def _with_suggestions(
    rows: Sequence[CodeMatch], codes: Sequence[CostCode], targets: _Targets
) -> tuple[CodeMatch, ...]:
    open_rows = [row for row in rows if not row.ok]
    if not open_rows:
        return tuple(rows)
    usable = [target for target in targets.in_mode if target_problem(target) is None]
    suggester = Suggester(usable, {code.key: code for code in codes})
    found = dict(
        zip(
            (row.code.key for row in open_rows),
            suggester.suggest([row.code for row in open_rows]),
            strict=True,
        )
    )
    return tuple(
        row
        if row.ok
        else CodeMatch(row.code, row.target, row.how, row.problem, row.reason, found[row.code.key])
        for row in rows
    )
