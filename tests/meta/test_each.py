"""One test over many examples names each of them that fails."""

import pytest

from tests.each import each


def test_each_example_is_tried_and_each_that_fails_is_named() -> None:
    """Whatever it fails with; what comes behind is tried all the same."""
    tried = []

    @each([(1, 1), (2, 0), (3, 2), (4, 4)])
    def divides(whole: int, part: int) -> None:
        tried.append(whole)
        assert whole % part == 0

    with pytest.raises(ExceptionGroup, match="2 of 4 examples") as failed:
        divides()
    named = {type(one): one.__notes__ for one in failed.value.exceptions}
    assert named == {ZeroDivisionError: ["with (2, 0)"], AssertionError: ["with (3, 2)"]}
    assert tried == [1, 2, 3, 4]
