"""The time that one changed record takes among many: run by itself, with the file's path."""

import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from bot.domain.matching.incremental import DuplicateIndex
from bot.services.match_files import load_parties

_CHANGES = 100


def slowest_update(path: Path) -> float:
    """The slowest of a hundred renamed records of the file, in milliseconds of computing.

    In a process of its own, as the file's records beside the benchmark's would slow both.
    """
    command = [sys.executable, "-m", "benchmarks.matching.incremental", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _measured(path: Path, seed: int = 20261122) -> float:
    rng = random.Random(seed)
    parties = load_parties(path).records
    index = DuplicateIndex(parties)
    slowest = 0.0
    for party in rng.sample(parties, _CHANGES):
        renamed = replace(party, name=rng.choice(parties).name)
        started = time.process_time()
        index.update(renamed)
        slowest = max(slowest, time.process_time() - started)
    return round(slowest * 1000, 1)


if __name__ == "__main__":
    print(_measured(Path(sys.argv[1])))
