"""Where something happened and who did it, read from the right field of each payload kind.

Slack Connect fills the team fields differently per kind (docs.slack.dev/apis/slack-connect;
java-slack-sdk#1041 for clicks; bolt-js#1614 for forms):

* slash command: ``team_id`` is the installing workspace; only its members have commands
* event: the person's own team is ``event.user_team``, else ``source_team``; ``event.team`` and the
  envelope's ``team_id`` may be either side's
* click: ``team.id`` is the installing workspace, ``user.team_id`` the person's own
* form: ``user.team_id`` is the person's own; so is ``team.id``, never ``app_installed_team_id``
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from handlers.workspace import Workspace

Body = Mapping[str, Any]


class Kind(StrEnum):
    """What Slack sent."""

    COMMAND = "command"
    EVENT = "event"
    CLICK = "click"
    FORM = "form"
    OPTIONS = "options"


@dataclass(frozen=True, slots=True)
class Origin:
    """One thing that a person did.

    ``team_id`` is the person's own team, "" where the payload does not say. ``message_ts`` is the
    message that was clicked, ``label`` what the button or the chosen entry says, ``thread_ts`` the
    thread to answer in. ``is_news`` marks a message event that is no direct message to the bot:
    somebody talking to others, an edit, a deletion. ``workspace`` is the one through whose
    installation it came unless that is home, ``installed_team`` what Slack says of it.
    """

    kind: Kind
    user_id: str
    team_id: str
    channel_id: str
    text: str = ""
    value: str = ""
    action_id: str = ""
    thread_ts: str = ""
    message_ts: str = ""
    trigger_id: str = ""
    response_url: str = ""
    label: str = ""
    in_thread: bool = False
    is_bot: bool = False
    is_news: bool = False
    view: Body = field(default_factory=dict)
    event: Body = field(default_factory=dict)
    workspace: Workspace | None = None
    installed_team: str = ""

    def by(self, user_id: str) -> "Origin":
        """The same place, for somebody else."""
        return replace(self, user_id=user_id)

    @property
    def is_direct(self) -> bool:
        """True in a direct message with the bot."""
        return self.channel_id.startswith("D")


KINDS = {
    "block_actions": Kind.CLICK,
    "view_submission": Kind.FORM,
    "block_suggestion": Kind.OPTIONS,
    "event_callback": Kind.EVENT,
}


def kind_of(body: Body) -> Kind | None:
    """What Slack sent; None for what nobody did, such as the check of an address."""
    return Kind.COMMAND if body.get("command") else KINDS.get(str(body.get("type")))


def delivery_key(body: Body) -> str:
    """What makes this delivery the same as its repetition."""
    if body.get("event_id"):
        return f"event:{body['event_id']}"
    if body.get("trigger_id"):
        return f"trigger:{body['trigger_id']}"
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    return f"body:{digest}"


def of_command(body: Body) -> Origin:
    """A slash command."""
    return Origin(
        Kind.COMMAND,
        body["user_id"],
        body.get("team_id") or "",
        body["channel_id"],
        text=body.get("text") or "",
        trigger_id=body.get("trigger_id") or "",
        response_url=body.get("response_url") or "",
    )


def of_event(body: Body) -> Origin:
    """A mention, a direct message, or the opening of the Home tab."""
    event = body["event"]
    user = event.get("user") or ""
    channel = event.get("channel") or ""
    return Origin(
        Kind.EVENT,
        user,
        event.get("user_team") or event.get("source_team") or "",
        "" if event["type"] == "app_home_opened" or isinstance(channel, dict) else channel,
        text=event.get("text") or "",
        thread_ts=event.get("thread_ts") or event.get("ts") or "",
        in_thread=bool(event.get("thread_ts")),
        is_bot=bool(event.get("bot_id")) or not user,
        is_news=_is_news(event),
        view=event.get("view") or {},
        event=event,
    )


def _is_news(event: Body) -> bool:
    if event["type"] != "message":
        return False
    return event.get("channel_type") != "im" or event.get("subtype") not in (None, "file_share")


def of_click(body: Body) -> Origin:
    """A click on a button, or a choice in a menu."""
    action = body["actions"][0]
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    chosen = action.get("selected_option") or {}
    ts = container.get("message_ts") or message.get("ts") or ""
    return Origin(
        Kind.CLICK,
        body["user"]["id"],
        body["user"].get("team_id") or "",
        channel,
        value=action.get("value") or chosen.get("value") or "",
        action_id=action["action_id"],
        thread_ts=_thread(container, message) or ts,
        in_thread=bool(_thread(container, message)),
        message_ts=ts,
        trigger_id=body.get("trigger_id") or "",
        response_url=body.get("response_url") or "",
        label=((chosen or action).get("text") or {}).get("text") or "",
        view=body.get("view") or {},
    )


def _thread(container: Body, message: Body) -> str:
    return str(container.get("thread_ts") or message.get("thread_ts") or "")


def of_form(body: Body) -> Origin:
    """A submitted modal; its channel is what we sealed into it."""
    return Origin(
        Kind.FORM,
        body["user"]["id"],
        body["user"].get("team_id") or (body.get("team") or {}).get("id") or "",
        "",
        trigger_id=body.get("trigger_id") or "",
        view=body["view"],
    )


def of_options(body: Body) -> Origin:
    """Somebody typing into a menu that we fill."""
    return Origin(
        Kind.OPTIONS,
        body["user"]["id"],
        body["user"].get("team_id") or "",
        "",
        value=body.get("value") or "",
        action_id=body["action_id"],
        view=body.get("view") or {},
    )
