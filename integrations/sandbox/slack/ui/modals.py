"""Submitting and closing modals."""

from starlette.requests import Request
from starlette.responses import Response

from integrations.sandbox.slack import payloads
from integrations.sandbox.slack.api.views import checked_view
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.errors import PageError, SlackError
from integrations.sandbox.slack.interactions import value_key
from integrations.sandbox.slack.state import Json
from integrations.sandbox.slack.ui.act import merge_state
from integrations.sandbox.slack.ui.common import TROUBLE, ok, own_view, persona, read_body
from integrations.sandbox.slack.world import SlackUser


async def submit(server: SlackServer, request: Request) -> Response:
    """Submit a modal; what the client itself checks never reaches the app."""
    body = await read_body(request)
    user = persona(server, body.get("persona"))
    view = own_view(server, user, body.get("view_id"))
    entered = body.get("state")
    merge_state(view, entered if isinstance(entered, dict) else {})
    errors = client_errors(view)
    if errors:
        return ok(response_action="errors", errors=errors)
    me = server.state.installed[view["app_installed_team_id"]]
    trigger_id = server.interactions.issue_trigger(user.id, me)
    payload = payloads.view_submission(server.state, user.id, view, trigger_id)
    ack = await server.delivery.interactive(payload)
    if not ack.ok:
        server.toast(user.id, TROUBLE)
        raise PageError(ack.error, TROUBLE)
    try:
        return _respond(server, user, view, ack.payload)
    except SlackError as error:
        server.log.message(op="bad_response", user=user.id, error=error.code, text=error.messages)
        server.toast(user.id, TROUBLE)
        raise PageError(error.code, TROUBLE) from error


def _respond(server: SlackServer, user: SlackUser, view: Json, answer: Json) -> Response:
    """Do what the app's acknowledgement asks for."""
    interactions = server.interactions
    what = answer.get("response_action")
    if what is None:
        interactions.close(user.id, view["id"])
    elif what == "clear":
        interactions.clear(user.id)
    elif what == "errors":
        return ok(response_action="errors", errors=_app_errors(view, answer))
    elif what in ("update", "push"):
        source = checked_view(answer.get("view"), "modal")
        if what == "push":
            me = server.state.installed[view["app_installed_team_id"]]
            view = interactions.place(user.id, source, me, push=True)
        elif view["id"] in interactions.views:
            interactions.replace(view, source)
        server.note_view(f"view_{what}", user.id, view)
        server.show_stack(user.id)
        return ok(response_action=what, view=view)
    else:
        raise SlackError("invalid_response_action")
    server.show_stack(user.id)
    return ok(response_action=what)


def _app_errors(view: Json, answer: Json) -> Json:
    errors = answer.get("errors")
    known = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= known:
        raise SlackError("invalid_errors", ["errors must name input blocks of this view"])
    return errors


def client_errors(view: Json) -> dict[str, str]:
    """Return what Slack's client says under the inputs before it sends anything."""
    errors: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        key = value_key(element["type"])
        slot = view["state"]["values"].get(block["block_id"], {})
        value = slot.get(element.get("action_id"), {}).get(key)
        problem = _client_error(element, value, optional=bool(block.get("optional")))
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _client_error(element: Json, value: object, *, optional: bool) -> str | None:
    if value in (None, "", []):
        return None if optional else "Please complete this required field."
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_error(element, str(value))
    if kind == "number_input":
        return _number_error(element, str(value))
    if kind == "email_text_input" and "@" not in str(value).strip("@"):
        return "Please enter a valid email address."
    if kind == "url_text_input" and "://" not in str(value):
        return "Please enter a valid URL."
    return None


def _length_error(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    longest = element.get("max_length", 3000)
    return f"Please enter at most {longest} characters." if len(value) > longest else None


def _number_error(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    if number < float(element.get("min_value", "-inf")):
        return f"Please enter {element['min_value']} or more."
    if number > float(element.get("max_value", "inf")):
        return f"Please enter {element['max_value']} or less."
    return None


async def close(server: SlackServer, request: Request) -> Response:
    """Close a modal; with `clear` all of them. The app hears of it where it asked to."""
    body = await read_body(request)
    user = persona(server, body.get("persona"))
    view = own_view(server, user, body.get("view_id"))
    clear = bool(body.get("clear")) or bool(view["clear_on_close"])
    if clear:
        server.interactions.clear(user.id)
    else:
        server.interactions.close(user.id, view["id"])
    server.show_stack(user.id)
    if view["notify_on_close"]:
        payload = payloads.view_closed(server.state, user.id, view, cleared=clear)
        await server.delivery.interactive(payload)
    return ok()
