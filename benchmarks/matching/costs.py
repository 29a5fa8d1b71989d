"""Cost-code matching measured on the labelled lists, and its speed on made ones."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass

from benchmarks.matching.demo_worlds import demo_worlds, right_in_world
from benchmarks.matching.labelled import charts, code_lists, right_targets
from bot.domain.matching.costcodes import CodeMatch, match_cost_codes
from bot.domain.matching.search import TargetIndex
from bot.domain.records import CostCode, Target, TargetKind
from bot.services.matching import is_above_the_line

STAGES = [f"Stage {number}" for number in range(1, 40)] + ["North", "South", "Podium"]


@dataclass
class Counts:
    """What was asked and what was right."""

    asked: int = 0
    first: int = 0
    three: int = 0
    automatic: int = 0
    wrong: int = 0
    above: int = 0
    above_right: int = 0


def _count(counts: Counts, row: CodeMatch, right: Collection[str]) -> None:
    """Add what is said of one code; ``right`` are the keys of the targets that take it."""
    shown = [each.target.key for each in row.suggestions]
    if row.ok and row.target:
        shown = [row.target.key]
        counts.automatic += 1
        counts.wrong += row.target.key not in right
    elif is_above_the_line(row):
        counts.above += 1
        counts.above_right += shown[0] in right
    if right:
        counts.asked += 1
        counts.first += bool(shown) and shown[0] in right
        counts.three += not set(right).isdisjoint(shown)


def labelled() -> Counts:
    """Every list against every chart, with and without account numbers.

    A code counts as asked where the chart has an equivalent; an automatic match to anything else
    is wrong. ``above`` counts the suggestions that people may take all at once.
    """
    counts = Counts()
    for codes in code_lists().values():
        labels = {each.record.key: each.label for each in codes}
        records = [each.record for each in codes if isinstance(each.record, CostCode)]
        for numbered in (True, False):
            for chart in charts(numbered=numbered).values():
                targets = [each.record for each in chart if isinstance(each.record, Target)]
                for row in match_cost_codes(records, targets).rows:
                    _count(counts, row, right_targets(labels[row.code.key], chart))
    return counts


def in_demo_worlds() -> dict[str, tuple[Counts, Counts]]:
    """Each demo world by name: every code, and those that nothing is matched to by itself."""
    found = {}
    for name, world in demo_worlds().items():
        every, still_open = Counts(), Counts()
        named = {each.key: each.full_name for each in world.targets}
        for row in match_cost_codes(world.codes, world.targets).rows:
            takes = right_in_world(name, row.code)
            right = [key for key, full_name in named.items() if full_name in takes]
            _count(every, row, right)
            if not row.ok:
                _count(still_open, row, right)
        found[name] = (every, still_open)
    return found


def seconds(size: int = 5_000, seed: int = 20261122) -> tuple[float, float]:
    """The time for ``size`` codes against ``size`` accounts with made names; of computing too."""
    rng = random.Random(seed)
    names = [each.record.name for codes in code_lists().values() for each in codes]
    codes = [
        CostCode(
            str(n),
            "1",
            f"{n // 100:02}-{n % 100 * 10:04}",
            f"{rng.choice(names)} {rng.choice(STAGES)}",
        )
        for n in range(size)
    ]
    targets = made_targets(size, rng)
    started, computing = time.perf_counter(), time.process_time()
    match_cost_codes(codes, targets)
    return time.perf_counter() - started, time.process_time() - computing


def seconds_alone() -> tuple[float, float]:
    """``seconds`` in a process that has matched the labelled lists and none of these names."""
    command = [sys.executable, "-m", "benchmarks.matching.once"]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    seconds, computing = json.loads(told.stdout)
    return seconds, computing


def made_targets(size: int, rng: random.Random) -> list[Target]:
    """Accounts with made names and their own numbers."""
    accounts = [each.record.name for chart in charts().values() for each in chart]
    return [
        Target(
            TargetKind.ACCOUNT,
            str(n),
            f"{rng.choice(accounts)} {rng.choice(STAGES)}",
            number=str(5_000 + n),
            type="Expense",
        )
        for n in range(size)
    ]


def slowest_search(size: int = 5_000, seed: int = 20261122) -> float:
    """Seconds of computing for the slowest answer while somebody types any of 100 names.

    The first answer counts too: it loads the library.
    """
    rng = random.Random(seed)
    targets = made_targets(size, rng)
    index = TargetIndex(targets)
    typed = ["", "5", "acount of thng", "a " * 60]
    typed += [one.name[: rng.randint(1, len(one.name))] for one in rng.sample(targets, 100)]
    slowest = 0.0
    for text in typed:
        started = time.process_time()
        index.search(text)
        slowest = max(slowest, time.process_time() - started)
    return slowest
