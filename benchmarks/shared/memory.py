"""What processes hold together: each its own, and its share of what they have in common.

Linux tells of each process its proportional set size (``Pss`` in ``smaps_rollup``): what it shares
with others is divided among them, so that the sum over a family counts it once.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

Look = Sequence[float]
"""Megabytes of a process and of each that it has started, at one moment."""


def family(pid: int) -> list[int]:
    """A process and those that its first thread has started, as Linux lists them."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(each for child in children for each in family(int(child)))]


def held(pid: int) -> float:
    """Megabytes of a process, its share of what it shares; 0 where it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


@contextmanager
def watched(pid: int, *, each: float) -> Iterator[list[Look]]:
    """Look at a process and at those that it starts, until the block ends.

    ``each`` is the seconds between two looks, which hold the processes up for some milliseconds.
    """
    looks: list[Look] = []
    ended = Event()

    def watch() -> None:
        while not ended.wait(each):
            looks.append([held(one) for one in family(pid)])

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield looks
    finally:
        ended.set()
        watcher.join()
