"""Slack's OAuth for other workspaces, by Bolt's own flow over our store.

Bolt has the steps, the cookie and the address; the state, the tokens and the pages are ours.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import time

from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth import AuthorizeUrlGenerator, OAuthStateUtils
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.customer import Tokens
from bot.domain.installation import STATE_LIFE, Installation
from bot.services import install_pages as pages
from bot.services.installations import (
    InstallationsService,
    SlackAwayError,
    TokenRefusedError,
)
from bot.services.ports import Clock
from bot.services.signin_pages import Page
from handlers.ids import BOT_SCOPES
from handlers.slack_errors import UNREACHABLE, code_of, is_taken
from handlers.workspace import INSTALL_SCOPES

COOKIE = "onecore_install"
REFUSED = frozenset({"invalid_refresh_token", "token_revoked", "account_inactive"})
"""What Slack says of a refresh token that is no good any more."""

log = logging.getLogger(__name__)
Render = Callable[[Page], str]
Answered = tuple[int, str, Mapping[str, str]]
"""Status, body and headers."""


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """The app's credentials; ``public_url`` is where browsers reach it.

    ``home`` is the home workspace: there the app needs every scope of the manifest.
    """

    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    home: str = ""

    @property
    def redirect_uri(self) -> str:
        """The address that the operator registers with Slack."""
        return self.public_url.rstrip("/") + pages.REDIRECT_PATH


class BoltTokens:
    """``services.installations.SlackTokens`` by slack_sdk's own rotator."""

    def __init__(self, app: OAuthApp, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._rotator = AsyncTokenRotator(
            client_id=app.client_id, client_secret=app.client_secret, client=client
        )

    async def renew(self, installation: Installation) -> Tokens:
        """The next pair.

        Raises:
            TokenRefusedError: for good.
            SlackAwayError: for now.
        """
        bot = Bot(
            team_id=installation.team_id,
            bot_token=installation.tokens.access_token,
            bot_id="",
            bot_user_id=installation.bot_user,
            bot_refresh_token=installation.tokens.refresh_token,
            # Whether it is due is decided by our own clock, so for the rotator it always is.
            bot_token_expires_at=1,
            installed_at=installation.installed_at.timestamp(),
        )
        try:
            renewed = await self._rotator.perform_bot_token_rotation(bot=bot)
        except SlackTokenRotationError as error:
            refusal = error.api_error
            kind = TokenRefusedError if code_of(refusal) in REFUSED else SlackAwayError
            raise kind(code_of(refusal)) from None
        except UNREACHABLE as error:
            raise SlackAwayError(type(error).__name__) from None
        if renewed is None:
            raise TokenRefusedError("no bot token")
        return tokens_of(renewed, self._clock)

    async def takes(self, installation: Installation) -> bool:
        """Whether Slack still takes the access token."""
        return await is_taken(self._client, installation.tokens.access_token)


def tokens_of(found: Bot | SlackInstallation, clock: Clock) -> Tokens:
    """Tokens as we keep them: slack_sdk counts their end from the machine's time."""
    end = found.bot_token_expires_at
    expires = None if end is None else clock.now() + timedelta(seconds=end - int(time()))
    return Tokens(found.bot_token or "", found.bot_refresh_token or "", expires)


class OurInstallationStore(AsyncInstallationStore):
    """Where Bolt's flow puts what it got. Nothing is found through it: see ``authorizing``."""

    def __init__(self, service: InstallationsService, clock: Clock) -> None:
        self._service = service
        self._clock = clock

    async def async_save(self, installation: SlackInstallation) -> None:
        """Store it, in place of an earlier one of the workspace.

        Raises:
            BoltError: it is for a whole organisation, or has no bot.
        """
        team, token = installation.team_id, installation.bot_token
        if installation.is_enterprise_install or not team or not token:
            raise BoltError("only single workspaces can install this app")
        await self._service.installed(
            Installation(
                team,
                installation.team_name or "",
                installation.bot_user_id or "",
                tuple(installation.bot_scopes or ()),
                tokens_of(installation, self._clock),
                installation.user_id,
                self._clock.now(),
            )
        )


class OurStateStore(AsyncOAuthStateStore):
    """States in our database, each good once."""

    def __init__(self, service: InstallationsService) -> None:
        self._service = service

    async def async_issue(self, *_args: object, **_options: object) -> str:
        """A new one."""
        return await self._service.begin()

    async def async_consume(self, state: str) -> bool:
        """Whether it is good; it is not, afterwards."""
        return await self._service.came_back(state)


class _Cookie(OAuthStateUtils):
    """Bolt's cookie; without ``Secure`` only where browsers come by plain HTTP, on a laptop."""

    def __init__(self, *, secure: bool) -> None:
        super().__init__(cookie_name=COOKIE, expiration_seconds=int(STATE_LIFE.total_seconds()))
        self._end = f"{' Secure;' if secure else ''} HttpOnly; SameSite=Lax; Path=/slack/"

    def build_set_cookie_for_new_state(self, state: str) -> str:
        """As Bolt's, for our addresses alone."""
        return f"{self.cookie_name}={state};{self._end}; Max-Age={self.expiration_seconds}"

    def build_set_cookie_for_deletion(self) -> str:
        """As Bolt's, for our addresses alone."""
        return f"{self.cookie_name}=deleted;{self._end}; Max-Age=0"


class InstallFlow(AsyncOAuthFlow):
    """Bolt's flow with pages of our own."""

    def __init__(
        self,
        app: OAuthApp,
        service: InstallationsService,
        clock: Clock,
        client: AsyncWebClient,
        render: Render,
    ) -> None:
        # Bolt's own words about a failure quote the code; ``_failed`` says what matters of it.
        quiet = logging.getLogger(f"{__name__}.bolt")
        quiet.setLevel(logging.CRITICAL)
        self._render = render
        self._app = app
        settings = AsyncOAuthSettings(
            client_id=app.client_id,
            client_secret=app.client_secret,
            scopes=list(INSTALL_SCOPES),
            user_scopes=[],
            redirect_uri=app.redirect_uri,
            install_path=pages.INSTALL_PATH,
            redirect_uri_path=pages.REDIRECT_PATH,
            # The Web API's address ends in /api/, and the page for people is beside it.
            authorization_url=client.base_url.removesuffix("api/") + "oauth/v2/authorize",
            callback_options=AsyncCallbackOptions(success=self._done, failure=self._failed),
            installation_store=OurInstallationStore(service, clock),
            state_store=OurStateStore(service),
            logger=quiet,
        )
        settings.state_utils = _Cookie(secure=app.public_url.startswith("https://"))
        super().__init__(client=client, logger=quiet, settings=settings)

    async def begin(self, query: str) -> Answered:
        """The page that says what is asked for, with the way to Slack."""
        return _answered(await self.handle_installation(AsyncBoltRequest(body="", query=query)))

    async def finish(self, query: str, cookie: str) -> Answered:
        """Slack sent the browser back to us."""
        request = AsyncBoltRequest(body="", query=query, headers={"cookie": cookie})
        return _answered(await self.handle_callback(request))

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        """Slack's page; for home it asks for what home needs."""
        if not self._is_home(request):
            return await super().build_authorize_url(state, request)
        generator = AuthorizeUrlGenerator(
            client_id=self._app.client_id,
            scopes=list(BOT_SCOPES),
            redirect_uri=self._app.redirect_uri,
            authorization_url=self.settings.authorization_url,
        )
        return generator.generate(state, team=self._app.home)

    def _is_home(self, request: AsyncBoltRequest) -> bool:
        return bool(self._app.home) and [self._app.home] == request.query.get("team")

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """Our page in place of Bolt's."""
        if self._is_home(request):
            return self._render(pages.install_at_home(url))
        return self._render(pages.install(url, INSTALL_SCOPES))

    async def _done(self, args: AsyncSuccessArgs) -> BoltResponse:
        page = pages.installed(args.installation.team_name or "your workspace")
        used = self.settings.state_utils.build_set_cookie_for_deletion()
        return BoltResponse(status=200, body=self._render(page), headers={"Set-Cookie": used})

    async def _failed(self, args: AsyncFailureArgs) -> BoltResponse:
        log.warning("an installation came to nothing: %s", pages.known(args.reason))
        page = pages.not_installed(args.reason)
        return BoltResponse(status=page.status, body=self._render(page))


def _answered(response: BoltResponse) -> Answered:
    headers = {name: values[0] for name, values in response.headers.items()}
    return response.status, str(response.body), headers
