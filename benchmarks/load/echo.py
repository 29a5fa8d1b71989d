"""A bare Bolt ``AsyncApp`` that echoes: ``python -m benchmarks.load.echo SECRET SLACK SAID WAY``.

It acknowledges and answers with what it was given, in Bolt's own words (``say``, ``views_open``):
the card and the modal that the bot answered with, from the file SAID. Nothing is checked but
Slack's signature, nobody is looked up, nothing is stored. It is served as the bot is: uvicorn,
Starlette, one process. WAY is "answers"; or "shared", with one HTTP session for all calls, which
Bolt does not make by itself; or "silent", which only acknowledges. Prints its port and its number,
and serves until its standard input ends.
"""

import asyncio
import json
import os
import re
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from bot.web import SLACK_PATH, listen, serving

WAYS = ("answers", "shared", "silent")


def make_echo(client: AsyncWebClient, secret: str, message: Any, opened: Any) -> AsyncApp:  # noqa: ANN401
    """Bolt's echo; without a message it is silent."""
    app = AsyncApp(client=client, signing_secret=secret)

    @app.command("/onboard")
    async def spoken(ack: AsyncAck, say: AsyncSay) -> None:
        await ack()
        if message:
            await say(text=message["text"], blocks=message["blocks"])

    @app.action(re.compile(".*"))
    async def clicked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        if message:
            await client.views_open(trigger_id=body["trigger_id"], view=opened["view"])

    return app


def _given(said: Path) -> dict[str, Any]:
    """What the bot said last, by the method that it said it with."""
    read: dict[str, Any] = json.loads(said.read_text())
    return read


async def main(secret: str, slack_url: str, said: str, way: str) -> None:
    """Serve until nobody is there any more."""
    async with AsyncExitStack() as stack:
        client = AsyncWebClient("xoxb-load", slack_url)
        if way == "shared":
            client.session = await stack.enter_async_context(aiohttp.ClientSession())
        given = _given(Path(said)) if way != "silent" else {}
        app = make_echo(client, secret, given.get("chat.postMessage"), given.get("views.open"))
        handler = AsyncSlackRequestHandler(app)
        web = Starlette(routes=[Route(SLACK_PATH, handler.handle, methods=["POST"])])
        listener = listen("127.0.0.1", 0)
        # Before uvicorn does: whoever reads the port may come at once.
        listener.listen()
        await stack.enter_async_context(serving(web, listener))
        print(listener.getsockname()[1], os.getpid(), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
