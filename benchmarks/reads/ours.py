"""The bot's process: ``python -m benchmarks.reads.ours FOLDER``.

The first line on standard input says where the stand-ins are. Each line after it, ``full`` or
``again``, makes one whole check, as the bot makes it: read, judge, store. ``full`` knows nothing
before; ``again`` has the lists of the check before, which change data capture confirms.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.reads.company import COMPANY, REALM
from bot.clock import SystemClock
from bot.core import Core, NoBoard, NoMessenger, open_core
from bot.domain.customer import Connection, Grant, NewCustomer, Tokens
from bot.domain.model import Facet, Present, Snapshot, System
from bot.heavy import calm_collector
from bot.services.hub import Services
from bot.services.ports import NOTHING_KNOWN, Progress
from bot.settings import Settings
from bot.storage.vault import Vault
from integrations.snapshot import SystemsReader

BEAT = 0.005


class Timed(SystemsReader):
    """The reader, with the time that its last reading took."""

    def __init__(self, reader: SystemsReader) -> None:
        self.__dict__ = reader.__dict__
        self.seconds = 0.0

    async def read(
        self,
        customer_id: int,
        facets: Sequence[Facet[object]],
        progress: Progress | None = None,
        *,
        in_full: bool = False,
        known: Snapshot = NOTHING_KNOWN,
    ) -> Snapshot:
        began = time.perf_counter()
        found = await super().read(customer_id, facets, progress, in_full=in_full, known=known)
        self.seconds = time.perf_counter() - began
        missing = [name for name, one in found.reads.items() if not isinstance(one, Present)]
        assert not missing, f"not read: {missing}"
        return found


class Heart:
    """Beats while something runs; remembers the longest that the loop was kept from a beat.

    ``busy`` counts this thread's own computing only: what other programs took of the processor is
    none of the loop's doing. ``late`` is by the clock on the wall.
    """

    def __init__(self) -> None:
        self.busy = self.late = 0.0

    async def beat(self) -> None:
        while True:
            began, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(BEAT)
            self.late = max(self.late, time.perf_counter() - began - BEAT)
            self.busy = max(self.busy, time.thread_time() - used)


async def check(services: Services, reader: Timed, customer: int) -> dict[str, float]:
    """One whole check and what it took."""
    heart, used = Heart(), time.process_time()
    beating = asyncio.create_task(heart.beat())
    began = time.perf_counter()
    await services.checks.run(customer, None, "bot", fresh=True)
    seconds = time.perf_counter() - began
    beating.cancel()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "read_seconds": reader.seconds,
        "check_seconds": seconds,
        "cpu_seconds": time.process_time() - used,
        "busy_ms": heart.busy * 1000,
        "late_ms": heart.late * 1000,
        "peak_mb": peak,
    }


async def connect(core: Core, places: dict[str, Any]) -> int:
    """The customer with both connections."""
    now = core.clock.now()
    async with core.store.transaction() as tx:
        customer = await tx.customers.add(NewCustomer("darwin", "Darwin Developments"), now)
        for system, company in ((System.PROCORE, COMPANY), (System.QBO, REALM)):
            given = places[system.value]
            tokens = Tokens(given["access_token"], given["refresh_token"], now + timedelta(hours=1))
            await tx.connections.put(
                Connection(
                    customer.id, system, company, Grant.REFRESH_TOKEN, tokens, connected_at=now
                )
            )
    return customer.id


def settings(folder: Path, places: dict[str, Any]) -> Settings:
    procore, qbo = places["procore"], places["qbo"]
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'reads.db'}",
        onboard_secret_key=Vault.new_key(),
        procore_api_url=procore["url"],
        procore_auth_url=procore["there"],
        procore_client_id=procore["client"]["id"],
        procore_client_secret=procore["client"]["secret"],
        qbo_api_url=qbo["url"],
        qbo_auth_url=qbo["there"],
        qbo_userinfo_url=f"{qbo['url']}/v1/openid_connect/userinfo",
        qbo_client_id=qbo["client"]["id"],
        qbo_client_secret=qbo["client"]["secret"],
    )


async def main(folder: Path) -> None:
    places = json.loads(sys.stdin.readline())
    async with open_core(settings(folder, places), SystemClock()) as core:
        reader = Timed(core.reader)
        services = replace(core, reader=reader).services(NoMessenger(), NoBoard())
        customer = await connect(core, places)
        # As the app does when it has started.
        calm_collector()
        while wanted := (await asyncio.to_thread(sys.stdin.readline)).strip():
            if wanted == "full":
                async with core.store.transaction() as tx:
                    await tx.kept_lists.forget(customer)
            print(json.dumps(await check(services, reader, customer)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
