"""The app in other workspaces, put together: only where Slack's OAuth is set up."""

from dataclasses import dataclass

from bot.core import Core
from bot.pages import render
from bot.services.installations import InstallationsService
from bot.settings import Settings
from bot.slack_client import CountingClient, with_token
from bot.storage.only_one import OnlyOne
from handlers.app import Others
from handlers.ids import BOT_SCOPES
from handlers.installing import BoltTokens, InstallFlow, OAuthApp


@dataclass(frozen=True, slots=True)
class Installs:
    """The use case, the pages, and what the listeners need of both."""

    service: InstallationsService
    pages: InstallFlow
    others: Others


def make_installs(core: Core, client: CountingClient) -> Installs | None:
    """None where the settings name no client id: then home is the only workspace.

    Raises:
        SettingsError: a part of what OAuth needs is missing.
    """
    settings = core.settings
    if not settings.slack_client_id:
        return None
    app = oauth_app(settings)
    tokens = BoltTokens(app, client, core.clock)
    only_one = OnlyOne(core.store, core.clock, core.owner)
    service = InstallationsService(core.store, core.clock, tokens, core.vault, only_one)
    others = Others(service, lambda token: with_token(client, token))
    return Installs(service, InstallFlow(app, service, core.clock, client, render), others)


def oauth_app(settings: Settings) -> OAuthApp:
    """The app's credentials.

    Raises:
        SettingsError: naming what is missing.
    """
    settings.require("slack_client_id", "slack_client_secret", "public_url")
    secret = settings.slack_client_secret.get_secret_value()
    home = settings.home_team_id
    return OAuthApp(settings.slack_client_id, secret, settings.public_url, home)


async def use_home_token(core: Core, client: CountingClient) -> str:
    """Where home itself was installed by OAuth, its token there takes the setting's place.

    One that lacks a scope does not: somebody of home then took the page for other workspaces.

    Returns the token that holds now.
    """
    installs, home = make_installs(core, client), core.settings.home_team_id
    if installs is not None and home:
        found = await installs.service.find(home)
        if found is not None and set(BOT_SCOPES) <= set(found.scopes):
            client.token = found.tokens.access_token
    return client.token or ""
