"""Memory that goes back to the system, where the C library lets itself be told."""

import ctypes

import pytest

from bot import memory


class Library:
    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def mallopt(self, name: int, value: int) -> int:
        self.told.append((name, value))
        return 1


def test_glibc_is_told_where_large_blocks_begin_and_how_many_pools_it_may_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    memory.give_back_at_once()
    assert library.told == [(-3, 131_072), (-8, 2)]


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.give_back_at_once()
