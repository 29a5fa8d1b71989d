"""What the matching process is asked in its tests; it imports this, and not the tests."""

import os
from collections.abc import Sequence


def told(parties: Sequence[object]) -> tuple[int, int, int]:
    """How many there are, and which process that is with which priority."""
    return len(parties), os.getpid(), os.nice(0)
