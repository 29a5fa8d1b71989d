"""The sender: every message once, in order, and nothing lost in silence."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.customer import Customer
from bot.services import sender
from bot.services.crew import Size
from bot.services.notices import AcceptedNotice, ParkedNotice, dump
from bot.services.ports import (
    Delivered,
    OutboxState,
    Outgoing,
    RetryLaterError,
    UncertainDeliveryError,
    UndeliverableError,
)
from bot.services.sender import MOST_ATTEMPTS, SETTLE, Sender
from bot.storage.store import SqlStore
from tests.fakes.store import make_store
from tests.services.world import HOME, SUPPORT, World


async def queue(world: World, key: str, channel: str = HOME, customer_id: int | None = 1) -> None:
    payload = dump(AcceptedNotice("Acme", "acme", 1, key))
    async with world.store.transaction() as tx:
        message = Outgoing(key, "accepted", channel, payload, customer_id)
        assert await tx.outbox.add(message, world.clock.now())


async def stored(world: World, key: str) -> Outgoing:
    async with world.store.transaction() as tx:
        message = await tx.outbox.get(key)
    assert message is not None
    return message


async def pump_for(world: World, minutes: int, every: int = 10) -> None:
    """Pump every so many seconds of the clock."""
    for _ in range(minutes * 60 // every):
        await world.do.sender.pump()
        world.clock.move(seconds=every)


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


async def test_an_attempt_ends_before_its_lease_and_is_looked_up_then(world: World):
    """A post that gets no answer: whether it arrived is asked later, and not at once."""
    await queue(world, "a")
    deliver = world.messenger.deliver

    async def arrive_and_never_answer(message: Outgoing) -> object:
        await deliver(message)
        return await asyncio.Event().wait()

    world.messenger.deliver = arrive_and_never_answer  # type: ignore[method-assign,assignment]
    hasty = Sender(world.store, world.messenger, world.clock, SUPPORT, "one", limit=0.01)
    assert await hasty.pump() == 1
    message = await stored(world, "a")
    assert (message.uncertain, message.last_error) == (True, "no answer within 0.01 s")
    world.messenger.deliver = deliver  # type: ignore[method-assign]
    world.clock.move(seconds=SETTLE - 1)
    assert await world.do.sender.pump() == 0
    world.clock.move(seconds=1)
    assert await world.do.sender.pump() == 1
    assert world.messenger.keys == world.messenger.looked_up == ["a"]


async def test_a_post_that_hangs_holds_up_no_other_channel(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sender, "SIZE", Size(brisk=1, slow=5, patience=0.02, ask=0.01))
    for channel in ("C1", "C2", "C3"):
        await queue(world, channel, channel)
    deliver, gate, rest = world.messenger.deliver, asyncio.Event(), asyncio.Event()

    async def hang(message: Outgoing) -> Delivered:
        if message.key == "C1":
            await gate.wait()
        delivered = await deliver(message)
        if len(world.messenger.keys) == 2:
            rest.set()
        return delivered

    world.messenger.deliver = hang  # type: ignore[method-assign]
    pump = asyncio.create_task(world.do.sender.pump())
    await asyncio.wait_for(rest.wait(), timeout=20)
    assert world.messenger.keys == ["C2", "C3"]
    gate.set()
    assert await pump == 3


async def test_what_is_under_way_ends_by_itself_when_nothing_more_can_be_claimed(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """The database goes away while a post is on its way: the post is not cut off."""
    monkeypatch.setattr(sender, "SIZE", Size(brisk=2, slow=5, patience=0.02, ask=0.01))
    await queue(world, "a")
    deliver, transaction = world.messenger.deliver, world.store.transaction

    async def lose_the_database_for_a_while(message: Outgoing) -> Delivered:
        world.store.transaction = _broken  # type: ignore[method-assign]
        await asyncio.sleep(0.1)
        world.store.transaction = transaction  # type: ignore[method-assign]
        return await deliver(message)

    world.messenger.deliver = lose_the_database_for_a_while  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        await world.do.sender.pump()
    assert (await stored(world, "a")).state is OutboxState.SENT


async def test_a_round_that_is_stopped_cuts_off_what_is_under_way(world: World):
    """It comes back with its lease, and is looked up first."""
    await queue(world, "a")
    started = asyncio.Event()

    async def hang(message: Outgoing) -> Delivered:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError(message.key)

    deliver, world.messenger.deliver = world.messenger.deliver, hang  # type: ignore[method-assign]
    pump = asyncio.create_task(world.do.sender.pump())
    await started.wait()
    pump.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pump
    world.messenger.deliver = deliver  # type: ignore[method-assign]
    world.clock.move(minutes=3)
    await world.deliver()
    assert world.messenger.looked_up == world.messenger.keys == ["a"]


# --- parked ---


async def test_what_can_never_be_delivered_is_parked_and_staff_are_told(world: World):
    await queue(world, "a")
    await queue(world, "behind")
    world.messenger.before[HOME] = [UndeliverableError("the channel is archived")]
    await world.deliver()
    message = await stored(world, "a")
    assert (message.state, message.last_error) == (OutboxState.PARKED, "the channel is archived")
    assert world.messenger.keys == ["behind", "parked:a"]
    told = world.messenger.posted[-1]
    assert told.channel == SUPPORT
    assert told.payload == dump(
        ParkedNotice("Acme", "acme", 1, "accepted", HOME, "the channel is archived")
    )


@pytest.mark.parametrize(("channel", "customer_id"), [(SUPPORT, 1), (HOME, None)])
async def test_a_parked_message_that_nobody_can_be_told_of_is_only_logged(
    world: World, caplog: pytest.LogCaptureFixture, channel: str, customer_id: int | None
):
    """The support channel itself is broken, or the message is about no customer: no loop."""
    await queue(world, "a", channel, customer_id)
    world.messenger.before[channel] = [UndeliverableError("gone")] * 5
    await world.deliver()
    assert (await stored(world, "a")).state is OutboxState.PARKED
    assert "outbox message a was parked: gone" in caplog.text
    assert world.messenger.posted == []


async def test_parked_messages_can_be_listed_newest_first(world: World):
    for key in ("a", "b", "fine"):
        await queue(world, key, SUPPORT)
    world.messenger.before[SUPPORT] = [UndeliverableError(f"gone {n}") for n in range(2)]
    await world.deliver()
    async with world.store.transaction() as tx:
        parked = await tx.outbox.parked()
        assert [(m.key, m.last_error) for m in parked] == [("b", "gone 1"), ("a", "gone 0")]
        assert [m.key for m in await tx.outbox.parked(1)] == ["b"]


@pytest.mark.parametrize("error", [UncertainDeliveryError("timed out"), ValueError("a bug")])
async def test_attempts_that_come_to_nothing_are_bounded_and_further_and_further_apart(
    world: World, error: Exception
):
    await queue(world, "poison")
    await queue(world, "behind")
    attempts = []

    async def deliver(message: Outgoing) -> None:
        if message.key == "poison":
            attempts.append(world.clock.now())
            raise error
        world.messenger.posted.append(message)
        raise UndeliverableError("recorded above; this test ends here")

    world.messenger.deliver = deliver  # type: ignore[method-assign,assignment]
    await pump_for(world, 40, every=30)
    assert len(attempts) == MOST_ATTEMPTS
    assert (await stored(world, "poison")).state is OutboxState.PARKED
    gaps = [later - earlier for earlier, later in pairwise(attempts)]
    assert gaps == sorted(gaps)
    assert gaps[-1] == timedelta(minutes=5)
    assert world.messenger.keys[0] == "behind"


async def test_a_message_that_kills_every_process_is_parked_at_last(world: World):
    """Claimed again and again without any record: the thirteenth claim does not try it."""
    await queue(world, "poison")
    for _ in range(MOST_ATTEMPTS):
        async with world.store.transaction() as tx:
            assert await tx.outbox.claim(world.clock.now(), "dying", timedelta(minutes=2), 5)
        world.clock.move(minutes=3)
    await world.deliver()
    assert (await stored(world, "poison")).state is OutboxState.PARKED
    assert [m.key for m in world.messenger.posted] == ["parked:poison"]


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
        world.store.transaction = _broken  # type: ignore[method-assign]
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


def _broken() -> object:
    raise ConnectionError("the database is away")


def _once(keys: Iterable[str]) -> list[str]:
    found = list(keys)
    assert len(set(found)) == len(found)
    return found
