"""The shapes in which Slack delivers; whatever has another shape is none of Slack's.

Only what we read ourselves is looked at: everything else may come and go as Slack likes. Field by
field: docs.slack.dev, slash commands, Events API, interactivity payloads.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Check = Callable[[Any], bool]

IDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Wider than Slack's own ids today; no sentence, and nothing that could end a line of a log."""


def text(value: object) -> bool:
    """A text that can be written down: JSON can spell half a character, which cannot."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def day(value: object) -> bool:
    """A day, 2026-11-22."""
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def ident(value: object) -> bool:
    """An id such as U0DANA; so an id may stand in a log."""
    return isinstance(value, str) and IDENT.fullmatch(value) is not None


def nothing(value: object) -> bool:
    """An empty list."""
    return value == []


def maybe(check: Check) -> Check:
    """Missing, null, empty, or as ``check`` says."""
    return lambda value: value in (None, "") or check(value)


def record(**fields: Check) -> Check:
    """An object with at least these fields."""
    return lambda value: (
        isinstance(value, Mapping) and all(check(value.get(name)) for name, check in fields.items())
    )


def rows(check: Check) -> Check:
    """A list with at least one entry."""
    return lambda value: isinstance(value, list) and bool(value) and all(map(check, value))


def table(check: Check) -> Check:
    """An object whose keys are free."""
    return lambda value: (
        isinstance(value, Mapping) and all(text(key) and check(one) for key, one in value.items())
    )


def either(*checks: Check) -> Check:
    """As one of them says."""
    return lambda value: any(check(value) for check in checks)


def both(*checks: Check) -> Check:
    """As all of them say."""
    return lambda value: all(check(value) for check in checks)


USER = record(id=ident, team_id=maybe(ident))
LABEL = maybe(record(text=maybe(text)))
OPTION = maybe(record(value=maybe(text), text=LABEL))
INPUT = record(value=maybe(text), selected_date=maybe(day), selected_option=OPTION)
VIEW = record(
    id=text,
    type=maybe(text),
    callback_id=maybe(text),
    private_metadata=maybe(text),
    previous_view_id=maybe(text),
    app_installed_team_id=maybe(ident),
    team_id=maybe(ident),
    state=maybe(record(values=maybe(table(table(INPUT))))),
)
ACTION = record(action_id=text, value=maybe(text), selected_option=OPTION, text=LABEL)
MESSAGE = record(ts=maybe(text), thread_ts=maybe(text))
PLACE = record(message_ts=maybe(text), thread_ts=maybe(text), channel_id=maybe(ident))
CHANNEL = either(ident, record(id=ident, name=maybe(text)))
EVENT = record(
    type=text,
    subtype=maybe(text),
    user=maybe(ident),
    user_team=maybe(ident),
    team=maybe(either(ident, record(id=ident))),
    team_id=maybe(ident),
    enterprise_id=maybe(ident),
    source_team=maybe(ident),
    channel=maybe(CHANNEL),
    channel_type=maybe(text),
    bot_id=maybe(ident),
    text=maybe(text),
    ts=maybe(text),
    thread_ts=maybe(text),
    view=maybe(VIEW),
    inviter=maybe(ident),
    actor_id=maybe(ident),
    connected_team_id=maybe(ident),
    previously_connected_team_id=maybe(ident),
    old_channel_id=maybe(ident),
    new_channel_id=maybe(ident),
)
SUBMITTED = record(type=text, callback_id=text)
TEAM = maybe(record(id=ident))
THROUGH = record(team_id=maybe(ident), enterprise_id=maybe(ident), team=TEAM)
INSTALLED = record(
    team_id=maybe(ident),
    context_team_id=maybe(ident),
    enterprise_id=maybe(ident),
    team=maybe(either(ident, record(id=ident))),
    enterprise=maybe(either(ident, record(id=maybe(ident)))),
    authorizations=maybe(either(nothing, rows(THROUGH))),
)
"""Where Bolt looks for the installation of any delivery, before anything of ours sees it."""
SHAPES: Mapping[str, Check] = {
    "command": record(
        user_id=ident,
        channel_id=ident,
        team_id=maybe(ident),
        text=maybe(text),
        trigger_id=maybe(text),
        response_url=maybe(text),
    ),
    "event_callback": record(event_id=text, event=EVENT),
    "block_actions": record(
        user=USER,
        team=TEAM,
        actions=rows(ACTION),
        container=maybe(PLACE),
        channel=maybe(record(id=ident)),
        message=maybe(MESSAGE),
        view=maybe(VIEW),
        trigger_id=maybe(text),
        response_url=maybe(text),
    ),
    "view_submission": record(
        user=USER, team=TEAM, view=both(VIEW, SUBMITTED), trigger_id=maybe(text)
    ),
    "block_suggestion": record(
        user=USER, team=TEAM, action_id=text, value=maybe(text), view=maybe(VIEW)
    ),
}


def is_slacks(body: object) -> bool:
    """Whether a delivery has the shape that Slack gives its kind; other kinds have none."""
    if not isinstance(body, Mapping):
        return False
    kind = "command" if body.get("command") else body.get("type")
    if not maybe(text)(kind) or not isinstance(body.get("event", {}), Mapping):
        return False
    shape = SHAPES.get(kind or "")
    return INSTALLED(body) and (shape is None or shape(body))
