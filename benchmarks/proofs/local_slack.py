"""The bot against local-slack, a Slack stand-in from npm that we did not write.

``onboard serve`` runs as it is, once in Socket Mode and once over signed HTTP, and a person goes
the whole way from the card to the hand-off, sent back and accepted. local-slack listens on every
interface of the machine, so give it a network of its own. From the project's folder::

    npm install --prefix /tmp/node local-slack-linux-x64@0.1.8
    unshare --net --map-root-user sh -c 'ip link set lo up && .venv/bin/python -m \
        benchmarks.proofs.local_slack /tmp/node/node_modules/local-slack-linux-x64/bin/local-slack'

Exit code 0: every step was seen; 1: one was not; 2: local-slack is not installed.
"""

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import yaml
from websockets.asyncio.client import connect

from benchmarks.proofs.bot_process import Bot, free_port, process, serve_bot
from bot.words.states import greeting

PATIENCE = 15.0
COOL_DOWN = 11.0
"""Seconds after which a press checks again instead of telling when it was checked."""
USERS = {"U0SAM": "sam", "U0PRIYA": "priya", "U0CASEY": "casey"}
CHANNELS = {"C0ACME": "ext-acme", "C0BONDI": "ext-bondi", "C0SUPPORT": "onecore-support"}
Message = dict[str, Any]


class Workspace:
    """local-slack as a person uses it: its control API, and its page's socket for modals."""

    def __init__(self, url: str) -> None:
        self._web = httpx.AsyncClient(base_url=url, timeout=30)
        self._page = url.replace("http", "ws", 1) + "/ui"

    async def close(self) -> None:
        await self._web.aclose()

    async def post(self, path: str, **body: object) -> None:
        answer = await self._web.post(f"/_control{path}", json=body)
        answer.raise_for_status()

    async def command(self, user: str, channel: str, text: str) -> None:
        await self.post("/command", user=user, channel=channel, command="/onboard", text=text)

    async def say(self, user: str, channel: str, text: str) -> None:
        await self.post("/message", user=user, channel=channel, text=text)

    async def messages(self, channel: str) -> list[Message]:
        answer = await self._web.get(f"/_control/messages/{channel}")
        found: list[Message] = answer.json()["messages"]
        return found

    async def log(self) -> list[Message]:
        found: list[Message] = (await self._web.get("/_control/log")).json()["log"]
        return found

    async def press(
        self, user: str, channel: str, message: Message, element: Mapping[str, Any]
    ) -> None:
        keys = ("type", "action_id", "block_id", "value", "text")
        action = {key: element.get(key) for key in keys}
        about = {"user": user, "channel": channel, "messageTs": message["ts"]}
        await self.post("/interact", **about, action=action)

    async def on_page(self, kind: str, **body: object) -> None:
        """Do what only the page can: close or submit the modal that is open."""
        async with connect(self._page, max_size=None) as page:
            await page.recv()
            await page.send(json.dumps({"t": kind, **body}))

    async def snapshot(self) -> dict[str, Any]:
        """What the page shows: ``modalStack`` and ``homeViews`` among it."""
        async with connect(self._page, max_size=None) as page:
            state: dict[str, Any] = json.loads(await page.recv())["state"]
            return state


def words(thing: object) -> str:
    """Everything that a message or view says, as one text."""
    if isinstance(thing, dict):
        return " ".join(words(value) for value in thing.values())
    if isinstance(thing, list):
        return " ".join(words(value) for value in thing)
    return str(thing)


def text_of(message: Message) -> str:
    """What its notification says."""
    return str(message["text"])


def elements(thing: object, block_id: str = "") -> list[dict[str, Any]]:
    """Every element with an ``action_id``, with the block that it is in."""
    if isinstance(thing, list):
        return [found for one in thing for found in elements(one, block_id)]
    if not isinstance(thing, dict):
        return []
    block_id = thing.get("block_id") or block_id
    own = [{**thing, "block_id": block_id}] if "action_id" in thing else []
    return own + [found for one in thing.values() for found in elements(one, block_id)]


def element(thing: object, action_id: str, about: str = "") -> dict[str, Any]:
    """The first element of this action whose value speaks of ``about``.

    Raises:
        LookupError: there is none.
    """
    for one in elements(thing):
        if one["action_id"].startswith(action_id) and about in words(one):
            return one
    have = sorted({one["action_id"] for one in elements(thing)})
    raise LookupError(f"there is no {action_id} {about} here, only {have}")


