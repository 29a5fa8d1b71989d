"""A small world and a running Slack stand-in for the tests of the stand-in itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import aiohttp
import httpx
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.types import ASGIApp

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.log import RequestLog
from integrations.sandbox.server import serve
from integrations.sandbox.slack.app import create_slack_app
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.panel import WorldPanel
from integrations.sandbox.slack.world import DEFAULT_EVENTS, DEFAULT_SCOPES, SlackWorld
from tests.sandbox.straight import ADDRESS, StraightClient, StraightSession, straight_line

START = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
SAM, PRIYA, GUEST = "U0SAM", "U0PRIYA", "U0GUEST"
DANA, CASEY, STRANGER = "U0DANA", "U0CASEY", "U0STRANGE"
BOT = "U0ONECORE"
ACME, SUPPORT, GENERAL, SECRET, OLD = "C0ACME", "C0SUPPORT", "C0GENERAL", "C0SECRET", "C0OLD"

# More than our own app asks for: the stand-in's own tests show all that it can do.
SCOPES = [
    *DEFAULT_SCOPES,
    "channels:join",
    "files:read",
    "im:read",
    "im:write",
    "pins:read",
    "pins:write",
    "reactions:write",
    "team:read",
    "users:read.email",
]
EVENTS = [*DEFAULT_EVENTS, "message.channels", "message.groups"]

Json = dict[str, Any]


def _user(user_id: str, name: str, real_name: str, team: str, **more: Any) -> Json:
    email = f"{name}@{team.lower()}.example"
    return {
        "id": user_id,
        "name": name,
        "real_name": real_name,
        "team": team,
        "email": email,
        **more,
    }


@cache
def small_world(*, ours: bool = False) -> SlackWorld:
    """Interfy at home, Acme outside, five channels; a stand-in copies what it changes.

    The app may and hears what ours asks for, or all that the stand-in's tests need.
    """
    return SlackWorld.model_validate(
        {
            "home": {"id": "T0INTERFY", "name": "Interfy", "domain": "interfy"},
            "app": {
                "id": "A0ONECORE",
                "name": "OneCore",
                "bot_user": BOT,
                "bot_id": "B0ONECORE",
                "scopes": list(DEFAULT_SCOPES) if ours else SCOPES,
                "events": list(DEFAULT_EVENTS) if ours else EVENTS,
            },
            "teams": [{"id": "T0ACME", "name": "Acme Constructions", "domain": "acme"}],
            "users": [
                _user(SAM, "sam", "Sam Whitfield", "T0INTERFY", title="OneCore support"),
                _user(PRIYA, "priya", "Priya Nair", "T0INTERFY", is_admin=True),
                _user(GUEST, "gus", "Gus Guest", "T0INTERFY", is_restricted=True),
                _user(DANA, "dana", "Dana Okafor", "T0ACME"),
                _user(CASEY, "casey", "Casey Lin", "T0ACME"),
                _user(STRANGER, "stan", "Stan Stranger", "T0ACME"),
            ],
            "usergroups": [
                {
                    "id": "S0SUPPORT",
                    "handle": "onecore-support",
                    "name": "OneCore support",
                    "users": [SAM, PRIYA],
                }
            ],
            "channels": [
                {
                    "id": ACME,
                    "name": "ext-acme",
                    "shared_with": ["T0ACME"],
                    "members": [SAM, PRIYA, DANA, CASEY, BOT],
                },
                {"id": SUPPORT, "name": "onecore-support", "members": [SAM, PRIYA, BOT]},
                {"id": GENERAL, "name": "general", "members": [SAM, PRIYA]},
                {"id": SECRET, "name": "secret", "is_private": True, "members": [PRIYA]},
                {"id": OLD, "name": "old", "is_archived": True, "members": [SAM, BOT]},
            ],
        }
    )


@dataclass
class Slack:
    """A running stand-in and the ways to reach it."""

    url: str
    http: httpx.AsyncClient
    client: AsyncWebClient
    clock: WorldClock
    log: RequestLog
    server: SlackServer
    wire: bool = True

    async def ui(self, name: str, **body: Any) -> Json:
        """Post to the page's API and return the answer, good or bad."""
        answer = await self.http.post(f"/_ui/{name}", json=body)
        result: Json = answer.json()
        return result

    async def say(self, persona: str, text: str, channel: str = ACME, **more: Any) -> Json:
        return await self.ui("send", persona=persona, channel=channel, text=text, **more)

    async def click(
        self, persona: str, ts: str, action_id: str, channel: str = ACME, **more: Any
    ) -> Json:
        source = {"type": "message", "channel": channel, "ts": ts}
        return await self.ui(
            "action",
            persona=persona,
            source=source,
            block_id="row",
            action_id=action_id,
            **{"value": {"type": "button"}, **more},
        )

    async def seen(self, persona: str, channel: str = ACME) -> list[Json]:
        """What a person sees in a channel."""
        params = {"persona": persona, "channel": channel}
        answer = (await self.http.get("/_ui/messages", params=params)).json()
        assert answer["ok"], answer
        messages: list[Json] = answer["messages"]
        return messages

    async def edit(self, **edits: Any) -> Json:
        answer = await self.http.post("/_world/edits", json=edits)
        assert answer.status_code == 200, answer.text
        result: Json = answer.json()
        return result

    def delivered(self, op: str) -> list[Json]:
        """Log entries of one kind of delivered message."""
        return [one for one in self.log.entries() if one.get("op") == op]

    def deliveries(self, path: str) -> list[Json]:
        """Finished deliveries to the app of one kind, in order."""
        sent = [one for one in self.log.entries() if one.get("method") == "DELIVER"]
        return [one for one in sent if one["path"] == path]

    def later(self, **step: float) -> None:
        self.clock.advance(timedelta(**step))

    def bolt(self) -> AsyncApp:
        """An app as any developer would write one, with this stand-in's address."""
        session = None if self.wire else self.client.session
        client = AsyncWebClient(self.server.state.bot_token, base_url=self.api, session=session)
        # Without a name Bolt reads the source of everybody who called, to name it by a file.
        app = AsyncApp(name="any", client=client)
        app.client.retry_handlers.clear()
        return app

    @property
    def api(self) -> str:
        return f"{self.url}/api/"

    @contextlib.asynccontextmanager
    async def connected(self, app: AsyncApp) -> AsyncIterator[None]:
        """Connect an app in Socket Mode."""
        if not self.wire:
            async with straight_line(self.server.delivery.hub, app):
                yield
            return
        handler = AsyncSocketModeHandler(app, self.server.state.app_token)
        before = self.server.delivery.hub.connected
        await handler.connect_async()
        await until(lambda: self.server.delivery.hub.connected > before)
        try:
            yield
        finally:
            await handler.close_async()


