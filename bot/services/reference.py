"""The reference of what is being worked on: people see it in an error, every log line has it."""

import secrets
from contextvars import ContextVar

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without characters that look alike when they are read out."""

_current: ContextVar[str] = ContextVar("reference", default="")


def new_reference() -> str:
    """Begin something new in this task, and in all that it starts; its reference."""
    ref = "".join(secrets.choice(ALPHABET) for _ in range(5))
    _current.set(ref)
    return ref


def reference() -> str:
    """The reference of what this task works on, "" where there is none."""
    return _current.get()
