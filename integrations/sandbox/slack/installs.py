"""The app's installations: which workspace has it, by which bot, and the OAuth that puts it there.

Behaviour: docs.slack.dev/authentication/installing-with-oauth and …/using-token-rotation: a code is
good once for ten minutes; with rotation an access token lives twelve hours, a refresh token is good
once, and the earlier access token stays good until its own end.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.world import SlackTeam

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=12)


@dataclass(slots=True)
class Token:
    """A credential of the app; `scopes` empty for the app-level token.

    `team` is the workspace that it is for, "" for the app-level one; `expires` is None where
    tokens don't rotate.
    """

    value: str
    kind: str
    scopes: tuple[str, ...] = ()
    active: bool = True
    team: str = ""
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """The app in one workspace: its bot there."""

    team: SlackTeam
    bot_user: str
    bot_id: str


@dataclass(frozen=True, slots=True)
class Code:
    """What somebody who pressed *Allow* gave."""

    team: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    expires: datetime


@dataclass(slots=True)
class Granted:
    """What the token endpoint answers with."""

    token: Token
    installer: str
    refresh: str = ""


@dataclass(slots=True)
class Installs:
    """Codes and refresh tokens of one app.

    `rotates` is the app's setting "token rotation"; `redirect_urls` are those that it is
    configured with, none for any.
    """

    clock: WorldClock
    client_id: str
    client_secret: str
    rotates: bool = False
    redirect_urls: tuple[str, ...] = ()
    codes: dict[str, Code] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    refreshes: dict[str, Token] = field(default_factory=dict)

    def check_client(self, client_id: str, secret: str) -> None:
        """Hold an app's credentials against the right ones.

        Raises:
            SlackError: `invalid_client_id`, `bad_client_secret`.
        """
        if client_id != self.client_id:
            raise SlackError("invalid_client_id")
        if secret != self.client_secret:
            raise SlackError("bad_client_secret")

    def redeem(self, value: str, redirect_uri: str) -> Code:
        """Spend a code.

        Raises:
            SlackError: `code_already_used`, `invalid_code`, `bad_redirect_uri`.
        """
        if value in self.spent:
            raise SlackError("code_already_used")
        code = self.codes.get(value)
        if code is None or code.expires <= self.clock.now():
            raise SlackError("invalid_code")
        if code.redirect_uri != redirect_uri:
            raise SlackError("bad_redirect_uri")
        self.spent.add(value)
        return code

    def take_refresh(self, value: str) -> Token:
        """Spend a refresh token; the access token that came with it.

        Raises:
            SlackError: `invalid_refresh_token`.
        """
        token = self.refreshes.pop(value, None)
        if token is None or not token.active:
            raise SlackError("invalid_refresh_token")
        return token
