"""`/oauth/v2/authorize`: the page on which somebody lets the app into a workspace."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from integrations.sandbox.consent import Choice, consent_page, form_fields, problem_page
from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.installs import CODE_LIFE, Code
from integrations.sandbox.slack.state import derive_secret
from integrations.sandbox.slack.world import SlackUser

ASKED = ("client_id", "scope", "redirect_uri", "state")


async def authorize(server: SlackServer, request: Request) -> Response:
    """Show who may let the app in, or do as the one who was chosen says."""
    asked = {**request.query_params, **await form_fields(request)}
    problem = _problem(server, asked)
    if problem:
        return problem_page("Slack", problem)
    if request.method == "GET":
        hidden = [(name, asked.get(name, "")) for name in ASKED]
        people = [_choice(server, one) for one in server.state.users.values() if _may(server, one)]
        return consent_page("Slack", server.state.app.name, hidden, people)
    if asked.get("deny"):
        return _back(asked, error="access_denied")
    user = server.state.users.get(asked.get("user", ""))
    if user is None or not _may(server, user):
        return problem_page("Slack", "This person can't install apps.", 403)
    state = server.state
    value = derive_secret("code", state.new_id("code"))
    scopes = tuple(one for one in asked.get("scope", "").split(",") if one)
    code = Code(user.team, user.id, scopes, asked["redirect_uri"], server.clock.now() + CODE_LIFE)
    state.installs.codes[value] = code
    return _back(asked, code=value)


def _problem(server: SlackServer, asked: Mapping[str, str]) -> str:
    installs = server.state.installs
    if asked.get("client_id") != installs.client_id:
        return "invalid_client_id: no app has this client id."
    address = asked.get("redirect_uri", "")
    allowed = installs.redirect_urls
    if not address.startswith("http") or (allowed and not address.startswith(allowed)):
        return "bad_redirect_uri: redirect_uri did not match any configured URIs."
    return "" if asked.get("scope") else "invalid_scope: no scope was asked for."


def _may(server: SlackServer, user: SlackUser) -> bool:
    is_bot = user.id in {one.bot_user for one in server.state.installed.values()}
    return not (is_bot or user.is_restricted or user.deleted)


def _choice(server: SlackServer, user: SlackUser) -> Choice:
    team = server.state.teams[user.team]
    return Choice((("user", user.id),), user.real_name, f"{team.name} ({team.domain}.slack.com)")


def _back(asked: Mapping[str, str], **answer: str) -> Response:
    address = asked["redirect_uri"]
    joint = "&" if "?" in address else "?"
    query = urlencode({**answer, "state": asked.get("state", "")})
    return RedirectResponse(f"{address}{joint}{query}", 302)
