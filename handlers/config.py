"""What the Slack side needs to know."""

from dataclasses import dataclass, field

from bot.domain.model import SupportIdentity


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """Settings of the Slack side.

    ``home_team_id`` is Interfy's workspace and ``bot_user_id`` the bot itself; both are asked of
    Slack when they are empty. Without
    ``staff_usergroup_id`` every full member of it is staff. ``signing_secret`` may be empty in
    Socket Mode, where Slack signs nothing.
    """

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    home_team_id: str = ""
    bot_user_id: str = ""
    support_channel_id: str = ""
    staff_usergroup_id: str = ""
    support: SupportIdentity = field(default_factory=SupportIdentity)
