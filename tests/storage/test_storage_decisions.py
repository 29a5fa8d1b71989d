"""What people decided is kept per customer, and a later word replaces the earlier one."""

from datetime import date, timedelta
from itertools import combinations

from bot.domain.customer import Customer
from bot.domain.model import Assignment, Attestation, System, Waiver
from bot.storage.store import SqlStore
from tests.storage.kit import NOW, AddCustomer


async def test_an_attestation_is_replaced_and_withdrawn(
    store: SqlStore, customer: Customer
) -> None:
    later = Attestation("U2", NOW + timedelta(days=1), "now really")
    async with store.transaction() as tx:
        await tx.decisions.attest(customer.id, "qbo-support-user", Attestation("U1", NOW))
        await tx.decisions.attest(customer.id, "qbo-support-user", later)
        await tx.decisions.attest(customer.id, "qbo-company-admin", Attestation("U1", NOW))
        assert await tx.decisions.withdraw_attestation(customer.id, "qbo-company-admin")
        assert not await tx.decisions.withdraw_attestation(customer.id, "qbo-company-admin")
    async with store.transaction() as tx:
        assert await tx.decisions.attestations(customer.id) == {"qbo-support-user": later}


async def test_a_waiver_is_replaced_and_withdrawn(store: SqlStore, customer: Customer) -> None:
    until = Waiver("U2", NOW, "one project only", date(2026, 4, 1))
    async with store.transaction() as tx:
        await tx.decisions.waive(customer.id, "procore-project-access", Waiver("U1", NOW, "why"))
        await tx.decisions.waive(customer.id, "procore-project-access", until)
    async with store.transaction() as tx:
        assert await tx.decisions.waivers(customer.id) == {"procore-project-access": until}
        assert await tx.decisions.withdraw_waiver(customer.id, "procore-project-access")
        assert not await tx.decisions.withdraw_waiver(customer.id, "procore-project-access")
        assert await tx.decisions.waivers(customer.id) == {}


async def test_an_assignment_to_nobody_is_none(store: SqlStore, customer: Customer) -> None:
    async with store.transaction() as tx:
        await tx.decisions.assign(customer.id, "a", Assignment("U1", date(2026, 3, 9)))
        await tx.decisions.assign(customer.id, "b", Assignment("U2"))
        await tx.decisions.assign(customer.id, "b", Assignment())
        await tx.decisions.assign(customer.id, "c", Assignment())
    async with store.transaction() as tx:
        assert await tx.decisions.assignments(customer.id) == {
            "a": Assignment("U1", date(2026, 3, 9))
        }


async def test_a_code_has_one_target_until_it_is_forgotten(
    store: SqlStore, customer: Customer
) -> None:
    async with store.transaction() as tx:
        for code, target in (("1", "a"), ("2", "a"), ("1", "b"), ("2", ""), ("3", "")):
            await tx.decisions.choose(customer.id, code, target, "U1", NOW)
    async with store.transaction() as tx:
        assert await tx.decisions.choices(customer.id) == {"1": "b"}


async def test_dismissing_a_group_remembers_every_pair(store: SqlStore, customer: Customer) -> None:
    big = frozenset(str(number) for number in range(30))
    async with store.transaction() as tx:
        await tx.decisions.dismiss(customer.id, System.QBO, frozenset("cab"), "U1", NOW)
        await tx.decisions.dismiss(customer.id, System.QBO, frozenset("ba"), "U2", NOW)
        await tx.decisions.dismiss(customer.id, System.QBO, frozenset("a"), "U2", NOW)
        await tx.decisions.dismiss(customer.id, System.PROCORE, big, "U1", NOW)
    async with store.transaction() as tx:
        assert await tx.decisions.dismissals(customer.id, System.QBO) == {
            frozenset("ab"),
            frozenset("ac"),
            frozenset("bc"),
        }
        assert await tx.decisions.dismissals(customer.id, System.PROCORE) == {
            frozenset(pair) for pair in combinations(big, 2)
        }


async def test_of_a_group_one_record_is_kept(store: SqlStore, customer: Customer) -> None:
    """A later choice within the group replaces the earlier; other groups and systems stand."""
    async with store.transaction() as tx:
        for system, record, group in (
            (System.QBO, "a", "abc"),
            (System.QBO, "x", "xy"),
            (System.PROCORE, "a", "ab"),
            (System.QBO, "b", "abc"),
        ):
            await tx.decisions.keep(customer.id, system, record, frozenset(group), "U1", NOW)
    async with store.transaction() as tx:
        assert await tx.decisions.kept(customer.id, System.QBO) == {"b", "x"}
        assert await tx.decisions.kept(customer.id, System.PROCORE) == {"a"}


async def test_decisions_of_one_customer_are_not_seen_by_another(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    mine, theirs = await add_customer(), await add_customer()
    async with store.transaction() as tx:
        await tx.decisions.attest(mine.id, "i", Attestation("U1", NOW))
        await tx.decisions.waive(mine.id, "i", Waiver("U1", NOW, "why"))
        await tx.decisions.assign(mine.id, "i", Assignment("U1"))
        await tx.decisions.choose(mine.id, "1", "a", "U1", NOW)
        await tx.decisions.dismiss(mine.id, System.QBO, frozenset("ab"), "U1", NOW)
        decisions = tx.decisions
        assert not await decisions.attestations(theirs.id)
        assert not await decisions.waivers(theirs.id)
        assert not await decisions.assignments(theirs.id)
        assert not await decisions.choices(theirs.id)
        assert not await decisions.dismissals(theirs.id, System.QBO)
        assert not await decisions.withdraw_waiver(theirs.id, "i")
