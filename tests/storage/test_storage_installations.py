"""The app in other workspaces: encrypted, replaced and deleted as a whole, begun once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.domain.customer import Channel, Tokens
from bot.domain.installation import EARLY, STATE_LIFE, Installation
from bot.storage.store import SqlStore
from bot.storage.tables import InstallationRow
from bot.storage.vault import SecretKeyError, Vault
from tests.storage.kit import KEY, NOW, AddCustomer

ACME = Installation(
    "T0ACME",
    "Acme Constructions",
    "U0BOT",
    ("chat:write", "commands"),
    Tokens("xoxe.xoxb-1", "xoxe-1", NOW + timedelta(hours=12)),
    "U0DANA",
    NOW,
)


async def put(store: SqlStore, *installations: Installation) -> None:
    async with store.transaction() as tx:
        for one in installations:
            await tx.installations.put(one)


async def test_an_installation_comes_back_as_it_was_and_is_no_plain_text(store: SqlStore) -> None:
    other = replace(ACME, team_id="T0OTHER", tokens=Tokens("xoxb-2"), broken="refused")
    await put(store, other, ACME)
    async with store.transaction() as tx:
        assert await tx.installations.get("T0ACME") == ACME
        assert await tx.installations.lock("T0OTHER") == other
        assert await tx.installations.get("T0NOBODY") is None
        assert list(await tx.installations.all()) == [ACME, other]
        rows = (await tx.database.execute(select(InstallationRow))).all()
    stored = " ".join(str(row) for row in rows)
    assert not [text for text in ("xoxb-", "xoxe-1", "Acme") if text in stored]


async def test_the_next_installation_takes_its_place_and_is_not_deleted_for_the_one_before(
    store: SqlStore,
) -> None:
    """Slack may tell of an uninstall after somebody installed it again."""
    again = replace(ACME, tokens=Tokens("xoxb-3"), installed_at=NOW + timedelta(seconds=1))
    await put(store, ACME, again)
    async with store.transaction() as tx:
        assert not await tx.installations.delete("T0ACME", ACME.installed_at)
        assert await tx.installations.get("T0ACME") == again
        assert await tx.installations.delete("T0ACME", again.installed_at)
        assert await tx.installations.all() == []


async def test_what_was_begun_is_used_once_and_in_time(store: SqlStore, other: SqlStore) -> None:
    """Ten who come at the same time, from two processes: one is let through."""
    async with store.transaction() as tx:
        await tx.installations.begin("hash", NOW + STATE_LIFE)
        await tx.installations.begin("late", NOW)

    async def use(by: SqlStore, key: str) -> bool:
        async with by.transaction() as tx:
            return await tx.installations.use(key, NOW)

    won = await asyncio.gather(*(use(by, "hash") for by in (store, other) for _ in range(5)))
    assert sorted(won) == [False] * 9 + [True]
    assert not await use(store, "late")
    async with store.transaction() as tx:
        assert await tx.installations.forget_before(NOW) == 0
        assert await tx.installations.forget_before(NOW + timedelta(seconds=1)) == 1


async def test_rotating_keys_takes_them_along(store: SqlStore) -> None:
    await put(store, ACME)
    new = Vault.new_key()
    await SqlStore(store._engine, Vault(f"{new},{KEY}")).rotate_keys()
    async with SqlStore(store._engine, Vault(new)).transaction() as tx:
        assert await tx.installations.get("T0ACME") == ACME
    with pytest.raises(SecretKeyError):
        async with store.transaction() as tx:
            await tx.installations.get("T0ACME")


async def test_they_go_with_the_last_customer_of_their_workspace(
    store: SqlStore, add_customer: AddCustomer
) -> None:
    """A workspace may be in the channels of two customers, of one, or of none."""
    gone, stays = await add_customer(), await add_customer()
    both, elsewhere = replace(ACME, team_id="T0BOTH"), replace(ACME, team_id="T0ELSEWHERE")
    await put(store, ACME, both, elsewhere)
    async with store.transaction() as tx:
        await tx.customers.link(Channel("C1", gone.id, "T0ACME"))
        await tx.customers.link(Channel("C2", gone.id, "T0BOTH"))
        await tx.customers.link(Channel("C3", stays.id, "T0BOTH"))
    assert await store.purge(gone.id, "U0SAM", NOW)
    async with store.transaction() as tx:
        assert list(await tx.installations.all()) == [both, elsewhere]


def test_a_token_is_renewed_early_and_only_where_it_rotates() -> None:
    end = NOW + timedelta(hours=12)
    assert not ACME.is_due(end - EARLY - timedelta(seconds=1))
    assert ACME.is_due(end - EARLY)
    assert not replace(ACME, tokens=Tokens("xoxb-1")).is_due(end)
