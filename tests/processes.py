"""Other processes, forked from a server that has imported what they need: once per test worker."""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from runpy import run_module
from typing import Any
from unittest.mock import patch

_FORKS = multiprocessing.get_context("forkserver")


def forked(
    work: Callable[..., object], *given: object, imported: str = "tests.whole_bot"
) -> BaseProcess:
    """A process that begins ``work``; it ends with this one.

    The first one of a test worker starts the server, which imports ``imported`` before it forks.
    """
    _FORKS.set_forkserver_preload([imported])
    process = _FORKS.Process(target=work, args=given, daemon=True)
    # Several processes that each compute on every core get nowhere.
    with patch.dict(os.environ, {"OPENBLAS_NUM_THREADS": "1"}):
        process.start()
    return process


class Child:
    """A process that runs ``job(line, …)``; the line carries what can be pickled, both ways."""

    def __init__(self, job: Callable[..., Awaitable[None]], *given: object) -> None:
        self._line, theirs = multiprocessing.Pipe()
        self._process = forked(_work, job, theirs, *given, imported=job.__module__)
        # Once the other end is the child's only, its death ends the line.
        theirs.close()

    def say(self, what: object) -> None:
        self._line.send(what)

    async def hear(self) -> Any:
        """What it says next; `EOFError` where it died instead."""
        return await asyncio.to_thread(self._line.recv)

    async def end(self) -> int:
        """Its exit code."""
        await asyncio.to_thread(self._process.join)
        self._line.close()
        code = self._process.exitcode
        assert code is not None
        self._process.close()
        return code

    async def kill(self) -> int:
        """End it with SIGKILL."""
        self._process.kill()
        return await self.end()


def _work(job: Callable[..., Awaitable[None]], line: Connection, *given: object) -> None:
    async def run() -> None:
        await job(line, *given)

    asyncio.run(run())


async def onboard(folder: Path, environment: dict[str, str], *arguments: str) -> bytes:
    """What the ``onboard`` command prints, as a process of its own in that folder."""
    printed = folder / f"printed by {' '.join(arguments)}"
    process = begun(printed, environment, *arguments)
    await asyncio.to_thread(process.join)
    process.close()
    content = printed.read_bytes()
    printed.unlink()
    return content


def begun(printed: Path, environment: dict[str, str], *arguments: str) -> BaseProcess:
    """The ``onboard`` command under way, in the folder of the file that it prints into."""
    return forked(_onboard, printed, environment, arguments)


def _onboard(printed: Path, environment: dict[str, str], arguments: tuple[str, ...]) -> None:
    with printed.open("wb") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    os.chdir(printed.parent)
    os.environ.update(environment)
    sys.argv = ["onboard", *arguments]
    run_module("bot", run_name="__main__")
