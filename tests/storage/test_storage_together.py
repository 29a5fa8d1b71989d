"""A round of several customers in one transaction: as if each had had its own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.customer import Channel, HistoryEntry
from bot.domain.model import Attestation, Finding, Verdict
from bot.services.ports import Outgoing
from bot.storage.store import SqlStore
from tests.storage.kit import NOW, AddCustomer

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
LEASE = timedelta(minutes=5)


def reminder(customer_id: int, day: date, payload: str = "{}") -> Outgoing:
    channel = f"C{customer_id}"
    return Outgoing(f"reminder:{customer_id}:{day}", "reminder", channel, payload, customer_id)


async def test_it_reads_what_is_there_of_each(store: SqlStore, add_customer: AddCustomer) -> None:
    one, two = await add_customer(), await add_customer()
    async with store.transaction() as tx:
        await tx.customers.link(Channel("C9", one.id, is_primary=False))
        await tx.customers.link(Channel("C1", one.id))
        await tx.findings.save(one.id, {"a": Finding(Verdict.MET, "fine")})
        await tx.decisions.attest(two.id, "b", Attestation("U1", NOW, "done"))
        for day in (MONDAY, TUESDAY):
            await tx.reminders.claim(one.id, day, "daily", NOW)
            await tx.outbox.add(reminder(one.id, day), NOW)
    async with store.together([two.id, one.id], "reminder") as tx:
        assert [await tx.customers.lock(c.id) for c in (one, two)] == [one, two]
        assert [c.channel_id for c in await tx.customers.channels(one.id)] == ["C1", "C9"]
        assert await tx.customers.channels(two.id) == []
        assert {k: f.summary for k, f in (await tx.findings.load(one.id)).items()} == {"a": "fine"}
        assert await tx.findings.load(two.id) == {}
        assert list(await tx.decisions.attestations(two.id)) == ["b"]
        assert await tx.decisions.waivers(two.id) == await tx.decisions.assignments(two.id) == {}
        assert await tx.reminders.last(one.id, "daily") == TUESDAY
        assert await tx.reminders.last(two.id, "daily") is None
        for day in (MONDAY, TUESDAY):
            assert (await tx.outbox.get(f"reminder:{one.id}:{day}")) is not None
        assert await tx.outbox.get(f"reminder:{two.id}:{MONDAY}") is None


async def test_it_writes_everything_at_the_end(store: SqlStore, add_customer: AddCustomer) -> None:
    customers = [await add_customer() for _ in range(3)]
    due = [replace(one, next_reminder_at=NOW) for one in customers]
    async with store.transaction() as tx:
        for customer in due:
            await tx.customers.save(customer)
        assert len(await tx.customers.claim_due(NOW, "me", LEASE, 2)) == 2
        assert len(await tx.customers.claim_due(NOW, "other", LEASE, 2)) == 1
    async with store.together([c.id for c in customers], "reminder") as tx:
        for customer in customers:
            assert await tx.reminders.claim(customer.id, MONDAY, "daily", NOW)
            assert not await tx.reminders.claim(customer.id, MONDAY, "daily", NOW)
            await tx.outbox.add(reminder(customer.id, MONDAY), NOW)
            await tx.history.append(HistoryEntry(customer.id, NOW, "bot", "reminder", "1 open"))
            await tx.customers.save(replace(customer, next_reminder_at=NOW, escalation=2))
            await tx.customers.release(customer.id, "me")
    async with store.transaction() as tx:
        assert await tx.outbox.pending() == 3
        for customer in customers:
            assert (await tx.customers.lock(customer.id)).escalation == 2
            assert await tx.reminders.last(customer.id, "daily") == MONDAY
            assert [e.action for e in await tx.history.of(customer.id)] == ["reminder"]
        # The third was leased to another, and still is.
        free = await tx.customers.claim_due(NOW, "anybody", LEASE, 9)
        assert [c.id for c in free] == [c.id for c in customers[:2]]


async def test_what_exists_already_stays_as_it_is(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    customer = await add_customer()
    async with store.transaction() as tx:
        await tx.reminders.claim(customer.id, MONDAY, "daily", NOW)
        await tx.reminders.claim(customer.id, TUESDAY, "daily", NOW)
        await tx.outbox.add(reminder(customer.id, MONDAY, '"first"'), NOW)
    async with store.together([customer.id], "reminder") as tx:
        for day in (MONDAY, TUESDAY):
            assert not await tx.reminders.claim(customer.id, day, "daily", NOW)
        await tx.outbox.add(reminder(customer.id, MONDAY, '"second"'), NOW)
    async with store.transaction() as tx:
        message = await tx.outbox.get(f"reminder:{customer.id}:{MONDAY}")
        assert message is not None
        assert message.payload == '"first"'


async def test_one_that_breaks_undoes_all_of_them(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    customer = await add_customer()

    async def break_off() -> None:
        async with store.together([customer.id], "reminder") as tx:
            await tx.outbox.add(reminder(customer.id, MONDAY), NOW)
            await tx.customers.save(replace(customer, escalation=9))
            await tx.customers.lock(customer.id + 1)

    with pytest.raises(KeyError):
        await break_off()
    async with store.transaction() as tx:
        assert await tx.outbox.pending() == 0
        assert await tx.customers.lock(customer.id) == customer
