"""What a log line says, and what it never does."""

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import make_formatter
from bot.services.reference import new_reference, reference
from bot.settings import SettingsError
from bot.storage.engine import make_engine
from tests.handlers.kit import running_bot
from tests.sandbox.slack_kit import SAM

VENDOR = "Smith & Sons Plumbing"


def logged(level: str, form: str, error: Exception, words: str = "the check broke") -> str:
    try:
        raise error
    except type(error) as raised:
        info = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord("bot.x", logging.ERROR, __file__, 1, words, None, info)
    return make_formatter(level, form).format(record)


def test_a_line_for_programs_has_the_reference_that_the_person_saw():
    ref = new_reference()
    line = json.loads(logged("INFO", "json", ValueError(VENDOR)))
    assert (line["level"], line["logger"], line["text"]) == ("ERROR", "bot.x", "the check broke")
    assert line["ref"] == ref == reference()
    assert line["at"].endswith("Z")
    assert "test_logs.py" in line["error"]
    assert line["error"].endswith("ValueError")


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_unforeseen_errors_own_text_is_left_out_below_debug(form: str):
    inner = KeyError(VENDOR)
    error = RuntimeError(f"{VENDOR} is no vendor")
    error.__cause__ = inner
    assert VENDOR not in logged("INFO", form, error)
    assert "RuntimeError" in logged("INFO", form, error)
    assert "KeyError" in logged("INFO", form, error)
    assert VENDOR in logged("DEBUG", form, error)


def test_the_number_that_intuits_support_asks_for_stays():
    number = "1-6552d5a6-1b0a7d9f7c3f5b4c6e7d8e9f"
    words = f"QuickBooks refused with 401 (intuit_tid {number}): {number}"
    line = logged("INFO", "text", ValueError(""), words)
    assert f"(intuit_tid {number}): [hidden]" in line


def test_a_databases_own_name_for_its_error_stays(tmp_path: Path):
    """At night "OperationalError" alone does not say whether the disk is full."""
    (tmp_path / "no.db").write_bytes(b"no database" * 100)
    connection = sqlite3.connect(tmp_path / "no.db")
    with closing(connection), pytest.raises(sqlite3.DatabaseError) as raised:
        connection.execute("SELECT 1 FROM vendor")
    line = logged("INFO", "text", raised.value)
    assert line.endswith("sqlite3.DatabaseError (SQLITE_NOTADB)")


def test_an_error_that_is_a_sentence_for_people_is_shown():
    assert "HOST is wrong" in logged("INFO", "text", SettingsError("HOST is wrong"))


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-456-abcDEF",
        "xapp-1-A0-1-deadbeef",
        "Bearer short-one",
        "eyJhbGciOi.eyJzdWIi.c2ln",
        "AB11732109876543210987654321abcdefghijklmnopqrst",
        "postgresql://bot:hush@host/db",
    ],
)
def test_tokens_are_taken_out_of_whatever_is_logged(secret: str):
    hidden = secret if "hush" not in secret else "hush"
    said = logged("DEBUG", "text", SettingsError(f"so {secret} was it"), f"got {secret}")
    assert hidden not in said
    assert "[hidden]" in said


def test_ordinary_words_stay():
    words = "outbox message reminder:12:2026-11-24 of ip-10-0-0-1:4242:8f3a9c1d was parked"
    assert words in logged("INFO", "text", ValueError("x"), words)


async def test_a_database_error_does_not_quote_what_was_to_be_stored():
    engine = make_engine("sqlite://")
    with pytest.raises(SQLAlchemyError) as caught:
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (:v)"), {"v": VENDOR})
    await engine.dispose()
    assert VENDOR not in str(caught.value)


async def test_everything_logged_for_one_request_has_its_reference(capfd):
    handler = logging.StreamHandler()
    handler.setFormatter(make_formatter("INFO", "json"))
    root = logging.getLogger("handlers")
    root.addHandler(handler)
    root.setLevel("INFO")
    try:
        async with running_bot() as bot:
            object.__setattr__(bot.app.registry._tools, "diagnose", None)
            said = await bot.say(SAM, "/onboard doctor")
    finally:
        root.removeHandler(handler)
        root.setLevel(logging.NOTSET)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line[:1] == "{"]
    (broke,) = [line for line in lines if line["level"] == "ERROR"]
    assert f"(ref {broke['ref']})" in said
    assert [line["ref"] for line in lines] == [broke["ref"]] * len(lines)
    assert "TypeError" in broke["error"]
