"""People who use the bot all day: one pair in each channel, who do one thing after another.

Each thing that they do has one answer that they would see. What Slack refuses to their face,
because the bot did not answer in time, is known to them: they do it again. What was acknowledged
and is answered by nothing would leave them waiting: that is what is counted as lost.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks.day.town import Place
from handlers.ids import ActionId
from integrations.sandbox.runner import Sandbox
from integrations.sandbox.slack.state import Message

Entry = Mapping[str, Any]
Sees = Callable[[Entry], bool]
PATIENCE_S = 150.0
"""Slack itself brings an event again a minute after the first two tries have failed."""
ITEM = "cost-code-coverage"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person did, and how it went."""

    kind: str
    place: Place
    phase: str
    at: float
    refused: bool = False
    waited: float | None = None
    """Seconds until it was answered; None where it never was."""
    words: str = ""
    """The answer's text, where it was a private message."""

    @property
    def lost(self) -> bool:
        """Slack took it, and nothing ever came."""
        return not self.refused and self.waited is None


@dataclass
class Crowd:
    """Everybody. ``phase`` is what the day does at the moment; ``acts`` is what was done."""

    sandbox: Sandbox
    page: httpx.AsyncClient
    places: Sequence[Place]
    rate: float
    chance: random.Random
    phase: str = ""
    acts: list[Act] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        """Until ``stop`` is set; whoever waits for an answer waits on."""
        await asyncio.gather(*(self._pair(place) for place in self.places))

    async def _pair(self, place: Place) -> None:
        each = len(self.places) / self.rate
        kinds = [*KINDS]
        self.chance.shuffle(kinds)
        turn = 0
        while not self.stop.is_set():
            await asyncio.sleep(self.chance.uniform(0, 2 * each))
            await self.do(kinds[turn % len(kinds)], place)
            turn += 1

    async def do(self, kind: str, place: Place) -> Act:
        """Do one thing and wait for its answer."""
        who, sees = KINDS[kind]
        person = who(place)
        mark, began = len(self.sandbox.slack_log.entries()), time.monotonic()
        phase = self.phase
        asked = await self._ask(kind, place, person)
        act = Act(kind, place, phase, began)
        if asked is None:
            return act
        if not asked:
            act = Act(kind, place, phase, began, refused=True)
        else:
            answer = await self._answer(mark, lambda entry: sees(entry, place), person)
            if answer is not None:
                waited = time.monotonic() - began
                act = Act(kind, place, phase, began, False, waited, str(answer.get("text", "")))
        self.acts.append(act)
        return act

    async def _ask(self, kind: str, place: Place, person: str) -> bool | None:
        """Whether Slack took it; None where there was nothing to press."""
        if kind in SAID:
            said = {"persona": person, "channel": place.channel, "text": SAID[kind]}
            answer = await self.page.post("/_ui/send", json=said)
            return bool(answer.json()["ok"])
        pressed = self._button(place, PRESSED[kind])
        if pressed is None:
            return None
        answer = await self.page.post("/_ui/action", json={"persona": person, **pressed})
        body = answer.json()
        if body.get("error") in ("action_not_found", "message_not_found"):
            return None
        return bool(body["ok"])

    def _button(self, place: Place, action: ActionId) -> dict[str, Any] | None:
        """The newest button of this kind in a channel."""
        channel = self.sandbox.slack.state.channel(place.channel)
        for message in reversed(channel.public_messages):
            for block in message.body.get("blocks") or ():
                for element in block.get("elements") or ():
                    if element.get("action_id") == action:
                        return _click(place, message, block, element)
        return None

    async def _answer(self, mark: int, sees: Sees, person: str) -> Entry | None:
        log, end = self.sandbox.slack_log, time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            # The log has no event to wait for; it belongs to another program in real life.
            await asyncio.sleep(0.02)
            for entry in log.entries(after=mark):
                mark = entry["n"]
                if entry["kind"] == "message" and (sees(entry) or _privately(entry, person)):
                    return entry
        return None


def _click(
    place: Place, message: Message, block: Mapping[str, Any], element: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "source": {"type": "message", "channel": place.channel, "ts": message.ts},
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "value": element.get("value", ""),
    }


def _privately(entry: Entry, person: str) -> bool:
    return entry["op"] in ("ephemeral", "view_open") and entry.get("user") == person


def is_card(entry: Entry) -> bool:
    """A message with the card's own button."""
    return f'"{ActionId.RECHECK_ALL}"' in json.dumps(entry.get("blocks") or ())


def _posted(entry: Entry, place: Place) -> bool:
    return _is(entry, place, "post") and is_card(entry)


def _changed(entry: Entry, place: Place) -> bool:
    return _is(entry, place, "update")


def _is(entry: Entry, place: Place, op: str) -> bool:
    return (entry["op"], entry.get("channel")) == (op, place.channel)


def _nothing(entry: Entry, place: Place) -> bool:  # noqa: ARG001 - one shape for all.
    return False


def _staff(place: Place) -> str:
    return place.staff


def _outsider(place: Place) -> str:
    return place.outsider


KINDS: dict[str, tuple[Callable[[Place], str], Callable[[Entry, Place], bool]]] = {
    "status": (_staff, _posted),
    "list": (_staff, _nothing),
    "remind": (_staff, _nothing),
    "history by mention": (_outsider, _nothing),
    "how to fix": (_outsider, _nothing),
    "re-check": (_outsider, _changed),
}
"""Who does it, and what answers it beside a private message or a modal."""
SAID = {
    "status": "/onboard status",
    "list": "/onboard list",
    "remind": "/onboard remind 09:00",
    "history by mention": "@OneCore history",
}
PRESSED = {"how to fix": ActionId.HOW_TO_FIX, "re-check": ActionId.RECHECK}


def counted(acts: Sequence[Act]) -> Counter[tuple[str, str]]:
    """How often each person did each thing, refused or not."""
    return Counter((KINDS[act.kind][0](act.place), act.kind) for act in acts)
