"""What goes to the matching process arrives as it was, and is written down in stretches."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.facets import ACCOUNTS, COST_CODES, VENDORS
from bot.domain.model import Failed, Present, Snapshot
from bot.domain.records import (
    Accounts,
    Address,
    CostCode,
    CostCodeList,
    CostCodes,
    Party,
    Target,
    TargetKind,
)
from bot.heavy import BEHIND, LARGE, STRETCH, Judge, dumped, loaded
from bot.services.way import Way

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def large() -> Snapshot:
    """Lists of three shapes, each of more than one stretch, and something that is no list."""
    several = range(2 * STRETCH + 1)
    parties = [Party(str(n), f"Vendor {n}", address=Address(f"{n} Pitt St")) for n in several]
    codes = tuple(CostCode(str(n), "1", f"{n}", f"Code {n}", active=None) for n in several)
    targets = tuple(Target(TargetKind.ACCOUNT, str(n), f"Account {n}") for n in several)
    return Snapshot(
        {
            VENDORS.name: Present(tuple(parties), NOW, "all"),
            COST_CODES.name: Present(CostCodes((CostCodeList("1", "Standard"),), codes), NOW),
            ACCOUNTS.name: Present(Accounts(targets, numbering_on=True), NOW),
        }
    )


class Counting(Way):
    """Counts how often way was given."""

    given_ = 0

    async def give(self) -> None:
        self.given_ += 1


async def test_what_is_dumped_in_stretches_is_loaded_as_it_was() -> None:
    way, snapshot = Counting(), large()
    work, found, again = loaded(await dumped((len, snapshot, snapshot), way))
    assert work is len
    assert found == snapshot
    assert again is found, "what is there twice is written once"
    assert way.given_ == 9


async def test_small_things_are_dumped_in_one_go() -> None:
    way = Counting()
    assert loaded(await dumped((Failed, {"a": [1]}), way)) == (Failed, {"a": [1]})
    assert way.given_ == 0


KILLED = """
import asyncio, os, signal
from bot.heavy import LARGE, Judge
from tests.operate.test_heavy import told

if __name__ == "__main__":
    _, worker, _ = asyncio.run(Judge().away(LARGE, told, []))
    print(worker, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_worker_ends_with_a_bot_that_was_killed() -> None:
    """Nobody else would end it, and it holds a hundred megabytes."""
    bot = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    # The worker has inherited the output, which ends when nobody has it any more.
    said, _ = bot.communicate(timeout=60)
    assert int(said) not in (bot.pid, os.getpid())
    assert bot.returncode == -signal.SIGKILL


def told(parties: Sequence[Party]) -> tuple[int, int, int]:
    """How many there are, and which process that is with which priority."""
    return len(parties), os.getpid(), os.nice(0)


async def test_a_long_list_goes_to_a_process_that_stands_behind_this_one() -> None:
    judge = Judge()
    parties = [Party(str(n), f"Vendor {n}") for n in range(LARGE)]
    try:
        number, process, behind = await judge.away(LARGE, told, parties)
    finally:
        judge.stop()
    assert number == LARGE
    assert process != os.getpid()
    assert behind == min(19, os.nice(0) + BEHIND)
    assert await judge.away(LARGE - 1, told, parties) == (LARGE, os.getpid(), os.nice(0))
