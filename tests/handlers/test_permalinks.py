"""Addresses of messages: asked for once a channel, and only where they look as they always do."""

from typing import Any, cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.permalinks import Permalinks

HOME = "https://home.slack.example/archives"


class Client:
    """Answers ``chat.getPermalink``; ``asked`` is for what."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.asked: list[tuple[str, str]] = []

    async def chat_getPermalink(self, *, channel: str, message_ts: str) -> dict[str, Any]:  # noqa: N802
        self.asked.append((channel, message_ts))
        if not self.form:
            raise SlackApiError("no", {"error": "message_not_found"})
        return {"permalink": self.form.format(channel=channel, ts=message_ts.replace(".", ""))}


@pytest.mark.parametrize(
    ("form", "asked", "second"),
    [
        (HOME + "/{channel}/p{ts}", 2, f"{HOME}/C1/p20000200"),
        (HOME + "/{channel}/p{ts}?from=bot", 3, f"{HOME}/C1/p20000200?from=bot"),
        ("", 3, ""),
    ],
)
async def test_slack_is_asked_once_a_channel_for_addresses_of_the_usual_form(
    form: str, asked: int, second: str
) -> None:
    client = Client(form)
    links = Permalinks(cast("AsyncWebClient", client))
    await links.of("C1", "1000.0100")
    assert await links.of("C1", "2000.0200") == second
    await links.of("C2", "3000.0300")
    assert len(client.asked) == asked
