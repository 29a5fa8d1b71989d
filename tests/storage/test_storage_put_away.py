"""Decisions about a company that was replaced: away, readable by nobody, and back as they were."""

from sqlmodel import select

from bot.domain.customer import Customer
from bot.domain.model import Attestation, System
from bot.domain.put_away import NOTHING, PutAway
from bot.storage.store import SqlStore
from bot.storage.tables import AboutRow, PutAwayRow
from bot.storage.vault import Vault
from tests.storage.kit import KEY, NOW

ABOUT = {System.PROCORE: "562949953441378", System.QBO: "4620816365000000001"}
ITEMS = ["qbo-support-user"]
ALL = PutAway(1, 3, 1, 1)


async def decide(store: SqlStore, customer: Customer) -> None:
    async with store.transaction() as tx:
        names = {"1": "Jack", "2": "Jack Doe", "3": "Jack Doe Pty"}
        await tx.decisions.choose(customer.id, "c", "t", "U1", NOW)
        for system in System:
            await tx.decisions.dismiss(customer.id, system, names, "U1", NOW)
            await tx.decisions.keep(customer.id, system, "1", frozenset("12"), "U1", NOW)
        for item in (*ITEMS, "procore-support-user"):
            await tx.decisions.attest(customer.id, item, Attestation("U1", NOW, "seen it"))


async def everything(store: SqlStore, customer: Customer) -> list[object]:
    async with store.transaction() as tx:
        read = tx.decisions
        reviewed = [await read.reviewed(customer.id, system) for system in System]
        return [await read.choices(customer.id), await read.attestations(customer.id), reviewed]


async def test_they_go_and_come_back_as_they_were(store: SqlStore, customer: Customer) -> None:
    await decide(store, customer)
    before = await everything(store, customer)
    async with store.transaction() as tx:
        assert await tx.put_away.count(customer.id, System.QBO, ITEMS) == ALL
        put = await tx.put_away.put(customer.id, System.QBO, ITEMS, ABOUT, "U2", NOW)
        assert put == ALL
        assert await tx.put_away.count(customer.id, System.QBO, ITEMS) == NOTHING
        assert list(await tx.decisions.attestations(customer.id)) == ["procore-support-user"]
        assert await tx.decisions.choices(customer.id) == {}
        waiting = await tx.put_away.waiting(customer.id)
        assert [one.what for one in waiting] == [
            "c → t",
            "Jack (1) is not Jack Doe (2)",
            "Jack (1) is not Jack Doe Pty (3)",
            "Jack Doe (2) is not Jack Doe Pty (3)",
            "1",
            "qbo-support-user seen it",
        ]
        assert waiting[0].companies == ABOUT
        assert {(one.by, one.at) for one in waiting} == {("U1", NOW)}
        there = (await tx.database.execute(select(PutAwayRow))).all()
        assert [row.made_by for row in there] == ["U2", "U2"]
        assert not [row for row in there if "Jack" in row.data or ABOUT[System.QBO] in row.data]
    async with store.transaction() as tx:
        other = {**ABOUT, System.QBO: "2"}
        assert await tx.put_away.bring_back(customer.id, other) == NOTHING
        # The mapping waits for both companies, all else for its own.
        half = {System.QBO: ABOUT[System.QBO]}
        assert await tx.put_away.bring_back(customer.id, half) == PutAway(0, 3, 1, 1)
        assert await tx.put_away.bring_back(customer.id, ABOUT) == PutAway(choices=1)
        assert await tx.put_away.bring_back(customer.id, ABOUT) == NOTHING
    assert await everything(store, customer) == before


async def test_nothing_is_put_away_where_nothing_was_decided(
    store: SqlStore, customer: Customer
) -> None:
    async with store.transaction() as tx:
        put = await tx.put_away.put(customer.id, System.QBO, ITEMS, ABOUT, "U2", NOW)
        assert (put, bool(put), str(put)) == (NOTHING, False, "")
        assert (await tx.database.execute(select(PutAwayRow))).all() == []


async def test_what_decisions_are_about_is_kept_and_encrypted(
    store: SqlStore, customer: Customer
) -> None:
    async with store.transaction() as tx:
        assert await tx.put_away.about(customer.id) == {}
        for system, company in ABOUT.items():
            await tx.put_away.now_about(customer.id, system, "1")
            await tx.put_away.now_about(customer.id, system, company)
    async with store.transaction() as tx:
        assert await tx.put_away.about(customer.id) == ABOUT
        rows = (await tx.database.execute(select(AboutRow))).all()
    assert not [row for row in rows if row.external_id in ABOUT.values()]


async def test_keys_rotate_under_them(store: SqlStore, customer: Customer) -> None:
    await decide(store, customer)
    async with store.transaction() as tx:
        await tx.put_away.put(customer.id, System.QBO, ITEMS, ABOUT, "U2", NOW)
        await tx.put_away.now_about(customer.id, System.QBO, ABOUT[System.QBO])
    new = Vault.new_key()
    await SqlStore(store._engine, Vault(f"{new},{KEY}")).rotate_keys()
    async with SqlStore(store._engine, Vault(new)).transaction() as tx:
        assert await tx.put_away.about(customer.id) == {System.QBO: ABOUT[System.QBO]}
        assert await tx.put_away.bring_back(customer.id, ABOUT) == ALL


async def test_another_customers_decisions_stay(store: SqlStore, add_customer) -> None:  # type: ignore[no-untyped-def]
    mine, theirs = await add_customer(), await add_customer()
    await decide(store, mine)
    await decide(store, theirs)
    before = await everything(store, theirs)
    async with store.transaction() as tx:
        await tx.put_away.put(mine.id, System.QBO, ITEMS, ABOUT, "U2", NOW)
        assert await tx.put_away.bring_back(theirs.id, ABOUT) == NOTHING
    assert await everything(store, theirs) == before
