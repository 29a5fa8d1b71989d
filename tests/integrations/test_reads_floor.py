"""The floor that the benchmark of the reads is held against."""

import pytest

from benchmarks.reads.floor import seconds, waits_for
from integrations.limits import Limits, Window

QUERY = "/v3/company/1/query?query=SELECT+%2A+FROM+Item+STARTPOSITION+{}+MAXRESULTS+1000"
COUNT = "/v3/company/1/query?query=SELECT+COUNT%28%2A%29+FROM+Item"
ITEMS = "/rest/v1.0/companies/8092/work_breakdown_structure/segments/7/segment_items?page={}"


@pytest.mark.parametrize(
    ("target", "answers"),
    [
        (QUERY.format(1), 0),
        (COUNT, 1),
        (QUERY.format(1001), 1),
        (QUERY.format(5001), 2),
        ("/rest/v1.0/vendors?page=1", 0),
        ("/rest/v1.0/vendors?page=7", 1),
        (ITEMS.format(1), 2),
        (ITEMS.format(2), 3),
    ],
)
def test_a_call_waits_for_the_answers_that_tell_of_it(target, answers):
    """A page for the first one or the count, an item list for the lists of its segment."""
    assert waits_for(target) == answers


def test_twenty_calls_at_ten_a_second_take_a_second_and_two_answers():
    """However many may be under way at once: the second starts with the first answers."""
    limits = Limits(10, (Window(10, 1.0),))
    asked = ["/rest/v1.0/vendors?page=1"] * 20
    assert seconds(asked, limits, 0.2, guessing=True) == pytest.approx(1.4)
    assert seconds(asked[:10], limits, 0.2, guessing=True) == pytest.approx(0.2)
    assert seconds([], limits, 0.2, guessing=True) == 0


def test_eight_at_once_take_turns_and_later_pages_wait_for_the_first():
    """Nine answers of 200 ms; a page that has to wait is no quicker for a free turn."""
    pages = [f"/rest/v1.0/vendors?page={n}" for n in range(1, 10)]
    assert seconds(pages, Limits(8), 0.2, guessing=True) == pytest.approx(0.4)
    assert seconds(pages[:2], Limits(8), 0.2, guessing=False) == pytest.approx(0.4)
    assert seconds([*pages, "/x?page=2"], Limits(8), 0.2, guessing=False) == pytest.approx(0.6)
