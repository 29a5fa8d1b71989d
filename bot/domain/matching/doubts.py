"""Why a name that is equal, and that no other target has, may still be another cost.

A match by name alone must be beyond doubt. Where a code or an account stands says what it is as
much as its name does: the fixtures under Plumbing are not those of the electrician, and what is
cleaned under Office is no building site.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.matching.costnames import CostName, cost_name
from bot.domain.matching.lexicon import classes
from bot.domain.matching.trades import meaning_of
from bot.domain.matching.usability import is_cost_target, target_label
from bot.domain.records import CostCode, Target


def _path(target: Target) -> str:
    """What a target stands under, outermost first; "" where nothing is above it."""
    return target.full_name.rpartition(":")[0]


def _telling(path: str) -> frozenset[str]:
    """The words of a path that say more than "Job Costs" and "Cost of Goods Sold" do."""
    heads = classes("cost_heads.txt")
    return frozenset(w for w in cost_name(path).bag if "other" not in heads.get(w, ()))


def _trades(names: Sequence[str]) -> frozenset[str]:
    return frozenset(trade for name in names for trade in meaning_of(name, "").trades)


def _named_trades(path: str) -> frozenset[str]:
    """The trades that the parts of a path are called by: an office may be cleaned, but is none."""
    return frozenset(trade for part in path.split(":") for trade in meaning_of(part, "").general)


class Doubts:
    """What stands above and below the codes and targets of one run."""

    def __init__(self, codes: Sequence[CostCode], targets: Sequence[Target]) -> None:
        self._codes = {code.key: code for code in codes}
        self._heads: set[str] = set()
        for target in targets:
            if target.active and target.parent_id:
                self._heads.add(f"{target.kind}/{target.parent_id}")
            if target.active and _path(target):
                self._heads.add(f"{target.kind} {_path(target)}")
        self._divisions: Mapping[tuple[str, str], list[CostCode]] = self._named_divisions(codes)

    def _named_divisions(
        self, codes: Sequence[CostCode]
    ) -> Mapping[tuple[str, str], list[CostCode]]:
        parents = {f"{code.list_id}/{code.parent_id}" for code in codes if code.parent_id}
        named: dict[tuple[str, str], list[CostCode]] = defaultdict(list)
        for code in codes:
            if code.is_parent or code.key in parents:
                for key in cost_name(code.name).keys:
                    named[code.list_id, key].append(code)
        return named

    def _above(self, code: CostCode) -> list[CostCode]:
        """The codes that ``code`` stands under, nearest first."""
        found: list[CostCode] = []
        above = self._codes.get(f"{code.list_id}/{code.parent_id}") if code.parent_id else None
        while above is not None and above not in found:
            found.append(above)
            above = self._codes.get(f"{above.list_id}/{above.parent_id}")
        return found

    def by_name(self, code: CostCode, name: CostName, target: Target) -> str:
        """Why ``target``, whose name is that of ``code``, may be another cost; "" for no doubt."""
        return next(self._reasons(code, name, target), "")

    def _reasons(self, code: CostCode, name: CostName, target: Target) -> Iterator[str]:
        label = f"{target_label(target)} has this name"
        above = self._above(code)
        if {target.key, f"{target.kind} {target.full_name or target.name}"} & self._heads:
            yield f"{label}, but others stand under it"
        for key in sorted(name.keys):
            for division in self._divisions.get((code.list_id, key), ()):
                if division not in above:
                    yield f"{label}, but so has division {division.code}"
        names = [code.name, *(each.name for each in above)]
        setting = _trades(names[1:]) or _trades(names)
        path = _path(target)
        if told := _telling(path):
            same = any(not told.isdisjoint(cost_name(each).bag) for each in names)
            if not same and _named_trades(path).isdisjoint(setting):
                yield f"{label}, but stands under {path}"
        elif _is_elsewhere(target, setting):
            yield f"{label}, but the code stands under {names[1] if above else code.name}"


def _is_elsewhere(target: Target, setting: frozenset[str]) -> bool:
    """Whether the target is named after a trade that is none of those around the code."""
    meaning = meaning_of(target.name, "")
    return bool(meaning.general and setting) and meaning.trades.isdisjoint(setting)


def by_number(target: Target) -> str:
    """Why a target of a code's number and name may be none for a cost; "" for no doubt."""
    if is_cost_target(target):
        return ""
    return f"{target_label(target)} has this number and name, but is of type {target.type}"
