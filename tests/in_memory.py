"""Temporary files of a test run lie in memory where Linux offers it: nothing of them is kept.

The tests make tens of thousands of small files (SQLite's, and PostgreSQL's three hundred for each
database); on a disk that is shared, making and removing them takes longer than what is in them.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 4 * 1024**3
"""Bytes that must be free; a container's usual 64 MB are not."""


def keep_temporary_files_in_memory() -> None:
    """Have `tempfile` and all programs that are started use it, unless TMPDIR says otherwise."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free >= ENOUGH:
        os.environ["TMPDIR"] = str(MEMORY)
        # Pytest has asked for the folder before, and the answer was kept.
        tempfile.tempdir = None
