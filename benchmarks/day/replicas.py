"""The replicas of the bot: started, put before the balancer, and taken away politely."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.day.balancer import Balancer
from benchmarks.proofs.bot_process import ONBOARD, free_port

ROOT = Path(__file__).parents[2]
LONGEST_S = 60.0


@dataclass
class Replicas:
    """``folder`` gets a log of each; ``environment`` is what the next one starts with."""

    folder: Path
    balancer: Balancer
    environment: dict[str, str]
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)
    """How those that were stopped ended."""

    async def start(self) -> None:
        """One more, until it takes requests."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        with (self.folder / f"replica-{port}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once.
                [sys.executable, "-m", "benchmarks.day.replica"],
                cwd=self.folder,
                env={**self._environment(), "PORT": str(port)},
                stderr=log,
                stdout=log,
            )
        self.running[address] = process
        self.balancer.members.append(address)
        async with asyncio.timeout(LONGEST_S):
            await self.balancer.until_ready(address)

    async def stop(self, address: str) -> None:
        """Out of the balancer first, as every deployment does it; then asked to stop."""
        self.balancer.members.remove(address)
        self.balancer.ready.discard(address)
        process = self.running.pop(address)
        # What the balancer was just passing on arrives; deployments call this the drain delay.
        await asyncio.sleep(1)
        process.send_signal(signal.SIGTERM)
        self.codes.append(await asyncio.to_thread(process.wait, LONGEST_S))

    async def roll(self, **changed: str) -> None:
        """A rolling restart with other settings: first the new one, then the old one goes."""
        self.environment |= changed
        for address in tuple(self.running):
            await self.start()
            await self.stop(address)

    async def command(self, *arguments: str) -> str:
        """Run ``onboard`` with the replicas' settings; what it says.

        Raises:
            RuntimeError: it ended with another code than 0.
        """
        process = await asyncio.create_subprocess_exec(
            str(ONBOARD),
            *arguments,
            cwd=self.folder,
            env=self._environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"onboard {' '.join(arguments)}: {said.decode()}")
        return said.decode()

    def kill(self) -> None:
        """Whatever still runs."""
        for process in self.running.values():
            process.kill()
            process.wait()

    def _environment(self) -> Mapping[str, str]:
        return {**os.environ, **self.environment, "PYTHONPATH": str(ROOT)}
