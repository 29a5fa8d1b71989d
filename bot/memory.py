"""How a process gets memory from the system and gives it back; only glibc (Linux) can be told."""

import ctypes

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""The names of two settings of ``mallopt`` (glibc's malloc.h)."""
LARGE = 128 * 1024
"""Bytes. glibc begins with this threshold and raises it to 32 MB as large blocks come and go."""
POOLS = 2


def give_back_at_once() -> None:
    """Have large blocks go back to the system when they are freed, and threads share their pools.

    An answer of two megabytes, a list on its way to the helper or an array of the matching is gone
    after a second, but what glibc kept of it stayed with the process: some twenty megabytes.
    """
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        # Another C library.
        return
    tell(_MMAP_THRESHOLD, LARGE)
    tell(_ARENA_MAX, POOLS)
