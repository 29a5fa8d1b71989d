"""Other workspaces that installed the app: does Slack still take what they gave."""

import asyncio

from slack_sdk.errors import SlackApiError

from bot.core import Core
from bot.domain.findings import plural
from bot.domain.installation import Installation
from bot.services.health import Line, State
from bot.services.install_pages import INSTALL_PATH
from bot.settings import describe
from bot.slack_client import CountingClient, make_web_client
from bot.storage.vault import SecretKeyError
from handlers.slack_errors import is_taken

MOST = 40
"""Workspaces that Slack is asked about."""
AT_ONCE = 8


async def installation_lines(core: Core) -> list[Line]:
    """A line for each workspace; none where nobody but home was ever to have the app."""
    settings = core.settings
    try:
        async with core.store.transaction() as tx:
            found = await tx.installations.all()
    except SecretKeyError as error:
        return [Line("installations", State.FAIL, str(error), describe("onboard_secret_key"))]
    if not settings.slack_client_id:
        if not found:
            return []
        text = f"{plural(len(found), 'workspace')} installed the app, and it can't answer there"
        return [Line("installations", State.WARN, text, describe("slack_client_id"))]
    address = f"{settings.public_url}{INSTALL_PATH}"
    text = f"{plural(len(found), 'other workspace')} installed the app; more can at {address}"
    client, room = make_web_client(settings), asyncio.Semaphore(AT_ONCE)

    async def look(one: Installation) -> Line:
        async with room:
            return await _line(core, client, one, address)

    rest = await asyncio.gather(*(look(one) for one in found[:MOST]))
    return [Line("installations", State.PASS, text), *rest]


async def _line(core: Core, client: CountingClient, one: Installation, address: str) -> Line:
    name = f"installation {one.team_name or one.team_id}"
    again = f"An administrator of that workspace has to open {address} again."
    if one.broken:
        text = f"Slack won't renew its token ({one.broken})"
        return Line(name, State.FAIL, text, again)
    expires = one.tokens.expires_at
    if expires is not None and expires <= core.clock.now():
        return Line(name, State.WARN, "its token ended; it is renewed when somebody there acts")
    try:
        taken = await is_taken(client, one.tokens.access_token)
    except (SlackApiError, OSError, TimeoutError) as error:
        text = f"Slack could not be asked ({type(error).__name__})"
        return Line(name, State.UNKNOWN, text, "Check the network and SLACK_API_URL.")
    if not taken:
        return Line(name, State.FAIL, "Slack refuses its token", again)
    until = f", until {expires:%d %b %H:%M} UTC, and renewed before" if expires else ""
    return Line(name, State.PASS, f"Slack takes its token{until}")
