"""api.test, auth.test, apps.connections.open, bots.info, team.info, reactions, pins."""

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.limits import SPECIAL, TIER_2, TIER_3
from integrations.sandbox.slack.state import Json


async def api_test(call: Call) -> Json:
    """Echo the arguments; fail on request."""
    args = {key: value for key, value in call.args.items() if key != "token"}
    if call.text("error"):
        raise SlackError(call.text("error"), extra={"args": args})
    return {"args": args}


async def auth_test(call: Call) -> Json:
    """Tell whom the token belongs to."""
    me = call.me
    return {
        "url": f"https://{me.team.domain}.slack.com/",
        "team": me.team.name,
        "user": call.state.users[me.bot_user].name,
        "team_id": me.team.id,
        "user_id": me.bot_user,
        "bot_id": me.bot_id,
        "is_enterprise_install": False,
    }


async def connections_open(call: Call) -> Json:
    """Give out the address of a fresh Socket Mode connection."""
    server = call.server
    base = server.public_url.replace("http", "ws", 1)
    ticket = server.delivery.hub.issue_ticket()
    return {"url": f"{base}/link/?ticket={ticket}&app_id={server.state.app.id}"}


async def bots_info(call: Call) -> Json:
    """Describe the app's bot."""
    state, me = call.state, call.me
    if call.text("bot", me.bot_id) != me.bot_id:
        raise SlackError("bot_not_found")
    bot = {
        "id": me.bot_id,
        "deleted": False,
        "name": state.app.name,
        "updated": state.now_epoch(),
        "app_id": state.app.id,
        "user_id": me.bot_user,
    }
    return {"bot": bot}


async def team_info(call: Call) -> Json:
    """Describe the home workspace, or one that a channel is shared with."""
    state = call.state
    team = state.teams.get(call.text("team", call.me.team.id))
    if team is None:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "domain": team.domain,
            "url": f"https://{team.domain}.slack.com/",
        }
    }


async def reactions_add(call: Call) -> Json:
    """Add an emoji to a message, as the app."""
    channel = call.channel()
    message = call.state.message(channel, call.need("timestamp"))
    name = call.need("name").strip(":")
    bot = call.me.bot_user
    reactions = message.body.setdefault("reactions", [])
    for reaction in reactions:
        if reaction["name"] == name:
            if bot in reaction["users"]:
                raise SlackError("already_reacted")
            reaction["users"].append(bot)
            reaction["count"] += 1
            break
    else:
        reactions.append({"name": name, "users": [bot], "count": 1})
    people = call.state.audience(channel)
    call.server.stream.publish({"kind": "message", "channel": channel.id}, people)
    return {}


async def pins_add(call: Call) -> Json:
    """Pin a message to its channel."""
    channel = call.channel()
    if call.me.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    message = call.state.message(channel, call.need("timestamp"))
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(message.ts)
    return {}


async def pins_remove(call: Call) -> Json:
    """Unpin a message."""
    channel = call.channel()
    message = call.state.message(channel, call.need("timestamp"))
    if message.ts not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(message.ts)
    return {}


async def pins_list(call: Call) -> Json:
    """List a channel's pinned messages."""
    channel = call.channel()
    items = [
        {"type": "message", "channel": channel.id, "message": channel.messages[ts].body}
        for ts in channel.pins
    ]
    return {"items": items}


# Slack documents apps.connections.open as tier 1, yet refuses it rarely (slack_sdk's own note): an
# app that restarts again and again must not be stopped here.
METHODS = {
    "api.test": Method(api_test, SPECIAL, token=""),
    "auth.test": Method(auth_test, SPECIAL),
    "apps.connections.open": Method(connections_open, SPECIAL, ("connections:write",), token="app"),  # noqa: S106 - a kind.
    "bots.info": Method(bots_info, TIER_3, ("users:read",)),
    "team.info": Method(team_info, TIER_3, ("team:read",)),
    "reactions.add": Method(reactions_add, TIER_3, ("reactions:write",)),
    "pins.add": Method(pins_add, TIER_2, ("pins:write",)),
    "pins.remove": Method(pins_remove, TIER_2, ("pins:write",)),
    "pins.list": Method(pins_list, TIER_2, ("pins:read",)),
}
