"""Readers that need not wait before they ask again."""

import asyncio
import time

from bot.services.ports import Clock
from integrations.limits import Timing


class Pauses:
    """Those between the readers' requests pass at once: their clock is put forward instead."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        self._ahead += seconds
        await asyncio.sleep(0)

    def timing(self, clock: Clock) -> Timing:
        return Timing(clock, self.sleep, self.monotonic)
