"""Mutated requests at the signed endpoint, over a real socket: ``make claim NAME=fuzz``.

Another process runs the bot as ``onboard serve`` does over HTTP, with its memory and its log
watched. See ``bodies`` for what is sent. The claim holds when no answer is 5xx, no log record
quotes a body or a customer, and the memory is flat after the warm-up.
"""

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp

from benchmarks.access.acts import Acts
from benchmarks.fuzz.bodies import Bodies, Sent
from bot.web import LARGEST_BODY, SLACK_PATH
from handlers.call import Tools
from handlers.listeners import register
from handlers.registry import Registry
from handlers.values import Sealer

REQUESTS = 56_000
WARM_UP = 16_000
"""Requests until everything that is loaded or cached at its first use has been used."""
AT_ONCE = 8
AS_DEPLOYED = {"MALLOC_ARENA_MAX": "2"}
"""As ``deploy/onboard.service`` and the ``Dockerfile`` set it."""
MEASURED_EVERY = 500
FLAT = 0.05
"""How far the memory may be from its middle after the warm-up."""
CUT = "cut off before the end of a body that is too large"


def bodies(seed: int) -> Iterator[Sent]:
    """Requests for everything that the bot listens to, the same ones for the same seed."""
    app = AsyncApp(name="any", token="xoxb-access", signing_secret="unused")
    sealer = Sealer("xoxb-access")
    registry = Registry(app, Tools(None, None, None, None, sealer, None))  # type: ignore[arg-type]
    register(registry)
    chance = random.Random(seed)
    return iter(Bodies(chance, Acts(chance, registry.heard, registry.verbs, sealer)))


class _Connection:
    """One connection, opened again whenever the server closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, sent: Sent) -> int:
        """Send one request; the answer's status, 0 when the server hung up without one."""
        try:
            self._open = self._open or await asyncio.open_connection("127.0.0.1", self._port)
            status, stays = await _ask(*self._open, sent)
        except (ConnectionError, asyncio.IncompleteReadError):
            status, stays = 0, False
        if not stays:
            self.close()
        return status

    def close(self) -> None:
        """Close it."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: Sent
) -> tuple[int, bool]:
    """The answer's status, and whether the connection stays open."""
    head = [f"POST {SLACK_PATH} HTTP/1.1", "host: localhost", f"content-length: {len(sent.body)}"]
    head += [f"{name}: {value}" for name, value in sent.headers.items()]
    writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + sent.body)
    await writer.drain()
    status = int((await reader.readuntil(b"\r\n")).split()[1])
    headers = {}
    while line := (await reader.readuntil(b"\r\n")).strip():
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    await reader.readexactly(int(headers.get(b"content-length", 0)))
    return status, headers.get(b"connection") != b"close"


async def attack(port: int, seed: int, requests: int, pid: int) -> tuple[Counter[str], list[int]]:
    """Send them all over a few connections; what was answered, and the memory as it went."""
    queue = enumerate(islice(bodies(seed), requests))
    counts: Counter[str] = Counter()
    memory: list[int] = []

    async def work() -> None:
        connection = _Connection(port)
        for number, sent in queue:
            if number % MEASURED_EVERY == 0:
                memory.append(_memory_kb(pid))
            status = await connection.ask(sent)
            counts["sent"] += 1
            counts[f"answered {status}" if status else CUT] += 1
            if status >= 500 or (not status and len(sent.body) <= LARGEST_BODY):
                counts[f"failed: {sent.kind}"] += 1
        connection.close()

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return counts, memory


def _memory_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def claim(requests: int = REQUESTS, seed: int = 20261122) -> tuple[bool, Mapping[str, Any]]:
    """Whether nothing that the wire can bring breaks, bloats or is quoted by the bot."""
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.fuzz.server"]
    env = {**os.environ, **AS_DEPLOYED}
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, env=env) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        port = int(server.stdout.readline())
        counts, memory = asyncio.run(attack(port, seed, requests, server.pid))
        said = json.loads(server.communicate()[0])
    steady = memory[WARM_UP // MEASURED_EVERY :] or memory
    middle = statistics.median(steady)
    drift = max(abs(one - middle) for one in steady) / middle
    failed = sum(number for key, number in counts.items() if key.startswith("failed"))
    figures: dict[str, Any] = {"seed": seed}
    figures |= {key: counts[key] for key in sorted(counts)}
    figures |= {
        "seconds": round(time.monotonic() - began, 1),
        "memory before, MB": round(memory[0] / 1024, 1),
        "memory in the middle, MB": round(middle / 1024, 1),
        "memory at the end, MB": round(memory[-1] / 1024, 1),
        "furthest from the middle, %": round(drift * 100, 2),
        "log records": said["records"],
        **({"quoted": said["first"]} if said["first"] else {}),
        **{f"error, {times} times": text for text, times in said["errors"]},
        "log records with content": said["quoting"],
        "5xx, or no answer": failed,
    }
    return failed == 0 and said["quoting"] == 0 and drift <= FLAT, figures
