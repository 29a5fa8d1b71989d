"""Benchmark ``reminders``: everybody due in the same minute, against one scheduler job each.

Each part runs in a process of its own on the same PostgreSQL server; see ``part.py``.
``REMINDERS_SCALE`` (1.0) scales the number of customers.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.storage.postgres import create_database, postgres_server

WANTED = 5.0
FLAT_MB = 60
"""By how much memory may grow from a tenth of the customers to all of them: 6 kB a customer."""


def claim() -> tuple[bool, Mapping[str, Any]]:
    """Measure; True if ours is at least five times as fast and memory stays flat."""
    scale = float(os.environ.get("REMINDERS_SCALE", "1"))
    many = max(100, round(10_000 * scale))
    few = many // 10
    with postgres_server() as server:

        def run(part: str, customers: int) -> dict[str, float]:
            print(f"reminders: {part}, {customers} customers ...", file=sys.stderr)
            url = create_database(server, f"{part}-{customers}")
            return _run(part, url, customers)

        small, ours = run("rounds", few), run("rounds", many)
        theirs, empty = run("jobs", many), run("empty", many)
    ratio = ours["per_second"] / theirs["per_second"]
    growth = ours["peak_mb"] - small["peak_mb"]
    figures = {
        "customers due in the same minute": many,
        "rounds: customers a second": ours["per_second"],
        "rounds: seconds": ours["seconds"],
        "rounds: computing of the process, ms a customer": ours["computing_ms"],
        "rounds: peak memory, MB": ours["peak_mb"],
        f"rounds: peak memory with {few} customers, MB": small["peak_mb"],
        "jobs that do the same: customers a second": theirs["per_second"],
        "jobs that do the same: seconds": theirs["seconds"],
        "jobs that do the same: computing of the process, ms a customer": theirs["computing_ms"],
        "jobs that do the same: peak memory, MB": theirs["peak_mb"],
        "jobs that do nothing: customers a second": empty["per_second"],
        "jobs that do nothing: peak memory, MB": empty["peak_mb"],
        "memory that all instead of a tenth takes, MB": round(growth, 1),
        "times as fast as jobs that do nothing": round(ours["per_second"] / empty["per_second"], 2),
        "times as fast as jobs that do the same": round(ratio, 1),
    }
    return ratio >= WANTED and growth <= FLAT_MB, figures


def _run(part: str, url: str, customers: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reminders.part", part, url, str(customers)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer
