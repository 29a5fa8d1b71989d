"""What goes to the matching process arrives as it was, and is written down in stretches."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from bot import heavy
from bot.domain.catalogue import catalogue, risks
from bot.domain.evaluate import run_checks
from bot.domain.facets import ACCOUNTS, COST_CODES, CUSTOMERS, VENDORS
from bot.domain.model import CheckContext, Failed, Present, Snapshot
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
from bot.heavy import BEHIND, LARGE, STRETCH, Judge, Portions, pickled
from bot.services.way import Way
from tests.operate.told import told

R = TypeVar("R")
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


async def sent(value: object, way: Way) -> Any:
    """The value as it arrives."""
    portions = Portions()
    async for portion in pickled(value, way):
        portions.add(portion)
    return portions.whole()


async def test_what_is_sent_in_stretches_arrives_as_it_was() -> None:
    way, snapshot = Counting(), large()
    work, found, again = await sent((len, snapshot, snapshot), way)
    assert work is len
    assert found == snapshot
    assert again is found, "what is there twice is written once"
    assert way.given_ == 9


async def test_no_portion_holds_more_than_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight megabytes of a large company would be held three times while they are worked on."""
    way, rows = Counting(), [str(n) for n in range(STRETCH + 1)]
    monkeypatch.setattr("bot.heavy.PORTION", 1)
    portions, whole = [one async for one in pickled((large(), rows, rows), way)], Portions()
    assert len(portions) == way.given_ + 1
    # The last one names the lists by their numbers.
    assert len(portions[-1]) < sum(map(len, portions)) / 40
    for one in portions:
        whole.add(one)
    found = whole.whole()
    assert found == (large(), rows, rows)
    assert found[1] is found[2]


async def test_small_things_are_sent_in_one_go() -> None:
    way = Counting()
    assert await sent((Failed, {"a": [1]}), way) == (Failed, {"a": [1]})
    assert way.given_ == 0


KILLED = """
import asyncio, os, signal
from bot.heavy import LARGE, Judge
from tests.operate.told import told

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


class Halting(Way):
    """Halts for good where it is given for the third time."""

    def __init__(self) -> None:
        super().__init__()
        self.given_ = 0
        self.halted = asyncio.Event()

    async def give(self) -> None:
        self.given_ += 1
        if self.given_ == 3:
            self.halted.set()
            await asyncio.Event().wait()


async def test_what_was_not_sent_to_its_end_is_in_no_other_s_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Newer facts end a look at risks; and two customers may be judged at the same moment."""
    monkeypatch.setattr("bot.heavy.PORTION", 1)
    way = Halting()
    judge = Judge(way)
    parties = [Party(str(n), f"Vendor {n}") for n in range(LARGE + 1)]
    try:
        ended = asyncio.create_task(judge.away(LARGE, told, parties))
        await way.halted.wait()
        ended.cancel()
        both = await asyncio.gather(
            judge.away(LARGE, told, parties[1:]), judge.away(LARGE, told, parties)
        )
    finally:
        judge.stop()
    assert ended.cancelled()
    assert [number for number, *_ in both] == [LARGE, LARGE + 1]


class Noting(Judge):
    """Notes which lists are there together; works at once."""

    def __init__(self) -> None:
        super().__init__()
        self.there: list[set[str]] = []

    async def away(self, size: int, work: Callable[..., R], *arguments: Any) -> R:
        self.there.append({name for name in arguments[1].reads if size >= heavy.LARGE})
        return work(*arguments)


async def test_lists_that_are_not_read_together_are_not_there_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Comparing vendors takes the most memory; customers and codes wait outside meanwhile."""
    monkeypatch.setattr("bot.heavy.LARGE", 3)
    several = {n: Party(str(n), f"Hale {n}") for n in range(4)}
    targets = (Target(TargetKind.ACCOUNT, "1", "Footings"),)
    snapshot = Snapshot(
        {
            CUSTOMERS.name: Present(tuple(several.values())[:3], NOW),
            VENDORS.name: Present(tuple(several.values()), NOW),
            ACCOUNTS.name: Present(Accounts(targets, numbering_on=True), NOW),
        }
    )
    for wanted, there in (
        (catalogue(), [{VENDORS.name}, {CUSTOMERS.name}, set()]),
        (risks(), [{VENDORS.name, CUSTOMERS.name}, set()]),
    ):
        judge = Noting()
        found = await judge(wanted, snapshot, CheckContext(), NOW)
        assert judge.there == there
        assert list(found.items()) == list(
            run_checks(wanted, snapshot, CheckContext(), NOW).items()
        )
