"""Payloads that Slack would never send: no traceback to anybody, and nothing changed."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.lifecycle import Stage
from handlers.shapes import is_slacks
from tests.each import each
from tests.handlers.kit import Bot
from tests.handlers.test_access import click, submission
from tests.sandbox.slack_kit import ACME, DANA, SAM, SUPPORT

JUNK = ("", "x", "-1", "<!channel>", "1:2:3", "2", "2:cost-code-coverage", "\U0001f4a5" * 50)
ROUNDS = 150


def payloads() -> list[dict[str, Any]]:
    mention = {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T0INTERFY",
        "event": {
            "type": "app_mention",
            "channel": ACME,
            "user": DANA,
            "text": "status",
            "ts": "1.2",
            "user_team": "T0ACME",
        },
    }
    command = {
        "command": "/onboard",
        "text": "check",
        "team_id": "T0INTERFY",
        "user_id": SAM,
        "channel_id": ACME,
        "trigger_id": "t1",
    }
    return [
        mention,
        command,
        click(DANA, "T0ACME", "item_recheck", "1:cost-code-coverage"),
        click(DANA, "T0ACME", "item_menu", "waive:1:cost-code-coverage"),
        submission(DANA, "x.{}", "done_view", note={"entry": {"value": "x"}}),
    ]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a payload."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys if isinstance(value, dict | list) else ():
        yield (*path, key)
        if isinstance(value[key], dict | list):
            yield from places(value[key], (*path, key))


def forged(chance: random.Random) -> dict[str, Any]:
    """A payload with one of its texts changed."""
    body = copy.deepcopy(chance.choice(payloads()))
    path = chance.choice([way for way in places(body) if way[-1] != "type"])
    parent: Any = body
    for key in path[:-1]:
        parent = parent[key]
    if isinstance(parent[path[-1]], str):
        parent[path[-1]] = chance.choice(JUNK)
    return body


async def test_a_forged_text_is_always_answered_and_changes_nothing(bot: Bot) -> None:
    """Ids, values and words of any content: acknowledged, and refused in a sentence or obeyed."""
    chance = random.Random(1)
    for _ in range(ROUNDS):
        body = forged(chance)
        answer = await bot.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert answer.status in (200, 404), body
    await bot.settle()
    view = await bot.services.customers.view(1)
    assert view.customer.stage is Stage.PREPARING
    assert all(one.waiver is None and one.attestation is None for one in view.report.statuses)
    seen = json.dumps(await bot.slack.seen(DANA)) + json.dumps(await bot.slack.seen(SAM, SUPPORT))
    assert "Traceback" not in seen


@each(
    [
        {"team_id": 7},
        {"team": {"id": ["T0ACME"]}},
        {"authorizations": [{"team_id": {"x": 1}}]},
        {"authorizations": "T0ACME"},
        {"enterprise_id": 1.5},
        {"event": {"type": "app_mention", "team": 3}},
    ],
)
def test_a_workspace_that_is_no_id_is_no_delivery_of_slacks(wrong: dict[str, Any]) -> None:
    """Whose installation it came through is looked up before anything else of a delivery."""
    mention = payloads()[0]
    assert is_slacks(mention)
    assert is_slacks(mention | {"authorizations": [{"team_id": "T0INTERFY"}]})
    assert not is_slacks(mention | wrong)
