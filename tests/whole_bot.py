"""All that a bot has imported by its first reminder, and the commands; for `tests/processes.py`.

Importing it takes as long as starting a bot and a check take, so that what is forked from a process
that has done so begins at once. That process is a bare interpreter, and begins with what
``onboard serve`` imports: modules that need each other in a circle are found here.
"""

try:
    from bot.commands import start
except ImportError as error:
    # The server that forks would pass over it.
    raise RuntimeError("`onboard serve` cannot be imported by a bare interpreter") from error

from importlib import import_module

from benchmarks.chaos.process import warm_up
from bot import systems
from bot.commands import check, doctor

__all__ = ["check", "doctor", "start", "systems"]

warm_up()
# What an HTTP client imports with its first request.
import_module("anyio._backends._asyncio")
