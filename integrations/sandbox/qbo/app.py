"""The QuickBooks Online stand-in as one ASGI application."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from integrations.sandbox.control import StandIn, control_routes, read_json, refuse
from integrations.sandbox.direct import Direct
from integrations.sandbox.qbo.api import Api
from integrations.sandbox.qbo.errors import error_shape
from integrations.sandbox.qbo.oauth import SCOPES, OAuth
from integrations.sandbox.tokens import Grant
from integrations.sandbox.world.hooks import QBO, hooks_route
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.panel import edit_route


def create_qbo_app(live: LiveWorld) -> ASGIApp:
    """Intuit's Accounting API, its OAuth and OpenID, and ``/_world``, over a running world."""
    oauth = OAuth(live)
    routes = [
        *Api(live).routes(),
        *oauth.routes(),
        Route("/_world", _show_world(live), methods=["GET"]),
        Route("/_world/grants", _give_grant(live, oauth), methods=["POST"]),
        edit_route(live),
        hooks_route(live.hooks, QBO),
        *control_routes(live.qbo_log, live.qbo_faults),
    ]
    return StandIn(
        Direct(Starlette(routes=routes), routes),
        log=live.qbo_log,
        faults=live.qbo_faults,
        error_shape=error_shape,
    )


def _show_world(live: LiveWorld) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        del request
        companies = []
        for company in live.world.qbo.companies:
            store = live.qbo(company.realm_id)
            rows = store.users if store else []
            users = [one.model_dump(mode="json", exclude={"sub"}) for one in rows]
            companies.append(
                {
                    "realm_id": company.realm_id,
                    "name": company.name,
                    "country": company.country,
                    "users": users,
                },
            )
        clients = [
            {"id": one.id, "secret": one.secret, "name": one.name} for one in live.world.qbo.clients
        ]
        body = {"ok": True, "system": "qbo", "clock": live.clock.now().isoformat()}
        return JSONResponse({**body, "clients": clients, "companies": companies})

    return show


def _give_grant(live: LiveWorld, oauth: OAuth) -> Callable[[Request], Awaitable[Response]]:
    async def give(request: Request) -> Response:
        posted, problem = await read_json(request)
        if problem is not None:
            return problem
        asked = posted if isinstance(posted, dict) else {}
        realm, email = str(asked.get("realm_id", "")), str(asked.get("email", "")).casefold()
        client = str(asked.get("client_id") or live.world.qbo.clients[0].id)
        store = live.qbo(realm)
        if store is None:
            return refuse("unknown_company", f"There is no QuickBooks company {realm!r}.", 404)
        user = store.user_of(email)
        if user is None or user.status != "active":
            return refuse(
                "unknown_user", f"{email!r} is no active user of {store.company.name}.", 404
            )
        if not user.role.may_authorise:
            return refuse("not_allowed", "Only an administrator can connect an app.", 403)
        pair = live.qbo_tokens.issue(Grant(client, email, realm, SCOPES))
        return JSONResponse(
            {"ok": True, "realm_id": realm, **oauth.body(pair, request, id_token=False)}
        )

    return give
