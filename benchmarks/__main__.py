"""``make bench``: every benchmark, one report."""

import sys

from benchmarks.claim import main
from benchmarks.registry import CLAIMS


def every() -> int:
    """Run all of them; 1 if any claim does not hold."""
    worst = 0
    for name in sorted(CLAIMS):
        print(f"== {name}")
        worst = max(worst, main([name]))
        print()
    return worst


if __name__ == "__main__":
    sys.exit(every())
