"""Procore's Webhooks API: what a company offers, hooks, triggers."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.sandbox.control import read_json
from integrations.sandbox.procore.call import Call, Gate, Handler, whole
from integrations.sandbox.procore.errors import bad_request, not_found
from integrations.sandbox.world.hooks import EXCEPT, RESOURCES, Hook

TOOL, STANDARD = "webhooks_api", 3
EVENTS = ("create", "update", "delete")
OTHERS = ("Change Types", "Departments", "Programs")
"""Some of what Procore offers and nobody here listens to."""

Body = dict[str, Any]


Answer = Callable[[Request], Awaitable[Response]]


def routes(gate: Gate) -> list[Route]:
    """The API's addresses."""
    base = "/rest/v1.0/webhooks"
    known: tuple[tuple[str, str, Handler], ...] = (
        ("GET", f"{base}/resources", resources),
        ("GET", f"{base}/hooks", hooks),
        ("POST", f"{base}/hooks", create),
        ("DELETE", f"{base}/hooks/{{id}}", delete),
        ("POST", f"{base}/hooks/{{id}}/triggers", trigger),
    )
    return [
        Route(path, _reading(gate.company(handler)), methods=[method])
        for method, path, handler in known
    ]


def _reading(handle: Answer) -> Answer:
    """Read what was posted before anybody looks at the call."""

    async def endpoint(request: Request) -> Response:
        posted, _ = await read_json(request) if request.method == "POST" else ({}, None)
        request.state.posted = posted if isinstance(posted, dict) else {}
        return await handle(request)

    return endpoint


def resources(call: Call) -> Response:
    """What can be listened to; ``except`` lists the events that a resource does not have."""
    call.need(TOOL, STANDARD)
    names = sorted([*RESOURCES.values(), *OTHERS])
    rows = [{"api_version": "v2", "tools": name, "except": EXCEPT.get(name, [])} for name in names]
    return whole(call, rows)


def hooks(call: Call) -> Response:
    """The company's hooks, of one namespace where that is asked for."""
    call.need(TOOL, STANDARD)
    wanted = call.param("namespace")
    found = call.live.hooks.made(str(call.store.id))
    return whole(call, [_shown(one) for one in found if wanted in (None, one.namespace)])


def create(call: Call) -> Response:
    """A hook without triggers."""
    call.need(TOOL, STANDARD)
    posted = _posted(call).get("hook")
    asked: Body = posted if isinstance(posted, dict) else {}
    lacking = {"api_version", "namespace", "destination_url"} - asked.keys()
    if lacking:
        raise bad_request(f"param is missing: {sorted(lacking)[0]}")
    headers = asked.get("destination_headers") or {}
    made = call.live.hooks.add(
        Hook(
            str(asked["destination_url"]),
            str(headers.get("Authorization", "")),
            company=str(call.store.id),
            namespace=str(asked["namespace"]),
        )
    )
    response = whole(call, _shown(made))
    response.status_code = 201
    return response


def delete(call: Call) -> Response:
    """A hook, and its triggers with it."""
    call.need(TOOL, STANDARD)
    call.live.hooks.remove(_hook(call))
    return Response(status_code=204)


def trigger(call: Call) -> Response:
    """A resource and an event that a hook tells of from now on."""
    call.need(TOOL, STANDARD)
    posted = _posted(call).get("trigger")
    asked: Body = posted if isinstance(posted, dict) else {}
    name, event = str(asked.get("resource_name")), str(asked.get("event_type"))
    if name not in RESOURCES.values() or event not in EVENTS or event in EXCEPT.get(name, []):
        raise bad_request(f"{name} has no event {event}")
    hook = _hook(call)
    hook.triggers.add((name, event))
    body = {"id": hook.id * 100 + len(hook.triggers), "webhook_hook_id": hook.id}
    response = whole(call, {**body, "resource_name": name, "event_type": event.upper()})
    response.status_code = 201
    return response


def _posted(call: Call) -> Body:
    """What was posted, about the company that the header names."""
    posted: Body = call.request.state.posted
    if str(posted.get("company_id")) != str(call.store.id):
        raise bad_request("Missing Project or Company ID")
    return posted


def _hook(call: Call) -> Hook:
    found = [one for one in call.live.hooks.made(str(call.store.id)) if one.id == call.number("id")]
    if not found:
        raise not_found()
    return found[0]


def _shown(hook: Hook) -> Body:
    """A hook as Procore lists it; the header is masked but for its end."""
    return {
        "id": hook.id,
        "api_version": "v2",
        "namespace": hook.namespace,
        "destination_url": hook.url,
        "destination_headers": {"Authorization": f"*****{hook.secret[-5:]}"},
        "owned_by_company_id": int(hook.company),
    }
