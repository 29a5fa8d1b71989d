"""Benchmark ``pack``: the hand-off of a customer with 20,000 vendors, from the press to the pack.

The company is the demo world's ``darwin``, as far away as for ``reads``: 20,000 vendors, 2,000 cost
codes, 8,000 customers with 4,000 jobs. What is timed is the product's own hand-off in a process of
its own: every list read in full, everything judged, the worksheets, the workbook, the outbox.

The bot compares large lists in a helper process, so that nobody's clicks wait. The limit of memory
is for all its processes together, from the start to the end: every fifth of a second what each
holds is added up, and what they share is counted once (``benchmarks.shared.memory``).

The clock on the wall also counts whatever else the machine does. Where that is much, what counts is
the longest that it can take on a machine of its own: the time that the far-away systems take at
least for these calls (``benchmarks.reads.floor``), and all computing of both processes after it.
"""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.shared.memory import watched
from benchmarks.shared.parts import line_of, part, tell

SECONDS, MEMORY_MB = 20.0, 300
LOOK = 0.2


def claim() -> tuple[bool, Mapping[str, Any]]:
    """Measure; True if the pack is whole and was there in time, within the memory."""
    # The bot's process begins with this package, too, and has no use for the other benchmark.
    from benchmarks.reads import floor

    with part("benchmarks.reads.stand_ins") as there, TemporaryDirectory() as folder:
        file = Path(folder, "pack.xlsx")
        places = line_of(there)
        with (
            part("benchmarks.pack.ours", str(file)) as bot,
            watched(bot.pid, each=LOOK) as looks,
        ):
            tell(bot, places.strip())
            line_of(bot)
            tell(there, "")
            line_of(there)
            tell(bot, "hand over")
            found = json.loads(line_of(bot))
        tell(there, "")
        asked = {name: one["asked"] for name, one in json.loads(line_of(there)).items()}
        rows = rows_of(file)
        size = file.stat().st_size
    alone = floor(asked) + found["cpu_seconds"] + found["helpers_seconds"]
    most = max(looks, key=sum)
    figures = {
        "sheets": ", ".join(f"{name} {count:,}" for name, count in rows.items()),
        "rows": sum(rows.values()),
        "bytes of the pack": size,
        "processor time of the bot's process, seconds": round(found["cpu_seconds"], 2),
        "processor time of its helper, seconds": round(found["helpers_seconds"], 2),
        "most memory of the bot's process alone, MB": round(max(look[0] for look in looks)),
        "most memory of its helper alone, MB": round(max(sum(look[1:]) for look in looks)),
        "looks at the memory": len(looks),
        "memory of each when they held most together, MB": [round(one) for one in most],
        "most memory of all processes together, MB": round(sum(most)),
        "from the press to the pack in the outbox, seconds": round(found["seconds"], 2),
        "at most on a machine of its own, seconds": round(alone, 2),
    }
    seconds = min(found["seconds"], alone)
    whole = rows.get("Mapping", 0) == CODES and rows.get("Merge in Procore", 0) > 0
    return whole and sum(most) <= MEMORY_MB and seconds <= SECONDS, figures


CODES = 2_000
"""Cost codes of the company: each has its row in the mapping."""


def rows_of(pack: Path) -> dict[str, int]:
    """How many rows each sheet has below its header; the file is whole."""
    from openpyxl import load_workbook

    assert zipfile.ZipFile(pack).testzip() is None
    book = load_workbook(pack, read_only=True)
    return {page.title: max(0, (page.max_row or 1) - 1) for page in book.worksheets}
