"""Watches the whole run: nothing that is written may hold a token that a stand-in has issued.

Looked through are the parameters of every statement that any test sends to a database (SQLite in
files and in memory, PostgreSQL), every record that our packages and the libraries log, everything
that a test and the programs it starts print, and every file in a temporary folder when the folder
goes, or at the end. A test that leaks fails; files found at the end fail the session.

Tokens are known by their shape, which ``test_token_watch`` holds against the stand-ins' own books:
so those issued in other processes, which no list in this one could have, are found as well.
"""

import logging
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.logs import make_formatter

SHAPES = (r"t-[0-9a-f]{40}", r"xox[be]-(?:1-)?[0-9a-f]{32}", r"xapp-1-\w+-[0-9a-f]{32}")
"""Procore's and QuickBooks' (``at-…``, ``rt-…``) and Slack's. One by one, each with a beginning of
its own: to look for any of several takes ten times as long as for all of them in turn."""
_IN_TEXT = [re.compile(shape) for shape in SHAPES]
_IN_BYTES = [re.compile(shape.encode(), re.ASCII) for shape in SHAPES]
_OURS = ("bot", "handlers", "integrations")
_COPIES = "onboard-store-"
"""Folders of stores whose every statement is looked through on its way in."""


def leaks_in(text: str) -> list[str]:
    """The ends of the tokens in a text."""
    return [f"…{token[-6:]}" for shape in _IN_TEXT for token in shape.findall(text)]


def leaks_under(folder: Path) -> list[str]:
    """The files below a folder that hold tokens, with the tokens' ends."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            tokens = {one[-6:].decode() for shape in _IN_BYTES for one in shape.findall(content)}
            found += [f"{path.relative_to(folder)}: …{token}" for token in sorted(tokens)]
    return found


class Watch(logging.Handler):
    """Collects what leaked since it was last asked."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(make_formatter("DEBUG", "text"))
        self._found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """A record: its own words as they are, an error as our logs would show it."""
        self.look(f"log of {record.name}", record.getMessage())
        if record.exc_info:
            self.look(f"log of {record.name}", self.format(record))

    def look(self, where: str, text: str) -> None:
        """Remember the tokens in a text."""
        self._found += [f"{where}: {token}" for token in leaks_in(text)]

    def look_under(self, folder: Path) -> None:
        """Remember the tokens in a folder's files."""
        self._found += leaks_under(folder)

    def look_at_statements(self) -> None:
        """From now on, at each before it goes to a database.

        Not by SQLAlchemy's event: with one, every statement of a run would tell of all its events.
        """
        # Not at the top: whoever hands the tests out looks at folders alone.
        from sqlalchemy.engine.default import DefaultDialect

        for name in ("do_execute", "do_executemany"):
            setattr(DefaultDialect, name, self._looking(getattr(DefaultDialect, name)))

    def _looking(self, execute: Callable[..., None]) -> Callable[..., None]:
        def looked_at(
            dialect: Any, cursor: Any, statement: str, parameters: Any, context: Any = None
        ) -> None:
            if parameters:
                self.look(f"database: {statement[:60]}", repr(parameters))
            execute(dialect, cursor, statement, parameters, context)

        return looked_at

    def take(self) -> list[str]:
        """What leaked, and forget it."""
        found, self._found = self._found, []
        return found


WATCH = Watch()


class _Folder(tempfile.TemporaryDirectory[str]):
    """A temporary folder that is looked through before it goes."""

    def cleanup(self) -> None:
        path = Path(self.name)
        if not path.name.startswith(_COPIES) and path.exists():
            WATCH.look_under(path)
        super().cleanup()


def runs_tests(config: pytest.Config) -> bool:
    """Whether this process runs tests, and does not only hand them out to others."""
    return config.getoption("dist", "no") == "no" or hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch; whoever hands the tests out looks at folders alone, at the end."""
    if not runs_tests(config):
        return
    logging.getLogger().addHandler(WATCH)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    WATCH.look_at_statements()
    tempfile.TemporaryDirectory = _Folder  # type: ignore[misc]


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """Pytest's, looked through by its test's own process before it goes."""
    yield tmp_path
    WATCH.look_under(tmp_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Fail the test, or its teardown, during which something leaked, or could have unseen."""
    report = yield
    for name, text in report.sections:
        WATCH.look(name, text)
    found, root = WATCH.take(), logging.getLogger()
    said = f"wrote tokens of a stand-in: {'; '.join(found[:10])}" if found else ""
    if report.when == "teardown" and WATCH not in root.handlers:
        root.addHandler(WATCH)
        said = said or "took away the watch over what is logged"
    if said and report.passed:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} {said}"
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """At the very end, by whoever leads the run: the folders that tests leave behind."""
    if hasattr(session.config, "workerinput"):
        return
    factory = getattr(session.config, "_tmp_path_factory", None)
    found = leaks_under(factory.getbasetemp()) if factory is not None else []
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        for line in found:
            reporter.write_line(f"a token of a stand-in is in {line}", red=True)
