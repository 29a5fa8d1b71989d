"""Messages leave once, in order within their channel."""

import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.customer import Customer
from bot.services.ports import OutboxState, Outgoing
from bot.storage.repositories.outbox import MESSAGES_TO_CLAIM
from bot.storage.store import SqlStore
from tests.storage.kit import NOW

LEASE = timedelta(minutes=1)


async def _add(store: SqlStore, *messages: tuple[str, str]) -> None:
    async with store.transaction() as tx:
        for key, channel in messages:
            assert await tx.outbox.add(Outgoing(key, "card", channel, "{}"), NOW)


async def _claim(
    store: SqlStore, owner: str = "me", now: datetime = NOW, limit: int = 10
) -> dict[str, Outgoing]:
    async with store.transaction() as tx:
        return {m.key: m for m in await tx.outbox.claim(now, owner, LEASE, limit)}


async def _get(store: SqlStore, key: str) -> Outgoing:
    async with store.transaction() as tx:
        message = await tx.outbox.get(key)
    assert message is not None
    return message


async def test_a_key_is_queued_once_for_ever(store: SqlStore) -> None:
    message = Outgoing("k", "reminder", "C1", '{"a":1}', thread_ts="1.0")
    async with store.transaction() as tx:
        assert await tx.outbox.add(message, NOW)
        assert not await tx.outbox.add(Outgoing("k", "other", "C2", "{}"), NOW)
        assert await tx.outbox.pending() == 1
    claimed = (await _claim(store))["k"]
    async with store.transaction() as tx:
        await tx.outbox.sent(claimed.id, "me", "9.9", NOW)
        assert not await tx.outbox.add(message, NOW)
        assert await tx.outbox.pending() == 0
        assert await tx.outbox.get("none") is None
    found = await _get(store, "k")
    assert (found.kind, found.channel, found.payload) == ("reminder", "C1", '{"a":1}')
    assert (found.thread_ts, found.state, found.sent_ts) == ("1.0", OutboxState.SENT, "9.9")


async def test_one_message_per_channel_is_handed_out_oldest_first(store: SqlStore) -> None:
    await _add(store, ("a1", "A"), ("b1", "B"), ("a2", "A"), ("c1", "C"))
    assert list(await _claim(store, limit=2)) == ["a1", "b1"]
    assert list(await _claim(store, "you")) == ["c1"]
    assert await _claim(store, "third") == {}


async def test_the_next_of_a_channel_follows_when_the_first_is_done(store: SqlStore) -> None:
    await _add(store, ("a1", "A"), ("a2", "A"), ("a3", "A"))
    first = (await _claim(store))["a1"]
    async with store.transaction() as tx:
        await tx.outbox.sent(first.id, "me", "1.0", NOW)
    second = (await _claim(store))["a2"]
    async with store.transaction() as tx:
        await tx.outbox.park(second.id, "me", "The channel is gone.")
    assert list(await _claim(store)) == ["a3"]
    parked = await _get(store, "a2")
    assert (parked.state, parked.last_error) == (OutboxState.PARKED, "The channel is gone.")


async def test_a_message_that_waits_for_its_time_holds_its_channel_back(store: SqlStore) -> None:
    await _add(store, ("a1", "A"), ("a2", "A"), ("b1", "B"))
    first = (await _claim(store, limit=1))["a1"]
    later = NOW + timedelta(seconds=30)
    async with store.transaction() as tx:
        await tx.outbox.put_back(first.id, "me", later, "rate limited", uncertain=False)
    assert list(await _claim(store)) == ["b1"]
    again = await _claim(store, now=later)
    assert list(again) == ["a1"]
    assert again["a1"].attempts == 2
    assert again["a1"].last_error == "rate limited"
    assert not again["a1"].uncertain


async def test_a_try_that_does_not_count_is_taken_off_again(store: SqlStore) -> None:
    await _add(store, ("a1", "A"))
    for _ in range(3):
        message = (await _claim(store))["a1"]
        assert message.attempts == 1
        async with store.transaction() as tx:
            await tx.outbox.put_back(
                message.id, "me", NOW, "rate limited", uncertain=False, counts=False
            )
    assert (await _get(store, "a1")).attempts == 0


async def test_a_message_can_be_queued_for_later(store: SqlStore) -> None:
    later = NOW + timedelta(hours=1)
    async with store.transaction() as tx:
        await tx.outbox.add(Outgoing("k", "card", "A", "{}", not_before=later), NOW)
    assert await _claim(store) == {}
    assert list(await _claim(store, now=later)) == ["k"]


