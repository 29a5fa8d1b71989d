"""The manifest, the code and the words agree on what the app is to Slack."""

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.access import FOR_CUSTOMERS, Action
from handlers import ids
from handlers.events.channels import NEWS
from handlers.listeners import BUTTONS, FORMS, MENU, VERBS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "app_manifest.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def manifest(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_it_has_slacks_structure(manifest: dict[str, Any]) -> None:
    """Slack's manifest schema, version 2: sections, lengths, and nothing unknown."""
    assert set(manifest) == {
        "_metadata",
        "display_information",
        "features",
        "oauth_config",
        "settings",
    }
    shown = manifest["display_information"]
    assert set(shown) <= {"name", "description", "long_description", "background_color"}
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert set(manifest["settings"]) == {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    }


def test_the_scopes_are_the_codes_and_each_says_why(text: str, manifest: dict[str, Any]) -> None:
    """The diagnosis compares a token with the same list; a comment stands above every scope."""
    assert tuple(manifest["oauth_config"]["scopes"]["bot"]) == ids.BOT_SCOPES
    block = text[text.index("    bot:\n") : text.index("settings:\n")]
    lines = [line.strip() for line in block.splitlines()[1:]]
    for before, line in itertools.pairwise(lines):
        if line.startswith("- ") and line != "- groups:read":
            assert before.startswith("#"), line


def test_the_events_are_the_codes(manifest: dict[str, Any]) -> None:
    assert tuple(manifest["settings"]["event_subscriptions"]["bot_events"]) == ids.BOT_EVENTS


def test_every_event_is_listened_to_and_no_other() -> None:
    """``message.im`` arrives as ``message``; the rest is heard under its own name."""
    asked = {event.partition(".")[0] for event in ids.BOT_EVENTS}
    assert asked == {"app_home_opened", "app_mention", "message"} | set(NEWS)


def test_the_command_escapes_names_and_interactivity_is_on(manifest: dict[str, Any]) -> None:
    (command,) = manifest["features"]["slash_commands"]
    assert command["command"] == ids.COMMAND
    assert command["should_escape"] is True
    assert "url" not in command
    assert manifest["settings"]["interactivity"] == {"is_enabled": True}
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["features"]["app_home"]["home_tab_enabled"] is True


def test_every_id_is_listened_to() -> None:
    spoken_for = {ids.ActionId.MENU, ids.ActionId.SUGGESTION}
    spoken_for |= {ids.ActionId.PERSON, ids.ActionId.TARGET, ids.ActionId.CUSTOMER}
    assert set(BUTTONS) | spoken_for == set(ids.ActionId)
    assert set(VERBS) == set(ids.Verb)
    assert set(MENU) == set(ids.Menu)
    read_only = {ids.CallbackId.DETAILS, ids.CallbackId.HOW_TO_FIX, ids.CallbackId.HOME}
    read_only |= {ids.CallbackId.MATCH, ids.CallbackId.REVIEW, ids.CallbackId.WORKING}
    read_only |= {ids.CallbackId.CHANGES}
    assert set(FORMS) | read_only == set(ids.CallbackId)


def test_what_changes_a_customer_from_outside_is_for_staff() -> None:
    """The table gives each listener an action; those that are staff's own stay so."""
    staff = {ids.Verb.NEW, ids.Verb.LINK, ids.Verb.LIST, ids.Verb.WAIVE}
    staff |= {ids.Verb.DOCTOR, ids.Verb.PAUSE, ids.Verb.RESUME, ids.Verb.ARCHIVE, ids.Verb.NUDGE}
    assert {verb for verb, entry in VERBS.items() if entry.action not in FOR_CUSTOMERS} == staff
    assert BUTTONS[ids.ActionId.ACCEPT].action is Action.ACCEPT
    assert FORMS[ids.CallbackId.SEND_BACK].action is Action.SEND_BACK
    assert FORMS[ids.CallbackId.WAIVE].action is Action.WAIVE


def test_only_the_registry_registers_with_bolt() -> None:
    """A listener past the gate could not be overlooked."""
    registering = re.compile(r"\bapp\.(command|action|view|event|options|message|shortcut)\(")
    found = [
        path.name
        for path in (ROOT / "handlers").rglob("*.py")
        if registering.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["registry.py"]
