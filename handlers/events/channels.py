"""What Slack says about the channels themselves, and about the app's own installation.

Nobody acts here, so there is nobody to authorise: Slack says that something happened. What comes
of it is told to staff alone. Events and their fields: docs.slack.dev/reference/events.
"""

from collections.abc import Mapping

from bot import words
from bot.domain.customer import News
from handlers.blocks.base import paragraph
from handlers.blocks.notes import build_invited
from handlers.call import Tools
from handlers.escape import channel_link, mention
from handlers.origin import Origin
from handlers.replies import Replies
from handlers.slack_errors import is_taken


def said(origin: Origin, *names: str) -> str:
    """The first of these fields that the event has, "" where it has none."""
    return next((str(origin.event[name]) for name in names if origin.event.get(name)), "")


def where(origin: Origin) -> str:
    """The channel that an event is about: an id, or an object with one."""
    channel = origin.event.get("channel")
    return str(channel.get("id") or "") if isinstance(channel, Mapping) else str(channel or "")


def whose(origin: Origin) -> str:
    """Whoever did it, where Slack says so."""
    return said(origin, "user", "actor_id") or "bot"


async def look(tools: Tools, channel_id: str) -> None:
    """Ask Slack about the channel, too: that it was made private comes with no event of ours."""
    await tools.services.channels.look_at(await tools.rooms(), channel_id)


async def renamed(tools: Tools, origin: Origin) -> None:
    """``channel_rename``, ``group_rename``."""
    await tools.services.channels.renamed(where(origin))
    await look(tools, where(origin))


async def archived(tools: Tools, origin: Origin) -> None:
    """``channel_archive``, ``group_archive``."""
    await tools.services.channels.closed(where(origin), News.ARCHIVED, whose(origin))


async def unarchived(tools: Tools, origin: Origin) -> None:
    """``channel_unarchive``, ``group_unarchive``."""
    await tools.services.channels.opened(where(origin), whose(origin))
    await look(tools, where(origin))


async def deleted(tools: Tools, origin: Origin) -> None:
    """``channel_deleted``, ``group_deleted``."""
    await tools.services.channels.closed(where(origin), News.DELETED)


async def left(tools: Tools, origin: Origin) -> None:
    """``channel_left``, ``group_left``: the bot was put out, which Slack tells the bot alone."""
    await tools.services.channels.closed(where(origin), News.LEFT, whose(origin))


async def joined(tools: Tools, origin: Origin) -> None:
    """``member_joined_channel``: only the bot's own coming matters, back or for the first time."""
    if said(origin, "user") != await tools.people.bot_user():
        return
    inviter = said(origin, "inviter")
    if await tools.services.channels.opened(where(origin), inviter or "bot"):
        await look(tools, where(origin))
        return
    if not inviter:
        return
    replies, support = Replies(tools.client, origin.by(inviter)), tools.config.support_channel_id
    if await tools.people.is_staff(inviter):
        await replies.whisper(build_invited(), fallback=False)
    elif support:
        link = channel_link(where(origin)) or where(origin)
        told = words.channels.INVITED_BY_OTHERS.format(who=mention(inviter), where=link)
        await replies.post_to(support, paragraph(told))


async def shared(tools: Tools, origin: Origin) -> None:
    """``channel_shared``: another workspace accepted."""
    team = said(origin, "connected_team_id")
    await tools.services.channels.shared(where(origin), team)


async def unshared(tools: Tools, origin: Origin) -> None:
    """``channel_unshared``: a workspace is out of it."""
    team = said(origin, "previously_connected_team_id")
    await tools.services.channels.unshared(where(origin), team)


async def moved(tools: Tools, origin: Origin) -> None:
    """``channel_id_changed``: e.g. when a private channel is shared for the first time."""
    old, new = (
        said(origin, "old_channel_id"),
        said(origin, "new_channel_id"),
    )
    if old and new:
        await tools.services.channels.moved(old, new)
        await look(tools, new)


async def removed(tools: Tools, origin: Origin) -> None:
    """``app_uninstalled``, ``tokens_revoked``; either may arrive after the next installation."""
    team, installations = origin.installed_team, tools.installations
    if installations is not None and team not in ("", await tools.people.home_team()):
        await installations.removed(team, said(origin, "type"))
        return
    if not await is_let_in(tools):
        await tools.services.installation.removed(said(origin, "type"))


async def is_let_in(tools: Tools) -> bool:
    """Whether Slack takes the bot's token."""
    return await is_taken(tools.client)


NEWS = {
    **dict.fromkeys(("channel_rename", "group_rename"), renamed),
    **dict.fromkeys(("channel_archive", "group_archive"), archived),
    **dict.fromkeys(("channel_unarchive", "group_unarchive"), unarchived),
    **dict.fromkeys(("channel_deleted", "group_deleted"), deleted),
    **dict.fromkeys(("channel_left", "group_left"), left),
    "member_joined_channel": joined,
    "channel_shared": shared,
    "channel_unshared": unshared,
    "channel_id_changed": moved,
    **dict.fromkeys(("app_uninstalled", "tokens_revoked"), removed),
}
"""What is heard of channels and of the installation, by event."""
