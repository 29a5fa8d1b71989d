"""Another process on the same database: ``python child.py JOB URL KEY``."""

import asyncio
import json
import os
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.storage.kit import NOW

OWNER = f"process {os.getpid()}"
ROUNDS = 20


async def count(store: SqlStore) -> None:
    async with store.transaction() as tx:
        (customer,) = await tx.customers.all()
        locked = await tx.customers.lock(customer.id)
        await tx.customers.save(replace(locked, escalation=locked.escalation + 1))


async def send(store: SqlStore) -> list[str]:
    async with store.transaction() as tx:
        claimed = await tx.outbox.claim(NOW, OWNER, timedelta(minutes=1), 2)
    for message in claimed:
        async with store.transaction() as tx:
            await tx.outbox.sent(message.id, OWNER, "1.0", NOW)
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


async def die(store: SqlStore) -> str:
    async with store.transaction() as tx:
        (customer,) = await tx.customers.all()
        await tx.customers.save(replace(customer, name="Half done"))
        print("written", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
    return "committed"


async def main(job: str, url: str, key: str) -> None:
    engine = make_engine(url)
    store = SqlStore(engine, Vault(key))
    # Ready, so that the test begins its own part at the same moment.
    print("ready", flush=True)
    if job == "upgrade":
        print(await schema.upgrade(engine))
    else:
        print(json.dumps(await {"work": work, "die": die}[job](store)))
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
