"""What people are called, for files that are read outside Slack, where a mention is only an id."""

import asyncio
from collections.abc import Collection, Mapping

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.people import name_of
from handlers.slack_errors import UNREACHABLE

MOST = 50
"""People of one file who are asked for; Slack answers a hundred such questions a minute."""
PATIENCE = 5.0
"""Seconds: a file with ids in it is better than one that does not come."""


class Names:
    """``services.ports.NamesOf`` over Slack."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def __call__(self, ids: Collection[str]) -> Mapping[str, str]:
        """The names of those whom Slack knows and tells of in time."""
        found: dict[str, str] = {}

        async def ask(user_id: str) -> None:
            try:
                user = (await self._client.users_info(user=user_id))["user"]
            except (SlackClientError, *UNREACHABLE):
                return
            found[user_id] = name_of(user)

        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*map(ask, sorted(ids)[:MOST]))
        except TimeoutError:
            return found
        return found
