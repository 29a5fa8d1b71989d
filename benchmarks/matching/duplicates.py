"""Duplicate detection measured: the kernel through its command, and string peers, on made data."""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.matching.data import FIELDS
from benchmarks.shared.memory import watched

Rows = list[dict[str, str]]
_RUN = "from bot.commands.match import app; app()"


@dataclass(frozen=True)
class Used:
    """What a process took: seconds by the clock and of computing, and its largest size in MB.

    A second process that it starts counts with it, and what both share counts once.
    """

    seconds: float
    computing: float
    megabytes: float


@dataclass(frozen=True)
class Outcome:
    """One run over one set."""

    sure_precision: float
    sure_recall: float
    likely_f1: float
    used: Used
    mixed_abns: int
    each: Sequence[float]
    """Seconds of every turn."""


def pairs_of(groups: Iterable[Sequence[str]]) -> set[tuple[str, str]]:
    """Every pair within a group, ids sorted."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def true_pairs(rows: Rows, clusters: Sequence[int]) -> set[tuple[str, str]]:
    """Every pair of rows of one cluster."""
    groups: dict[int, list[str]] = {}
    for row, cluster in zip(rows, clusters, strict=True):
        groups.setdefault(cluster, []).append(row["id"])
    return pairs_of(groups.values())


def precision_recall_f1(
    found: set[tuple[str, str]], true: set[tuple[str, str]]
) -> tuple[float, float, float]:
    """Pairwise."""
    both = len(found & true)
    precision = both / len(found) if found else 1.0
    recall = both / len(true) if true else 1.0
    return precision, recall, 2 * both / max(len(found) + len(true), 1)


def write(path: Path, rows: Rows) -> None:
    """The rows without their clusters."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows)


def waited(child: subprocess.Popen[bytes], name: str) -> Used:
    """Wait for a process that has just been started.

    Raises:
        RuntimeError: it failed.
    """
    started = time.perf_counter()
    with watched(child.pid, each=0.2) as looks:
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{name} failed with exit code {child.returncode}")
    # One process alone keeps its own account, to the byte.
    together = [sum(look) for look in looks if len(look) > 1]
    megabytes = max(*together, used.ru_maxrss / 1024, 0.0)
    return Used(seconds, used.ru_utime + used.ru_stime, megabytes)


def run_command(path: Path) -> tuple[dict[str, list[dict[str, Any]]], Used]:
    """``onboard match duplicates PATH --json`` in its own process: the answer and what it took."""
    output = path.with_suffix(".json")
    with output.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-c", _RUN, "duplicates", str(path), "--json"], stdout=out
        )
        used = waited(child, f"the command on {path.name}")
    return json.loads(output.read_text(encoding="utf-8")), used


def measure(path: Path, rows: Rows, clusters: Sequence[int], turns: int = 1) -> Outcome:
    """The kernel at its shipped setting, from the CSV file to the JSON answer; the quickest turn.

    What else the machine does can only add to the time of a short run.
    """
    write(path, rows)
    runs = [run_command(path) for _ in range(turns)]
    answer, used = min(runs, key=lambda run: run[1].seconds)
    if any(other != answer for other, _ in runs):
        raise RuntimeError(f"the command gave two answers about {path.name}")
    true = true_pairs(rows, clusters)
    numbers = {row["id"]: row["abn"].replace(" ", "") for row in rows}
    groups = {
        band: [group["ids"] for group in answer["groups"] if group["band"] in band]
        for band in (("sure",), ("sure", "likely"))
    }
    precision, recall, _ = precision_recall_f1(pairs_of(groups["sure",]), true)
    f1 = precision_recall_f1(pairs_of(groups["sure", "likely"]), true)[2]
    mixed = _mixed(groups["sure", "likely"], numbers)
    return Outcome(precision, recall, f1, used, mixed, [one.seconds for _, one in runs])


def _mixed(groups: Iterable[Sequence[str]], numbers: dict[str, str]) -> int:
    """Groups that hold two valid different ABNs."""
    from bot.domain.matching.identifiers import is_abn

    return sum(
        len({number for each in ids if is_abn(number := numbers[each])}) > 1 for ids in groups
    )


def closed(pairs: Iterable[tuple[int, int]], ids: Sequence[str]) -> set[tuple[str, str]]:
    """Pairs after closure: what acting on every pair would merge."""
    parent = list(range(len(ids)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for a, b in pairs:
        parent[root(a)] = root(b)
    groups: dict[int, list[str]] = {}
    for place, each in enumerate(ids):
        groups.setdefault(root(place), []).append(each)
    return pairs_of(group for group in groups.values() if len(group) <= 500)


def best_f1(
    scored: list[tuple[float, int, int]], rows: Rows, clusters: Sequence[int], cuts: Iterable[float]
) -> float:
    """The best F1 over all thresholds, chosen with the truth in hand."""
    ids = [row["id"] for row in rows]
    true = true_pairs(rows, clusters)
    return max(
        precision_recall_f1(closed(((a, b) for s, a, b in scored if s >= cut), ids), true)[2]
        for cut in cuts
    )


def ratio_peer(rows: Rows, clusters: Sequence[int]) -> float:
    """WRatio of rapidfuzz over all pairs of names: F1 at the best threshold."""
    import numpy as np
    from rapidfuzz import fuzz, process

    names = [row["name"].lower() for row in rows]
    scores = process.cdist(names, names, scorer=fuzz.WRatio, score_cutoff=80, dtype=np.uint8)
    places = np.argwhere(np.triu(scores, 1))
    scored = [(float(scores[a, b]), int(a), int(b)) for a, b in places]
    return best_f1(scored, rows, clusters, (84, 87, 90, 92, 94, 95, 96, 97, 98, 99))


def triples_peer(rows: Rows, clusters: Sequence[int]) -> float:
    """TF-IDF over letter triples of names, cosine: F1 at the best threshold."""
    return best_f1(list(_cosines(rows)), rows, clusters, [cut / 100 for cut in range(50, 100, 4)])


def _cosines(rows: Rows) -> Iterator[tuple[float, int, int]]:
    import numpy as np

    from bot.domain.matching.candidates import triples
    from bot.domain.matching.products import Held, shared

    owner, code = triples([row["name"].lower() for row in rows])
    kinds, column, counted = np.unique(code, return_inverse=True, return_counts=True)
    weight = np.log(len(rows) / counted)[column] + 1
    norm = np.sqrt(np.bincount(owner, weight**2, minlength=len(rows)))
    value = weight / norm[owner]
    held = Held.of(owner.astype(np.int64), column, value, len(kinds))
    begin, end = held.starts[column], held.starts[column + 1]
    for row, other, score in shared(owner.astype(np.int64), value, begin, end, held, 0.5):
        later = other > row
        triple = (score[later], row[later], other[later])
        yield from zip(*(part.tolist() for part in triple), strict=True)
