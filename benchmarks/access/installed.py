"""The app in the customers' own workspaces, and in a stranger's: deliveries that come from there.

Slack says with each delivery which installation it is for, in a field of its own per kind.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.access.slack import MemorySlack
from benchmarks.access.town import ACME_TEAM, BONDI_TEAM, BOT, EVES_TEAM, HOME, Person
from bot.domain.customer import Tokens
from bot.domain.installation import Installation
from bot.services.installations import InstallationsService
from bot.services.ports import Clock, Store
from bot.storage.vault import Vault
from handlers.app import Others
from tests.fakes.store import KEY

Json = dict[str, Any]

TEAMS = {ACME_TEAM: 1, BONDI_TEAM: 2, EVES_TEAM: 0}
"""Workspaces that installed the app, and whose they are."""
OFTEN = 0.3
"""How often a delivery comes through another installation, where it may."""


def bot_of(team: str) -> str:
    """The app's bot in a workspace."""
    return f"U0BOT{team}"


def token_of(team: str) -> str:
    """The app's token there."""
    return f"xoxb-{team}"


def through(chance: random.Random, who: Person, body: Json) -> Json:
    """The same delivery, as it may come through another installation.

    Who has an own workspace with the app acts through that; what is said in a shared channel may
    be heard through any; a Home tab belongs to one's own. A command from outside always comes so:
    Slack knows no other.
    """
    command = "command" in body
    abroad = who.team != HOME
    event = body.get("event")
    heard = event is not None and event["type"] != "app_home_opened"
    if not (command and abroad) and (chance.random() >= OFTEN or not (abroad or heard)):
        return _called_otherwise(chance, body) if heard else body
    team = who.team if abroad else chance.choice(list(TEAMS))
    if command:
        return body | {"team_id": team}
    if event is None:
        view = {"view": body["view"] | {"app_installed_team_id": team}} if "view" in body else {}
        return body | {"team": {"id": team}} | view
    return body | {"authorizations": [{"team_id": team}], "event": _heard(chance, who, team, event)}


def is_abroad(body: Json) -> bool:
    """Whether Slack says that a delivery came through another installation than home's."""
    if "event" in body:
        heard: list[Json] = body["authorizations"]
        return heard != [{"team_id": HOME}]
    team = body.get("team_id") if "command" in body else (body.get("team") or {}).get("id")
    view = body.get("view") or {}
    found: str = view.get("app_installed_team_id") or team or HOME
    return found != HOME


def _called_otherwise(chance: random.Random, body: Json) -> Json:
    """Home hears somebody call another workspace's bot: Slack doesn't say that it never does."""
    event = body["event"]
    if chance.random() >= OFTEN or event["type"] != "app_mention":
        return body
    text = event["text"].replace(BOT, bot_of(chance.choice(list(TEAMS))), 1)
    return body | {"event": event | {"text": text}}


def _heard(chance: random.Random, who: Person, team: str, event: Json) -> Json:
    """An event as another installation's bot hears it: there its own people are no strangers."""
    heard = dict(event)
    if who.team == team:
        heard.pop("user_team", None)
        heard.pop("source_team", None)
    else:
        heard["user_team"] = who.team
    if chance.random() < 0.7 and isinstance(event.get("text"), str):
        heard["text"] = event["text"].replace(BOT, bot_of(team), 1)
    return heard


class _NoRotation:
    """``services.installations.SlackTokens``: these tokens never end."""

    async def renew(self, installation: Installation) -> Tokens:
        return installation.tokens

    async def takes(self, _installation: Installation) -> bool:
        return True


@asynccontextmanager
async def _at_once(_name: str) -> AsyncIterator[None]:
    yield


async def make_others(store: Store, slack: MemorySlack, clock: Clock, now: datetime) -> Others:
    """Three workspaces have the app."""
    service = InstallationsService(store, clock, _NoRotation(), Vault(KEY), _at_once)
    for team in TEAMS:
        await service.installed(
            Installation(team, team, bot_of(team), (), Tokens(token_of(team)), "U0SAM", now)
        )

    def client_of(token: str) -> AsyncWebClient:
        return AsyncWebClient(token, session=slack)  # type: ignore[arg-type]

    return Others(service, client_of)
