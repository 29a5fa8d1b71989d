"""A small fake of the `/_ui/*` API: enough of Slack to try the page, scripted by the test.

It serves the real page, keeps messages, views and the world in plain dictionaries, and records
every call. It knows nothing about our app: what a click causes is what the test tells it.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.page.fake_world import BOT, CARD, CHANNELS, COMMANDS, PERSONAS, WORLD

PAGE = Path(__file__).parents[2] / "integrations" / "sandbox" / "page"
START = 1763766000.0  # 22 November 2025, 10:00 in Sydney.
CLOCK = "2025-11-22T00:30:00+00:00"

Json = dict[str, Any]
Reaction = Callable[[Json], Json | None]


class FakeSlack:
    """The state behind the page, and the calls that the page made."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = CLOCK
        self.connected = True
        self.calls: list[tuple[str, Json]] = []
        self.messages: dict[str, list[Json]] = {channel["id"]: [] for channel in CHANNELS}
        self.direct: list[Json] = []
        self.homes: dict[str, Json] = {}
        self.world: Json = json.loads(json.dumps(WORLD))
        self.reactions: dict[str, Reaction] = {}
        self.options: list[Json] = []
        self.hold_messages = asyncio.Event()
        self.hold_messages.set()
        self.waiting = 0
        self.hold: asyncio.Event | None = None
        self.streams: dict[asyncio.Queue[Json | None], str] = {}
        self.stream_opens = 0
        self._ticks = 0

    def say(self, channel: str, user: str, text: str = "", **more: Any) -> str:
        """Add a message, tell the pages, and return its ts."""
        self._ticks += 1
        ts = more.pop("ts", f"{START + self._ticks * 60:.6f}")
        is_bot = user == BOT["user_id"]
        people = {one["id"]: one for one in PERSONAS}
        name = BOT["name"] if is_bot else people[user]["real_name"]
        color = "#0b6b57" if is_bot else people[user]["color"]
        author = {"id": user, "name": name, "is_bot": is_bot, "color": color}
        who = {"bot_id": "B0ONECORE"} if is_bot else {"user": user}
        message = {"type": "message", "ts": ts, "text": text, "author": author, **who, **more}
        self.messages[channel].append(message)
        self.publish({"kind": "message", "channel": channel})
        return str(ts)

    def open_direct(self, channel: str, user: str) -> None:
        """Open the direct messages between the app and somebody, untold as in Slack."""
        members = [user, BOT["user_id"]]
        plain = {"is_private": True, "is_ext_shared": False, "shared_with": []}
        one = {"id": channel, "name": channel, "is_im": True, "members": members, **plain}
        self.direct.append(one)
        self.messages[channel] = []

    def edit(self, channel: str, ts: str, **changes: Any) -> None:
        """Change a message in place."""
        for message in self.messages[channel]:
            if message["ts"] == ts:
                message.update(changes)
        self.publish({"kind": "message", "channel": channel})

    def publish(self, event: Json, persona: str | None = None) -> None:
        """Send a change to the open pages, or to one persona's."""
        for queue, listener in list(self.streams.items()):
            if persona is None or listener == persona:
                queue.put_nowait(event)

    def cut_streams(self) -> None:
        """End every open stream, as a restart would."""
        for queue in list(self.streams):
            queue.put_nowait(None)

    def forget(self) -> list[str]:
        """No message, no call, nothing scripted; who listens goes on listening.

        Returns: The kinds of what else was put back, which the pages have to be told.
        """
        for answers in (self.hold, self.hold_messages):
            if answers is not None:
                answers.set()
        self.hold = None
        self.messages = {channel["id"]: [] for channel in CHANNELS}
        self.calls.clear()
        self.reactions.clear()
        self.homes.clear()
        self.options = []
        changed = []
        if self.direct or not self.connected:
            self.direct.clear()
            self.connected = True
            changed.append("state")
        if self.world != WORLD or self.clock != CLOCK:
            self.world = json.loads(json.dumps(WORLD))
            self.clock = CLOCK
            changed.append("world")
        return changed

    def called(self, name: str) -> list[Json]:
        """The bodies of the calls to one endpoint, in order."""
        return [body for called, body in self.calls if called == name]

    async def answer(self, name: str, body: Json, default: Json) -> JSONResponse:
        """Record a call and answer it as the test scripted, or by default."""
        self.calls.append((name, body))
        if self.hold is not None:
            await self.hold.wait()
        react = self.reactions.get(name)
        result = react(body) if react else None
        return JSONResponse(default if result is None else result)


def _state(slack: FakeSlack) -> Json:
    return {
        "ok": True,
        "clock": slack.clock,
        "workspace": {"id": "T0INTERFY", "name": "Interfy"},
        "personas": PERSONAS,
        "channels": [*CHANNELS, *slack.direct],
        "bot": BOT,
        "commands": COMMANDS,
        "connected": slack.connected,
    }


def _visible(messages: list[Json], persona: str) -> list[Json]:
    shown = [one for one in messages if one.get("ephemeral_to") in (None, persona)]
    return [{**one, "ephemeral": True} if "ephemeral_to" in one else one for one in shown]


