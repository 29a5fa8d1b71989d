"""What an operator looks at: signs of life, what waits to be sent, how many customers are where."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.beat import Beat
from bot.domain.lifecycle import Stage
from bot.services.ports import Backlog, Outgoing
from bot.storage.store import SqlStore
from tests.storage.kit import NOW, AddCustomer

OLDER = NOW - timedelta(hours=1)


async def test_each_process_has_one_beat_the_first_that_started_first(store: SqlStore) -> None:
    late, early = Beat("b", NOW, NOW), Beat("a", OLDER, OLDER, "2026.11", "socket", OLDER)
    async with store.transaction() as tx:
        await tx.beats.put(late)
        await tx.beats.put(early)
    beaten = replace(early, at=NOW, heard_at=NOW, clicked_at=NOW, ended_at=NOW)
    async with store.transaction() as tx:
        await tx.beats.put(beaten)
        assert await tx.beats.all() == [beaten, late]


async def test_beats_are_forgotten_by_age(store: SqlStore) -> None:
    async with store.transaction() as tx:
        await tx.beats.put(Beat("old", OLDER, OLDER))
        await tx.beats.put(Beat("new", NOW, NOW))
        assert await tx.beats.forget_before(NOW) == 1
        assert [beat.owner for beat in await tx.beats.all()] == ["new"]


async def test_the_backlog_counts_what_waits_and_what_was_given_up(store: SqlStore) -> None:
    async with store.transaction() as tx:
        assert await tx.outbox.backlog() == Backlog(0, 0)
        for number, at in enumerate((OLDER, NOW, NOW)):
            await tx.outbox.add(Outgoing(f"k{number}", "card", f"C{number}", "{}"), at)
    async with store.transaction() as tx:
        assert await tx.outbox.backlog() == Backlog(3, 0, OLDER)
        claimed = await tx.outbox.claim(NOW, "me", timedelta(minutes=1), 2)
        await tx.outbox.sent(claimed[0].id, "me", "1.0", NOW)
        await tx.outbox.park(claimed[1].id, "me", "channel_not_found")
    async with store.transaction() as tx:
        assert await tx.outbox.backlog() == Backlog(1, 1, NOW)


async def test_customers_are_counted_by_stage(store: SqlStore, add_customer: AddCustomer) -> None:
    await add_customer()
    ready = await add_customer()
    async with store.transaction() as tx:
        await tx.customers.save(replace(ready, stage=Stage.READY))
        assert await tx.customers.stages() == {"preparing": 1, "ready": 1}
