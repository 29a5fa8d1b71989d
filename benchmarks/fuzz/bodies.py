"""Requests for the signed endpoint: what people do, mutated in every way that a wire can bring.

What is mutated are the acts of ``benchmarks.access``: whatever the registry listens to, by honest
people and others. ``CANARY`` stands in every text that a mutation puts in.
"""

import copy
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benchmarks.access.acts import Acts
from integrations.sandbox.slack.delivery import sign

CANARY = "zq canary"
"""No id: an id may stand in a log."""
SECRET = "the signing secret"
MARK = b"an-unlikely-mark"
HUGE = 300_000
TOO_LARGE = 1_200_000
OLD_S = 3_600
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request: what was done to it, its headers and its body."""

    kind: str
    headers: dict[str, str]
    body: bytes


def ways(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a payload."""
    if isinstance(value, dict):
        parts: list[tuple[Any, Any]] = list(value.items())
    else:
        parts = list(enumerate(value)) if isinstance(value, list) else []
    for key, part in parts:
        yield (*path, key)
        yield from ways(part, (*path, key))


class Bodies:
    """Makes requests, the same ones for the same seed."""

    def __init__(self, chance: random.Random, acts: Acts) -> None:
        self._chance = chance
        self._acts = iter(acts)
        self._last: Sent | None = None
        self._mutations: tuple[Callable[[Json], tuple[str, bytes, str]], ...] = (
            self._honest,
            self._wrong_type,
            self._wrong_type,
            self._missing,
            self._missing,
            self._strange_text,
            self._huge,
            self._deep,
            self._broken_json,
            self._not_utf8,
            self._noise,
            self._other_form,
        )

    def __iter__(self) -> Iterator[Sent]:
        """For ever."""
        while True:
            if self._last is not None and self._chance.random() < 0.05:
                yield Sent("replay", self._last.headers, self._last.body)
            body = copy.deepcopy(next(self._acts).body)
            kind, raw, content_type = self._chance.choice(self._mutations)(body)
            self._last = self._signed(kind, raw, content_type)
            yield self._last

    def _signed(self, kind: str, raw: bytes, content_type: str) -> Sent:
        now = int(time.time())
        stamp, secret = str(now), SECRET
        fault = self._chance.choice(["", "", "", "", "", "", "signature", "old", "stamp", "none"])
        if fault == "old":
            stamp = str(now + self._chance.choice([-1, 1]) * OLD_S)
        if fault == "signature":
            secret = "another secret"
        headers = {"content-type": content_type, "x-slack-request-timestamp": stamp}
        headers["x-slack-signature"] = sign(secret, int(stamp), raw)
        if fault == "stamp":
            strange = ["", "x", "-1", "1e9", "9" * 400, "٣", "1.5"]
            headers["x-slack-request-timestamp"] = self._chance.choice(strange)
        if fault == "none":
            headers.pop(self._chance.choice(["x-slack-signature", "x-slack-request-timestamp"]))
        return Sent(f"{kind}, wrong {fault}" if fault else kind, headers, raw)

    def _part(self, body: Json) -> tuple[Any, Any]:
        """A random part's parent and key."""
        *before, last = self._chance.choice(list(ways(body)))
        parent: Any = body
        for key in before:
            parent = parent[key]
        return parent, last

    def _honest(self, body: Json) -> tuple[str, bytes, str]:
        return "unchanged", *encoded(body)

    def _wrong_type(self, body: Json) -> tuple[str, bytes, str]:
        for _ in range(self._chance.choice([1, 1, 3])):
            parent, key = self._part(body)
            strange: list[object] = [None, 0, -1, 1e308, True, [], {}, "", [CANARY], [[{}]]]
            parent[key] = self._chance.choice([*strange, {"id": CANARY}])
        return "wrong types", *encoded(body)

    def _missing(self, body: Json) -> tuple[str, bytes, str]:
        for _ in range(self._chance.choice([1, 1, 4])):
            if body:
                parent, key = self._part(body)
                parent.pop(key)
        return "missing fields", *encoded(body)

    def _strange_text(self, body: Json) -> tuple[str, bytes, str]:
        parent, key = self._part(body)
        texts = [
            CANARY,
            f"<!channel> {CANARY}",
            "\ud800",
            "\x00",
            f"=HYPERLINK({CANARY})",
            "🤷" * 999,
        ]
        parent[key] = self._chance.choice(texts)
        return "strange texts", *encoded(body)

    def _huge(self, body: Json) -> tuple[str, bytes, str]:
        raw, content_type = self._marked(body)
        size = self._chance.choice([HUGE, HUGE, TOO_LARGE])
        # What is put in stands as it is in JSON and in a form: encoding it would only take time.
        text = CANARY.replace(" ", "+") if content_type == FORM else CANARY
        return "huge", raw.replace(MARK, text.encode() * (size // len(text))), content_type

    def _marked(self, body: Json) -> tuple[bytes, str]:
        """The payload with a random part that says ``MARK``."""
        parent, key = self._part(body)
        parent[key] = MARK.decode()
        return encoded(body)

    def _deep(self, body: Json) -> tuple[str, bytes, str]:
        content_type = self._marked(body)[1]
        depth = self._chance.choice([50, 990, 5_000, 50_000])
        opened, closed = self._chance.choice([("[", "]"), ('{"a":', "}")])
        inside = opened * depth + "1" + closed * depth
        plain = json.dumps(body).replace(f'"{MARK.decode()}"', inside)
        if content_type == "application/json":
            return "deep", plain.encode(), content_type
        return "deep", urlencode({"payload": plain}).encode(), content_type

    def _broken_json(self, body: Json) -> tuple[str, bytes, str]:
        text = json.dumps(body)
        cut = text[: self._chance.randrange(len(text))]
        if self._chance.random() < 0.5:
            return "broken JSON", cut.encode(), "application/json"
        return "broken JSON", urlencode({"payload": cut}).encode(), FORM

    def _not_utf8(self, body: Json) -> tuple[str, bytes, str]:
        raw, content_type = encoded(body)
        place = self._chance.randrange(len(raw))
        return "not UTF-8", raw[:place] + b"\xff\xfe\x80" + raw[place:], content_type

    def _noise(self, _body: Json) -> tuple[str, bytes, str]:
        raw = self._chance.randbytes(self._chance.choice([0, 1, 40, 4_000]))
        return "noise", raw, self._chance.choice([FORM, "application/json", "text/plain", ""])

    def _other_form(self, body: Json) -> tuple[str, bytes, str]:
        """JSON where a form belongs and the other way round; a list, a number, null; twice."""
        text = json.dumps(body)
        odd = [text, f"[{text}]", "7", "null", '"x"', f"payload={text}&payload={text}", "payload=7"]
        kind = self._chance.choice([FORM, "application/json", "application/json; charset=utf-16"])
        return "another form", self._chance.choice(odd).encode(), kind


FORM = "application/x-www-form-urlencoded"


def encoded(body: Json) -> tuple[bytes, str]:
    """A payload as Slack posts its kind: events as JSON, commands and interactivity as forms."""
    if body.get("command"):
        plain = {key: "" if value is None else value for key, value in body.items()}
        return urlencode(plain, errors="replace").encode(), FORM
    if "event" in body or body.get("type") == "event_callback":
        return json.dumps(body).encode(), "application/json"
    return urlencode({"payload": json.dumps(body)}).encode(), FORM
