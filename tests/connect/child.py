"""Another process that reads: ``python child.py SETTINGS TASKS``, on ``go`` from its input."""

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.clock import SystemClock
from bot.core import open_core
from bot.domain import facets
from bot.domain.model import Present
from bot.settings import Settings


async def main(settings: str, tasks: int) -> None:
    async with open_core(Settings(_env_file=None, **json.loads(settings)), SystemClock()) as core:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        reads = await asyncio.gather(
            *(core.reader.read(1, [facets.AUTHORISER]) for _ in range(tasks))
        )
    good = [one for one in reads if isinstance(one.get(facets.AUTHORISER), Present)]
    print(len(good))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
