"""Slack as the bot finds it: tokens, scopes, its own clock against Slack's, and its channels."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.findings import plural
from bot.services.health import Line, State
from bot.services.ports import Clock
from bot.settings import Settings, describe
from bot.slack_client import make_web_client
from handlers.ids import BOT_SCOPES

Answered = tuple[State, str, str]
NOTICEABLE = timedelta(seconds=10)
TOO_FAR = timedelta(minutes=5)
"""Slack's signed requests are refused when they seem older than this."""
SHOWN = 10


async def slack_lines(
    settings: Settings, clock: Clock, linked: Sequence[tuple[str, str]]
) -> list[Line]:
    """``linked`` are the channels of customers, each with the customer's short name."""
    if not settings.slack_bot_token.get_secret_value():
        return [Line("Slack", State.UNKNOWN, "there is no token to look with")]
    client = make_web_client(settings)
    lines = await _identity(client, clock)
    if len(lines) == 1:
        # Slack gave no answer, so there is nobody to ask further.
        return lines
    support, group = settings.support_channel_id, settings.staff_usergroup_id
    lines.append(await _asked("support channel", lambda: _channel(client, support)))
    lines.append(await _asked("staff group", lambda: _group(client, group)))
    lines.append(await _asked("customers' channels", lambda: _channels(client, linked)))
    app_token = settings.slack_app_token.get_secret_value()
    if app_token:
        lines.append(await _asked("Socket Mode token", lambda: _socket(client, app_token)))
    return lines


async def _asked(name: str, ask: Callable[[], Awaitable[Answered]]) -> Line:
    """One question to Slack; what it refuses fails, what can't be asked stays unknown."""
    try:
        return Line(name, *await ask())
    except SlackApiError as error:
        reason = error.response.get("error", "no reason")
        return Line(name, State.FAIL, f"Slack refuses: {reason}", "docs/slack.md has the steps.")
    except (OSError, TimeoutError) as error:
        text = f"Slack can't be reached ({type(error).__name__})"
        return Line(name, State.UNKNOWN, text, "Check the network and SLACK_API_URL.")


async def _identity(client: AsyncWebClient, clock: Clock) -> list[Line]:
    """The token with its scopes, and the clocks: both are in the answer to one question."""
    skew: list[Line] = []

    async def ask() -> Answered:
        answer = await client.auth_test()
        headers: Mapping[str, Any] = {k.lower(): v for k, v in answer.headers.items()}
        skew.append(_clock(headers.get("date"), clock.now()))
        return _scopes(headers.get("x-oauth-scopes"), str(answer.get("team")))

    return [await _asked("Slack token", ask), *skew]


def _scopes(granted: str | None, team: str) -> Answered:
    if granted is None:
        return State.UNKNOWN, "is good; Slack didn't say which scopes it has", ""
    missing = sorted(set(BOT_SCOPES) - {scope.strip() for scope in granted.split(",")})
    if missing:
        text = f"lacks the scopes {', '.join(missing)}"
        return State.FAIL, text, "Reinstall the app with app_manifest.yml."
    return State.PASS, f"is good for {team}, with every scope", ""


def _clock(date: str | None, now: datetime) -> Line:
    name = "clock"
    try:
        theirs = parsedate_to_datetime(date or "")
    except ValueError:
        return Line(name, State.UNKNOWN, "Slack didn't say what time it is")
    off = abs(now - theirs)
    seconds = plural(round(off.total_seconds()), "second")
    remedy = "Set this machine's clock by NTP: reminders and signatures depend on it."
    if off >= TOO_FAR:
        return Line(name, State.FAIL, f"is {seconds} off Slack's", remedy)
    if off >= NOTICEABLE:
        return Line(name, State.WARN, f"is {seconds} off Slack's", remedy)
    return Line(name, State.PASS, f"agrees with Slack's within {plural(10, 'second')}")


async def _channel(client: AsyncWebClient, channel: str) -> Answered:
    if not channel:
        return State.WARN, "none is set", describe("support_channel_id")
    answer = await client.conversations_info(channel=channel)
    if not answer["channel"].get("is_member"):
        return State.FAIL, "the bot isn't in it", "Type /invite @OneCore in that channel."
    return State.PASS, "the bot is in it", ""


async def _group(client: AsyncWebClient, group: str) -> Answered:
    if not group:
        return State.WARN, "none is set: every full member is staff", describe("staff_usergroup_id")
    answer = await client.usergroups_users_list(usergroup=group)
    count = len(answer["users"])
    if not count:
        return State.FAIL, "has no members", "Add the support staff to it in Slack."
    return State.PASS, f"has {plural(count, 'member')}", ""


async def _channels(client: AsyncWebClient, linked: Sequence[tuple[str, str]]) -> Answered:
    """Whether the bot is a member of every linked channel; Slack lists where it is one."""
    if not linked:
        return State.PASS, "none is linked yet", ""
    member: set[str] = set()
    kinds = "public_channel,private_channel"
    pages = await client.users_conversations(types=kinds, exclude_archived=True, limit=200)
    async for page in pages:
        member |= {channel["id"] for channel in page["channels"]}
    missing = [f"{slug} ({channel})" for channel, slug in linked if channel not in member]
    if not missing:
        return State.PASS, f"the bot is in {plural(len(linked), 'linked channel')}", ""
    names = ", ".join(missing[:SHOWN])
    more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    remedy = "Type /invite @OneCore in them, or archive the onboarding. An archived channel counts."
    return State.WARN, f"the bot isn't in those of {names}{more}", remedy


async def _socket(client: AsyncWebClient, app_token: str) -> Answered:
    """Slack gives an address to connect to; nobody connects, so nothing is opened by it."""
    await client.apps_connections_open(app_token=app_token)
    return State.PASS, "opens a socket", ""
