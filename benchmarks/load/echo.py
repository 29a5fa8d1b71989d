"""A bare Bolt ``AsyncApp`` that echoes: ``python -m benchmarks.load.echo SECRET SLACK_URL``.

It acknowledges and says what it was told, as Bolt's own first example does; nothing is checked
but Slack's signature, nothing is stored. It is served as the bot is: uvicorn, Starlette, one
process. Prints its port and serves until its standard input ends.
"""

import asyncio
import re
import sys
from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from bot.web import SLACK_PATH, listen, serving


def make_echo(secret: str, slack_url: str) -> AsyncApp:
    """Bolt's echo."""
    app = AsyncApp(client=AsyncWebClient("xoxb-load", slack_url), signing_secret=secret)

    @app.command("/onboard")
    async def spoken(ack: AsyncAck, say: AsyncSay, command: dict[str, Any]) -> None:
        await ack()
        await say(command["text"])

    @app.action(re.compile(".*"))
    async def clicked(ack: AsyncAck, say: AsyncSay, action: dict[str, Any]) -> None:
        await ack()
        await say(action["value"])

    return app


async def main(secret: str, slack_url: str) -> None:
    """Serve until nobody is there any more."""
    handler = AsyncSlackRequestHandler(make_echo(secret, slack_url))
    web = Starlette(routes=[Route(SLACK_PATH, handler.handle, methods=["POST"])])
    listener = listen("127.0.0.1", 0)
    # Before uvicorn does: whoever reads the port may come at once.
    listener.listen()
    async with serving(web, listener):
        print(listener.getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
