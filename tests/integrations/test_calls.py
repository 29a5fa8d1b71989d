"""The page of calls says what the stand-ins count."""

from benchmarks import calls


def test_the_page_of_calls_is_what_is_counted():
    """Every number, every endpoint, every re-check."""
    page = calls.PAGE.read_text(encoding="utf-8")
    assert page.endswith(calls.tables() + "\n"), "run: python -m benchmarks.calls"
