"""Another process that reads: so many tasks at once, when it is told to."""

import asyncio
from multiprocessing.connection import Connection

from bot.clock import SystemClock
from bot.core import open_core
from bot.domain import facets
from bot.domain.model import Present
from bot.settings import Settings


async def read(line: Connection, settings: Settings, tasks: int) -> None:
    async with open_core(settings, SystemClock()) as core:
        line.send("ready")
        await asyncio.to_thread(line.recv)
        reads = await asyncio.gather(
            *(core.reader.read(1, [facets.AUTHORISER]) for _ in range(tasks))
        )
    line.send(sum(isinstance(one.get(facets.AUTHORISER), Present) for one in reads))
