"""The `slack:` section of world files, and the control API."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from integrations.sandbox.slack.world import DEFAULT_EVENTS, DEFAULT_SCOPES, SlackApp, SlackWorld
from tests.sandbox.slack_kit import ACME, SAM, SUPPORT, code_of, running, small_world

Json = dict[str, Any]


def _changed(path: str, value: object) -> Json:
    """The small world as plain data, one value of it replaced."""
    data = small_world().model_dump()
    *heads, last = path.split(".")
    spot: Any = data
    for head in heads:
        spot = spot[int(head)] if head.isdecimal() else spot[head]
    spot[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("users.0.team", "T0NOWHERE", "users.0.team\n  no team 'T0NOWHERE' here"),
        ("users.0.id", "U0DANA", "user 'U0DANA' is here twice"),
        ("users.0.tz", "Sydney", "not a time zone"),
        ("users.0.nickname", "x", "Extra inputs are not permitted"),
        ("channels.0.members", ["U0NOBODY"], "channels.0.members.0\n  no user 'U0NOBODY' here"),
        ("channels.1.members", ["U0DANA"], "is not shared with the team of U0DANA"),
        (
            "channels.0.shared_with",
            ["T0NOWHERE"],
            "channels.0.shared_with.0\n  no team 'T0NOWHERE' here",
        ),
        ("channels.0.name", "Ext Acme", "should match pattern"),
        ("channels.0.name", "general", "channel name 'general' is here twice"),
        ("usergroups.0.users", ["U0NOBODY"], "usergroups.0.users.0\n  no user 'U0NOBODY' here"),
        ("app.commands", [{"command": "onboard"}], "should match pattern"),
    ],
)
def test_a_mistake_in_a_world_is_named(path: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SlackWorld.model_validate(_changed(path, value))
    assert words in str(caught.value)


def test_a_worlds_app_is_our_own_unless_it_says_otherwise() -> None:
    manifest = yaml.safe_load((Path(__file__).parents[2] / "app_manifest.yml").read_text())
    ours = manifest["oauth_config"]["scopes"]["bot"]
    assert sorted(ours) == sorted(DEFAULT_SCOPES)
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == list(DEFAULT_EVENTS)
    app = SlackApp(id="A1", name="OneCore", bot_user="U1", bot_id="B1")
    commands = manifest["features"]["slash_commands"]
    assert [one.command for one in app.commands] == [one["command"] for one in commands]
    assert app.commands[0].should_escape is commands[0]["should_escape"]


async def test_the_world_lists_credentials_and_teams() -> None:
    async with running() as slack:
        world = (await slack.http.get("/_world")).json()
    assert {"bot", "app", "signing_secret"} == set(world["tokens"])
    assert world["tokens"]["bot"].startswith("xoxb-")
    assert [one["id"] for one in world["companies"]] == ["T0INTERFY", "T0ACME"]
    assert world["clients"][0]["id"] == "A0ONECORE"


async def test_the_same_world_has_the_same_credentials_each_time() -> None:
    tokens = []
    for _ in range(2):
        async with running() as slack:
            tokens.append((await slack.http.get("/_world")).json()["tokens"])
    assert tokens[0] == tokens[1]


@pytest.mark.parametrize(
    ("edits", "status"),
    [
        ({"colour": "red"}, 400),
        ({"socket": {"disconnect": "now"}}, 400),
        ({"memberships": [{"channel": "C0NOWHERE", "user": SAM}]}, 404),
        ({"users": [{"id": "U1", "name": "a", "real_name": "A", "team": "T0NONE"}]}, 404),
        ({"channels": [{"id": ACME, "share_with": "T0NONE"}]}, 404),
    ],
)
async def test_a_faulty_edit_is_refused_in_a_sentence(edits: Json, status: int) -> None:
    async with running() as slack:
        answer = await slack.http.post("/_world/edits", json=edits)
        broken = await slack.http.post("/_world/edits", content="{")
    assert answer.status_code == status
    assert answer.json()["message"]
    assert broken.json()["error"] == "invalid_json"


async def test_people_join_and_channels_close_by_edits() -> None:
    async with running() as slack:
        new = {"id": "U0NEW", "name": "nia", "real_name": "Nia New", "team": "T0INTERFY"}
        await slack.edit(
            users=[new],
            memberships=[{"channel": SUPPORT, "user": "U0NEW"}],
            channels=[{"id": ACME, "is_archived": True}],
            rate_limits={"enabled": True, "post_burst": 1},
        )
        assert (await slack.say("U0NEW", "hello", channel=SUPPORT))["ok"]
        assert await code_of(slack.client.chat_postMessage(channel=ACME, text="x")) == "is_archived"
        await slack.client.chat_postMessage(channel=SUPPORT, text="one")
        second = slack.client.chat_postMessage(channel=SUPPORT, text="two")
        assert await code_of(second) == "ratelimited"


async def test_taking_scopes_away_shows_at_the_next_call() -> None:
    async with running() as slack:
        await slack.edit(scopes=["chat:write"])
        assert await code_of(slack.client.users_list()) == "missing_scope"
