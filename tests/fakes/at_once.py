"""What the bot computes in a thread or in a process of its own, computed where it is asked for.

Most tests' companies are tiny, and a thread for each of their checks takes longer than the check.
The other tasks have a turn before, so that what goes on at the same time meets as it does in the
bot.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.domain.evaluate import run_checks
from bot.domain.model import CheckContext, Finding, Requirement, Snapshot

R = TypeVar("R")


async def judge_at_once(
    requirements: Sequence[Requirement], snapshot: Snapshot, context: CheckContext, now: datetime
) -> dict[str, Finding]:
    """``checks.Judge``."""
    await asyncio.sleep(0)
    return run_checks(requirements, snapshot, context, now)


async def away_at_once(size: int, work: Callable[..., R], *arguments: object) -> R:
    """``facts.Away``."""
    await asyncio.sleep(0)
    return work(*arguments)
