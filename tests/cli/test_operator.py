"""The operator's commands: customers, database, keys, doctor."""

import io
import re
import sqlite3
from pathlib import Path

from bot.cli import make_app
from bot.storage.vault import Vault
from tests.cli.conftest import Onboard

DOCS = Path(__file__).parents[2] / "docs" / "command-line.md"


def names(typer_app, prefix: str = "onboard") -> set[str]:
    found = {f"{prefix} {c.name or c.callback.__name__}" for c in typer_app.registered_commands}
    for group in typer_app.registered_groups:
        found |= names(group.typer_instance, f"{prefix} {group.name}")
    return found


def test_every_command_is_documented_and_no_other():
    page = DOCS.read_text(encoding="utf-8")
    documented = set(re.findall(r"`(onboard(?: [a-z][a-z-]*)+)", page.split("## Exit")[0]))
    assert documented == names(make_app())


def test_a_customer_from_start_to_purge(new: Onboard):
    assert new("customers", "add", "Acme Constructions", "--channel", "C0ACME").code == 0
    connect = ("customers", "connect-procore", "acme-constructions", "--company", "8089")
    assert new(*connect).code == 0
    assert "acme-constructions" in new("customers", "list").out
    taken = new("customers", "add", "Acme constructions")
    assert (taken.code, taken.err) == (
        2,
        'There is a customer called "acme-constructions" already. Nothing changed.\n',
    )
    assert new("customers", "purge", "acme-constructions", "--yes").code == 0
    assert "acme-constructions" not in new("customers", "list").out


def test_what_can_be_no_id_is_refused_and_nothing_is_stored(set_up: Onboard):
    set_up("customers", "add", "Acme")
    before = set_up("customers", "list").out
    for typed, told in {
        "add Bob --channel ext-bob": '"ext-bob" is not a channel\'s id',
        "add Bob --team bob": '"bob" is not a workspace\'s id',
        "link acme #ext-acme": '"#ext-acme" is not a channel\'s id',
        "connect-procore acme --company Acme": '"Acme" is not a company\'s id',
        "connect-quickbooks acme --realm x1 --refresh-token t": '"x1" is not a realm id',
    }.items():
        result = set_up("customers", *typed.split())
        assert (result.code, told in re.sub(r"[│\s]+", " ", result.err)) == (2, True), typed
        assert set_up("customers", "list").out == before, typed


def test_a_stored_refresh_token_is_encrypted(set_up: Onboard, tmp_path: Path):
    set_up("customers", "add", "Acme")
    secret = "RT1-keep-me-secret"
    result = set_up(
        "customers", "connect-quickbooks", "acme", "--realm", "4620816", "--refresh-token", secret
    )
    assert result.code == 0
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("onboard.db*"))
    assert secret.encode() not in stored
    assert b"4620816" not in stored


def test_a_refresh_token_is_read_from_a_pipe_without_a_word(set_up: Onboard, monkeypatch):
    set_up("customers", "add", "Acme")
    connect = ("customers", "connect-quickbooks", "acme", "--realm", "4620816")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    nothing = set_up(*connect)
    assert nothing.code == 2
    assert "no refresh token was given" in nothing.err
    monkeypatch.setattr("sys.stdin", io.StringIO("RT1-keep-me-secret\n"))
    given = set_up(*connect)
    assert (given.code, given.err) == (0, "")
    assert given.out == "Connected acme to QuickBooks company 4620816.\n"


def test_a_terminal_is_told_the_terminals_commands(set_up: Onboard):
    unknown = set_up("customers", "link", "acme", "C0ACME")
    assert unknown.code == 2
    assert "`onboard customers list` shows every customer" in unknown.err
    set_up("customers", "add", "Acme", "--channel", "C0ACME")
    set_up("customers", "add", "Bondi")
    taken = set_up("customers", "link", "bondi", "C0ACME")
    assert "type `/onboard link bondi instead` in it" in taken.err
    assert "onboard customers add Acme" in set_up("customers", "add", "···").err


def test_keys_are_rotated(set_up: Onboard, monkeypatch):
    old = Vault.new_key()
    monkeypatch.setenv("ONBOARD_SECRET_KEY", old)
    set_up("customers", "add", "Acme")
    set_up("customers", "connect-procore", "acme", "--company", "8089")
    new = set_up("keys", "new").out.strip()
    monkeypatch.setenv("ONBOARD_SECRET_KEY", f"{new},{old}")
    assert "Encrypted 1 connection" in set_up("keys", "rotate").out
    monkeypatch.setenv("ONBOARD_SECRET_KEY", new)
    assert set_up("doctor").out.count("opens 1 stored connection") == 1


def test_the_database_is_made_named_and_refused_when_newer(new: Onboard, tmp_path: Path):
    assert "no revision yet" in new("db", "current").out
    assert new("db", "upgrade").code == 0
    with sqlite3.connect(tmp_path / "onboard.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for command in (("db", "upgrade"), ("customers", "list")):
        result = new(*command)
        assert result.code == 2
        assert "at revision 9999, which this version does not know" in result.err


def test_the_doctor_names_what_is_missing_and_where_to_get_it(set_up: Onboard):
    set_up("db", "upgrade")
    result = set_up("doctor", "--json")
    lines = {line["name"]: line for line in result.json()}
    assert result.code == 1
    assert lines["setting SLACK_BOT_TOKEN"]["state"] == "fail"
    assert "OAuth & Permissions" in lines["setting SLACK_BOT_TOKEN"]["remedy"]
    assert lines["database"]["state"] == "pass"
    assert lines["Slack"]["state"] == "unknown"


def test_a_deleted_customer_is_not_in_the_file_any_more(set_up: Onboard, tmp_path: Path):
    set_up("customers", "add", "Zqacme Constructions", "--channel", "C0ZQACME")
    set_up("customers", "add", "Bondi Build")
    result = set_up("customers", "purge", "zqacme-constructions", "--yes")
    assert "Slack keeps the messages in its channels" in result.out
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("onboard.db*"))
    assert b"qacme" not in stored.lower()
    assert b"bondi-build" in stored


def test_nothing_is_deleted_without_a_yes(set_up: Onboard):
    set_up("customers", "add", "Acme")
    assert set_up("customers", "purge", "acme").code != 0
    assert "acme" in set_up("customers", "list").out


def test_a_backup_is_made_once_and_read_again(set_up: Onboard, monkeypatch, tmp_path: Path):
    set_up("customers", "add", "Acme")
    assert set_up("db", "backup", "copy.db").code == 0
    again = set_up("db", "backup", "copy.db")
    assert (again.code, "is there already" in again.err) == (2, True)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///copy.db")
    assert "acme" in set_up("customers", "list").out
    assert set_up("db", "scrub").out == "The database's free space holds nothing any more.\n"
