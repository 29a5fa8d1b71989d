"""What all tests share."""

import gc
import os
import ssl
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

import pytest
from httpx import _urlparse, _urls
from hypothesis import settings

from bot.storage import engine
from integrations.absent import know_what_is_absent
from tests.browser import browser, open_page, tabs
from tests.engines import make_sparing_engine
from tests.hanging import MINUTES, Alarm
from tests.in_memory import keep_temporary_files_in_memory
from tests.token_watch import pytest_configure, pytest_runtest_makereport, pytest_sessionfinish

keep_temporary_files_in_memory()

# Collecting makes hundreds of thousands of objects that stay, and hardly any garbage.
gc.disable()

__all__ = [
    "browser",
    "open_page",
    "pytest_configure",
    "pytest_runtest_makereport",
    "pytest_sessionfinish",
    "tabs",
]

# The same examples in every run, and no verdict by the wall clock of a busy machine.
settings.register_profile("ours", deadline=None, derandomize=True, database=None, max_examples=40)
settings.load_profile("ours")


@pytest.fixture(scope="session", autouse=True)
def one_list_of_authorities() -> Iterator[None]:
    """Each HTTP client reads every certificate authority, and no test speaks TLS: once will do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_look_at_each_address() -> Iterator[None]:
    """Httpx takes every address apart several times a request, and tests ask the same ones."""
    with pytest.MonkeyPatch.context() as patch:
        taken_apart = lru_cache(4096)(_urlparse.urlparse)
        for module in (_urlparse, _urls):
            patch.setattr(module, "urlparse", taken_apart)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_book_of_statements() -> Iterator[None]:
    """A statement is compiled once in a run, not once in each test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_async_engine", make_sparing_engine)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_search_in_each_request() -> None:
    """As in the bot, for the clients that tests make themselves."""
    know_what_is_absent()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: one worker at a time mostly waits for a browser."""
    return (os.cpu_count() or 1) + 1


TESTS = Path(__file__).parent


def pytest_sessionstart(session: pytest.Session) -> None:
    """A test that hangs ends; and in a fresh clone each worker compiles other tests first.

    They would all compile the same ones at the same time.
    """
    session.config.pluginmanager.register(Alarm(60 * MINUTES))
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    names = [
        ".".join(path.relative_to(TESTS.parent).with_suffix("").parts)
        for path in sorted(TESTS.rglob("test_*.py"))
    ]
    begin = len(names) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for name in names[begin:] + names[:begin]:
        import_module(name)


LONG_ONES = ("tests/walk/", "tests/chaos/", "tests/connect/", "tests/page/")
"""What waits for a browser or for processes; the rest fills the other worker meanwhile."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: begun last, one worker would do them while the others have nothing."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG_ONES))


def pytest_collection_finish() -> None:
    """Look no more for garbage among what collecting left: the modules, and thousands of tests."""
    gc.freeze()
    gc.enable()