@contextlib.asynccontextmanager
async def running(
    *,
    panel: WorldPanel | None = None,
    ack_seconds: float = 3.0,
    ticking: bool = False,
    limits: bool = False,
    wire: bool = True,
    ours: bool = False,
) -> AsyncIterator[Slack]:
    """Run the small world; time stands still unless `ticking`.

    Without ``wire`` there is no socket: people, the bot and the stand-in call one another. ``ours``
    is an app that asks Slack for what ours asks for.
    """
    clock = WorldClock(START, ticking=ticking)
    log = RequestLog(clock)
    app = create_slack_app(
        small_world(ours=ours),
        clock=clock,
        log=log,
        faults=FaultBook(),
        panel=panel,
        ack_seconds=ack_seconds,
    )
    server: SlackServer = app.state.slack
    server.limits.enabled = limits
    async with _reached(app, wire=wire) as (url, http, session):
        client = AsyncWebClient(server.state.bot_token, base_url=f"{url}/api/", session=session)
        client.retry_handlers.clear()
        try:
            yield Slack(url, http, client, clock, log, server, wire)
        finally:
            await server.aclose()


@contextlib.asynccontextmanager
async def _reached(
    app: ASGIApp, *, wire: bool
) -> AsyncIterator[tuple[str, httpx.AsyncClient, aiohttp.ClientSession]]:
    """Where the stand-in is, and what people and the bot ask it through."""
    if not wire:
        people: Any = StraightClient(app)
        bots: Any = StraightSession(people)
        yield ADDRESS, people, bots
        return
    async with (
        serve(app) as url,
        httpx.AsyncClient(base_url=url, trust_env=False) as http,
        # As in the bot, whose connections to Slack are kept from call to call.
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        yield url, http, session


async def until(fact: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds; the time is only how long a failure takes."""
    async with asyncio.timeout(seconds):
        while not fact():  # noqa: ASYNC110 - the facts belong to code that has no event.
            await asyncio.sleep(0.005)


async def refused(call: Any) -> SlackApiError:
    """Return the error of a call that Slack must refuse."""
    try:
        answer = await call
    except SlackApiError as error:
        return error
    raise AssertionError(f"Slack took it: {answer.data}")


async def code_of(call: Any) -> str:
    """Return Slack's error code of a call that must fail."""
    return str((await refused(call)).response["error"])


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, label: str = "Press", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(label), **more}


def row(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def text_input(block_id: str, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "value", **more.pop("element", {})}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id),
        "element": element,
        **more,
    }


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Save"),
        "blocks": list(blocks),
        **more,
    }


def keeping(app: AsyncApp) -> list[Json]:
    """Make an app keep each payload that passes Bolt's filters: nothing of its own."""
    kept: list[Json] = []

    @app.middleware
    async def keep(body: Json, next: Any) -> Any:  # noqa: A002 - Bolt's own name.
        kept.append(body)
        return await next()

    return kept