class Walk:
    """The steps; each prints what was seen, and a step that fails does not end the walk."""

    def __init__(self, slack: Workspace, bot: Bot) -> None:
        self.slack = slack
        self.bot = bot
        self.failed: list[str] = []

    async def step(self, name: str, seen: Callable[[], Any]) -> None:
        started = asyncio.get_running_loop().time()
        try:
            told = await seen()
        except (LookupError, TimeoutError, httpx.HTTPError, KeyError) as error:
            self.failed.append(name)
            print(f"  FAILED {name}: {type(error).__name__} {error}")
            return
        took = asyncio.get_running_loop().time() - started
        print(f"  {took:5.1f} s  {name}: {str(told)[:150]}")

    async def until(self, look: Callable[[], Any], what: str) -> Any:  # noqa: ANN401 - what was looked for.
        """Look until there is something."""
        for _ in range(int(PATIENCE / 0.2)):
            found = await look()
            if found:
                return found
            await asyncio.sleep(0.2)
        raise TimeoutError(f"never saw {what}")

    async def message(self, channel: str, *texts: str, other_than: str = "") -> Message:
        """The newest message of a channel that says all of this."""

        async def look() -> Message | None:
            for one in reversed(await self.slack.messages(channel)):
                if one["ts"] != other_than and all(text in words(one) for text in texts):
                    return one
            return None

        found: Message = await self.until(look, f"{texts} in {channel}")
        return found

    async def card(self, channel: str) -> Message:
        """The channel's living card: of what has its button, the message that was there first."""

        async def look() -> Message | None:
            found = await self.slack.messages(channel)
            return next((one for one in found if "recheck_all" in words(one)), None)

        found: Message = await self.until(look, f"a card in {channel}")
        return found

    async def edited(self, channel: str, before: Message) -> Message:
        """The card once it was edited again."""

        async def look() -> Message | None:
            now = await self.card(channel)
            return now if now.get("edited") != before.get("edited") else None

        found: Message = await self.until(look, "an edit of the card")
        return found

    async def modal(self, text: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            stack = (await self.slack.snapshot())["modalStack"]
            return stack[-1] if stack and text in words(stack[-1]) else None

        found: dict[str, Any] = await self.until(look, f'a modal with "{text}"')
        return found


class Acme(Walk):
    """The customer with a bit of everything wrong."""

    async def go(self) -> None:
        for name, step in (
            ("/onboard status acme", self.status),
            ("Re-check everything", self.recheck_everything),
            ("Re-check one item", self.recheck),
            ("How to fix (modal)", self.how_to_fix),
            ("Mark as done (modal, submitted)", self.done),
            ("@mention help", self.mention),
            ("Home tab", self.home),
            ("Contact support, too early", self.too_early),
            ("daily reminder", self.reminder),
        ):
            await self.step(name, step)

    async def status(self) -> str:
        await self.slack.command("U0SAM", "C0ACME", "status acme")
        return text_of(await self.card("C0ACME"))

    async def recheck_everything(self) -> str:
        card = await self.card("C0ACME")
        await self.slack.press("U0SAM", "C0ACME", card, element(card, "recheck_all"))
        await self.message("C0ACME", "recheck_all", "cost codes")
        return text_of(await self.card("C0ACME"))

    async def recheck(self) -> str:
        await asyncio.sleep(COOL_DOWN)
        card = await self.card("C0ACME")
        await self.slack.press("U0CASEY", "C0ACME", card, element(card, "item_recheck"))
        await self.edited("C0ACME", card)
        return "the card was edited"

    async def how_to_fix(self) -> str:
        card = await self.card("C0ACME")
        await self.slack.press("U0CASEY", "C0ACME", card, element(card, "item_how_to_fix"))
        view = await self.modal("how_to_fix_view")
        await self.slack.on_page("view_close", user="U0CASEY")
        return words(view["title"])

    async def done(self) -> str:
        card = await self.card("C0ACME")
        await self.slack.press("U0CASEY", "C0ACME", card, element(card, "item_done"))
        view = await self.modal("done_view")
        note = next(one for one in view["blocks"] if one["type"] == "input")
        entry = {"type": "plain_text_input", "value": "Dana added the user this morning"}
        values = {note["block_id"]: {note["element"]["action_id"]: entry}}
        await self.slack.on_page("view_submit", user="U0CASEY", values=values)
        return text_of(await self.message("C0ACME", "attested"))

    async def mention(self) -> str:
        bot_user = (await self.slack.snapshot())["apps"][0]["botUserId"]
        await self.slack.say("U0CASEY", "C0ACME", f"<@{bot_user}> help")
        return text_of(await self.message("C0ACME", "history", "handoff"))

    async def home(self) -> str:
        await self.slack.post("/open-home", user="U0SAM")

        async def look() -> str:
            views = (await self.slack.snapshot())["homeViews"]
            return words(views) if "Bondi" in words(views) else ""

        shown: str = await self.until(look, "a Home tab with both customers")
        return f"{len(shown)} characters, Acme and Bondi in it"

    async def too_early(self) -> str:
        card = await self.card("C0ACME")
        await self.slack.press("U0CASEY", "C0ACME", card, element(card, "contact_support"))
        return text_of(await self.message("C0ACME", "need_help"))

    async def reminder(self) -> str:
        soon = datetime.now(UTC).astimezone(ZoneInfo("Australia/Sydney")) + timedelta(minutes=1)
        if soon.weekday() > 4:
            return "not tried: no working day in Sydney"
        await self.slack.command("U0SAM", "C0ACME", f"remind {soon:%H:%M}")
        await self.message("C0ACME", f"{soon:%H:%M}")
        await asyncio.sleep(62 - datetime.now(UTC).second)
        return text_of(await self.message("C0ACME", greeting(soon.hour)))


class Bondi(Walk):
    """The customer with everything right: sent back, handed over again, accepted."""

    async def go(self) -> None:
        for name, step in (
            ("card of a customer who is ready", self.check),
            ("hand-off", self.hand_off),
            ("Send back (modal, submitted)", self.send_back),
            ("hand-off again, Accept", self.again),
        ):
            await self.step(name, step)

    async def check(self) -> str:
        await self.slack.command("U0SAM", "C0BONDI", "status bondi")
        card = await self.card("C0BONDI")
        await self.slack.press("U0SAM", "C0BONDI", card, element(card, "recheck_all"))
        return text_of(await self.message("C0BONDI", "recheck_all", "ready"))

    async def hand_off(self) -> str:
        card = await self.card("C0BONDI")
        await self.slack.press("U0CASEY", "C0BONDI", card, element(card, "contact_support"))
        return text_of(await self.message("C0SUPPORT", "handoff_accept"))

    async def send_back(self) -> str:
        there = await self.message("C0SUPPORT", "handoff_send_back")
        await self.slack.press("U0SAM", "C0SUPPORT", there, element(there, "handoff_send_back"))
        view = await self.modal("send_back_view")
        reason = next(one for one in view["blocks"] if one["type"] == "input")
        entry = {"type": "plain_text_input", "value": "Two jobs are missing"}
        values = {reason["block_id"]: {reason["element"]["action_id"]: entry}}
        await self.slack.on_page("view_submit", user="U0SAM", values=values)
        return text_of(await self.message("C0BONDI", "Two jobs are missing"))

    async def again(self) -> str:
        first = await self.message("C0SUPPORT", "for OneCore")
        await self.slack.command("U0SAM", "C0BONDI", "handoff")
        there = await self.message("C0SUPPORT", "handoff_accept", other_than=first["ts"])
        await self.slack.press("U0PRIYA", "C0SUPPORT", there, element(there, "handoff_accept"))
        return text_of(await self.message("C0BONDI", "accepted"))


def configuration(mode: str, request_url: str) -> dict[str, Any]:
    """local-slack's file: one workspace, staff and customer in it (it knows no Slack Connect)."""
    return {
        "workspace": {"name": "Interfy", "domain": "interfy", "teamId": "T0INTERFY"},
        "app": {
            "appId": "A0ONECORE",
            "botUserId": "U0ONECORE",
            "botName": "onecore",
            "botToken": "xoxb-trial",
            "appToken": "xapp-trial",
            "signingSecret": "trial-signing-secret",
            "mode": mode,
            **({"requestUrl": request_url} if request_url else {}),
        },
        "users": [
            {"id": key, "name": name, "real_name": name.title()} for key, name in USERS.items()
        ],
        "channels": [
            {"id": key, "name": name, "members": [*USERS, "U0ONECORE"]}
            for key, name in CHANNELS.items()
        ],
    }


@contextlib.asynccontextmanager
async def workspace(binary: str, mode: str, bot_port: int) -> AsyncIterator[tuple[str, Workspace]]:
    """local-slack, running: its address and its control."""
    port = free_port()
    said: list[str] = []
    request_url = f"http://127.0.0.1:{bot_port}/slack/events" if mode == "events" else ""
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workspace.yaml"
        path.write_text(yaml.safe_dump(configuration(mode, request_url)))
        command = (binary, "--config", str(path), "--port", str(port), "--base-host", "127.0.0.1")
        async with process(command, {}, said, "is running"):
            slack = Workspace(url)
            try:
                yield url, slack
            finally:
                await slack.close()


async def trial(binary: str, mode: str) -> bool:
    """The whole walk in one mode."""
    print(f"{mode} mode")
    bot_port = free_port()
    async with workspace(binary, mode, bot_port) as (url, slack):
        own = {"SLACK_APP_TOKEN": "xapp-trial"} if mode == "socket" else {}
        settings = {
            "SLACK_BOT_TOKEN": "xoxb-trial",
            "SLACK_SIGNING_SECRET": "trial-signing-secret",
            "SLACK_API_URL": url,
            "PORT": str(bot_port),
            **own,
        }
        async with serve_bot(settings) as bot:
            walks = (Acme(slack, bot), Bondi(slack, bot))
            for walk in walks:
                await walk.go()
            refused = [
                f"{one['kind']} {one['summary']}"
                for one in await slack.log()
                if 'ok": false' in json.dumps(one) or "unknown_method" in json.dumps(one)
            ]
        for line in refused + bot.complaints():
            print(f"  {line[:300]}")
    return not any(walk.failed for walk in walks)


async def main(arguments: list[str]) -> int:
    """Both modes, or those that are named."""
    if not arguments or which(arguments[0]) is None:
        print("local-slack is not installed; name its binary (the docstring says how).")
        return 2
    results = [await trial(arguments[0], mode) for mode in (arguments[1:] or ["socket", "events"])]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
