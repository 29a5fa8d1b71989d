"""What people type, as Slack hands it on: `@name` and `#channel` become references."""

import re

from integrations.sandbox.slack.state import SlackState
from integrations.sandbox.slack.world import SlackUser


def resolve_mentions(state: SlackState, text: str) -> str:
    """Turn what a person types (`@name`, `#channel`) into Slack's own references.

    `&`, `<` and `>` that the person typed are escaped, as Slack does for people's messages.
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"&lt;(@[UW][A-Z0-9]+(?:\|[^&]*)?|#[CG][A-Z0-9]+(?:\|[^&]*)?)&gt;", r"<\1>", text)
    people = {
        name.lower(): f"<@{user.id}>" for user in state.users.values() for name in _names(user)
    }
    groups = {
        group.handle: f"<!subteam^{group.id}|@{group.handle}>"
        for group in state.usergroups.values()
    }
    channels = {
        channel.name: f"<#{channel.id}|{channel.name}>"
        for channel in state.channels.values()
        if channel.im_user is None
    }
    return _refer(_refer(text, "@", {**groups, **people}), "#", channels)


def _names(user: SlackUser) -> tuple[str, str]:
    return user.name, user.real_name


def _refer(text: str, sign: str, references: dict[str, str]) -> str:
    """Replace `sign` and a known name, the longest that fits, by its reference."""
    if sign not in text or not references:
        return text
    names = "|".join(re.escape(name) for name in sorted(references, key=len, reverse=True))
    pattern = rf"(?<![\w<&|]){sign}({names})(?![\w-])"
    return re.sub(pattern, lambda found: references[found[1].lower()], text, flags=re.IGNORECASE)
