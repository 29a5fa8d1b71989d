"""views.*: modals and Home tabs."""

import json
from typing import Any

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.blockkit import check_view
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.limits import TIER_4
from integrations.sandbox.slack.state import Json

VIEW_BYTES = 250_000


def checked_view(view: Any, kind: str) -> Json:  # noqa: ANN401 - it comes from the wire.
    """Return a view if Slack would take it.

    Raises:
        SlackError: `invalid_arguments` with JSON pointers, or `view_too_large`.
    """
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] must be an object [json-pointer:/view]"])
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = check_view(view, kind)
    if problems:
        raise SlackError("invalid_arguments", problems)
    return view


async def open_(call: Call) -> Json:
    """Show a modal to the person behind a trigger."""
    return _place(call, push=False)


async def push(call: Call) -> Json:
    """Lay a modal on the one that is open."""
    return _place(call, push=True)


def _place(call: Call, *, push: bool) -> Json:
    trigger_id = call.text("trigger_id")
    if not trigger_id:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    view = checked_view(call.structure("view", "invalid_arguments"), "modal")
    trigger = call.server.interactions.use_trigger(trigger_id, call.me)
    placed = call.server.interactions.place(trigger.user, view, call.me, push=push)
    call.server.note_view("view_push" if push else "view_open", trigger.user, placed)
    call.server.show_stack(trigger.user)
    return {"view": placed}


async def update(call: Call) -> Json:
    """Give an open view, or a Home tab, new content."""
    interactions = call.server.interactions
    if not call.text("view_id") and not call.text("external_id"):
        raise SlackError("invalid_arguments", ["[ERROR] view_id or external_id is required"])
    source = call.structure("view", "invalid_arguments")
    view = interactions.find_view(call.text("view_id"), call.text("external_id"))
    if view["app_installed_team_id"] != call.me.team.id:
        raise SlackError("not_found")
    source = checked_view(source, view["type"])
    given = call.text("hash")
    if given and given != view["hash"]:
        raise SlackError("hash_conflict")
    owner = interactions.owners[view["id"]]
    interactions.replace(view, source)
    call.server.note_view("view_update", owner, view)
    if view["type"] == "home":
        call.server.show_home(owner, view)
    else:
        call.server.show_stack(owner)
    return {"view": view}


async def publish(call: Call) -> Json:
    """Set a person's Home tab."""
    user_id = call.need("user_id")
    if user_id not in call.state.users:
        raise SlackError("invalid_arguments", ["[ERROR] user_not_found [json-pointer:/user_id]"])
    source = checked_view(call.structure("view", "invalid_arguments"), "home")
    view = call.server.interactions.publish_home(
        user_id, source, call.me, call.text("hash") or None
    )
    call.server.note_view("home", user_id, view)
    call.server.show_home(user_id, view)
    return {"view": view}


METHODS = {
    "views.open": Method(open_, TIER_4),
    "views.push": Method(push, TIER_4),
    "views.update": Method(update, TIER_4),
    "views.publish": Method(publish, TIER_4),
}
