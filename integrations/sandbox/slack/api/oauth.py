"""oauth.v2.access, auth.revoke and apps.uninstall."""

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.installs import TOKEN_LIFE, Granted
from integrations.sandbox.slack.limits import SPECIAL, TIER_3
from integrations.sandbox.slack.state import Json


async def access(call: Call) -> Json:
    """Give tokens for a code, or for a refresh token."""
    installs = call.state.installs
    installs.check_client(call.text("client_id"), call.text("client_secret"))
    grant = call.text("grant_type", "authorization_code")
    if grant == "refresh_token":
        return _answer(call, call.state.renew(call.text("refresh_token")))
    if grant != "authorization_code":
        raise SlackError("invalid_grant_type")
    code = installs.redeem(call.text("code"), call.text("redirect_uri"))
    return _answer(call, call.server.install(code.team, code.user, code.scopes))


def _answer(call: Call, granted: Granted) -> Json:
    token = granted.token
    installed = call.state.installed[token.team]
    body: Json = {
        "access_token": token.value,
        "token_type": "bot",
        "scope": ",".join(token.scopes),
        "bot_user_id": installed.bot_user,
        "app_id": call.state.app.id,
        "team": {"id": installed.team.id, "name": installed.team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if granted.installer:
        body["authed_user"] = {"id": granted.installer}
    if granted.refresh:
        body |= {
            "refresh_token": granted.refresh,
            "expires_in": int(TOKEN_LIFE.total_seconds()),
        }
    return body


async def revoke(call: Call) -> Json:
    """End the token that asks; the app's last one in a workspace takes the app out of it."""
    call.server.revoke(call.token)
    return {"revoked": True}


async def uninstall(call: Call) -> Json:
    """Take the app out of the workspace whose token asks."""
    call.state.installs.check_client(call.text("client_id"), call.text("client_secret"))
    call.server.uninstall(call.me.team.id)
    return {}


METHODS = {
    "oauth.v2.access": Method(access, SPECIAL, token=""),
    "auth.revoke": Method(revoke, TIER_3),
    "apps.uninstall": Method(uninstall, SPECIAL),
}
