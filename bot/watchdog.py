"""Notices what a process can't notice from within its own work, and heals or ends it.

A line to Slack that is closed or silent is replaced; one that can't be had for minutes, or a
scheduler whose rounds have stopped, ends the process with an exit code that is not 0, so that the
supervisor starts it anew: everything that matters is in the database. An event loop that is stuck
can't end anything politely; a thread ends the process then.
"""

import asyncio
import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.scheduling import Rounds

if TYPE_CHECKING:
    from bot.socket_line import SocketLine

log = logging.getLogger(__name__)

EVERY = 5.0
STUCK = 60.0
"""Seconds without a turn of the event loop after which the process is ended."""
EXIT_STUCK = 70
"""EX_SOFTWARE: an internal fault."""


class HopelessError(Exception):
    """This process can't do its work any more; a supervisor should start it anew."""

    for_people = True


class Watchdog:
    """Looks every few seconds; ``guard`` raises when only a new start helps."""

    def __init__(
        self,
        rounds: Rounds,
        line: "SocketLine | None",
        every: float = EVERY,
    ) -> None:
        self._rounds = rounds
        self._line = line
        self._every = every
        self._suspects: list[str] = []

    async def guard(self) -> None:
        """Look until it is cancelled.

        Raises:
            HopelessError: the scheduler has stopped, or Slack's socket can't be had.
        """
        while True:
            await asyncio.sleep(self._every)
            await self.look()

    async def look(self) -> None:
        """Look once.

        Raises:
            HopelessError: only a new start helps.
        """
        suspects, self._suspects = self._suspects, self._rounds.stopped()
        # Twice in a row: a process that was stopped and goes on again catches up in between.
        stopped = [name for name in self._suspects if name in suspects]
        if stopped:
            raise HopelessError(
                f"The scheduler has stopped (rounds: {', '.join(stopped)}). This process ends, so "
                "that it is started anew; nothing is lost, what is due is in the database."
            )
        if self._line is None:
            return
        await self._line.tend()
        if self._line.is_lost:
            raise HopelessError(
                "Slack's socket could not be opened for minutes. This process ends, so that it is "
                "started anew. See that Slack is reachable and that SLACK_APP_TOKEN is valid."
            )


class LoopGuard:
    """A thread that ends the process when the event loop takes no turn any more.

    It counts its own looks instead of time: a machine that slept, or a process that was stopped,
    looks once when it wakes, and finds the loop moving at its next look.
    """

    def __init__(
        self,
        limit: float = STUCK,
        every: float = EVERY,
        end: Callable[[], None] | None = None,
    ) -> None:
        self._looks = max(2, round(limit / every))
        self._every = every
        self._end = end or _end_at_once
        self._turns = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="loop guard", daemon=True)

    async def turn(self) -> None:
        """Show the thread that the loop moves, until this is cancelled."""
        self._thread.start()
        try:
            while True:
                self._turns += 1
                await asyncio.sleep(self._every / 2)
        finally:
            self._done.set()

    def _watch(self) -> None:
        seen, missed = -1, 0
        while not self._done.wait(self._every):
            missed = missed + 1 if self._turns == seen else 0
            seen = self._turns
            if missed >= self._looks:
                self._end()
                return


def _end_at_once() -> None:
    log.critical("the event loop is stuck; this process ends, so that it is started anew")
    with suppress(OSError, ValueError):
        faulthandler.dump_traceback(sys.stderr)
    os._exit(EXIT_STUCK)


async def first_of(work: Sequence[asyncio.Task[None]]) -> None:
    """Until one of them ends; the others are cancelled, and its error is raised."""
    done, rest = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    for task in done:
        task.result()
