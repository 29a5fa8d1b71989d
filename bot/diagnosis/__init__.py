"""What ``onboard doctor`` looks at: each line passes, warns, fails or stays unknown.

It looks at an installation from outside, as an operator does. It posts nothing; a connection is
used for one small question, as a check would use it (a token that ended is renewed on the way).
"""

import httpx
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot.core import Core, open_core
from bot.diagnosis.installs import installation_lines
from bot.diagnosis.slack import slack_lines
from bot.diagnosis.systems import connection_lines
from bot.installs import use_home_token
from bot.services.health import Line, State, stored_lines
from bot.services.ports import Clock
from bot.settings import Settings, SettingsError, describe
from bot.slack_client import make_web_client
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.vault import SecretKeyError

PATIENCE = 5.0
"""Seconds for the public address to answer."""
ALWAYS = ("slack_bot_token", "onboard_secret_key")
FOR_WORK = (
    "support_channel_id",
    "procore_client_id",
    "procore_client_secret",
    "qbo_client_id",
    "qbo_client_secret",
    "public_url",
)


async def diagnose(settings: Settings, clock: Clock) -> list[Line]:
    """Every line, in the order in which things depend on each other."""
    lines = setting_lines(settings)
    database = await _database(settings)
    if database.state is not State.PASS:
        return [*lines, database, *await slack_lines(settings, clock, ())]
    try:
        async with open_core(settings, clock) as core:
            return [*lines, database, *await _inside(core)]
    except SecretKeyError as error:
        key = Line("secret key", State.FAIL, str(error), describe("onboard_secret_key"))
        return [*lines, database, key, *await slack_lines(settings, clock, ())]


async def diagnose_running(core: Core) -> list[Line]:
    """The same, by a process that runs."""
    database = await _database(core.settings)
    inside = await _inside(core) if database.state is State.PASS else []
    return [*setting_lines(core.settings), database, *inside]


def _value(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def setting_lines(settings: Settings) -> list[Line]:
    """What is not set, and where to get it."""
    lines = [
        Line(f"setting {name.upper()}", state, "is not set", describe(name))
        for names, state in ((ALWAYS, State.FAIL), (FOR_WORK, State.WARN))
        for name in names
        if not _value(settings, name)
    ]
    if not any(_value(settings, n) for n in ("slack_app_token", "slack_signing_secret")):
        text = "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set"
        lines.append(Line("setting Slack's way in", State.FAIL, text, describe("slack_app_token")))
    if settings.slack_client_id and not settings.slack_client_secret.get_secret_value():
        text = "is not set, so no other workspace can install the app"
        secret = describe("slack_client_secret")
        lines.append(Line("setting SLACK_CLIENT_SECRET", State.FAIL, text, secret))
    if settings.public_url.startswith("http://"):
        text = "is no https address: people's sign-ins would cross the network in the clear"
        lines.append(Line("setting PUBLIC_URL", State.WARN, text, describe("public_url")))
    return lines or [Line("settings", State.PASS, "everything that is needed is set")]


async def _database(settings: Settings) -> Line:
    engine = make_engine(settings.database_url)
    try:
        await schema.check(engine)
    except schema.UnreachableDatabaseError as error:
        return Line(
            "database", State.FAIL, str(error), "Check DATABASE_URL and that it is running."
        )
    except schema.SchemaError as error:
        return Line("database", State.FAIL, str(error), "onboard db upgrade")
    except (SQLAlchemyError, OSError) as error:
        text = f"can't be reached ({type(error).__name__})"
        return Line("database", State.FAIL, text, "Check DATABASE_URL and that it is running.")
    finally:
        await engine.dispose()
    return Line("database", State.PASS, f"is at revision {schema.head()}")


async def _public_address(settings: Settings) -> list[Line]:
    """Whether the address that people's browsers get leads to a bot."""
    if not settings.public_url:
        return []
    name, address = "PUBLIC_URL", f"{settings.public_url}/healthz"
    remedy = "See that the proxy in front passes it on to HOST:PORT, and open it in a browser."
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.get(address)
    except httpx.HTTPError as error:
        text = f"can't be reached from here ({type(error).__name__})"
        return [Line(name, State.UNKNOWN, text, remedy)]
    if answer.status_code != httpx.codes.OK:
        return [Line(name, State.WARN, f"answers {answer.status_code} to /healthz", remedy)]
    return [Line(name, State.PASS, "leads to a bot that answers")]


async def _at_home(core: Core) -> Settings:
    """The settings with the token that home has now: its own, where OAuth gave it one."""
    try:
        token = await use_home_token(core, make_web_client(core.settings))
    except (SettingsError, SecretKeyError):
        # Other lines say what is missing.
        return core.settings
    return core.settings.model_copy(update={"slack_bot_token": SecretStr(token)})


async def _inside(core: Core) -> list[Line]:
    """What the database holds, the systems behind it, and Slack."""
    async with core.store.transaction() as tx:
        customers = await tx.customers.all()
        channels = await tx.customers.every_channel()
    slugs = {customer.id: customer.slug for customer in customers}
    named = [(c.channel_id, slugs[c.customer_id]) for c in channels if c.customer_id in slugs]
    return [
        *await stored_lines(core.store, core.clock),
        *await connection_lines(core, customers),
        *await slack_lines(await _at_home(core), core.clock, named),
        *await installation_lines(core),
        *await _public_address(core.settings),
    ]
