"""Splink in an environment of its own, timed on the same file as the kernel."""

import csv
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.matching.duplicates import Rows, Used, best_f1, waited

_PROGRAM = Path(__file__).with_name("splink_peer.py")
_CUTS = (0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999)


@dataclass(frozen=True)
class Peer:
    """One run of splink: F1 at the best threshold, chosen with the truth in hand."""

    f1: float
    used: Used


def splink_python() -> str | None:
    """The Python that has splink: this one, or the one that ``SPLINK_PYTHON`` names."""
    if importlib.util.find_spec("splink"):
        return sys.executable
    return os.environ.get("SPLINK_PYTHON") or None


def splink(python: str, path: Path, rows: Rows, clusters: Sequence[int]) -> Peer:
    """Splink over the file at ``path``, which holds ``rows``.

    Raises:
        RuntimeError: it failed.
    """
    place = {row["id"]: number for number, row in enumerate(rows)}
    with tempfile.TemporaryDirectory() as folder:
        pairs = Path(folder) / "pairs.csv"
        child = subprocess.Popen(
            [python, str(_PROGRAM), str(path), str(pairs)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        used = waited(child, "splink")
        with pairs.open(newline="", encoding="utf-8") as file:
            scored = [(float(p), place[a], place[b]) for a, b, p in csv.reader(file)]
    return Peer(best_f1(scored, rows, clusters, _CUTS), used)
