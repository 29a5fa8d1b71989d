"""``ports.Rooms`` over the Web API: what Slack says of a channel when it is asked.

Fields: docs.slack.dev/reference/objects/conversation-object and the pages on Slack Connect.
"""

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.customer import News
from bot.services.ports import Sight
from handlers.slack_errors import code_of

log = logging.getLogger(__name__)

PUBLIC, PRIVATE = "public", "private"


class SlackRooms:
    """Asks ``conversations.info``, one call a channel."""

    def __init__(self, client: AsyncWebClient, home_team: str) -> None:
        self._client = client
        self._home = home_team

    async def look(self, channel_id: str) -> Sight | None:
        """What it looks like; None when Slack could not be asked just now."""
        try:
            answer = await self._client.conversations_info(channel=channel_id)
        except SlackApiError as error:
            if code_of(error) == "channel_not_found":
                # A private channel that the bot is out of is as good as gone for it.
                return Sight(PRIVATE, closed=News.LEFT)
            log.warning("channel %s was not looked at: %s", channel_id, code_of(error))
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("channel %s was not looked at: %s", channel_id, type(error).__name__)
        else:
            return sight_of(answer["channel"], self._home)
        return None


def sight_of(channel: Mapping[str, Any], home_team: str) -> Sight:
    """The part of a conversation object that matters to us; who is only invited is not in it."""
    teams = [str(team) for team in channel.get("connected_team_ids") or () if team != home_team]
    closed = ""
    if channel.get("is_archived"):
        closed = News.ARCHIVED
    elif channel.get("is_frozen"):
        closed = News.FROZEN
    elif not channel.get("is_member"):
        closed = News.LEFT
    shared = tuple(teams) if channel.get("is_ext_shared") else ()
    return Sight(PRIVATE if channel.get("is_private") else PUBLIC, shared, closed)
