"""Where the bot's processes come from.

Two hundred starts of Python would take longer than everything else. So one process imports the
bot and then forks at each order; it answers with the child's number. A child is a process of its
own: it opens the real composition (``open_core``, ``open_application``, ``socket_mode``) with
settings from its environment, and is there to be killed.
"""

import asyncio
import ctypes
import gc
import importlib
import logging
import os
import signal
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from benchmarks.chaos.clocks import FastLoop, SharedClock
from benchmarks.chaos.source import ReadySource
from benchmarks.chaos.town import DAY, ZONES, nine
from bot.app import Pace, open_application, socket_mode
from bot.core import open_core
from bot.domain.catalogue import catalogue
from bot.domain.evaluate import run_checks
from bot.domain.model import CheckContext, Present, Snapshot
from bot.settings import load_settings
from bot.workdays import holidays_of
from tests.fakes.facts import healthy

DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of Linux's prctl."""

LATER = (
    "PIL.ImageDraw",
    "PIL.ImageFont",
    "apscheduler.executors.asyncio",
    "apscheduler.triggers.interval",
    "bot.domain.matching.nearest",
    "bot.services.xlsx",
    "bot.socket_line",
    "httpcore",
    "sqlalchemy.dialects.postgresql.psycopg",
)
"""What a bot imports only when it needs it."""


async def serve(order: dict[str, Any]) -> None:
    """The bot until it is killed."""
    clock = SharedClock(Path(order["clock"]))
    settings = load_settings(env_file=None)
    # The scheduler counts in the machine's seconds. In compressed time the outbox is looked at
    # every four seconds, because looking more often would take more than all the rest; and where
    # time runs faster still, five times a second of the machine's.
    send, remind = min(max(4.0, clock.rate / 5), clock.rate), min(15.0, 5.0 * clock.rate)
    pace = Pace(send=send / clock.rate, remind=remind / clock.rate)
    async with open_core(settings, clock) as core:
        source = ReadySource(core.reader, clock, frozenset(order["ready"]), order["sick"])
        ready = replace(core, reader=source)  # type: ignore[arg-type]
        async with open_application(ready, pace) as application, socket_mode(application):
            await asyncio.Event().wait()


def child(order: dict[str, Any]) -> None:
    """A bot, from its order on until it is killed."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    os.environ.update(order["environment"])
    log = Path(order["log"]).open("a", buffering=1)  # noqa: SIM115 - it ends with the process.
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    logging.basicConfig(level=logging.WARNING, format=f"%(asctime)s {os.getpid()} %(message)s")
    let_the_scheduler_sleep(order["rate"])
    loop = FastLoop(order["rate"])
    asyncio.set_event_loop(loop)
    loop.run_until_complete(serve(order))


def let_the_scheduler_sleep(rate: float) -> None:
    """Until a round is due by the machine's seconds, which it counts in; the loop's are shorter.

    It would wake a hundred times a second, and find that nothing is due yet.
    """
    start = AsyncIOScheduler._start_timer  # noqa: SLF001 - it has no other place to tell it.

    def start_timer(scheduler: AsyncIOScheduler, seconds: float | None) -> None:
        start(scheduler, None if seconds is None else seconds * rate)

    AsyncIOScheduler._start_timer = start_timer  # noqa: SLF001


def warm_up() -> None:
    """Import what a bot imports at its start, at its first check, reminder and hand-off.

    That is a second of computing: in compressed time a check that waits for it on a busy machine
    takes longer than the three minutes that a round waits, and its reminder is held back.
    """
    ready = {facet.name: Present(facts, nine(0)) for facet, facts in healthy().items()}
    run_checks(catalogue(), Snapshot(ready), CheckContext(), nine(0))
    for _, region in ZONES:
        holidays_of(region)(DAY)
    for name in LATER:
        importlib.import_module(name)


def nursery(line: Connection) -> None:
    """Fork at each order that comes by the line, until it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm_up()
    # No child looks for garbage among what is there now, which would copy all of it.
    gc.freeze()
    line.send("ready")
    while True:
        try:
            order = line.recv()
        except EOFError:
            return
        number = os.fork()
        if not number:
            try:
                line.close()
                child(order)
            except BaseException:
                logging.getLogger("chaos").exception("the process could not go on")
            finally:
                os._exit(1)
        line.send(number)
