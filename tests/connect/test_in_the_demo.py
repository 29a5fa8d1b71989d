"""The demo, whole: a mention gives a link, the stand-in asks who signs in, the card follows."""

import asyncio
import json
import re
from typing import Any

import httpx

from bot.commands.serve import run_demo
from tests.connect.rig import Reading, database_of_its_own
from tests.small_world import acme_alone

ACME, DANA, CASEY, SAM = "C0ACME", "U0DANA", "U0CASEY", "U0SAM"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/connect/[\w-]{43}")


class Page:
    """The demo's Slack as a person uses it."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._url = url
        self._http = http

    async def say(self, who: str, text: str) -> None:
        sent = {"persona": who, "channel": ACME, "text": text}
        answer = await self._http.post(f"{self._url}/_ui/send", json=sent)
        assert answer.json()["ok"], answer.text

    async def seen(self, who: str) -> list[dict[str, Any]]:
        params = {"persona": who, "channel": ACME}
        answer = await self._http.get(f"{self._url}/_ui/messages", params=params)
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    async def until(self, who: str, wanted: re.Pattern[str]) -> str:
        """Wait until something is shown to somebody; the newest of it."""
        async with asyncio.timeout(60):
            while True:
                shown = [json.dumps(one, ensure_ascii=False) for one in await self.seen(who)]
                found = [match for one in shown if (match := wanted.search(one))]
                if found:
                    return found[-1][0]
                await asyncio.sleep(0.05)


async def test_disconnecting_and_connecting_anew_in_the_demo():
    """Acme's QuickBooks was connected by Dana; Casey ends that and connects it herself."""
    with database_of_its_own():
        await disconnect_and_connect_anew()


async def disconnect_and_connect_anew() -> None:
    async with (
        run_demo(0, acme_alone()) as url,
        httpx.AsyncClient(follow_redirects=True) as browser,
    ):
        page = Page(url, browser)
        await page.say(CASEY, "<@U0ONECORE> disconnect quickbooks")
        await page.until(CASEY, re.compile("ended there, deleted here"))
        await page.say(SAM, "/onboard status")
        await page.until(SAM, re.compile("Connect QuickBooks"))
        await page.say(CASEY, "<@U0ONECORE> connect quickbooks")
        link = await page.until(CASEY, LINK)
        assert not any(LINK.search(json.dumps(one)) for one in await page.seen(DANA))
        consent = await browser.get(link)
        address, fields = next(
            form for form in Reading(consent).forms if form[1].get("email") == "casey@acme.example"
        )
        done = await browser.post(address, data=fields)
        assert "QuickBooks is connected" in done.text
        assert "casey@acme.example" in done.text
        await page.until(SAM, re.compile("Casey connected it"))
