"""Benchmark ``reads``: a whole check of a large company whose systems are 200 ms away.

The company is the demo world's ``darwin``: 20,000 vendors, 2,000 cost codes, 8,000 customers with
4,000 jobs, 1,500 accounts. Three processes: the stand-ins (see ``distance.py``), the bot with its
real database and checks (``ours.py``), and the readers that it is compared with (``plain.py``).

The *floor* is when the last answer could have been there (``floor.py``), with the calls that were
counted in this very run; Procore and QuickBooks are read side by side, so the later of the two
counts. Of the limits QuickBooks' ten requests a second is the one that decides: twenty calls take
their second wave one second after the first, however quick anybody is.

``READS_PYTHON`` names an interpreter that has python-quickbooks and intuit-oauth; without it
QuickBooks is read by a plain loop for comparison, which is quicker than that client.
``READS_RUNS`` (5) is how often the check is made; the quickest counts, because whatever else the
machine does can only add.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.reads.company import LATENCY
from benchmarks.reads.floor import seconds
from benchmarks.shared.parts import line_of, part, tell
from integrations.procore.dialect import ProcoreDialect
from integrations.qbo.dialect import QboDialect

RUNS = int(os.environ.get("READS_RUNS", "5"))
RATIO, TIMES, MEMORY_MB, BUSY_MS = 1.25, 4.0, 300, 50


def claim() -> tuple[bool, Mapping[str, Any]]:
    """Measure; True if the four promises hold."""
    with part("benchmarks.reads.stand_ins") as there, TemporaryDirectory() as folder:
        places = json.loads(line_of(there))
        with part("benchmarks.reads.ours", folder) as bot:
            tell(bot, json.dumps(places))
            _asked(bot, there, "full")  # Whoever is asked for the first time has work to do.
            runs = [_asked(bot, there, "full") for _ in range(RUNS)]
            again = _asked(bot, there, "again")
        theirs = {name: _compared(name, places[name]) for name in ("procore", "qbo")}
    best = min(runs, key=lambda one: one["read_seconds"])
    least = floor(best["asked"])
    ratio = best["read_seconds"] / least
    sequential = sum(one["seconds"] for one in theirs.values())
    times = sequential / best["read_seconds"]
    peak = max(one["peak_mb"] for one in [*runs, again])
    busy = max(one["busy_ms"] for one in runs)
    figures = {
        "calls of a full check, Procore and QuickBooks": counts(best["asked"]),
        "at most under way at once": list(best["most"].values()),
        "floor of who knows all there is to ask beforehand, seconds": round(
            floor(best["asked"], guessing=True), 2
        ),
        "floor, seconds": round(least, 2),
        "reading, seconds (quickest of the runs)": round(best["read_seconds"], 2),
        "reading, seconds (all runs)": [round(one["read_seconds"], 2) for one in runs],
        "whole check with judging and storing, seconds": round(best["check_seconds"], 2),
        "processor time of the bot's process, seconds": round(best["cpu_seconds"], 2),
        "check again: calls": counts(again["asked"]),
        "check again: reading, seconds": round(again["read_seconds"], 2),
        "one after the other: calls": " + ".join(str(one["calls"]) for one in theirs.values()),
        "one after the other: QuickBooks by": theirs["qbo"]["by"],
        "one after the other, seconds": round(sequential, 2),
        "loop kept from a beat by the clock, ms (longest of each run)": [
            round(one["late_ms"]) for one in runs
        ],
        "peak memory of the bot's process, MB": round(peak),
        "loop kept busy without a pause, ms": round(busy),
        "times as fast as one after the other": round(times, 1),
        "reading as a ratio to the floor": round(ratio, 2),
    }
    holds = ratio <= RATIO and times >= TIMES and peak <= MEMORY_MB and busy <= BUSY_MS
    return holds, figures


def floor(asked: Mapping[str, Sequence[str]], *, guessing: bool = False) -> float:
    """The floor in seconds; see ``floor.py``."""
    limits = {"procore": ProcoreDialect.limits, "qbo": QboDialect.limits}
    return max(
        seconds(asked[name], one, LATENCY, guessing=guessing) for name, one in limits.items()
    )


def counts(asked: Mapping[str, Sequence[str]]) -> str:
    """How many calls, of both systems."""
    return " + ".join(str(len(asked[name])) for name in ("procore", "qbo"))


def _asked(
    bot: "subprocess.Popen[str]", there: "subprocess.Popen[str]", what: str
) -> dict[str, Any]:
    """One check, and what it asked of the stand-ins."""
    print(f"reads: {what} check ...", file=sys.stderr)
    tell(there, "")
    line_of(there)
    tell(bot, what)
    found: dict[str, Any] = json.loads(line_of(bot))
    tell(there, "")
    counted = json.loads(line_of(there))
    for key in ("asked", "most"):
        found[key] = {name: one[key] for name, one in counted.items()}
    return found


def _compared(name: str, place: Mapping[str, Any]) -> dict[str, Any]:
    """The second of two readings one call after the other: the first one warms the stand-in up."""
    python = os.environ.get("READS_PYTHON", sys.executable)
    answers = []
    for _ in range(2):
        print(f"reads: {name}, one call after the other ...", file=sys.stderr)
        done = subprocess.run(
            [python, "-I", str(Path(__file__).parent / "plain.py"), name],
            input=json.dumps(place),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OAUTHLIB_INSECURE_TRANSPORT": "1"},
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        answers.append(json.loads(done.stdout))
    found: dict[str, Any] = answers[-1]
    return found
