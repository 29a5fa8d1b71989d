"""What all tests share."""

import gc
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests import token_watch
from tests.hanging import MINUTES, Alarm
from tests.in_memory import keep_temporary_files_in_memory
from tests.token_watch import pytest_runtest_makereport, pytest_sessionfinish, tmp_path

keep_temporary_files_in_memory()

# Collecting makes hundreds of thousands of objects that stay, and hardly any garbage.
gc.disable()
SELDOM = 5_000
"""New objects between two looks for garbage afterwards; with Python's 700, a look at all of them
comes so often that it takes a fortieth of the run."""

__all__ = ["pytest_runtest_makereport", "pytest_sessionfinish", "tmp_path"]


def pytest_configure(config: pytest.Config) -> None:
    """Whoever only hands tests out to others needs nothing of what they use."""
    token_watch.pytest_configure(config)
    if token_watch.runs_tests(config):
        config.pluginmanager.register(import_module("tests.once"))
    elif not config.getoption("--hypothesis-show-statistics", False):
        # It would load all of Hypothesis at the end, when everybody waits for the last line.
        config.pluginmanager.set_blocked("hypothesispytest")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many as there are cores.

    While one worker waits for a browser, the browser computes; one more would find no core free,
    and import and collect everything once more. With psutil, xdist would count physical cores.
    """
    return os.cpu_count() or 1


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


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable(report: object) -> Iterator[Any]:
    """Nobody reads the marks of what passed: a third of what workers tell in 9,000 reports."""
    data = yield
    if isinstance(report, pytest.TestReport) and report.passed:
        data["keywords"] = {}
    return data


LONG_KINDS = (
    ("tests/walk/", "tests/page/"),
    ("tests/chaos/", "tests/connect/", "tests/cli/", "tests/operate/"),
)
"""What waits for a browser, and what waits for processes, which one worker each has to start."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each worker begins with one kind of the long ones, and the rest fills the time they wait.

    Begun last, one worker would do them while the others have nothing. Workers get equal shares of
    the list at first; later each that is done takes what another has at the end of its share.
    """
    workers = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    kinds = [
        [item for folder in kind for item in items if item.nodeid.startswith(folder)]
        for kind in LONG_KINDS
    ]
    long = {id(item) for kind in kinds for item in kind}
    rest = [item for item in items if id(item) not in long]
    dealt: list[pytest.Item] = []
    for left in range(workers, 0, -1):
        own = kinds[:1] if left > 1 else kinds
        kinds = kinds[len(own) :]
        share = (len(items) - len(dealt)) // left
        begun = [item for kind in own for item in kind]
        filling = max(0, share - len(begun))
        dealt += begun + rest[:filling]
        rest = rest[filling:]
    items[:] = dealt + rest


def pytest_collection_finish() -> None:
    """Look no more for garbage among what collecting left: the modules, and thousands of tests."""
    gc.freeze()
    gc.set_threshold(SELDOM)
    gc.enable()
