"""Who may do what, proven by chance: ``make claim NAME=access``.

Somebody, somewhere, uses one of the things that the registry listens to, with an honest payload
or a forged one, 24,000 times. See ``acts`` for what has to come of each and ``judge`` for what is
looked at. Every registered listener and every word gets its turn; one that is registered past the
registry fails the claim.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import Any

from benchmarks.access.acts import Acts
from benchmarks.access.judge import Verdicts
from benchmarks.access.rig import running
from benchmarks.access.rules import CUSTOMERS, EVERYBODY, STAFF_ONLY
from bot.domain.access import Action

ACTS = 24_000
PROCESSES = 2
DEAF = 0.1
"""How often Slack refuses ephemeral messages meanwhile."""
AGAIN = 0.05
"""How often the same delivery comes a second time."""
NEVER = (
    "leaks",
    "wrongly refused",
    "refusals that don't say who can",
    "refusals without a line of history",
    "talked to bots",
    "broken",
    "unanswered",
    "worked on twice",
    "listeners past the registry",
    "actions without a rule",
    "things to use without a turn",
)


async def sweep(seed: int, acts: int) -> Verdicts:
    """So many acts from a seed."""
    chance, verdicts = random.Random(seed), Verdicts()
    turns: Counter[str] = Counter()
    async with running() as rig:
        registry = rig.bot.app.registry
        every = Acts(chance, registry.heard, registry.verbs, registry.tools.sealer)
        known = len(rig.bot.app._async_listeners)  # noqa: SLF001 - Bolt counts them nowhere else.
        verdicts.counts["listeners past the registry"] = abs(known - registry.doors)
        every_thing = len(registry.heard) + len(registry.verbs)
        verdicts.counts["things to use without a turn"] = max(0, every_thing - acts)
        ruled = STAFF_ONLY | EVERYBODY | CUSTOMERS
        verdicts.counts["actions without a rule"] = len(set(Action) ^ ruled)
        for act in islice(every, acts):
            rig.bot.slack.deaf = chance.random() < DEAF
            outcome, *again = await rig.do(act, 2 if chance.random() < AGAIN else 1)
            verdicts.judge(act, outcome)
            turns[act.who.kind] += 1
            verdicts.counts["deliveries repeated"] += len(again)
            verdicts.counts["worked on twice"] += any(one.shown or one.changed for one in again)
    verdicts.counts.update({f"acts of {kind}": number for kind, number in turns.items()})
    return verdicts


def half(seed: int, acts: int) -> Verdicts:
    """One of the processes that share the work."""
    logging.disable(logging.CRITICAL)
    verdicts = asyncio.run(sweep(seed, acts))
    verdicts.counts["CPU seconds"] = round(time.process_time())
    return verdicts


def claim(acts: int = ACTS, seed: int = 20261122) -> tuple[bool, Mapping[str, Any]]:
    """Whether nobody reached what is not theirs, and nobody was refused what is."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        parts = pool.map(half, [seed, seed + 1], [acts // PROCESSES] * PROCESSES)
        verdicts = sum(parts, Verdicts())
    counts = verdicts.counts
    figures: dict[str, Any] = {"seed": seed, "actions": len(Action)}
    figures |= {key: counts[key] for key in sorted(counts) if key not in NEVER and counts[key]}
    if verdicts.faults:
        figures["faults"] = "\n  ".join(["", *verdicts.faults])
    figures |= {key: counts[key] for key in reversed(NEVER)}
    return all(not counts[key] for key in NEVER), figures
