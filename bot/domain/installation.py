"""The app in a workspace that installed it by Slack's OAuth, besides the home workspace's own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.customer import Tokens

STATE_LIFE = timedelta(minutes=10)
"""How long somebody has to press *Allow*."""

EARLY = timedelta(hours=2)
"""So long before its end a token is renewed; Slack's live for twelve hours."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in one workspace.

    ``bot_user`` is its bot there: each workspace has one of its own. ``broken`` is the reason why
    somebody has to install it again, or "".
    """

    team_id: str
    team_name: str
    bot_user: str
    scopes: tuple[str, ...]
    tokens: Tokens
    installed_by: str
    installed_at: datetime
    broken: str = ""

    def is_due(self, now: datetime) -> bool:
        """Whether its token has to be renewed; one that doesn't rotate never has."""
        expires = self.tokens.expires_at
        return bool(self.tokens.refresh_token) and expires is not None and expires - EARLY <= now
