"""Builds the Bolt app over the services."""

import secrets

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.hub import Services
from handlers.call import Diagnose, Tools, no_diagnosis
from handlers.config import SlackConfig
from handlers.listeners import register
from handlers.people import People
from handlers.registry import Registry
from handlers.values import Sealer


class SlackApp(AsyncApp):
    """A Bolt app that knows its registry; a shutdown awaits ``registry.drain()``."""

    registry: Registry


def build_slack_app(
    config: SlackConfig,
    services: Services,
    *,
    client: AsyncWebClient,
    diagnose: Diagnose = no_diagnosis,
) -> SlackApp:
    """Make the app and register every listener; ``diagnose`` is what `doctor` asks.

    Bolt checks each HTTP request's signature; Socket Mode has none to check. Without a signing
    secret a random one stands in, so that no HTTP request is ever taken for Slack's.
    """
    app = SlackApp(
        name="onecore", client=client, signing_secret=config.signing_secret or secrets.token_hex(32)
    )
    people = People(client, services.clock, config)
    tools = Tools(services, config, client, people, Sealer(config.bot_token), diagnose)
    app.registry = Registry(app, tools)
    register(app.registry)
    return app
