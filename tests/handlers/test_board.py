"""The living card follows the state: at most one edit at a time, the last one wins."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.domain.customer import CardRef, NewCustomer
from bot.domain.model import SupportIdentity
from bot.services.ports import Busy
from bot.storage.store import SqlStore
from handlers.board import BETWEEN_EDITS, CardBoard
from handlers.slack_errors import PAUSES
from tests.fakes.store import make_store
from tests.sandbox.slack_kit import ACME, START, Slack, running, until


@dataclass
class Pauses:
    """Pauses that the test ends."""

    asked: list[float] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self.over.wait()


@dataclass
class Table:
    """A board with one customer's card on it."""

    slack: Slack
    store: SqlStore
    pauses: Pauses
    board: CardBoard
    ts: str

    def edits(self) -> list[str]:
        return [str(one["blocks"]) for one in self.slack.delivered("update")]


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    async with running() as slack, make_store() as store:
        posted = await slack.client.chat_postMessage(channel=ACME, text="card")
        async with store.transaction() as tx:
            await tx.customers.add(NewCustomer("acme", "Acme"), START)
            await tx.cards.put(CardRef(1, ACME, posted["ts"]))
        pauses = Pauses()
        board = CardBoard(slack.client, store, slack.clock, SupportIdentity(), pause=pauses)
        yield Table(slack, store, pauses, board, posted["ts"])
        pauses.over.set()
        await board.drain()


def busy(page: int) -> Busy:
    return Busy({"cost-code-coverage": f"page {page} of 41"})


async def until_edited(table: Table, times: int) -> None:
    await until(lambda: len(table.edits()) >= times and len(table.pauses.asked) >= times)


async def test_many_refreshes_are_two_edits_and_the_last_state_wins(table: Table) -> None:
    """While the board waits its second, only what is wanted at its end counts."""
    await table.board.refresh(1, busy(1))
    await until_edited(table, 1)
    for page in range(2, 40):
        await table.board.refresh(1, busy(page))
    assert len(table.edits()) == 1
    table.pauses.over.set()
    await table.board.drain()
    first, last = table.edits()
    assert "page 1 of 41" in first
    assert "page 39 of 41" in last
    assert table.pauses.asked == [BETWEEN_EDITS] * 2


async def test_what_is_shown_already_is_not_edited_again(table: Table) -> None:
    table.pauses.over.set()
    for _ in range(3):
        await table.board.refresh(1)
        await table.board.drain()
    assert len(table.edits()) == 1


async def test_a_deleted_card_is_forgotten(table: Table, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged once, and nothing is edited until there is a card again."""
    table.pauses.over.set()
    await table.slack.client.chat_delete(channel=ACME, ts=table.ts)
    with caplog.at_level(logging.WARNING):
        for page in (1, 2):
            await table.board.refresh(1, busy(page))
            await table.board.drain()
    assert sum("was deleted" in record.message for record in caplog.records) == 1
    async with table.store.transaction() as tx:
        card = await tx.cards.get(1)
    assert card is not None
    assert card.ts == ""


async def test_slow_down_is_waited_for_and_the_edit_is_made_after_all(table: Table) -> None:
    rule = {
        "match": {"path": "chat.update"},
        "fault": {
            "kind": "body",
            "status": 429,
            "body": {"ok": False, "error": "ratelimited"},
            "headers": {"Retry-After": "7"},
        },
    }
    answer = await table.slack.http.post("/_world/faults", json=rule)
    assert answer.status_code == 200, answer.text
    table.pauses.over.set()
    await table.board.refresh(1, busy(1))
    await table.board.drain()
    assert table.pauses.asked[0] == 7
    assert len(table.edits()) == 1


@pytest.mark.parametrize("kind", ["reset", "html200", "truncate", "status"])
async def test_a_card_is_true_again_when_slack_is_well_again(table: Table, kind: str) -> None:
    """Nobody has to check once more for it, and no check waits."""
    table.pauses.over.set()
    rule = {"match": {"path": "chat.update", "times": 3}, "fault": {"kind": kind}}
    await table.slack.http.post("/_world/faults", json=rule)
    await table.board.refresh(1, busy(1))
    await table.board.drain()
    assert "page 1 of 41" in table.edits()[-1]
    assert table.pauses.asked == [*PAUSES[:3], BETWEEN_EDITS]


async def test_a_card_that_slack_never_takes_is_left_until_the_next_refresh(table: Table) -> None:
    table.pauses.over.set()
    rule = {"match": {"path": "chat.update", "times": None}, "fault": {"kind": "status"}}
    await table.slack.http.post("/_world/faults", json=rule)
    await table.board.refresh(1, busy(1))
    await table.board.drain()
    assert table.edits() == []
    await table.slack.http.delete("/_world/faults")
    await table.board.refresh(1, busy(2))
    await table.board.drain()
    assert "page 2 of 41" in table.edits()[-1]


async def test_without_a_card_there_is_nothing_to_do(table: Table) -> None:
    await table.board.refresh(99)
    await table.board.drain()
    assert table.edits() == []
