"""users.* and usergroups.*."""

from integrations.sandbox.slack.api.call import Call, Method, page
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.limits import TIER_2, TIER_3, TIER_4
from integrations.sandbox.slack.payloads import channel_json, user_json
from integrations.sandbox.slack.state import Json


def _person(call: Call, user_id: str) -> Json:
    with_email = "users:read.email" in call.token.scopes
    return user_json(call.state, call.me, user_id, with_email=with_email)


async def users_info(call: Call) -> Json:
    """Describe one person, external ones included."""
    user = call.state.person(call.need("user"))
    return {"user": _person(call, user.id)}


async def users_list(call: Call) -> Json:
    """List the home workspace's people; Slack leaves external people out."""
    home = call.me.team.id
    people = [_person(call, user.id) for user in call.state.users.values() if user.team == home]
    members, cursor = page(people, call)
    return {
        "members": members,
        "cache_ts": call.state.now_epoch(),
        "response_metadata": {"next_cursor": cursor},
    }


async def users_lookup(call: Call) -> Json:
    """Find a person of the home workspace by e-mail."""
    email = call.need("email").lower()
    for user in call.state.users.values():
        if user.email.lower() == email and user.team == call.me.team.id and not user.deleted:
            return {"user": _person(call, user.id)}
    raise SlackError("users_not_found")


async def users_conversations(call: Call) -> Json:
    """List the channels that a person (default: the bot) is in and that the bot may see."""
    state = call.state
    user_id = call.text("user", call.me.bot_user)
    state.person(user_id)
    types = set(call.text("types", "public_channel").split(","))
    found = []
    for channel in state.channels.values():
        kind = {"channel": "public_channel", "group": "private_channel"}.get(channel.kind, "im")
        hidden = channel.is_private and call.me.bot_user not in channel.members
        if user_id in channel.members and kind in types and not hidden:
            found.append(channel_json(state, call.me, channel, detailed=False))
    channels, cursor = page(found, call)
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


async def usergroups_list(call: Call) -> Json:
    """List the home workspace's user groups."""
    groups = []
    for group in call.state.usergroups.values():
        body: Json = {
            "id": group.id,
            "team_id": call.me.team.id,
            "is_usergroup": True,
            "name": group.name,
            "handle": group.handle,
            "is_external": False,
            "date_delete": 0,
            "user_count": len(group.users),
        }
        if call.flag("include_users"):
            body["users"] = list(group.users)
        groups.append(body)
    return {"usergroups": groups}


async def usergroups_users_list(call: Call) -> Json:
    """List the members of a user group."""
    group = call.state.usergroups.get(call.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


METHODS = {
    "users.info": Method(users_info, TIER_4, ("users:read",)),
    "users.list": Method(users_list, TIER_2, ("users:read",)),
    "users.lookupByEmail": Method(users_lookup, TIER_3, ("users:read.email",)),
    "users.conversations": Method(
        users_conversations, TIER_3, ("channels:read", "groups:read", "im:read")
    ),
    "usergroups.list": Method(usergroups_list, TIER_2, ("usergroups:read",)),
    "usergroups.users.list": Method(usergroups_users_list, TIER_2, ("usergroups:read",)),
}
