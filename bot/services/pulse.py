"""The sign of life of this process: written by the scheduler, read by ``onboard doctor``."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.beat import Beat
from bot.services.ports import Clock, Store

EVERY = 15.0
"""Seconds between two beats."""
MISSED = timedelta(seconds=6 * EVERY)
"""A process whose last beat is older than this has stopped, or its scheduler has."""
KEEP = timedelta(days=30)
"""So long the beats of processes that are gone are kept: they say when the last click came."""


class Pulse:
    """What this process knows of itself; ``owner`` names it."""

    def __init__(self, store: Store, clock: Clock, owner: str, release: str = "") -> None:
        self._store = store
        self._clock = clock
        now = clock.now()
        self._beat = Beat(owner, now, now, release)

    def by(self, way: str) -> None:
        """Slack reaches this process this way: "socket" or "http"."""
        self._beat = replace(self._beat, way=way)

    def heard(self, *, clicked: bool) -> None:
        """Slack delivered something; ``clicked`` marks a button, a menu or a form."""
        now = self._clock.now()
        self._beat = replace(self._beat, heard_at=now)
        if clicked:
            self._beat = replace(self._beat, clicked_at=now)

    @property
    def silent_since(self) -> datetime:
        """When Slack last delivered anything; the start of this process where it never did."""
        return self._beat.heard_at or self._beat.started_at

    async def beat(self) -> int:
        """Write the sign of life; 0, because nothing is left over."""
        await self._write(self._beat)
        return 0

    async def end(self) -> None:
        """Say goodbye, so that nobody takes this process for a dead one."""
        await self._write(replace(self._beat, ended_at=self._clock.now()))

    async def _write(self, beat: Beat) -> None:
        async with self._store.transaction() as tx:
            await tx.beats.put(replace(beat, at=self._clock.now()))
