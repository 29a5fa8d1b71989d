"""Sign-ins under way: used once, whoever comes, and readable by nobody in the database."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.domain.customer import Connection, Customer, Grant, Purpose, Tokens
from bot.domain.model import System
from bot.domain.signin import LIFE, SignIn, Step
from bot.storage.store import SqlStore
from bot.storage.tables import SignInRow
from bot.storage.vault import SecretKeyError, Vault
from tests.storage.kit import KEY, NOW


def signin(customer: Customer, key: str = "hash") -> SignIn:
    return SignIn(
        key,
        customer.id,
        System.QBO,
        Purpose.SUPPORT,
        "U0SAM",
        Step.CONSENT,
        NOW,
        NOW + LIFE,
        '{"verifier": "v-1"}',
    )


async def test_a_sign_in_comes_back_as_it_was(store: SqlStore, customer: Customer) -> None:
    async with store.transaction() as tx:
        await tx.signins.add(signin(customer))
    async with store.transaction() as tx:
        assert await tx.signins.get("hash") == signin(customer)
        assert await tx.signins.get("other") is None
        stored = (await tx.database.execute(select(SignInRow))).one()
    assert "v-1" not in stored.secret


async def test_it_is_used_once_and_its_secret_goes(
    store: SqlStore, other: SqlStore, customer: Customer
) -> None:
    """Ten who come at the same time, from two processes: one is let through."""
    async with store.transaction() as tx:
        await tx.signins.add(signin(customer))

    async def use(by: SqlStore) -> bool:
        async with by.transaction() as tx:
            return await tx.signins.use("hash", NOW)

    won = await asyncio.gather(*(use(by) for by in (store, other) for _ in range(5)))
    assert sorted(won) == [False] * 9 + [True]
    async with store.transaction() as tx:
        found = await tx.signins.get("hash")
    assert found is not None
    assert (found.secret, found.used_at) == ("", NOW)


async def test_old_ones_are_forgotten(store: SqlStore, customer: Customer) -> None:
    async with store.transaction() as tx:
        await tx.signins.add(signin(customer))
        assert await tx.signins.forget_before(NOW + LIFE) == 0
        assert await tx.signins.forget_before(NOW + LIFE + timedelta(seconds=1)) == 1


async def test_they_go_with_their_customer(store: SqlStore, customer: Customer) -> None:
    async with store.transaction() as tx:
        await tx.signins.add(signin(customer))
    assert await store.purge(customer.id, "U0SAM", NOW)
    async with store.transaction() as tx:
        assert await tx.signins.get("hash") is None


async def test_rotating_keys_takes_them_along(store: SqlStore, customer: Customer) -> None:
    """Somebody may be signing in while an operator rotates the key."""
    async with store.transaction() as tx:
        await tx.signins.add(signin(customer))
    new = Vault.new_key()
    assert await SqlStore(store._engine, Vault(f"{new},{KEY}")).rotate_keys() == 0
    async with SqlStore(store._engine, Vault(new)).transaction() as tx:
        found = await tx.signins.get("hash")
    assert found is not None
    assert "v-1" in found.secret
    with pytest.raises(SecretKeyError):
        async with store.transaction() as tx:
            await tx.signins.get("hash")


async def test_a_connection_knows_its_hard_end_and_all_are_listed(
    store: SqlStore, customer: Customer
) -> None:
    end = NOW + timedelta(days=1825)
    made = Connection(
        customer.id, System.QBO, "9341", Grant.REFRESH_TOKEN, Tokens("a", "r", hard_expires_at=end)
    )
    async with store.transaction() as tx:
        await tx.connections.put(made)
        assert list(await tx.connections.all()) == [made]
