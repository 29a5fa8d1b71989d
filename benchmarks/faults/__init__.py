"""``make claim NAME=faults``: no fault ever makes a wrong verdict. See README.md beside this."""

import asyncio
import multiprocessing
import resource
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from benchmarks.faults import matrix, worlds
from benchmarks.faults.kinds import KINDS, TOKEN_KINDS
from benchmarks.faults.matrix import Judged

_PROCESSES = 2
_SHOWN = 10
_MOST_SECONDS = 300


def measure(name: str, every: int = 1) -> tuple[list[Judged], set[str]]:
    """The judged cells of one of the worlds; of a slice's world the bulk is left out."""
    return asyncio.run(matrix.run(name, worlds.make(name, thin=every > 1), every))


def claim() -> tuple[bool, dict[str, Any]]:
    """Whether no verdict is wrong, and the counts, the one that matters last."""
    started = time.monotonic()
    # The slowest comes first, so that the other process has the rest.
    names = sorted(worlds.MADE, key=lambda name: not worlds.MADE[name].generated)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_PROCESSES, context) as pool:
        found = list(pool.map(measure, names))
    seconds = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # What an idle machine would need: other work on the same cores is none of this claim's.
    alone = (used.ru_utime + used.ru_stime) / _PROCESSES
    judged = [one for cells, _ in found for one in cells]
    wrong = [one for one in judged if one.wrong]
    for one in wrong[:_SHOWN]:
        print(f"WRONG {one.case}: {one.wrong}")
    figures = {
        f"cases in {name}": len(cells) for name, (cells, _) in zip(names, found, strict=True)
    }
    asked = {one for _, endpoints in found for one in endpoints}
    tokens = {one for one in asked if matrix.renews(one)}
    figures |= {
        "read endpoints": len(asked) - len(tokens),
        "token endpoints": len(tokens),
        "faults": len(KINDS) + len(TOKEN_KINDS),
        "requirements": len({one.case.requirement for one in judged}),
        "cases": len(judged),
        "of them verdict as without the fault": _count(judged, unknown=False),
        "of them unknown": _count(judged, unknown=True),
    }
    shown: dict[str, Any] = {
        **figures,
        "seconds": round(seconds, 1),
        "seconds of two cores": round(alone, 1),
        "wrong verdicts": len(wrong),
    }
    return not wrong and alone < _MOST_SECONDS, shown


def _count(judged: Sequence[Judged], *, unknown: bool) -> int:
    return sum(one.unknown is unknown and not one.wrong for one in judged)
