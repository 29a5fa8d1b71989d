"""Slack's Web API, as quick as can be: ``python -m benchmarks.load.slack``.

It says yes to everything, counts what people would see, and limits nothing: what is measured is
the bot, not Slack. Prints its port and serves until its standard input ends.
"""

import asyncio
import itertools
import json
import sys
from urllib.parse import parse_qsl

HOME, STAFF, BOT = "T0HOME", "U0SAM", "U0BOT"
ME = {"team_id": HOME, "user_id": BOT, "bot_id": "B0BOT"}
USER = {"user": {"id": STAFF, "team_id": HOME, "name": "sam", "real_name": "Sam"}}
SEEN = ("chat.postMessage", "chat.postEphemeral", "views.open")
"""How an interaction is answered; edits of a card come on top."""


class QuickSlack:
    """``answers`` is how many interactions were answered, ``said`` the last call of each method."""

    def __init__(self) -> None:
        self.answers = 0
        self.said: dict[str, bytes] = {}
        self._stamps = itertools.count(1)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                body = await reader.readexactly(length_of(head))
                answer = json.dumps(self._answer(head.split(" ", 2)[1], body)).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                    b"content-length: %d\r\n\r\n%s" % (len(answer), answer)
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, target: str, body: bytes) -> dict[str, object]:
        method = target.partition("?")[0].rpartition("/")[2]
        if method in SEEN:
            self.answers += 1
            self.said[method] = body
        match method:
            case "said":
                return {name: json.loads(last) for name, last in self.said.items()}
            case "answers":
                return {"answers": self.answers}
            case "auth.test":
                return {"ok": True, **ME}
            case "users.info":
                return {"ok": True, **USER}
            case "views.open":
                return {"ok": True, "view": {"id": "V1"}}
            case "chat.getPermalink":
                return {"ok": True, "permalink": _permalink(target)}
            case _:
                return {"ok": True, "ts": f"{next(self._stamps)}.000100", "channel": "C1"}


def _permalink(target: str) -> str:
    """A message's address as Slack makes it, from the channel and the moment."""
    asked = dict(parse_qsl(target.partition("?")[2]))
    moment = asked["message_ts"].replace(".", "")
    return f"https://home.slack.example/archives/{asked['channel']}/p{moment}"


def length_of(head: str) -> int:
    """The length of the body that a message's head announces."""
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def main() -> None:
    """Serve until nobody is there any more."""
    server = await asyncio.start_server(QuickSlack().talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
