"""Which channel a customer may be given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from bot import words
from bot.services.errors import UserError
from handlers.call import Call
from handlers.slack_errors import code_of


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, and the customer's workspace in it ("" while it isn't shared)."""

    channel_id: str
    team_id: str
    seen: str = ""
    """What we see of it, for whoever links it."""


async def customer_place(call: Call, *, linked_too: bool = False) -> Place | None:
    """The channel where this is typed, if it can be a customer's.

    A direct message of two or more, the support channel and (unless ``linked_too``) a channel that
    shows a customer already cannot.

    Raises:
        UserError: the bot isn't in the channel, or nothing can be posted there.
    """
    channel = call.origin.channel_id
    taken = call.actor.linked_customer_id is not None and not linked_too
    is_room = bool(channel) and not call.origin.is_direct
    if not is_room or taken or channel == call.tools.config.support_channel_id:
        return None
    try:
        found = (await call.tools.client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        if code_of(error) == "channel_not_found":
            raise UserError(words.channels.NOT_MEMBER.format(bot=words.buttons.BOT)) from error
        raise
    if not found.get("is_member"):
        raise UserError(words.channels.NOT_MEMBER.format(bot=words.buttons.BOT))
    if found.get("is_mpim"):
        return None
    if found.get("is_archived") or found.get("is_frozen"):
        raise UserError(words.channels.CLOSED_CHANNEL)
    home = await call.tools.people.home_team()
    teams = [str(team) for team in found.get("connected_team_ids") or () if team != home]
    return Place(channel, teams[0] if teams else "", _seen(found, teams))


def _seen(found: Mapping[str, Any], teams: Sequence[str]) -> str:
    """What kind of channel it is, and what is still missing for a customer to be in it."""
    kind = "private" if found.get("is_private") else "public"
    if found.get("is_ext_shared"):
        return words.channels.SHARED_CHANNEL.format(
            kind=kind, teams=words.amounts.count(len(teams) or 1, "workspace")
        )
    if found.get("is_pending_ext_shared"):
        return words.channels.PENDING_CHANNEL.format(kind=kind)
    return words.channels.OWN_CHANNEL.format(kind=kind)
