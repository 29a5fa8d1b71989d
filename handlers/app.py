"""Builds the Bolt app over the services."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.hub import Services
from bot.services.installations import InstallationsService
from handlers.authorizing import Authorizing, ClientOf
from handlers.call import Diagnose, Tools, no_diagnosis
from handlers.config import SlackConfig
from handlers.events.channels import is_let_in
from handlers.listeners import register
from handlers.people import People
from handlers.permalinks import Permalinks
from handlers.registry import Registry
from handlers.requests import Answer, Headers, answer_error, answer_of, parsed
from handlers.values import Sealer


@dataclass(frozen=True, slots=True)
class Others:
    """Other workspaces that have the app, and a client for a token of theirs."""

    installations: InstallationsService
    client_of: ClientOf


class SlackApp(AsyncApp):
    """A Bolt app that knows its registry; a shutdown awaits ``registry.drain()``."""

    registry: Registry

    def __init__(
        self,
        client: AsyncWebClient,
        signing_secret: str,
        authorize: Authorizing | None = None,
    ) -> None:
        with _hidden("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
            super().__init__(
                name="onecore",
                client=client if authorize is None else AsyncWebClient(base_url=client.base_url),
                authorize=authorize,
                signing_secret=signing_secret,
                raise_error_for_unhandled_request=True,
            )
        self._verifier = SignatureVerifier(signing_secret)
        self.error(answer_error)

    async def look_again(self) -> int:
        """Whether Slack takes the token again after it removed the app; 1 when it does."""
        tools = self.registry.tools
        if await tools.services.installation.is_installed() or not await is_let_in(tools):
            return 0
        await tools.services.installation.installed()
        return 1

    async def look_around(self) -> int:
        """Look at the channels that nobody looked at for a day."""
        tools = self.registry.tools
        return await tools.services.channels.look_around(await tools.rooms())

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """As Bolt does it, for as many at once as there is room for; by HTTP and by socket."""
        return await self.registry.admitted(req, partial(super().async_dispatch, req))

    async def receive(self, raw: bytes, headers: Headers) -> Answer:
        """Answer one HTTP request of Slack's."""
        request = parsed(self._verifier, raw, headers)
        if isinstance(request, AsyncBoltRequest):
            return answer_of(await self.async_dispatch(request))
        return answer_of(request)


def build_slack_app(
    config: SlackConfig,
    services: Services,
    *,
    client: AsyncWebClient,
    diagnose: Diagnose = no_diagnosis,
    others: Others | None = None,
) -> SlackApp:
    """Make the app and register every listener; ``diagnose`` is what `doctor` asks.

    Each HTTP request's signature is checked; Socket Mode has none to check. Without a signing
    secret a random one stands in, so that no HTTP request is ever taken for Slack's. Without
    ``others`` the home workspace is the only one.
    """
    authorize = Authorizing(client, others.installations, others.client_of) if others else None
    app = SlackApp(client, config.signing_secret or secrets.token_hex(32), authorize)
    people = People(client, services.clock, config)
    sealer, permalinks = Sealer(config.bot_token), Permalinks(client)
    tools = Tools(services, config, client, people, sealer, permalinks, diagnose)
    if others is not None:
        tools = replace(tools, installations=others.installations)
    app.registry = Registry(app, tools)
    register(app.registry)
    return app


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Hide variables: Bolt would take the token and, for OAuth, a store of plain files by them."""
    values = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(values)
