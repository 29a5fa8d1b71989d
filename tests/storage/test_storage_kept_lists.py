"""Lists that were read before: encrypted, bound to their sign-in, all of it or nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.domain.customer import Connection, Customer, Grant, Purpose, Tokens
from bot.domain.kept import MOST_ROWS, KeptList
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.domain.records import Address, Party, Target, TargetKind
from bot.storage.kept_lists import PIECE, StoreListKeeper
from bot.storage.repositories.kept_lists import KeptListRepository
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.storage.kit import KEY, NOW

PARTY = Party(
    "7",
    "Böhm & Söhne Pty Ltd",
    ("Böhm",),
    "XXXXXX9875",
    True,
    ("a@x.example",),
    ("+61 2 9999 0000",),
    address=Address("1 High St", "Sydney", "NSW", "2000", "AU"),
    parent_id="3",
    weight=12.5,
)
ACCOUNT = Target(TargetKind.ACCOUNT, "1", "Concrete", "Costs:Concrete", "5100", parent_id="9")
ITEM = Target(TargetKind.ITEM, "2", "Pouring", active=False, has_expense_account=True)


def kept(*records: Target | Party, minutes: int = 0) -> KeptList:
    at = NOW + timedelta(minutes=minutes)
    return KeptList({one.id: one for one in records}, at, NOW, "form 1")


@pytest_asyncio.fixture(loop_scope="session")
async def connection(store: SqlStore, customer: Customer) -> Connection:
    made = Connection(
        customer.id,
        System.QBO,
        "4620816365000000001",
        Grant.REFRESH_TOKEN,
        Tokens("access", "refresh"),
        connected_at=NOW,
    )
    async with store.transaction() as tx:
        await tx.connections.put(made)
    return made


@pytest.fixture
def keeper(store: SqlStore) -> StoreListKeeper:
    return StoreListKeeper(store, Vault(KEY))


NAMES = ("Account", "Item", "Customer")


async def load(keeper: StoreListKeeper, connection: Connection) -> Mapping[str, KeptList]:
    return await keeper.load(connection, NAMES)


async def test_lists_come_back_as_they_were(
    keeper: StoreListKeeper, connection: Connection
) -> None:
    """Every field, several pieces, an empty list; only those that are asked for."""
    many = [replace(PARTY, id=str(n)) for n in range(PIECE + 1)]
    lists = {"Account": kept(ACCOUNT, ITEM), "Item": kept(), "Customer": kept(*many)}
    assert await load(keeper, connection) == {}
    for name, one in lists.items():
        await keeper.save(connection, name, one)
    assert await load(keeper, connection) == lists
    assert list(await keeper.load(connection, ["Item"])) == ["Item"]


async def test_nothing_of_a_list_can_be_read_in_the_database(
    keeper: StoreListKeeper, connection: Connection, store: SqlStore
) -> None:
    await keeper.save(connection, "Customer", kept(PARTY))
    async with store.transaction() as tx:
        row = (await tx.database.execute(text("SELECT * FROM kept_list"))).one()
    for secret in ("Böhm", "a@x.example", "9999", "4620816365000000001"):
        assert secret not in str(row)


async def test_a_list_under_a_lost_key_is_read_anew(
    keeper: StoreListKeeper, connection: Connection, store: SqlStore
) -> None:
    await keeper.save(connection, "Customer", kept(PARTY))
    assert await load(StoreListKeeper(store, Vault(Vault.new_key())), connection) == {}


async def test_rotating_the_key_forgets_them(
    keeper: StoreListKeeper, connection: Connection, store: SqlStore
) -> None:
    await keeper.save(connection, "Customer", kept(PARTY))
    assert await store.rotate_keys() == 1
    assert await rows(store) == 0


async def rows(store: SqlStore) -> int:
    async with store.transaction() as tx:
        return int((await tx.database.execute(text("SELECT count(*) FROM kept_list"))).scalar_one())


async def test_a_disconnect_takes_them_along(
    keeper: StoreListKeeper, connection: Connection, store: SqlStore
) -> None:
    await keeper.save(connection, "Customer", kept(PARTY))
    async with store.transaction() as tx:
        await tx.connections.delete(connection.customer_id, System.QBO, Purpose.SUPPORT)
    assert await rows(store) == 1
    async with store.transaction() as tx:
        await tx.connections.delete(connection.customer_id, System.QBO, Purpose.CUSTOMER)
    assert await rows(store) == 0
    await keeper.save(connection, "Customer", kept(PARTY))
    assert await rows(store) == 0


async def test_another_sign_in_takes_them_along_and_new_tokens_do_not(
    keeper: StoreListKeeper, connection: Connection, store: SqlStore
) -> None:
    """Even where the keeper still reads through the old one."""
    await keeper.save(connection, "Customer", kept(PARTY))
    renewed = replace(connection, tokens=Tokens("access 2", "refresh 2"))
    async with store.transaction() as tx:
        await tx.connections.put(renewed)
    assert "Customer" in await load(keeper, renewed)
    other = replace(connection, external_id="9", connected_at=NOW + timedelta(hours=1))
    async with store.transaction() as tx:
        await tx.connections.put(other)
    assert await rows(store) == 0
    await keeper.save(connection, "Customer", kept(PARTY))
    assert await rows(store) == 0


async def test_a_list_of_another_company_is_never_given_out(
    keeper: StoreListKeeper, connection: Connection
) -> None:
    await keeper.save(connection, "Customer", kept(PARTY))
    assert await load(keeper, replace(connection, external_id="9")) == {}


async def test_a_purge_and_an_archive_end_them(
    keeper: StoreListKeeper, connection: Connection, store: SqlStore, customer: Customer
) -> None:
    await keeper.save(connection, "Customer", kept(PARTY))
    async with store.transaction() as tx:
        await tx.kept_lists.forget(customer.id)
        await tx.customers.save(replace(customer, stage=Stage.ARCHIVED))
    await keeper.save(connection, "Customer", kept(PARTY))
    assert await rows(store) == 0
    async with store.transaction() as tx:
        await tx.customers.save(customer)
    await keeper.save(connection, "Customer", kept(PARTY))
    assert await rows(store) == 1
    await store.purge(customer.id, "sam", NOW)
    assert await rows(store) == 0


async def test_old_ones_are_swept_away(
    keeper: StoreListKeeper, connection: Connection, store: SqlStore
) -> None:
    await keeper.save(connection, "Customer", kept(PARTY))
    async with store.transaction() as tx:
        assert await tx.kept_lists.forget_before(NOW) == 0
        assert await tx.kept_lists.forget_before(NOW + timedelta(seconds=1)) == 1


async def test_an_older_list_does_not_replace_a_newer_one(
    keeper: StoreListKeeper, connection: Connection
) -> None:
    """Two readings that overlap end in any order."""
    newer = kept(PARTY, minutes=5)
    await keeper.save(connection, "Customer", newer)
    await keeper.save(connection, "Customer", kept())
    assert await load(keeper, connection) == {"Customer": newer}


async def test_a_crash_in_the_middle_leaves_the_older_list(
    keeper: StoreListKeeper, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = kept(PARTY)
    await keeper.save(connection, "Customer", old)
    put = KeptListRepository.put

    async def dying(self: KeptListRepository, row: Mapping[str, object]) -> None:
        await put(self, row)
        raise OperationalError("the disk is full", None, Exception())

    monkeypatch.setattr(KeptListRepository, "put", dying)
    await keeper.save(connection, "Customer", kept(minutes=5))
    monkeypatch.undo()
    assert await load(keeper, connection) == {"Customer": old}


async def test_a_very_long_list_is_not_kept(
    keeper: StoreListKeeper, connection: Connection, store: SqlStore
) -> None:
    rows_by_id = {str(n): ACCOUNT for n in range(MOST_ROWS + 1)}
    await keeper.save(connection, "Account", KeptList(rows_by_id, NOW, NOW, "form 1"))
    assert await rows(store) == 0