async def _send(slack: FakeSlack, body: Json) -> JSONResponse:
    external = {one["id"] for one in PERSONAS if one["external"]}
    if body["text"].startswith("/") and body["persona"] in external:
        sentence = (
            "/onboard is not a valid command. In Slack Connect channels, commands work only "
            "for members of the workspace that installed the app."
        )
        refusal = {"ok": False, "error": "not_a_command", "message": sentence}
        return await slack.answer("send", body, refusal)
    if not body["text"].startswith("/"):
        more = {"thread_ts": body["thread_ts"]} if "thread_ts" in body else {}
        slack.say(body["channel"], body["persona"], body["text"], **more)
    return await slack.answer("send", body, {"ok": True})


async def _world_run(slack: FakeSlack, body: Json) -> JSONResponse:
    for group in slack.world["groups"]:
        for action in group["actions"]:
            if action["id"] == body["id"]:
                action["done"] = True
    slack.publish({"kind": "world"})
    return await slack.answer("world", body, {"ok": True, "message": f"Done: {body['id']}."})


async def _events(slack: FakeSlack, persona: str) -> AsyncIterator[str]:
    queue: asyncio.Queue[Json | None] = asyncio.Queue()
    slack.streams[queue] = persona
    slack.stream_opens += 1
    try:
        yield ": hello\n\n"
        while (event := await queue.get()) is not None:
            yield f"event: change\ndata: {json.dumps(event)}\n\n"
    finally:
        slack.streams.pop(queue, None)


def _fake(request: Request) -> FakeSlack:
    slack: FakeSlack = request.app.state.slack
    return slack


async def _index(_: Request) -> Response:
    return FileResponse(PAGE / "index.html")


async def _get_state(request: Request) -> Response:
    return JSONResponse(_state(_fake(request)))


async def _get_messages(request: Request) -> Response:
    slack, query = _fake(request), dict(request.query_params)
    slack.calls.append(("messages", query))
    slack.waiting += 1
    await slack.hold_messages.wait()
    slack.waiting -= 1
    shown = _visible(slack.messages[query["channel"]], query["persona"])
    return JSONResponse({"ok": True, "messages": shown})


async def _get_home(request: Request) -> Response:
    slack, persona = _fake(request), request.query_params["persona"]
    view = slack.homes.get(persona)
    note = "" if view else "Work in progress: this app's Home isn't available to you."
    return await slack.answer(
        "home", {"persona": persona}, {"ok": True, "view": view, "note": note}
    )


async def _get_stream(request: Request) -> Response:
    events = _events(_fake(request), request.query_params["persona"])
    return StreamingResponse(events, media_type="text/event-stream")


async def _get_world(request: Request) -> Response:
    slack = _fake(request)
    slack.calls.append(("world_list", {}))
    return JSONResponse({"ok": True, "clock": slack.clock, **slack.world})


async def _get_file(_: Request) -> Response:
    return Response(b"slug,done\nacme,6\n", media_type="text/csv")


async def _post(request: Request) -> Response:
    slack, name, body = _fake(request), request.path_params["name"], await request.json()
    if name == "send":
        return await _send(slack, body)
    if name == "world":
        return await _world_run(slack, body)
    default: Json = {"ok": True}
    if name == "submit":
        default["response_action"] = None
    if name == "options":
        default["options"] = slack.options
    return await slack.answer(name, body, default)


def build_app(url: str) -> Starlette:
    """The page, its files and the API around a fake that is reached under `url`."""
    app = Starlette(
        routes=[
            Route("/", _index),
            Route("/_ui/state", _get_state),
            Route("/_ui/messages", _get_messages),
            Route("/_ui/home", _get_home),
            Route("/_ui/stream", _get_stream),
            Route("/_ui/world", _get_world, methods=["GET"]),
            Route("/_ui/file", _get_file),
            Route("/_ui/{name}", _post, methods=["POST"]),
            Mount("/static", StaticFiles(directory=PAGE)),
        ]
    )
    app.state.slack = FakeSlack(url)
    return app


class _QuietServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to pytest."""
        yield


@contextlib.asynccontextmanager
async def serve(port: int = 0) -> AsyncIterator[Starlette]:
    """Run the fake, with an empty workspace, on 127.0.0.1."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    app = build_app(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = _QuietServer(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: server.started)
    try:
        yield app
    finally:
        app.state.slack.cut_streams()
        server.should_exit = True
        await task
        listener.close()


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something that the page does to the fake.

    Raises:
        TimeoutError: It did not happen.
    """
    async with asyncio.timeout(seconds):
        # The condition may be anything; nothing announces that it has come true.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def demo(slack: FakeSlack) -> None:
    """Fill a fake with a conversation that shows most of the page."""
    slack.say("C0ACME", "U0SAM", "Hi Dana, hi Casey, welcome. <@U0ONECORE> will guide us through.")
    ts = slack.say("C0ACME", BOT["user_id"], "Acme: 4 of 6 required items done.", blocks=CARD)
    slack.say("C0ACME", "U0CASEY", "Thanks, on it.", thread_ts=ts)
    slack.say("C0ACME", "U0SAM", "Shout if the chart of accounts fights back.", thread_ts=ts)
    slack.say("C0ACME", "U0DANA", "Vendors are merged :tada:")
    slack.say("C0ACME", "U0DANA", "Is *03-300* the footings one?")
    answer = "Only Interfy staff can waive an item. Ask in this channel."
    slack.say("C0ACME", BOT["user_id"], answer, ephemeral_to="U0DANA")
