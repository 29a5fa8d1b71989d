"""The bot behind a real socket, as ``make claim NAME=fuzz`` attacks it: ``python -m …server``.

Prints its port, serves until its standard input ends, then prints what it logged, as JSON.
"""

import asyncio
import io
import json
import logging
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette

from benchmarks.access.rig import Bot, running_on_disk
from benchmarks.access.town import MARKERS, SECRETS
from benchmarks.fuzz.bodies import CANARY, SECRET
from bot.logs import QUIET, make_formatter
from bot.web import listen, make_web, serving

CONTENT = (CANARY, "xoxb-", SECRET, *MARKERS.values(), *SECRETS.values())
KEPT = 200
"""How much of what was shown in Slack is kept: the memory that is measured is the bot's."""


@dataclass
class Listener(logging.Handler):
    """Reads every record as it would be written, and counts those that quote somebody."""

    records: int = 0
    quoting: int = 0
    first: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__()
        self.setFormatter(make_formatter("INFO", "text"))

    __hash__ = logging.Handler.__hash__

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.records += 1
        if record.levelno >= logging.ERROR:
            self.errors["\n".join(line.splitlines()[-5:])] += 1
        if any(content.casefold() in line.casefold() for content in CONTENT):
            self.quoting += 1
            self.first = [*self.first, line[:600]][:5]


@asynccontextmanager
async def listened() -> AsyncIterator[Listener]:
    """Every log record of INFO and above, by the settings of ``onboard serve``."""
    listener, root = Listener(), logging.getLogger()
    level, root.level = root.level, logging.INFO
    quiet = {name: logging.getLogger(name).level for name in QUIET}
    for name in quiet:
        logging.getLogger(name).setLevel(logging.WARNING)
    root.addHandler(listener)
    try:
        yield listener
    finally:
        root.removeHandler(listener)
        root.setLevel(level)
        for name, was in quiet.items():
            logging.getLogger(name).setLevel(was)


async def _ready() -> str:
    return ""


@asynccontextmanager
async def web() -> AsyncIterator[tuple[Bot, Starlette, Listener]]:
    """The web application of a bot that takes Slack over HTTP, and what it logs."""
    async with running_on_disk(SECRET) as bot, listened() as listener:
        bot.slack.most_shown = KEPT
        yield bot, make_web(bot.app, _ready), listener


async def main() -> None:
    """Serve until nobody is there any more."""
    async with web() as (bot, app, listener):
        socket = listen("127.0.0.1", 0)
        async with serving(app, socket):
            print(socket.getsockname()[1], flush=True)
            await asyncio.to_thread(sys.stdin.read)
        # What was acknowledged is still worked on, and a record of it counts like every other.
        await bot.app.registry.drain()
        said = {"records": listener.records, "quoting": listener.quoting, "first": listener.first}
        print(json.dumps({**said, "errors": listener.errors.most_common(8)}))


if __name__ == "__main__":
    sys.stdin = io.TextIOWrapper(sys.stdin.buffer)
    asyncio.run(main())
