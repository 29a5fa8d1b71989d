"""What processes that belong together have in memory.

The pages of a program's file or a library are there once, however many processes run it. So of each
file as much is counted as the process with the most of it has resident, and all that is no file's
(also what a process changed of a file's pages) is counted for each.
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

MAPPED = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ (\d+) *(.*)")
"""The line that begins a mapping (``man proc_pid_smaps``): its inode, 0 for none, and its file."""


def resident_kb(processes: Iterable[int]) -> int:
    """Kilobytes of them together; one that has gone has none."""
    own, files = 0, Counter[str]()
    for process in processes:
        try:
            maps = Path(f"/proc/{process}/smaps").read_text()
        except OSError:
            continue
        anonymous, of_files = added_up(maps)
        own += anonymous
        # The union of two counters has the larger count of each.
        files |= of_files
    return own + files.total()


def added_up(maps: str) -> tuple[int, Counter[str]]:
    """Kilobytes of one process that are no file's, and those of each file."""
    anonymous, files, name = 0, Counter[str](), ""
    for line in maps.splitlines():
        key, _, value = line.partition(":")
        if key == "Rss":
            resident = int(value.split()[0])
        elif key == "Anonymous":
            own = int(value.split()[0])
            anonymous += own if name else resident
            if name:
                files[name] += resident - own
        elif (begins := MAPPED.match(line)) is not None:
            name = begins[2] if begins[1] != "0" else ""
    return anonymous, files
