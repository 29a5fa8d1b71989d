"""The watch over the whole run knows every stand-in's tokens, and finds them wherever they are."""

import logging
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.slack.state import SlackState
from integrations.sandbox.tokens import Grant, TokenBook
from integrations.sandbox.world.loader import load_demo
from tests.token_watch import Watch, leaks_in, leaks_under

TOKEN = "at-" + "0123456789abcdef0123" * 2
MODULE = """
import logging, tempfile
from pathlib import Path
from sqlalchemy import create_engine, text
TOKEN = "rt-" + "a" * 40

def test_log():
    logging.getLogger("bot.x").debug("renewed with %s", TOKEN)

def test_print():
    print(TOKEN)

def test_unwatched():
    logging.getLogger().handlers[:] = [logging.NullHandler()]

def test_database():
    with create_engine("sqlite://").connect() as c:
        c.execute(text("SELECT :one"), {"one": TOKEN})

def test_folder():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "deep").mkdir()
        Path(folder, "deep", "file").write_bytes(b"x" + TOKEN.encode())

def test_clean(tmp_path):
    logging.getLogger("bot.x").debug("renewed")
    (tmp_path / "fine").write_text("at-0123")

def test_tmp_path(tmp_path):
    (tmp_path / "own.db").write_bytes(TOKEN.encode())

def test_left_behind(tmp_path_factory):
    (tmp_path_factory.mktemp("shared") / "left.db").write_bytes(TOKEN.encode())
"""


def test_every_token_that_a_stand_in_issues_has_the_shape():
    clock = WorldClock(load_demo().clock)
    book = TokenBook(clock, timedelta(hours=1))
    first = book.issue(Grant("app", "dana@acme.example"))
    assert first.refresh is not None
    second = book.renew(first.refresh.value, "app")
    assert second is not None
    state = SlackState(load_demo().slack, clock)
    tokens = {*book._access, *book._refresh, state.bot_token, state.app_token}
    assert len(tokens) == 6
    assert [one for one in tokens if leaks_in(f"a {one} b") != [f"…{one[-6:]}"]] == []


def test_what_is_found_is_named_without_the_token(tmp_path: Path):
    (tmp_path / "some.db").write_bytes(b"\x00\x01" + TOKEN.encode() + b"\xff")
    assert leaks_under(tmp_path) == ["some.db: …ef0123"]
    assert leaks_in(f"Bearer {TOKEN}, and nothing else: at-0123") == ["…ef0123"]
    (tmp_path / "some.db").unlink()


def test_an_error_is_looked_at_as_our_logs_show_it():
    """What an error says of itself is hidden by the formatter; what we say ourselves is not."""
    watch = Watch()
    error = (ValueError, ValueError(TOKEN), None)
    watch.emit(logging.LogRecord("bot.x", 40, "", 1, "it broke", (), error))
    assert watch.take() == []
    watch.emit(logging.LogRecord("bot.x", 40, "", 1, "it broke: %s", (TOKEN,), None))
    assert watch.take() == ["log of bot.x: …ef0123"]


def test_a_run_that_leaks_fails_and_says_where(tmp_path: Path):
    """A run of its own, shared out as ours is, in which every way leaks once."""
    (tmp_path / "conftest.py").write_text("from tests.token_watch import *\n")
    (tmp_path / "test_leaks.py").write_text(MODULE)
    options = ("-q", "-pxdist", "-n", "1", "-pno:cacheprovider", "-c", "/dev/null")
    places = (f"--rootdir={tmp_path}", f"--basetemp={tmp_path}/base", str(tmp_path))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *places],
        cwd=Path(__file__).parents[2],
        # The compiled module would hold its token, and stay; no other plugin has a part in this.
        env={
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    for left in tmp_path.rglob("*.db"):
        left.unlink()
    assert run.returncode == 1, run.stdout + run.stderr
    for name in ("log", "print", "database", "folder", "tmp_path"):
        assert f"test_{name} wrote tokens of a stand-in" in run.stdout
    assert "test_unwatched took away the watch" in run.stdout
    assert "4 failed, 4 passed, 4 errors" in run.stdout
    assert re.search(r"a token of a stand-in is in \S*left\.db", run.stdout)
