"""Processes of a benchmark, spoken with by lines; each ends with its input."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


@contextmanager
def part(module: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A process of the benchmark, ended by the end of its input."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.communicate(timeout=PATIENCE)


@contextmanager
def beside(module: str, *arguments: str) -> Iterator[str]:
    """A part that only has to be there; the first line that it prints."""
    with part(module, *arguments) as process:
        yield line_of(process).strip()


def tell(process: "subprocess.Popen[str]", line: str) -> None:
    """Give a part its next line."""
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def line_of(process: "subprocess.Popen[str]") -> str:
    """The next line of a part.

    Raises:
        RuntimeError: the part ended.
    """
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a part of the benchmark ended; its last words are above")
    return line
