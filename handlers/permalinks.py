"""The addresses of messages."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

MOST_CHANNELS = 5_000


class Permalinks:
    """Slack tells the first address of a channel.

    The others differ from it in the moment only (``…/archives/C1/p1700000000000100``), so they are
    not asked for.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._beginnings: dict[str, str] = {}

    async def of(self, channel_id: str, ts: str) -> str:
        """The address of a message that is no reply; "" when Slack gives none just now."""
        moment = ts.replace(".", "")
        beginning = self._beginnings.get(channel_id)
        if beginning is not None:
            return beginning + moment
        try:
            answer = await self._client.chat_getPermalink(channel=channel_id, message_ts=ts)
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.info("no permalink: %s", type(error).__name__)
            return ""
        url = str(answer["permalink"])
        if url.endswith(f"/p{moment}"):
            if len(self._beginnings) >= MOST_CHANNELS:
                self._beginnings.clear()
            self._beginnings[channel_id] = url.removesuffix(moment)
        return url
