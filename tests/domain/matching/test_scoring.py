"""Names that need no look are those that could not have changed what is shown."""

from collections import Counter
from itertools import product
from math import inf

from bot.domain.matching.parties import make_ready
from bot.domain.matching.scoring import POSSIBLE, Scorer
from bot.domain.records import Address, Party

_NAMES = ("Kestrel Marlow Plumbing", "Marlow Kestrel Plumbing", "Kestrelmarlow Plumbing Pty Ltd")
_PLACES = (Address(), Address("7 High St", "Perth", "WA"), Address("9 Low Rd", "Cairns", "QLD"))
_MAIL = ((), ("office@kestrel.com.au",), ("me@bigpond.com",), ("info@marlow.com.au",))
_PHONES = ((), ("08 9123 4567",), ("08 9321 7654",), ("07 4051 2345",))


def test_a_pair_is_left_unread_only_where_its_names_could_not_help() -> None:
    """With the best of names and fields of all kinds, what is left unread scores too little."""
    made = product(_NAMES, _PLACES, _MAIL, _PHONES)
    ready = [
        make_ready(Party(id=str(n), name=name, address=where, emails=mail, phones=phones))
        for n, (name, where, mail, phones) in enumerate(made)
    ]
    rare: Counter[str] = Counter()  # Words that nobody else has tell most.
    exact, quick = Scorer(ready, rare), Scorer(ready, rare)
    unread = 0
    # Two other names agree no better than each of them does with the first.
    first = range(len(ready) // len(_NAMES))
    for a, b in ((one, other) for one in first for other in range(one + 1, len(ready))):
        score, found = exact.score(a, b), quick.score(a, b, least=POSSIBLE)
        assert found in (score, -inf)
        assert found == score or score < POSSIBLE
        unread += found == -inf
    assert unread > 0
    assert quick.score(0, 1) == exact.score(0, 1)
