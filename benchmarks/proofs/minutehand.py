"""The bot over signed HTTP against minutehand, a strict Slack stand-in that we did not write.

minutehand stands between the bot and slack.com as a proxy with a certificate of its own: the bot
keeps Slack's real address and is told of the proxy by its environment only. From the project's
folder::

    python3.12 -m venv /tmp/mh && /tmp/mh/bin/pip install uv
    /tmp/mh/bin/uv pip install --python /tmp/mh/bin/python minutehand
    .venv/bin/python -m benchmarks.proofs.minutehand /tmp/mh/bin/minutehand

Every call that minutehand refused as Slack would is printed. Version 0.3.2 does not implement
message metadata (501), which every reminder and hand-off carries, so the walk ends where the
hand-off is pressed. Exit code 0: every step was seen and nothing was refused; 1: not so; 2:
minutehand is not installed.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from shutil import which
from typing import Any
from urllib.parse import parse_qs

import httpx

from benchmarks.proofs.bot_process import CUSTOMERS, free_port, process, serve_bot
from benchmarks.proofs.local_slack import words

PATIENCE = 20.0
NOT_IMPLEMENTED = 501
"""How minutehand refuses what it does not imitate, where Slack would answer."""
SECRET = "trial-signing-secret"
Json = dict[str, Any]


class World:
    """An open world of minutehand, through its control API."""

    def __init__(self, url: str) -> None:
        self.web = httpx.AsyncClient(base_url=f"{url}/v1", timeout=60, trust_env=False)
        self.id = ""

    async def open(self, request_url: str) -> None:
        names = ("sam", "casey")
        rooms = ("ext-acme", "ext-bondi", "onecore-support")
        seed = {
            "starts_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "people": [
                {"key": one, "name": one.title(), "email": f"{one}@interfy.example"}
                for one in names
            ],
            "channels": [
                {"provider": "slack", "name": one, "members": list(names)} for one in rooms
            ],
        }
        inbound = [{"provider": "slack", "url": request_url, "secret": SECRET}]
        body = {"seed": seed, "claims": {"default": True}, "inbound": inbound}
        self.id = (await self._answer(await self.web.post("/worlds", json=body)))["world_id"]

    async def _answer(self, answer: httpx.Response) -> Json:
        if answer.is_error:
            raise LookupError(f"minutehand {answer.status_code}: {answer.text[:300]}")
        found: Json = answer.json()
        return found

    async def act(self, **act: object) -> None:
        await self._answer(await self.web.post(f"/worlds/{self.id}/act", json={"act": act}))

    async def command(self, person: str, channel: str, text: str) -> None:
        who = {"kind": "commands", "provider": "slack", "person": person}
        said = {"command": "/onboard", "text": text, "channel": channel}
        await self.act(kind="happen", happening={**who, **said})

    async def mention(self, person: str, channel: str, text: str) -> None:
        who = {"kind": "posts", "provider": "slack", "person": person}
        said = {"channel": channel, "text": text, "mentions_agent": True}
        await self.act(kind="happen", happening={**who, **said})

    async def calls(self) -> list[Json]:
        """Every Web API call of the bot: ``method``, ``arguments``, ``answer``."""
        found = await self._answer(await self.web.get(f"/worlds/{self.id}/calls"))
        return [_call(one["exchange"]) for one in found["calls"] if one["exchange"]["path"]]

    async def messages(self) -> list[Json]:
        """The messages that the world holds, as events, newest last."""
        asked = {"provider": "slack", "kind": "message"}
        found = await self._answer(await self.web.get(f"/worlds/{self.id}/events", params=asked))
        events: list[Json] = found["events"]
        return events

    async def press(self, person: str, message: Json, control: Json, form: list[Json]) -> None:
        press = {key: control.get(key) for key in ("action_id", "label", "value")}
        await self.act(
            kind="press", person=person, on=message["entity"], press={**press, "form": form}
        )


def _json(text: object) -> Any:  # noqa: ANN401 - JSON or form text.
    try:
        return json.loads(str(text))
    except ValueError:
        return {key: values[0] for key, values in parse_qs(str(text)).items()}


def _call(exchange: Json) -> Json:
    request = exchange.get("request_body") or exchange.get("request") or ""
    answer = exchange.get("response_body") or exchange.get("response") or ""
    return {
        "method": exchange["path"].removeprefix("/api/"),
        "status": exchange["status"],
        "arguments": _json(request),
        "answer": _json(answer),
        "raw": exchange,
    }


class Trial:
    """The steps; each prints what was seen, and a step that fails does not end the trial."""

    def __init__(self, world: World, rooms: dict[str, str]) -> None:
        self.world = world
        self.rooms = rooms
        self.failed = 0

    async def step(self, name: str, seen: Callable[[], Awaitable[str]]) -> None:
        try:
            print(f"  {name}: {(await seen())[:140]}")
        except (LookupError, TimeoutError, httpx.HTTPError) as error:
            self.failed += 1
            print(f"  FAILED {name}: {type(error).__name__} {error}")

    async def call(self, method: str, *texts: str, room: str = "") -> Json:
        """The newest call of a method that was answered and says all of this.

        Raises:
            TimeoutError: there was none.
        """
        for _ in range(int(PATIENCE / 0.5)):
            for one in reversed(await self.world.calls()):
                here = not room or self.rooms[room] in words(one["arguments"])
                said = words(one["arguments"]) + words(one["answer"])
                if (
                    one["status"] == 200
                    and one["method"] == method
                    and here
                    and all(text in said for text in texts)
                ):
                    return one
            await asyncio.sleep(0.5)
        raise TimeoutError(f"never saw {method} {texts}")

    async def press(
        self, person: str, room: str, action_id: str, form: list[Json] | None = None
    ) -> None:
        """Press a button of the newest message that has it, once that message offers it."""
        refusal = LookupError(f"no message in {room} has {action_id}")
        for _ in range(int(PATIENCE / 0.5)):
            try:
                return await self._press(person, room, action_id, form or [])
            except LookupError as error:
                refusal = error
                await asyncio.sleep(0.5)
        raise refusal

    async def _press(self, person: str, room: str, action_id: str, form: list[Json]) -> None:
        for event in reversed(await self.world.messages()):
            held = event["after"] or {}
            actions = {one["action_id"]: one for one in held.get("actions") or []}
            if action_id in actions and self.rooms[room] in words(event):
                return await self.world.press(person, event, actions[action_id], form)
        raise LookupError(f"no message in {room} has {action_id}")

    async def status(self) -> str:
        await self.world.command("sam", "ext-acme", "status acme")
        found = await self.call("chat.postMessage", "recheck_all", room="ext-acme")
        return str(found["answer"]["message"]["text"])

    async def recheck(self) -> str:
        await self.press("sam", "ext-acme", "recheck_all")
        return str((await self.call("chat.update", "cost codes"))["answer"]["text"])

    async def how_to_fix(self) -> str:
        await self.press("casey", "ext-acme", "item_how_to_fix")
        return words((await self.call("views.open", "how_to_fix_view"))["answer"]["view"]["title"])

    async def mention(self) -> str:
        await self.world.mention("casey", "ext-acme", "help")
        found = await self.call("chat.postEphemeral", "handoff")
        return str(found["answer"])

    async def hand_off(self) -> str:
        await self.world.command("sam", "ext-bondi", "status bondi")
        await self.call("chat.postMessage", "recheck_all", room="ext-bondi")
        await self.press("sam", "ext-bondi", "recheck_all")
        await self.call("chat.update", "Bondi", "ready for Interfy")
        await self.press("casey", "ext-bondi", "contact_support")
        for _ in range(int(PATIENCE / 0.5)):
            if any(one["status"] == NOT_IMPLEMENTED for one in await self.world.calls()):
                return "pressed; minutehand doesn't implement the metadata that the message carries"
            await asyncio.sleep(0.5)
        found = await self.call("chat.postMessage", "handoff_accept", room="onecore-support")
        return str(found["answer"]["message"]["text"])

    async def refused(self) -> list[str]:
        """Every call that was not answered with ``ok``."""
        lines = []
        for one in await self.world.calls():
            answer = one["answer"]
            if one["status"] == NOT_IMPLEMENTED:
                continue
            if one["status"] >= 400 or (isinstance(answer, dict) and answer.get("ok") is False):
                lines.append(f"{one['method']} {one['status']} {words(answer)[:200]}")
        return lines


async def trial(binary: str) -> bool:
    """minutehand, the bot behind it, and the steps."""
    proxy, control, port = free_port(), free_port(), free_port()
    said: list[str] = []
    with tempfile.TemporaryDirectory() as state:
        options = ("--host", "127.0.0.1", "--no-receive-telemetry", "--state", state)
        ports = ("--proxy-port", str(proxy), "--control-port", str(control))
        command = (binary, "serve", *options, *ports)
        async with process(command, {"PYTHONUNBUFFERED": "1"}, said, "minutehand serve:"):
            world = World(f"http://127.0.0.1:{control}")
            proxied = (await world.web.get("/environment")).json()["variables"]
            await world.open(f"http://127.0.0.1:{port}/slack/events")
            rooms = await _rooms(proxied)
            settings = {
                **proxied,
                "SLACK_BOT_TOKEN": "xoxb-trial",
                "SLACK_APP_TOKEN": "",
                "SLACK_SIGNING_SECRET": SECRET,
                "SUPPORT_CHANNEL_ID": rooms["onecore-support"],
                "PORT": str(port),
            }
            channels = {name: rooms[f"ext-{name.casefold()}"] for name in CUSTOMERS}
            async with serve_bot(settings, channels) as bot:
                steps = Trial(world, rooms)
                await steps.step("/onboard status acme", steps.status)
                await steps.step("Re-check everything", steps.recheck)
                await steps.step("How to fix (modal)", steps.how_to_fix)
                await steps.step("@mention help", steps.mention)
                await steps.step("hand-off", steps.hand_off)
            refused = await steps.refused()
            print(f"  {len(await world.calls())} calls, {len(refused)} refused")
            for line in refused + bot.complaints():
                print(f"  {line[:300]}")
            await world.web.aclose()
    return not steps.failed and not refused


async def _rooms(proxied: dict[str, str]) -> dict[str, str]:
    """Channel ids by name, as the bot would ask for them."""
    os.environ["SSL_CERT_FILE"] = proxied["SSL_CERT_FILE"]
    async with httpx.AsyncClient(proxy=proxied["HTTPS_PROXY"]) as web:
        answer = await web.get("https://slack.com/api/conversations.list")
    return {one["name"]: one["id"] for one in answer.json()["channels"]}


async def main(arguments: list[str]) -> int:
    """One trial."""
    if not arguments or which(arguments[0]) is None:
        print("minutehand is not installed; name its command (the docstring says how).")
        return 2
    return 0 if await trial(arguments[0]) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
