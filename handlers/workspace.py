"""The workspace through whose installation something came; there is none to name for the home."""

from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

CONTEXT = "workspace"
"""Where Bolt's context has it."""

INSTALL_SCOPES = {
    "app_mentions:read": "to hear you when you mention @OneCore",
    "chat:write": "to answer you",
    "commands": "for /onboard",
    "files:write": "to send you the export that you ask for",
    "im:history": "to hear you when you write to OneCore directly",
}
"""What another workspace is asked for, each with why; far less than the home workspace grants."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Another workspace that installed the app: its client and its own bot."""

    team_id: str
    bot_user: str
    client: AsyncWebClient = field(repr=False)
