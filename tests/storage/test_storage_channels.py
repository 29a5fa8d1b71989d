"""Channels that close and move, and the app's own removal."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.customer import CardRef, Channel, NewCustomer, home_channel
from bot.services.ports import Outgoing
from bot.storage.store import SqlStore
from tests.storage.kit import NOW


async def test_a_closed_channel_is_not_where_a_customer_is_written_to(store: SqlStore) -> None:
    """The primary one while it is open, else another, else none."""
    async with store.transaction() as tx:
        acme = await tx.customers.add(NewCustomer("acme", "Acme"), NOW)
        first, second = Channel("C1", acme.id), Channel("C2", acme.id, "T1", is_primary=False)
        for channel in (first, second):
            await tx.customers.link(channel)
        assert home_channel(await tx.customers.channels(acme.id)) == "C1"
        await tx.customers.save_channel(replace(first, closed="archived"))
        found = await tx.customers.channels(acme.id)
        assert [channel.closed for channel in found] == ["archived", ""]
        assert home_channel(found) == "C2"
        await tx.customers.save_channel(replace(second, closed="left"))
        assert home_channel(await tx.customers.channels(acme.id)) == ""


async def test_a_channel_moves_with_its_card_and_with_what_waits_for_it(store: SqlStore) -> None:
    """What was sent stays where it was sent."""
    async with store.transaction() as tx:
        acme = await tx.customers.add(NewCustomer("acme", "Acme"), NOW)
        await tx.customers.link(Channel("G1", acme.id, "T1"))
        await tx.cards.put(CardRef(acme.id, "G1", "1.1"))
        for key in ("sent", "waits"):
            await tx.outbox.add(Outgoing(key, "reminder", "G1", "{}", acme.id), NOW)
    async with store.transaction() as tx:
        (claimed,) = await tx.outbox.claim(NOW, "me", timedelta(minutes=1), 1)
        await tx.outbox.sent(claimed.id, "me", "1.2", NOW)
    async with store.transaction() as tx:
        await tx.customers.move_channel("G1", "C1")
    async with store.transaction() as tx:
        assert await tx.customers.channels(acme.id) == [Channel("C1", acme.id, "T1")]
        assert await tx.cards.get(acme.id) == CardRef(acme.id, "C1", "1.1")
        found = [await tx.outbox.get(key) for key in ("sent", "waits")]
        assert [one.channel for one in found if one is not None] == ["G1", "C1"]


async def test_a_channel_that_was_linked_again_already_moves_all_the_same(store: SqlStore) -> None:
    async with store.transaction() as tx:
        acme = await tx.customers.add(NewCustomer("acme", "Acme"), NOW)
        for channel in ("G1", "C1"):
            await tx.customers.link(Channel(channel, acme.id))
        await tx.customers.move_channel("G1", "C1")
        assert [one.channel_id for one in await tx.customers.channels(acme.id)] == ["C1"]


async def test_a_removal_is_noted_once_and_lifted_once(store: SqlStore) -> None:
    async with store.transaction() as tx:
        assert await tx.removals.since() is None
        assert await tx.removals.note("app_uninstalled", NOW)
        assert not await tx.removals.note("tokens_revoked", NOW + timedelta(1))
        assert await tx.removals.since() == NOW
        assert await tx.removals.lift()
        assert not await tx.removals.lift()
