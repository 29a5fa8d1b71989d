"""A large list is worked on in parts, and their number changes nothing."""

import pickle
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from bot.domain.matching.duplicates import find_duplicates
from bot.domain.matching.hands import slices
from bot.domain.records import Address, Party

_STARTS = ("Ac", "Dun", "Far", "Kes", "Lind", "Morn", "Oss", "Tar", "Wex", "Zam")  # fmt: skip
_SECONDS = ("bury", "cot", "dale", "ford", "ham", "ley", "more", "quist", "row", "wick")
_BRANDS = [start + end for start in _STARTS for end in _SECONDS]
_TRADES = ("Plumbing", "Plumbng", "Electrical", "Building Group", "Concrete T/A Tarrant Pumps")
_ENDS = ("", " Pty Ltd", " P/L", " Holdings")
_ABNS = ("", "53 004 085 616", "51 824 753 556")


def parties(count: int = 120) -> list[Party]:
    """Vendors that share names, numbers and streets at random; the seed makes them the same."""
    rng = Random(20261122)
    return [
        Party(
            id=str(number),
            name=f"{rng.choice(_BRANDS)} {rng.choice(_TRADES)}{rng.choice(_ENDS)}",
            tax_id=rng.choice(_ABNS) if number % 5 == 0 else "",
            emails=rng.choice(((), (f"office{number % 90}@kestrel.com.au",))),
            phones=rng.choice(((), (f"02 8123 45{number % 40:02}",))),
            address=rng.choice((Address(), Address(f"{number % 7} High St", "Perth", "WA"))),
        )
        for number in range(count)
    ]


class Posted:
    """As many parts as asked for, each answer packed and unpacked as between processes."""

    def __init__(self, count: int) -> None:
        self.count = count

    def do(self, works: Sequence[Callable[[], Any]]) -> list[Any]:
        return [pickle.loads(pickle.dumps(work())) for work in works]


def test_the_number_of_parts_changes_nothing() -> None:
    """The report in 1, 2 and 3 parts is the one of this process alone, to the last digit."""
    alone = find_duplicates(parties())
    assert alone.groups
    for count in (1, 2, 3):
        assert find_duplicates(parties(), hands=Posted(count)) == alone


def test_parts_are_contiguous_and_whole() -> None:
    """Cut up and put together again, rows are what they were, even where they are too few."""
    for length in (0, 1, 2, 7):
        rows = list(range(length))
        parts = slices(rows, 3)
        assert len(parts) == 3
        assert [row for part in parts for row in part] == rows