async def test_only_what_was_never_tried_is_withdrawn(store: SqlStore, customer: Customer) -> None:
    async with store.transaction() as tx:
        for key, kind, channel in (("a", "ready", "A"), ("b", "ready", "B"), ("c", "other", "C")):
            await tx.outbox.add(Outgoing(key, kind, channel, "{}", customer.id), NOW)
        await tx.outbox.claim(NOW, "me", LEASE, limit=1)
        await tx.outbox.withdraw(customer.id, "ready")
        assert await tx.outbox.get("a") is not None
        assert await tx.outbox.get("b") is None
        assert await tx.outbox.get("c") is not None


async def test_a_lease_that_ran_out_is_taken_over_as_uncertain(store: SqlStore) -> None:
    await _add(store, ("a1", "A"), ("a2", "A"))
    assert not (await _claim(store))["a1"].uncertain
    assert await _claim(store, "you", NOW + LEASE - timedelta(seconds=1)) == {}
    taken = await _claim(store, "you", NOW + LEASE)
    assert list(taken) == ["a1"]
    assert taken["a1"].uncertain
    assert taken["a1"].attempts == 2


async def test_what_was_put_back_as_uncertain_comes_back_so(store: SqlStore) -> None:
    await _add(store, ("a1", "A"))
    first = (await _claim(store))["a1"]
    async with store.transaction() as tx:
        await tx.outbox.put_back(first.id, "me", NOW, "no answer", uncertain=True)
    second = (await _claim(store))["a1"]
    assert second.uncertain
    async with store.transaction() as tx:
        await tx.outbox.put_back(second.id, "me", NOW, "looked up: not there", uncertain=False)
    assert not (await _claim(store))["a1"].uncertain


async def test_only_the_leases_owner_decides_what_became_of_it(
    store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    await _add(store, ("a1", "A"))
    message = (await _claim(store, "slow"))["a1"]
    await _claim(store, "quick", NOW + LEASE)
    before = await _get(store, "a1")
    with caplog.at_level(logging.WARNING):
        async with store.transaction() as tx:
            await tx.outbox.sent(message.id, "slow", "1.0", NOW)
            await tx.outbox.put_back(message.id, "slow", NOW, "error", uncertain=False)
            await tx.outbox.park(message.id, "slow", "error")
    assert await _get(store, "a1") == before
    assert caplog.text.count("slow no longer holds") == 3
    async with store.transaction() as tx:
        await tx.outbox.sent(message.id, "quick", "2.0", NOW)
    assert (await _get(store, "a1")).sent_ts == "2.0"


async def test_an_owner_whose_lease_nobody_took_may_still_finish(store: SqlStore) -> None:
    await _add(store, ("a1", "A"))
    message = (await _claim(store))["a1"]
    async with store.transaction() as tx:
        await tx.outbox.sent(message.id, "me", "1.0", NOW + 9 * LEASE)
    assert (await _get(store, "a1")).state is OutboxState.SENT


@pytest.mark.parametrize("database", ["memory"], indirect=True)
async def test_claiming_does_not_read_what_was_sent_long_ago(engine: AsyncEngine) -> None:
    """SQLite's plan reads the outbox through the indexes of what waits, never the table."""
    query = MESSAGES_TO_CLAIM.params(now=NOW, limit=5).compile(
        engine.sync_engine, compile_kwargs={"literal_binds": True}
    )
    async with engine.begin() as connection:
        plan = (await connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))).all()
    reads = [row.detail for row in plan if "outbox" in row.detail]
    assert reads == [
        "SCAN outbox USING INDEX ix_outbox_waiting",
        "SEARCH outbox_1 USING INDEX ix_outbox_channel (channel=?)",
    ]


async def test_what_was_given_up_goes_back_into_the_queue_once_or_is_settled(
    store: SqlStore,
) -> None:
    await _add(store, ("a", "A"), ("b", "B"), ("c", "C"))
    claimed = await _claim(store)
    a, b, c = (claimed[key].id for key in "abc")
    later = NOW + timedelta(hours=1)
    async with store.transaction() as tx:
        await tx.outbox.put_back(a, "me", later, "lost", uncertain=True)
        await tx.outbox.sent(c, "me", "9.9", NOW)
    assert (await _claim(store, now=later))["a"].uncertain
    async with store.transaction() as tx:
        assert not await tx.outbox.park(a, "somebody else", "no")
        assert await tx.outbox.park(a, "me", "lost")
        assert await tx.outbox.park(b, "me", "archived")
    async with store.transaction() as tx:
        sent = [await tx.outbox.send_again(one, later) for one in (a, a, c, 0)]
        settled = [await tx.outbox.settle(one) for one in (b, b, a, c)]
        assert [one and one.key for one in (*sent, *settled)] == [
            "a",
            *[None] * 3,
            "b",
            *[None] * 3,
        ]
        assert (await tx.outbox.parked(), (await tx.outbox.backlog()).oldest_at) == ([], later)
    [first] = (await _claim(store, now=later)).values()
    assert (first.key, first.attempts, first.uncertain) == ("a", 1, True)
