"""All that a bot has imported by its first reminder, and the commands; for `tests/processes.py`.

Importing it takes as long as starting a bot and a check take, so that what is forked from a process
that has done so begins at once.
"""

from benchmarks.chaos.process import warm_up
from bot.commands import check, doctor

__all__ = ["check", "doctor"]

warm_up()
