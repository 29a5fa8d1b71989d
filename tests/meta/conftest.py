"""The trees of all the code are a million objects, and only the tests in here look at them."""

from pathlib import Path

import pytest

from tests.meta.code import every_part, tree

HERE = Path(__file__).parent


def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Kept, they would be walked by the collector whenever it looks at everything later on."""
    if nextitem is None or not nextitem.path.is_relative_to(HERE):
        tree.cache_clear()
        every_part.cache_clear()
