"""What ``onboard doctor`` looks at: each line passes, warns, fails or stays unknown, with a remedy.

It looks, and changes nothing: it refreshes no token and posts no message.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import make_web_client
from bot.settings import Settings, describe
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import SecretKeyError, Vault
from handlers.ids import BOT_SCOPES


class State(StrEnum):
    """How one line of the diagnosis stands."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password.
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at."""

    name: str
    state: State
    text: str
    remedy: str = ""


ALWAYS = ("slack_bot_token", "onboard_secret_key")
FOR_WORK = (
    "support_channel_id",
    "procore_client_id",
    "procore_client_secret",
    "qbo_client_id",
    "qbo_client_secret",
    "public_url",
)


async def diagnose(settings: Settings) -> list[Line]:
    """Every line, in the order in which things depend on each other."""
    lines = _settings(settings)
    lines += await _database(settings)
    lines += await _slack(settings)
    return lines


def _value(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def _settings(settings: Settings) -> list[Line]:
    lines = [
        Line(f"setting {name.upper()}", state, "is not set", describe(name))
        for names, state in ((ALWAYS, State.FAIL), (FOR_WORK, State.WARN))
        for name in names
        if not _value(settings, name)
    ]
    if not any(_value(settings, n) for n in ("slack_app_token", "slack_signing_secret")):
        text = "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set"
        lines.append(Line("setting Slack's way in", State.FAIL, text, describe("slack_app_token")))
    return lines or [Line("settings", State.PASS, "everything that is needed is set")]


async def _database(settings: Settings) -> list[Line]:
    engine = make_engine(settings.database_url)
    try:
        await schema.check(engine)
    except schema.SchemaError as error:
        return [Line("database", State.FAIL, str(error), "onboard db upgrade")]
    except (SQLAlchemyError, OSError) as error:
        text = f"can't be reached ({type(error).__name__})"
        return [Line("database", State.FAIL, text, "Check DATABASE_URL and that it is running.")]
    else:
        ready = Line("database", State.PASS, f"is at revision {schema.head()}")
        return [ready, *await _stored(engine, settings)]
    finally:
        await engine.dispose()


async def _stored(engine: AsyncEngine, settings: Settings) -> list[Line]:
    """The key, the connections, and the messages that wait."""
    try:
        store = SqlStore(engine, Vault(settings.onboard_secret_key.get_secret_value()))
        async with store.transaction() as tx:
            customers = await tx.customers.all()
            connections = [c for one in customers for c in await tx.connections.of(one.id)]
            waiting = await tx.outbox.pending()
            parked = await tx.outbox.parked()
    except SecretKeyError as error:
        return [Line("secret key", State.FAIL, str(error), describe("onboard_secret_key"))]
    names = {customer.id: customer.slug for customer in customers}
    lines = [Line("secret key", State.PASS, f"opens {len(connections)} stored connections")]
    lines += [
        Line(
            f"connection {names[c.customer_id]} {c.system.label}",
            State.FAIL,
            c.broken,
            "Somebody has to sign in again.",
        )
        for c in connections
        if c.broken
    ]
    lines.append(Line("outbox", State.PASS, f"{waiting} messages wait to be sent"))
    lines += [
        Line(
            f"message {message.key}",
            State.WARN,
            f"could not be delivered to {message.channel}: {message.last_error}",
            "It was given up. Mend the cause, and tell the people concerned yourself.",
        )
        for message in parked
    ]
    return lines


async def _slack(settings: Settings) -> list[Line]:
    if not _value(settings, "slack_bot_token"):
        return [Line("Slack", State.UNKNOWN, "there is no token to look with")]
    client = make_web_client(settings)
    return [
        await _asked("Slack token", lambda: _token(client)),
        await _asked("support channel", lambda: _channel(client, settings.support_channel_id)),
        await _asked("staff group", lambda: _group(client, settings.staff_usergroup_id)),
    ]


async def _asked(name: str, ask: Callable[[], Awaitable[tuple[State, str, str]]]) -> Line:
    """One question to Slack; what it refuses fails, what can't be asked stays unknown."""
    try:
        return Line(name, *await ask())
    except SlackApiError as error:
        reason = error.response.get("error", "no reason")
        return Line(name, State.FAIL, f"Slack refuses: {reason}", "docs/slack.md has the steps.")
    except (OSError, TimeoutError) as error:
        text = f"Slack can't be reached ({type(error).__name__})"
        return Line(name, State.UNKNOWN, text, "Check the network and SLACK_API_URL.")


async def _token(client: AsyncWebClient) -> tuple[State, str, str]:
    answer = await client.auth_test()
    headers: Mapping[str, str] = answer.headers
    granted = next((v for k, v in headers.items() if k.lower() == "x-oauth-scopes"), None)
    if granted is None:
        return State.UNKNOWN, "is good; Slack didn't say which scopes it has", ""
    missing = sorted(set(BOT_SCOPES) - {scope.strip() for scope in granted.split(",")})
    if missing:
        text = f"lacks the scopes {', '.join(missing)}"
        return State.FAIL, text, "Reinstall the app with app_manifest.yml."
    return State.PASS, f"is good for {answer.get('team')}, with every scope", ""


async def _channel(client: AsyncWebClient, channel: str) -> tuple[State, str, str]:
    if not channel:
        return State.WARN, "none is set", describe("support_channel_id")
    answer = await client.conversations_info(channel=channel)
    if not answer["channel"].get("is_member"):
        return State.FAIL, "the bot isn't in it", "Type /invite @OneCore in that channel."
    return State.PASS, "the bot is in it", ""


async def _group(client: AsyncWebClient, group: str) -> tuple[State, str, str]:
    if not group:
        return State.WARN, "none is set: every full member is staff", describe("staff_usergroup_id")
    answer = await client.usergroups_users_list(usergroup=group)
    count = len(answer["users"])
    if not count:
        return State.FAIL, "has no members", "Add the support staff to it in Slack."
    return State.PASS, f"has {count} members", ""


def exit_code(lines: list[Line]) -> int:
    """0 all is well (warnings allowed), 1 something fails, 2 something could not be told."""
    states = {line.state for line in lines}
    return 1 if State.FAIL in states else 2 if State.UNKNOWN in states else 0
