"""A test that hangs ends its worker, with the places where everything waits; the run goes on.

Nothing milder is sure: a failure that is thrown into an event loop may be taken for a callback's
own, and what a hanging test left may make its teardown hang as well. The alarm is set anew for
each phase, since a failed test's teardown is where a wait most easily has no end. pytest-timeout
and pytest's own faulthandler_timeout stop watching once a test has failed.
"""

import asyncio
import faulthandler
import os
import signal
from collections.abc import Iterator
from gc import get_referents
from types import AsyncGeneratorType
from typing import Any

import pytest

MINUTES = 5
"""Many times what the longest test takes on a slow machine."""


def awaited_by(task: asyncio.Task[Any]) -> Iterator[str]:
    """Where a task waits, from its first call to its innermost."""
    waiting: Any = task.get_coro()
    while waiting is not None:
        frame = getattr(waiting, "cr_frame", None) or getattr(waiting, "ag_frame", None)
        if frame is not None:
            code = frame.f_code
            yield f'  File "{code.co_filename}", line {frame.f_lineno} in {code.co_qualname}'
        following = getattr(waiting, "cr_await", None) or getattr(waiting, "ag_await", None)
        # One step of an asynchronous generator does not say whose it is.
        of_one = (one for one in get_referents(waiting) if isinstance(one, AsyncGeneratorType))
        waiting = following or (None if frame else next(of_one, None))


def open_tasks() -> Iterator[str]:
    """What the loop that is running, if one is, still has to do."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    for task in asyncio.all_tasks(loop):
        yield f"Task {task.get_name()}:"
        yield from awaited_by(task)


class Alarm:
    """Rings when one phase of a test takes too long."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # By the time it rings, the usual one leads into what pytest has captured.
        self._stderr = os.dup(2)
        self._phase = ""
        signal.signal(signal.SIGALRM, self._ring)

    def _ring(self, *_given: object) -> None:
        lines = [f"After {self._seconds:g} seconds this still hangs: {self._phase}", *open_tasks()]
        os.write(self._stderr, "\n".join(["", *lines, ""]).encode())
        faulthandler.dump_traceback(self._stderr)
        os._exit(1)

    def _watch(self, phase: str, item: pytest.Item) -> Iterator[None]:
        self._phase = f"{phase} of {item.nodeid}"
        signal.setitimer(signal.ITIMER_REAL, self._seconds)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._watch("setting up", item))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._watch("the test itself", item))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._watch("tearing down", item))
