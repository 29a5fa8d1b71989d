"""What happens during the day, one thing after another, while people go on working."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from benchmarks.chaos.clocks import FastWorldClock
from benchmarks.day.people import Crowd
from benchmarks.day.replicas import Replicas
from integrations.sandbox.faults import Fault, FaultKind, FaultMatch, FaultRule
from integrations.sandbox.runner import Sandbox
from tests.storage.postgres import restarting

CALLS = r"^/api/(chat|views|conversations|files|users)\."


@dataclass
class Day:
    """The day under way. ``calm_s`` is how long people work after each disturbance."""

    sandbox: Sandbox
    clock: FastWorldClock
    crowd: Crowd
    replicas: Replicas
    database: str
    nine: datetime
    keys: tuple[str, str]
    head: str
    calm_s: float
    trouble_s: float
    phases: list[tuple[str, float, float]] = field(default_factory=list)
    """What was done, when it began and when it was over (monotonic seconds)."""

    async def live(self) -> None:
        """Everything."""
        await self._phase("calm", lambda: asyncio.sleep(self.calm_s))
        old, new = self.keys
        await self._phase("key rotation", lambda: self._rotate(new, old))
        await self._phase("Procore fails", lambda: self._system("procore-down"))
        await self._phase("Procore's quota is used up", lambda: self._system("procore-429"))
        await self._phase("QuickBooks fails", lambda: self._system("qbo-down"))
        limited = Fault(
            kind=FaultKind.STATUS,
            status=429,
            headers={"Retry-After": "2"},
            body={"ok": False, "error": "ratelimited"},
        )
        await self._phase("Slack answers 429", lambda: self._slack(limited))
        broken = Fault(kind=FaultKind.STATUS, status=503)
        await self._phase("Slack answers 503", lambda: self._slack(broken))
        await self._phase("the database restarts at 09:00", self._database)
        await self._phase("schema upgrade", lambda: self._upgrade(new))

    async def _phase(self, name: str, does: Callable[[], Awaitable[None]]) -> None:
        """A disturbance, and the calm after it, which counts as its own."""
        self.crowd.phase = name
        began = time.monotonic()
        await does()
        self.phases.append((name, began, time.monotonic()))
        await asyncio.sleep(self.calm_s)

    async def _rotate(self, new: str, old: str) -> None:
        """As docs/operations.md says: both keys, rotate while it runs, then the new one alone."""
        await self.replicas.roll(ONBOARD_SECRET_KEY=f"{new},{old}")
        await self.replicas.command("keys", "rotate")
        await self.replicas.roll(ONBOARD_SECRET_KEY=new)

    async def _system(self, action: str) -> None:
        await self._edit(f"systems:{action}")
        await asyncio.sleep(self.trouble_s)
        await self._edit("systems:up")

    async def _edit(self, action: str) -> None:
        async with httpx.AsyncClient(base_url=self.sandbox.procore_url) as client:
            answer = await client.post("/_world/edits", json={"op": "action", "id": action})
            answer.raise_for_status()

    async def _slack(self, fault: Fault) -> None:
        match = FaultMatch(path=CALLS, times=None)
        self.sandbox.slack_faults.add(FaultRule(match=match, fault=fault), label="day")
        await asyncio.sleep(self.trouble_s)
        self.sandbox.slack_faults.clear(label="day")

    async def _database(self) -> None:
        """Away for some seconds while the day's reminders are due."""
        self.clock.advance(self.nine - timedelta(seconds=1) - self.clock.now())
        stop, start = restarting(self.database)
        await asyncio.to_thread(stop)
        await asyncio.sleep(self.trouble_s / 2)
        await asyncio.to_thread(start)

    async def _upgrade(self, new: str) -> None:
        """The next version's replica brings the schema to its own beside one that knows it not."""
        await self.replicas.roll(ONBOARD_SECRET_KEY=new, DAY_NEXT="1", DAY_AFTER=self.head)
