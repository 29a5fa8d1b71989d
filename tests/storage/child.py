"""What another process does on the same database."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection

from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.storage.kit import NOW

ROUNDS = 8


async def count(store: SqlStore) -> None:
    async with store.transaction() as tx:
        (customer,) = await tx.customers.all()
        locked = await tx.customers.lock(customer.id)
        await tx.customers.save(replace(locked, escalation=locked.escalation + 1))


async def send(store: SqlStore) -> list[str]:
    owner = f"process {os.getpid()}"
    async with store.transaction() as tx:
        claimed = await tx.outbox.claim(NOW, owner, timedelta(minutes=1), 2)
    for message in claimed:
        async with store.transaction() as tx:
            await tx.outbox.sent(message.id, owner, "1.0", NOW)
    return [message.key for message in claimed]


async def work(store: SqlStore) -> list[str]:
    """Count and send until nothing waits; the keys of what was sent."""
    keys: list[str] = []
    for _ in range(ROUNDS):
        await count(store)
        keys += await send(store)
    waiting = 1
    while waiting:
        keys += await send(store)
        async with store.transaction() as tx:
            waiting = await tx.outbox.pending()
    return keys


async def die(store: SqlStore, line: Connection) -> None:
    async with store.transaction() as tx:
        (customer,) = await tx.customers.all()
        await tx.customers.save(replace(customer, name="Half done"))
        line.send("written")
        await asyncio.to_thread(line.recv)


async def main(line: Connection, job: str, url: str, key: str) -> None:
    engine = make_engine(url)
    store = SqlStore(engine, Vault(key))
    # Ready, so that the test begins its own part at the same moment.
    line.send("ready")
    if job == "upgrade":
        line.send(await schema.upgrade(engine))
    elif job == "work":
        line.send(await work(store))
    else:
        await die(store, line)
    await engine.dispose()
