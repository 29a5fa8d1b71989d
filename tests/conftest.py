"""What all tests share."""

from hypothesis import settings

from tests.browser import browser, open_page, tabs

__all__ = ["browser", "open_page", "tabs"]

# The same examples in every run, and no verdict by the wall clock of a busy machine.
settings.register_profile("ours", deadline=None, derandomize=True, database=None, max_examples=40)
settings.load_profile("ours")
