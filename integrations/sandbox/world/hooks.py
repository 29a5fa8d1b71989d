"""Tells whoever asked for it of every change, as Procore's and Intuit's webhooks do.

Procore posts one event at a time with the ``Authorization`` header that was set up. Intuit gathers
events of one app for a moment, posts a list of CloudEvents and signs the body. Neither says more
than which record changed. The stand-ins try once and do not repeat.
"""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.control import read_json, refuse

PROCORE, QBO = "procore", "qbo"
GATHER = 0.1
"""Seconds in which changes come together, so that a bulk edit is not a flood."""
MOST = 100
"""Events in one of Intuit's deliveries."""
RESOURCES = {
    "user": "Company Users",
    "vendor": "Company Vendors",
    "project": "Projects",
    "cost_code": "Standard Cost Codes",
    "cost_code_list": "Standard Cost Code Lists",
}
"""What Procore offers of the kinds that a world can change, by the edits' names."""
_PAST = {"create": "created", "update": "updated", "delete": "deleted", "merge": "merged"}

Body = dict[str, Any]

# Which events Procore offers of a resource, by its guide and by what a sandbox answered.
EXCEPT = {"Company Users": ["delete"], "Company Vendors": ["delete"], "Projects": ["delete"],
          "Standard Cost Code Lists": ["update", "delete"]}  # fmt: skip


@dataclass(slots=True)
class Hook:
    """Where changes of one system are told, and the HTTP status of the last delivery.

    One that was made through Procore's own API has a ``company`` and tells of its ``triggers``
    only, pairs of a resource and an event; one of ``/_world/hooks`` tells of everything.
    """

    url: str
    secret: str
    status: int | None = None
    id: int = 0
    company: str = ""
    namespace: str = ""
    triggers: set[tuple[str, str]] = field(default_factory=set)

    def hears(self, event: Body) -> bool:
        """Whether an event is told to it."""
        if not self.company:
            return True
        what = (str(event.get("resource_name")), str(event.get("event_type")))
        return self.company == str(event.get("company_id")) and what in self.triggers


class Hooks:
    """The webhooks of both systems of one sandbox."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._hooks: dict[str, list[Hook]] = {PROCORE: [], QBO: []}
        self._waiting: dict[str, list[Body]] = {PROCORE: [], QBO: []}
        self._tasks: set[asyncio.Task[None]] = set()
        self._made = 0

    def subscribe(self, system: str, url: str, secret: str) -> None:
        """Tell this address of every change in every company of a system."""
        self._hooks[system].append(Hook(url, secret))

    def made(self, company: str) -> list[Hook]:
        """The hooks that were made for a company through Procore's own API."""
        return [one for one in self._hooks[PROCORE] if one.company == company]

    def add(self, hook: Hook) -> Hook:
        """Take one in that was made through Procore's own API."""
        self._made += 1
        hook.id = 43_000_000 + self._made
        self._hooks[PROCORE].append(hook)
        return hook

    def remove(self, hook: Hook) -> None:
        """Tell it nothing more."""
        self._hooks[PROCORE].remove(hook)

    def clear(self, system: str) -> int:
        """Tell nobody any more; how many were told."""
        gone = len(self._hooks[system])
        self._hooks[system].clear()
        return gone

    def listing(self, system: str) -> list[Body]:
        """The subscriptions; their secrets stay here."""
        return [{"url": one.url, "status": one.status} for one in self._hooks[system]]

    def changed(self, system: str, company: str, kind: str, event: str, record_id: str) -> None:
        """Note a change; ``event`` is create, update, delete or merge."""
        if not self._hooks[system] or (system == PROCORE and kind not in RESOURCES):
            return
        made = self._procore if system == PROCORE else self._cloud_event
        waiting = self._waiting[system]
        waiting.append(made(company, kind, event, record_id))
        if len(waiting) == 1:
            task = asyncio.get_running_loop().create_task(self._deliver(system))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Give up what is not delivered yet."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _procore(self, company: str, kind: str, event: str, record_id: str) -> Body:
        ulid = uuid4().hex
        return {
            "id": ulid,
            "ulid": ulid,
            "timestamp": self._clock.now().isoformat(),
            "resource_name": RESOURCES[kind],
            "resource_id": int(record_id),
            "event_type": event,
            "company_id": int(company),
            "project_id": None,
            "api_version": "v2",
            "metadata": {},
        }

    def _cloud_event(self, company: str, kind: str, event: str, record_id: str) -> Body:
        return {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": "intuit.stand-in",
            "type": f"qbo.{kind}.{_PAST[event]}.v1",
            "datacontenttype": "application/json",
            "time": self._clock.now().isoformat(),
            "intuitentityid": record_id,
            "intuitaccountid": company,
            "data": {},
        }

    async def _deliver(self, system: str) -> None:
        await asyncio.sleep(GATHER)
        events, self._waiting[system] = self._waiting[system], []
        async with httpx.AsyncClient(timeout=5.0) as client:
            for hook in list(self._hooks[system]):
                heard = [event for event in events if hook.hears(event)]
                posts: Sequence[object] = heard
                if system == QBO:
                    posts = [heard[start : start + MOST] for start in range(0, len(heard), MOST)]
                for body in posts:
                    hook.status = await _post(client, system, hook, json.dumps(body).encode())


async def _post(client: httpx.AsyncClient, system: str, hook: Hook, raw: bytes) -> int | None:
    """The status of the answer, None where there was none."""
    headers = {"Content-Type": "application/json"}
    if system == PROCORE:
        headers["Authorization"] = hook.secret
    else:
        digest = hmac.new(hook.secret.encode(), raw, hashlib.sha256).digest()
        headers["intuit-signature"] = base64.b64encode(digest).decode()
    try:
        return (await client.post(hook.url, content=raw, headers=headers)).status_code
    except httpx.HTTPError:
        return None


def hooks_route(hooks: Hooks, system: str) -> Route:
    """``GET|POST|DELETE /_world/hooks`` of one stand-in."""

    async def change(request: Request) -> Response:
        if request.method == "DELETE":
            return JSONResponse({"ok": True, "cleared": hooks.clear(system)})
        if request.method == "POST":
            return await _subscribe(request, hooks, system)
        return JSONResponse({"ok": True, "hooks": hooks.listing(system)})

    endpoint: Callable[[Request], Awaitable[Response]] = change
    return Route("/_world/hooks", endpoint, methods=["GET", "POST", "DELETE"])


async def _subscribe(request: Request, hooks: Hooks, system: str) -> Response:
    posted, problem = await read_json(request)
    if problem is not None:
        return problem
    asked = posted if isinstance(posted, dict) else {}
    url, secret = str(asked.get("url", "")), str(asked.get("secret", ""))
    if urlsplit(url).scheme not in {"http", "https"} or not secret:
        return refuse("invalid_hook", 'A hook is {"url": "http…", "secret": "…"}.')
    hooks.subscribe(system, url, secret)
    return JSONResponse({"ok": True, "hooks": hooks.listing(system)})
