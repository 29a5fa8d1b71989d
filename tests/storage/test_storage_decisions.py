"""What people decided is kept per customer, and a later word replaces the earlier one."""

from datetime import date, timedelta
from itertools import combinations

from bot.domain.customer import Customer
from bot.domain.model import Assignment, Attestation, System, Waiver
from bot.domain.reviewed import Dismissal, Reviewed
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


def named(ids: str) -> dict[str, str]:
    return {one: f"Record {one}" for one in ids}


async def dismissed(store: SqlStore, customer: Customer, system: System) -> set[frozenset[str]]:
    async with store.transaction() as tx:
        reviewed = await tx.decisions.reviewed(customer.id, system)
    return {one.pair for one in reviewed.dismissals}


async def test_dismissing_a_group_remembers_every_pair(store: SqlStore, customer: Customer) -> None:
    big = {str(number): "" for number in range(30)}
    async with store.transaction() as tx:
        for names, by in ((named("cab"), "U1"), (named("ba"), "U2"), (named("a"), "U2")):
            await tx.decisions.dismiss(customer.id, System.QBO, names, by, NOW)
        await tx.decisions.dismiss(customer.id, System.PROCORE, big, "U1", NOW)
    pairs = {frozenset(pair) for pair in ("ab", "ac", "bc")}
    assert await dismissed(store, customer, System.QBO) == pairs
    pairs = {frozenset(pair) for pair in combinations(big, 2)}
    assert await dismissed(store, customer, System.PROCORE) == pairs


async def test_a_dismissal_keeps_the_names_and_who_said_it_last(
    store: SqlStore, customer: Customer
) -> None:
    async with store.transaction() as tx:
        await tx.decisions.dismiss(customer.id, System.QBO, named("ab"), "U1", NOW)
        renamed = {"b": "Bee", "a": "Ay"}
        await tx.decisions.dismiss(customer.id, System.QBO, renamed, "U2", NOW)
        reviewed = await tx.decisions.reviewed(customer.id, System.QBO)
    assert reviewed.dismissals == (Dismissal("a", "b", "Ay", "Bee", "U2", NOW),)


async def test_asking_again_forgets_these_pairs_only(store: SqlStore, customer: Customer) -> None:
    everything = {frozenset(pair) for pair in combinations(map(str, range(30)), 2)}
    async with store.transaction() as tx:
        for system in System:
            await tx.decisions.dismiss(customer.id, system, named("abc"), "U1", NOW)
        big = {str(number): "" for number in range(30)}
        await tx.decisions.dismiss(customer.id, System.QBO, big, "U1", NOW)
        again = {frozenset("ab"), frozenset("xy")}
        assert await tx.decisions.ask_again(customer.id, System.QBO, again) == 1
        assert await tx.decisions.ask_again(customer.id, System.QBO, everything) == 435
        assert await tx.decisions.ask_again(customer.id, System.QBO, ()) == 0
    left = {frozenset("ac"), frozenset("bc")}
    assert await dismissed(store, customer, System.QBO) == left
    assert await dismissed(store, customer, System.PROCORE) == left | {frozenset("ab")}


async def test_of_a_group_one_record_is_kept_or_none(store: SqlStore, customer: Customer) -> None:
    """A later choice within the group replaces the earlier; other groups and systems stand."""
    async with store.transaction() as tx:
        for system, record, group in (
            (System.QBO, "a", "abc"),
            (System.QBO, "x", "xy"),
            (System.QBO, "k", "kl"),
            (System.PROCORE, "a", "ab"),
            (System.QBO, "b", "abc"),
            (System.QBO, "", "kl"),
        ):
            await tx.decisions.keep(customer.id, system, record, frozenset(group), "U1", NOW)
    async with store.transaction() as tx:
        assert (await tx.decisions.reviewed(customer.id, System.QBO)).kept == {"b", "x"}
        assert (await tx.decisions.reviewed(customer.id, System.PROCORE)).kept == {"a"}


async def test_decisions_of_one_customer_are_not_seen_by_another(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    mine, theirs = await add_customer(), await add_customer()
    async with store.transaction() as tx:
        await tx.decisions.attest(mine.id, "i", Attestation("U1", NOW))
        await tx.decisions.waive(mine.id, "i", Waiver("U1", NOW, "why"))
        await tx.decisions.assign(mine.id, "i", Assignment("U1"))
        await tx.decisions.choose(mine.id, "1", "a", "U1", NOW)
        await tx.decisions.dismiss(mine.id, System.QBO, named("ab"), "U1", NOW)
        decisions = tx.decisions
        assert not await decisions.attestations(theirs.id)
        assert not await decisions.waivers(theirs.id)
        assert not await decisions.assignments(theirs.id)
        assert not await decisions.choices(theirs.id)
        assert await decisions.reviewed(theirs.id, System.QBO) == Reviewed()
        assert not await decisions.withdraw_waiver(theirs.id, "i")
