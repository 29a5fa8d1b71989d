"""The sender where nothing arrives: what hangs, what is stopped, what is parked at last."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.customer import Customer
from bot.services import sender
from bot.services.crew import Size
from bot.services.errors import UserError
from bot.services.notices import ParkedNotice, dump
from bot.services.ports import (
    Delivered,
    OutboxState,
    Outgoing,
    UncertainDeliveryError,
    UndeliverableError,
)
from bot.services.sender import MOST_ATTEMPTS, MOST_UNCLEAR, SETTLE, Sender
from tests.services.mailbag import broken, pump_for, queue, stored
from tests.services.world import HOME, SUPPORT, World


@pytest.fixture(autouse=True)
async def _acme(acme: Customer) -> None:
    """Every message here is about this customer."""


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
    await asyncio.wait_for(rest.wait(), 60)
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
        world.store.transaction = broken  # type: ignore[method-assign]
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
    behind, told = world.messenger.posted
    assert (behind.key, told.key.rpartition(":20")[0]) == ("behind", "parked:a")
    assert told.channel == SUPPORT
    assert told.payload == dump(
        ParkedNotice("Acme", "acme", 1, "accepted", HOME, "the channel is archived", message.id)
    )


async def test_staff_have_it_sent_again_and_hear_when_slack_refuses_it_once_more(world: World):
    await queue(world, "a")
    world.messenger.before[HOME] = [UndeliverableError("the channel is archived")] * 2
    await world.deliver()
    parked = await stored(world, "a")
    await world.do.undelivered.send_again(parked.id, "USAM")
    world.clock.move(minutes=1)
    await world.deliver()
    assert [one.channel for one in world.messenger.posted] == [SUPPORT, SUPPORT]
    await world.do.undelivered.send_again(parked.id, "USAM")
    await world.deliver()
    assert (await stored(world, "a")).state is OutboxState.SENT
    assert world.messenger.posted[-1].key == "a"
    with pytest.raises(UserError, match="Nothing changed"):
        await world.do.undelivered.send_again(parked.id, "USAM")
    assert world.messenger.keys.count("a") == 1


async def test_what_staff_told_themselves_is_asked_about_no_more(world: World):
    await queue(world, "a")
    world.messenger.before[HOME] = [UndeliverableError("the channel is archived")]
    await world.deliver()
    parked = await stored(world, "a")
    await world.do.undelivered.settle(parked.id, "USAM")
    async with world.store.transaction() as tx:
        assert await tx.outbox.parked() == []
        assert (await tx.outbox.backlog()).parked == 0
        entry = (await tx.history.of(1, 5))[0]
    assert (entry.actor, entry.action, entry.detail) == ("USAM", "told of", "accepted")
    with pytest.raises(UserError, match="Nothing changed"):
        await world.do.undelivered.settle(parked.id, "USAM")
    await world.deliver()
    assert "a" not in world.messenger.keys


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


@pytest.mark.parametrize(
    ("error", "most"),
    [(UncertainDeliveryError("timed out"), MOST_UNCLEAR), (ValueError("a bug"), MOST_ATTEMPTS)],
)
async def test_attempts_that_come_to_nothing_are_bounded_and_further_and_further_apart(
    world: World, error: Exception, most: int
):
    """An hour without Slack costs no message its place; breaking us does."""
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
    await pump_for(world, 60 if most < MOST_UNCLEAR else 330, every=60)
    assert len(attempts) == most
    assert (await stored(world, "poison")).state is OutboxState.PARKED
    gaps = [later - earlier for earlier, later in pairwise(attempts)]
    assert gaps == sorted(gaps)
    assert gaps[-1] == timedelta(minutes=5)
    assert world.messenger.keys[0] == "behind"


async def test_a_message_that_kills_every_process_is_parked_at_last(world: World):
    """Claimed again and again without any record: at last a claim does not try it."""
    await queue(world, "poison")
    for _ in range(MOST_UNCLEAR):
        async with world.store.transaction() as tx:
            assert await tx.outbox.claim(world.clock.now(), "dying", timedelta(minutes=2), 5)
        world.clock.move(minutes=3)
    await world.deliver()
    assert (await stored(world, "poison")).state is OutboxState.PARKED
    assert [m.key.rpartition(":20")[0] for m in world.messenger.posted] == ["parked:poison"]
