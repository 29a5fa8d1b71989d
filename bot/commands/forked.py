"""The second core for a command that computes and then ends; the bot has ``bot.heavy``."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from bot.domain.matching.hands import ALONE, Hands

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

LARGE = 2_000
"""Records from which on copying a process costs less than it saves."""
_MOST = 2
"""More would each hold their own copy of the records that they read."""


def _send(line: "Connection", work: Callable[[], Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The first process ends, and this one with it.
    # Whatever fails here is done again by the first process, which can tell people about it.
    with closing(line), suppress(Exception):
        line.send(work())


class Forked:
    """``hands.Hands`` over copies of this process, which see all that it has without being sent it.

    Only for a process without threads of its own, on Linux. The idle ones of numpy's OpenBLAS are
    no danger: it stops them itself before a fork.
    """

    def __init__(self, count: int = _MOST) -> None:
        self.count = count

    def do(self, works: Sequence[Callable[[], Any]]) -> list[Any]:
        """What each work gives, in order; a copy that dies leaves its work to this process."""
        # Loaded when used: a small list must not wait for it.
        import multiprocessing

        fork = multiprocessing.get_context("fork")
        copies = []
        for work in works[1:]:
            here, there = fork.Pipe(duplex=False)
            copy = fork.Process(target=_send, args=(there, work), daemon=True)
            copy.start()
            there.close()
            copies.append((copy, here))
        done = [work() for work in works[:1]]
        for work, (copy, here) in zip(works[1:], copies, strict=True):
            with closing(here):
                try:
                    done.append(here.recv())
                except (EOFError, OSError):
                    # Killed, perhaps for its memory: slower, but the answer is the same.
                    done.append(work())
            copy.join()
        return done


def hands(records: int) -> Hands:
    """Two processes for a large list, where the machine has two cores to spare; else this one."""
    if records < LARGE or sys.platform != "linux" or len(os.sched_getaffinity(0)) < _MOST:
        return ALONE
    return Forked()
