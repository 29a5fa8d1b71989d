"""Where the bot's processes come from: ``python -m benchmarks.chaos.process``.

Two hundred starts of Python would take longer than everything else. So one process imports the
bot and then forks at each line of JSON on its input; it answers with the child's number. A child
is a process of its own: it opens the real composition (``open_core``, ``open_application``,
``socket_mode``) with settings from its environment, and is there to be killed.
"""

import asyncio
import ctypes
import importlib
import json
import logging
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

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
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    os.environ.update(order["environment"])
    sys.stdin.close()
    log = Path(order["log"]).open("a", buffering=1)  # noqa: SIM115 - it ends with the process.
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    logging.basicConfig(level=logging.WARNING, format=f"%(asctime)s {os.getpid()} %(message)s")
    loop = FastLoop(order["rate"])
    asyncio.set_event_loop(loop)
    loop.run_until_complete(serve(order))


def warm_up() -> None:
    """Import what a bot imports at its first check and its first reminder.

    That is a second of computing: in compressed time a check that waits for it on a busy machine
    takes longer than the three minutes that a round waits, and its reminder is held back.
    """
    ready = {facet.name: Present(facts, nine(0)) for facet, facts in healthy().items()}
    run_checks(catalogue(), Snapshot(ready), CheckContext(), nine(0))
    for _, region in ZONES:
        holidays_of(region)(DAY)
    importlib.import_module("httpcore")


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm_up()
    print("ready", flush=True)
    for line in sys.stdin:
        number = os.fork()
        if not number:
            try:
                child(json.loads(line))
            except BaseException:
                logging.getLogger("chaos").exception("the process could not go on")
            finally:
                os._exit(1)
        print(number, flush=True)


if __name__ == "__main__":
    main()
