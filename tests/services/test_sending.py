"""The sender: every message once, in order, and nothing lost in silence."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.customer import Customer
from bot.services.ports import (
    OutboxState,
    Outgoing,
    RetryLaterError,
    UncertainDeliveryError,
)
from bot.services.sender import MOST_ATTEMPTS
from bot.storage.store import SqlStore
from tests.fakes.store import make_store
from tests.services.mailbag import broken, pump_for, queue, stored
from tests.services.world import HOME, World


@pytest.fixture(autouse=True)
async def _acme(acme: Customer) -> None:
    """Every message here is about this customer."""


async def test_a_message_is_posted_once_and_recorded_with_its_place(world: World):
    await queue(world, "a")
    assert await world.do.sender.pump() == 1
    assert await world.do.sender.pump() == 0
    assert world.messenger.keys == ["a"]
    message = await stored(world, "a")
    assert (message.state, message.sent_ts) == (OutboxState.SENT, "1.000")
    assert world.messenger.looked_up == []


async def test_channels_go_together_and_each_keeps_its_order(world: World):
    for number in range(4):
        for channel in ("C1", "C2"):
            await queue(world, f"{channel}-{number}", channel)
    assert await world.do.sender.pump() == 8
    for channel in ("C1", "C2"):
        keys = [m.key for m in world.messenger.posted if m.channel == channel]
        assert keys == [f"{channel}-{n}" for n in range(4)]


async def test_a_rate_limit_delays_a_message_and_those_behind_it_but_no_other_channel(
    world: World,
):
    for key, channel in (("1", HOME), ("2", HOME), ("other", "C2")):
        await queue(world, key, channel)
    world.messenger.before[HOME] = [RetryLaterError("rate limited", 30)]
    await world.deliver()
    assert world.messenger.keys == ["other"]
    world.clock.move(seconds=29)
    assert await world.deliver() == []
    world.clock.move(seconds=1)
    await world.deliver()
    assert world.messenger.keys == ["other", "1", "2"]
    assert world.messenger.looked_up == []


async def test_hours_of_rate_limits_lose_nothing(world: World):
    await queue(world, "a")
    world.messenger.before[HOME] = [RetryLaterError("Slack is down", 300)] * 24
    await pump_for(world, 130, every=300)
    assert world.messenger.keys == ["a"]
    assert (await stored(world, "a")).state is OutboxState.SENT


async def test_rate_limits_do_not_use_up_the_attempts(world: World):
    await queue(world, "a")
    world.messenger.before[HOME] = [RetryLaterError("no network", 10)] * (MOST_ATTEMPTS + 3)
    world.messenger.before[HOME].append(UncertainDeliveryError("timed out"))
    await pump_for(world, 5)
    assert world.messenger.keys == ["a"]


async def test_a_lost_answer_is_looked_up_before_anything_is_posted_again(world: World):
    await queue(world, "a")
    world.messenger.after[HOME] = [UncertainDeliveryError("timed out")]
    await pump_for(world, 2)
    assert world.messenger.keys == ["a"]
    assert world.messenger.looked_up == ["a"]
    assert (await stored(world, "a")).sent_ts == "1.000"


async def test_what_did_not_arrive_after_all_is_posted_again(world: World):
    await queue(world, "a")
    world.messenger.before[HOME] = [UncertainDeliveryError("connection reset")]
    await pump_for(world, 2)
    assert world.messenger.looked_up == ["a"]
    assert world.messenger.keys == ["a"]


async def test_when_the_look_up_cannot_be_made_nothing_is_posted(world: World):
    await queue(world, "a")
    world.messenger.after[HOME] = [UncertainDeliveryError("timed out")]
    world.messenger.find_errors = [RetryLaterError("rate limited", 20)] * 3
    await pump_for(world, 2)
    assert len(world.messenger.looked_up) == 4
    assert world.messenger.keys == ["a"]


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_crash_between_post_and_record_leaves_exactly_one_message(
    world: World, arrived: bool
):
    """The process dies with the lease in its hand; another one takes over when it ran out."""
    for key in ("first", "second"):
        await queue(world, key)
    dying = world.messenger.after if arrived else world.messenger.before
    dying[HOME] = [asyncio.CancelledError("killed")]
    await world.do.sender.pump()
    survivor = World(world.store, owner="two", clock=world.clock, messenger=world.messenger)
    assert await survivor.do.sender.pump() == 0
    world.clock.move(minutes=2, seconds=1)
    await survivor.deliver()
    assert world.messenger.keys == ["first", "second"]
    assert world.messenger.looked_up == ["first"]
    assert (await stored(world, "first")).state is OutboxState.SENT


async def test_a_late_record_of_a_lost_lease_does_no_harm(world: World):
    """A sender that slept through its lease records after another one has."""
    await queue(world, "a")
    async with world.store.transaction() as tx:
        (slow,) = await tx.outbox.claim(world.clock.now(), "slow", timedelta(minutes=2), 5)
    delivered = await world.messenger.deliver(slow)
    world.clock.move(minutes=3)
    await world.deliver()
    async with world.store.transaction() as tx:
        await tx.outbox.sent(slow.id, "slow", delivered.ts, world.clock.now())
    assert world.messenger.keys == ["a"]


async def test_many_pumps_at_once_in_two_processes_post_once(world: World):
    for number in range(10):
        await queue(world, f"m{number}", f"C{number}")
    other = World(world.store, owner="two", clock=world.clock, messenger=world.messenger)
    handled = await asyncio.gather(*(w.do.sender.pump() for w in (world, other) * 3))
    assert sum(handled) == 10
    assert sorted(world.messenger.keys) == [f"m{n}" for n in range(10)]


class Fault(StrEnum):
    """What can go wrong with one attempt."""

    RATE_LIMIT = "rate limit"
    LOST_REQUEST = "lost request"
    LOST_ANSWER = "lost answer"
    KILLED_BEFORE = "killed before the post"
    KILLED_AFTER = "killed after the post"
    NO_LOOK_UP = "no look-up"


@settings(max_examples=15)
@given(st.lists(st.sampled_from(Fault), max_size=8))
def test_whatever_goes_wrong_every_message_arrives_once_and_in_order(faults: list[Fault]):
    asyncio.run(_arrives_once(faults))


async def _arrives_once(faults: list[Fault]) -> None:
    async with make_store() as store:
        world = World(store)
        await world.customer()
        keys = ["first", "second", "third"]
        for key in keys:
            await queue(world, key)
        slack = world.messenger
        for fault in faults:
            if fault is Fault.RATE_LIMIT:
                slack.before.setdefault(HOME, []).append(RetryLaterError("slow down", 30))
            elif fault is Fault.LOST_REQUEST:
                slack.before.setdefault(HOME, []).append(UncertainDeliveryError("reset"))
            elif fault is Fault.LOST_ANSWER:
                slack.after.setdefault(HOME, []).append(UncertainDeliveryError("timed out"))
            elif fault is Fault.KILLED_BEFORE:
                slack.before.setdefault(HOME, []).append(asyncio.CancelledError())
            elif fault is Fault.KILLED_AFTER:
                slack.after.setdefault(HOME, []).append(asyncio.CancelledError())
            else:
                slack.find_errors.append(RetryLaterError("slow down", 30))
        processes = [World(store, owner=name, clock=world.clock, messenger=slack) for name in "ab"]
        while await _waiting(store):
            for process in processes:
                await process.do.sender.pump()
                world.clock.move(minutes=3)
        assert slack.keys == keys
        async with store.transaction() as tx:
            assert await tx.outbox.parked() == []


async def _waiting(store: SqlStore) -> int:
    async with store.transaction() as tx:
        return await tx.outbox.pending()


async def test_one_message_that_breaks_does_not_hold_up_the_others(world: World):
    for channel in ("C1", "C2", "C3"):
        await queue(world, channel, channel)
    world.messenger.before["C2"] = [ValueError("a bug")]
    await world.do.sender.pump()
    assert sorted(world.messenger.keys) == ["C1", "C3"]
    world.clock.move(seconds=30)
    await world.deliver()
    assert sorted(_once(world.messenger.keys)) == ["C1", "C2", "C3"]


async def test_a_record_that_fails_is_made_good_by_a_look_up(
    world: World, caplog: pytest.LogCaptureFixture
):
    """The database is away just when the delivery is to be recorded."""
    await queue(world, "a")
    deliver, transaction = world.messenger.deliver, world.store.transaction

    async def deliver_then_lose_the_database(message: Outgoing) -> object:
        delivered = await deliver(message)
        world.store.transaction = broken  # type: ignore[method-assign]
        return delivered

    world.messenger.deliver = deliver_then_lose_the_database  # type: ignore[method-assign,assignment]
    with pytest.raises(ConnectionError):
        await world.do.sender.pump()
    world.store.transaction = transaction  # type: ignore[method-assign]
    assert "outbox message a failed; it comes again" in caplog.text
    world.clock.move(minutes=3)
    await world.deliver()
    assert world.messenger.keys == ["a"]
    assert world.messenger.looked_up == ["a"]


def _once(keys: Iterable[str]) -> list[str]:
    found = list(keys)
    assert len(set(found)) == len(found)
    return found
