"""Slack's Web API in memory: it answers at once, and remembers who was shown what."""

import io
import itertools
import json
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.access.town import BOT, CHANNELS, GROUP, HOME, PEOPLE, STAFF, profile

Json = dict[str, Any]
ME = {"team_id": HOME, "user_id": BOT, "bot_id": "B0ONECORE"}


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that people were shown: by which method, to whom, all of it as one text.

    ``token`` is that with which it was sent: what goes with a workspace's token stays there.
    """

    method: str
    people: frozenset[str]
    text: str
    token: str = ""


class MemorySlack:
    """In place of the HTTP session of ``AsyncWebClient``: no wire, and Slack behind it.

    ``acting`` is who acts just now; ``deaf`` refuses ephemeral messages, as Slack may; of what
    was shown the newest ``most_shown`` are kept.
    """

    closed = False

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self.acting = ""
        self.deaf = False
        self.most_shown = 10_000
        self._count = itertools.count(1)
        self._files: dict[str, bytes] = {}
        self._token = ""

    @asynccontextmanager
    async def request(self, _verb: str, url: str, **how: Json) -> AsyncIterator["_Response"]:
        given = how.get("json") or how.get("params") or how.get("data") or {}
        self._token = how["headers"].get("Authorization", "").removeprefix("Bearer ")
        answer = self._answer(url.rpartition("/")[2], given)
        yield _Response({"ok": "error" not in answer, **answer})

    @asynccontextmanager
    async def post(self, url: str, *, data: bytes, **_how: object) -> AsyncIterator["_Response"]:
        """Take the bytes of an upload."""
        self._files[url.removeprefix("memory:")] = data
        yield _Response({})

    def _answer(self, method: str, given: Json) -> Json:
        match method:
            case "auth.test":
                return dict(ME)
            case "users.info":
                user = profile(given["user"])
                return {"user": user} if user else {"error": "user_not_found"}
            case "usergroups.users.list":
                return {"users": sorted(STAFF) if given["usergroup"] == GROUP else []}
            case "conversations.members" | "conversations.info":
                return self._channel(given["channel"])
            case "conversations.history" | "conversations.replies":
                return {"messages": []}
            case "chat.getPermalink":
                return {"permalink": f"https://x.slack.com/{given['channel']}"}
            case "files.getUploadURLExternal":
                file_id = f"F{next(self._count)}"
                return {"upload_url": f"memory:{file_id}", "file_id": file_id}
            case _:
                return self._shows(method, given)

    def _channel(self, channel: str) -> Json:
        people = CHANNELS.get(channel)
        if people is None:
            return {"error": "channel_not_found"}
        about = {
            "id": channel,
            "name": channel.lower(),
            "is_member": True,
            "is_ext_shared": True,
            "connected_team_ids": ["T0OTHER"],
        }
        return {"members": [BOT, *sorted(people)], "channel": about}

    def _shows(self, method: str, given: Json) -> Json:
        number = next(self._count)
        answer: Json = {"ts": f"{number}.000", "channel": given.get("channel", "")}
        people = _room(str(given.get("channel") or given.get("channel_id") or ""))
        if method == "chat.postEphemeral":
            if self.deaf:
                return {"error": "user_not_in_channel"}
            people = frozenset({given["user"]})
        elif method.startswith("views."):
            people = frozenset({given.get("user_id") or self.acting})
            answer["view"] = {"id": f"V{number}"}
        elif method not in ("chat.postMessage", "chat.update", "files.completeUploadExternal"):
            raise AssertionError(f"the claim does not know who sees {method}")
        self.shown.append(Shown(method, people, self._text(given), self._token))
        del self.shown[: -self.most_shown]
        return answer

    def _text(self, given: Json) -> str:
        """Everything that is shown, the content of files included."""
        texts = [json.dumps(given, ensure_ascii=False)]
        for file in _list(given.get("files")):
            texts += _inside(self._files.pop(str(file["id"]), b""))
        return "\n".join(texts).casefold()


def _list(value: str | Sequence[Json] | None) -> Sequence[Json]:
    """A list as it stands in a request: as JSON within a form, as itself within JSON."""
    return json.loads(value) if isinstance(value, str) else value or ()


def _room(channel: str) -> frozenset[str]:
    """Who reads a channel; writing to a person by id is a direct message."""
    if channel in PEOPLE:
        return frozenset({channel})
    return CHANNELS.get(channel, frozenset())


def _inside(content: bytes) -> Iterator[str]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield content.decode("utf-8", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            yield book.read(name).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Response:
    """What ``slack_sdk`` asks of an HTTP response."""

    body: Json
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    async def json(self) -> Json:
        return self.body

    def raise_for_status(self) -> None:
        """Nothing ever goes wrong here."""
