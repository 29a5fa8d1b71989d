"""What each process that runs tests does once: a browser, and what spares computing.

The process that hands the tests out to others runs none, and does without these imports.
"""

import signal
import ssl
from collections.abc import Iterator
from functools import cache, lru_cache

import pytest
from httpx import _urlparse, _urls
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from starlette import routing

from bot.storage import engine
from integrations.absent import know_what_is_absent
from tests.browser import browser, open_page, tabs
from tests.engines import make_sparing_engine
from tests.storage.postgres import postgres_server

__all__ = ["browser", "open_page", "postgres", "pytest_collection_finish", "tabs"]

# The same examples in every run, and no verdict by the wall clock of a busy machine.
settings.register_profile("ours", deadline=None, derandomize=True, database=None, max_examples=40)
settings.load_profile("ours")
# Nor by which modules a worker has loaded so far: Hypothesis would read each of ours for numbers
# and texts to try, and in a fresh clone take all apart. What is worth trying, the tests name.
providers._get_local_constants = lambda none=providers._local_constants: none


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server's maintenance database."""
    with postgres_server() as url:
        yield url


def pytest_collection_finish() -> None:
    """For the whole run, and not by fixtures: each of those costs something in every test."""
    patch = pytest.MonkeyPatch()
    # Each HTTP client reads every certificate authority, and no test speaks TLS: once will do.
    patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
    # Httpx takes every address apart several times a request, and tests ask the same ones.
    taken_apart = lru_cache(4096)(_urlparse.urlparse)
    for module in (_urlparse, _urls):
        patch.setattr(module, "urlparse", taken_apart)
    # Each stand-in that starts reads the pattern of each of its routes: a stand-in's are the same.
    patch.setattr(routing, "compile_path", cache(routing.compile_path))
    # A statement is compiled once in a run, not once in each test.
    patch.setattr(engine, "create_async_engine", make_sparing_engine)
    # In place of Python's own every event loop would put one of its own, and the signal module
    # would write out the running task, with all that its test has, to find that it knows it not.
    signal.signal(signal.SIGINT, _interrupted)
    # As in the bot, for the clients that tests make themselves.
    know_what_is_absent()


def _interrupted(_number: int, _frame: object) -> None:
    """As Python's own does.

    Raises:
        KeyboardInterrupt: always.
    """
    raise KeyboardInterrupt
