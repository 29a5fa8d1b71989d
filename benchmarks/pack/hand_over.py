"""What the bot's process does.

The first line on standard input says where the stand-ins are. The line after it has the customer
handed over, as a press on *Contact Interfy support* does: every list is read in full, everything
is judged, the worksheets are made, and the pack waits in the outbox. Its bytes end in FILE.
"""

import asyncio
import base64
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.reads.ours import connect, settings
from bot.clock import SystemClock
from bot.core import Core, NoMessenger, open_core
from bot.domain.catalogue import catalogue
from bot.domain.model import Grade
from bot.heavy import calm_collector
from bot.services.hub import Services
from bot.services.notices import PackNotice, load
from bot.services.ports import Busy
from bot.services.views import HandoffAnswer


class Card:
    """A card that nobody sees; where there is one, full checks are followed by the risks."""

    async def refresh(self, customer_id: int, busy: Busy | None = None) -> None:
        """Nothing to show."""


def seconds_of(pid: str) -> float:
    """What a process has computed, as Linux counts it."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def helpers() -> list[str]:
    """The processes that this one has started."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def keep(payload: str, file: Path) -> None:
    """Write down the pack that a notice carries."""
    pack = load(payload)
    assert isinstance(pack, PackNotice)
    file.write_bytes(base64.b64decode(pack.content_base64))


async def open_gate(services: Services, customer: int) -> None:
    """Staff waive what the world lacks: the pack is the same, and its gate is open."""
    for known in catalogue():
        if known.grade is not Grade.HAND_OFF:
            await services.decisions.waive(customer, known.id, "USTAFF", "for the pack", None)


async def hand_over(core: Core, services: Services, customer: int, file: Path) -> dict[str, Any]:
    """The hand-off, what it took, and the pack as it would be sent."""
    began, used = time.perf_counter(), time.process_time()
    result = await services.handoff.request(customer, "UDANA")
    seconds, computing = time.perf_counter() - began, time.process_time() - used
    assert result.answer is HandoffAnswer.SENT, result
    handed_over = result.view.customer.handover
    assert handed_over is not None
    async with core.store.transaction() as tx:
        row = await tx.outbox.get(f"handoff:{customer}:{handed_over.at.isoformat()}:pack")
    assert row is not None
    keep(row.payload, file)
    return {
        "seconds": seconds,
        "cpu_seconds": computing,
        "helpers_seconds": sum(map(seconds_of, helpers())),
    }


async def main(file: Path) -> None:
    places = json.loads(sys.stdin.readline())
    async with open_core(settings(file.parent, places), SystemClock()) as core:
        services = core.services(NoMessenger(), Card())
        customer = await connect(core, places)
        await open_gate(services, customer)
        calm_collector()
        # The day before: what is handed over has had its risks looked at.
        await services.checks.run(customer, None, "bot")
        await services.risks.drain()
        # The helper begins anew: it remembers no comparison of that day.
        core.judge.stop()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(json.dumps(await hand_over(core, services, customer, file)), flush=True)
        await services.stop()
