"""The Procore stand-in as one ASGI application."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from integrations.sandbox.control import StandIn, control_routes, read_json, refuse
from integrations.sandbox.direct import Direct
from integrations.sandbox.procore import cost_codes, endpoints, webhooks
from integrations.sandbox.procore.call import Gate, Handler
from integrations.sandbox.procore.errors import error_shape, not_found
from integrations.sandbox.procore.oauth import OAuth, token_body
from integrations.sandbox.tokens import Grant
from integrations.sandbox.world.hooks import PROCORE, hooks_route
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.panel import edit_route

_COMPANY = "/rest/v1.0/companies/{company_id}"
_WBS = f"{_COMPANY}/work_breakdown_structure"
_PATHS: dict[str, Handler] = {
    "/rest/v1.3/companies/{company_id}/me": endpoints.company_me,
    "/rest/v1.0/settings/permissions": endpoints.settings_permissions,
    "/rest/v1.3/companies/{company_id}/users": endpoints.users,
    "/rest/v1.3/companies/{company_id}/users/{id}": endpoints.user,
    "/rest/v1.1/users": endpoints.users_v11,
    f"{_COMPANY}/users/inactive": endpoints.inactive_users,
    f"{_COMPANY}/users/{{user_id}}/project_assignments": endpoints.project_assignments,
    f"{_COMPANY}/permission_templates": endpoints.permission_templates,
    f"{_COMPANY}/permission_templates/{{id}}": endpoints.permission_template,
    "/rest/v1.1/projects": endpoints.projects,
    "/rest/v1.0/projects/{project_id}/users": endpoints.project_users,
    "/rest/v1.0/standard_cost_code_lists": cost_codes.standard_cost_code_lists,
    "/rest/v1.0/standard_cost_codes": cost_codes.standard_cost_codes,
    f"{_WBS}/patterns": cost_codes.pattern,
    f"{_WBS}/segments": cost_codes.segments,
    f"{_WBS}/segments/{{segment_id}}/lists": cost_codes.segment_lists,
    f"{_WBS}/segments/{{segment_id}}/segment_items": cost_codes.segment_items,
    "/rest/v1.0/vendors": endpoints.vendors,
    "/rest/v1.1/vendors": endpoints.vendors_v11,
    "/rest/v1.0/vendors/{id}": endpoints.vendor,
    f"{_COMPANY}/vendors/inactive": endpoints.inactive_vendors,
}


def create_procore_app(live: LiveWorld) -> ASGIApp:
    """Procore's REST API, its OAuth and ``/_world``, over a running world."""
    gate = Gate(live)
    routes = [
        Route("/rest/v1.0/me", gate.free(endpoints.me), methods=["GET"]),
        Route("/rest/v1.0/companies", gate.free(endpoints.companies), methods=["GET"]),
        *(Route(path, gate.company(handler), methods=["GET"]) for path, handler in _PATHS.items()),
        *webhooks.routes(gate),
        *OAuth(live).routes(),
        Route("/_world", _show_world(live), methods=["GET"]),
        Route("/_world/grants", _give_grant(live), methods=["POST"]),
        edit_route(live),
        hooks_route(live.hooks, PROCORE),
        *control_routes(live.procore_log, live.procore_faults),
    ]
    app = Starlette(routes=routes, exception_handlers={404: _missing})
    return StandIn(
        Direct(app, routes),
        log=live.procore_log,
        faults=live.procore_faults,
        error_shape=error_shape,
    )


async def _missing(request: Request, error: Exception) -> Response:
    del request, error
    return not_found().response()


def _show_world(live: LiveWorld) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        del request
        companies = []
        for company_id in live.procore_ids:
            store = live.procore(company_id)
            if store is None:
                continue
            users = [
                {"email": one.email, "name": one.name, "active": one.active}
                for one in store.users.values()
            ]
            companies.append({"id": store.id, "name": store.company.name, "users": users})
        clients = [
            {"id": one.id, "secret": one.secret, "name": one.name}
            for one in live.world.procore.clients
        ]
        body = {"ok": True, "system": "procore", "clock": live.clock.now().isoformat()}
        return JSONResponse({**body, "clients": clients, "companies": companies})

    return show


def _give_grant(live: LiveWorld) -> Callable[[Request], Awaitable[Response]]:
    async def give(request: Request) -> Response:
        posted, problem = await read_json(request)
        if problem is not None:
            return problem
        asked = posted if isinstance(posted, dict) else {}
        company_id = str(asked.get("company_id", ""))
        email = str(asked.get("email", "")).casefold()
        client = str(asked.get("client_id") or live.world.procore.clients[0].id)
        store = live.procore(int(company_id)) if company_id.isdecimal() else None
        if store is None:
            return refuse("unknown_company", f"There is no Procore company {company_id!r}.", 404)
        user = store.user_of(email)
        if user is None or not user.active:
            return refuse(
                "unknown_user", f"{email!r} is no active user of {store.company.name}.", 404
            )
        return JSONResponse(
            {"ok": True, **token_body(live.procore_tokens.issue(Grant(client, email)))}
        )

    return give
