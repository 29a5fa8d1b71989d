"""The time that one changed record takes among many."""

import random
import time
from dataclasses import replace
from pathlib import Path

from bot.domain.matching.incremental import DuplicateIndex
from bot.services.match_files import load_parties


def slowest_update(path: Path, changes: int = 100, seed: int = 20261122) -> float:
    """The slowest of ``changes`` renamed records of the file, in milliseconds."""
    rng = random.Random(seed)
    parties = load_parties(path).records
    index = DuplicateIndex(parties)
    slowest = 0.0
    for party in rng.sample(parties, changes):
        renamed = replace(party, name=rng.choice(parties).name)
        started = time.perf_counter()
        index.update(renamed)
        slowest = max(slowest, time.perf_counter() - started)
    return round(slowest * 1000, 1)
