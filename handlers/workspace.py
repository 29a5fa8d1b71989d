"""The workspace through whose installation something came; there is none to name for the home."""

from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot import words

CONTEXT = "workspace"
"""Where Bolt's context has it."""

INSTALL_SCOPES = {
    "app_mentions:read": words.installing.FOR_MENTIONS,
    "chat:write": words.installing.TO_ANSWER,
    "commands": words.installing.FOR_COMMANDS,
    "files:write": words.installing.FOR_FILES,
    "im:history": words.installing.FOR_MESSAGES,
}
"""What another workspace is asked for, each with why; far less than the home workspace grants."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Another workspace that installed the app: its client and its own bot."""

    team_id: str
    bot_user: str
    client: AsyncWebClient = field(repr=False)
