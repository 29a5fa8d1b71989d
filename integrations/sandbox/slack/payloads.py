"""The payloads that Slack sends to an app, with the team fields as Slack Connect fills them.

Sources: docs.slack.dev/apis/slack-connect (events), java-slack-sdk#1041 (block_actions: `team` is
the installing workspace, `user.team_id` the person's own), bolt-js#1614 (view_submission: `team`
is the person's own workspace, `view.app_installed_team_id` the installing one).
"""

from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.slack.installs import Installed
from integrations.sandbox.slack.state import Channel, Json, SlackState


def event_envelope(
    state: SlackState, me: Installed, event: Json, channel: Channel | None, actor: str
) -> Json:
    """Wrap an event for delivery.

    Args:
        state: The world.
        me: The installation that it is delivered for.
        event: The inner event, without team fields for the actor.
        channel: Where it happened, if anywhere.
        actor: The person who caused it.
    """
    home = me.team.id
    team = state.users[actor].team
    external = team != home
    inner = dict(event)
    outer_team = home
    if inner["type"] == "message" and external:
        inner.update(team=team, user_team=team, source_team=team)
        outer_team = team
    elif inner["type"] == "app_mention":
        inner["team"] = home
        inner.pop("channel_type", None)
        if external:
            inner.update(user_team=team, source_team=team)
    elif inner["type"] == "message":
        inner.setdefault("team", team)
    about_itself = inner["type"] in ("app_uninstalled", "tokens_revoked")
    return {
        "token": "none",
        "team_id": outer_team,
        "enterprise_id": None,
        "context_team_id": home,
        "context_enterprise_id": None,
        "api_app_id": state.app.id,
        "event": inner,
        "type": "event_callback",
        "event_id": state.new_id("Ev"),
        "event_time": state.now_epoch(),
        "event_context": state.new_id("EC"),
        "is_ext_shared_channel": bool(channel and channel.shared_with),
        "authorizations": []
        if about_itself
        else [
            {
                "enterprise_id": None,
                "team_id": home,
                "user_id": me.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }


def slash_command(
    state: SlackState,
    me: Installed,
    user_id: str,
    channel: Channel,
    command: str,
    text: str,
    *,
    trigger_id: str,
    response_url: str,
) -> Json:
    """Build a slash command; values are strings, as in the form that Slack posts."""
    return {
        "token": "none",
        "team_id": me.team.id,
        "team_domain": me.team.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.im_user else channel.name,
        "user_id": user_id,
        "user_name": state.users[user_id].name,
        "command": command,
        "text": text,
        "api_app_id": state.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _base(state: SlackState, kind: str, user_id: str, team_id: str) -> Json:
    user = state.users[user_id]
    team = state.teams[team_id]
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team,
        },
        "api_app_id": state.app.id,
        "token": "none",
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def block_actions(
    state: SlackState, me: Installed, user_id: str, action: Json, source: Json
) -> Json:
    """Build a click.

    Args:
        state: The world.
        me: The installation whose message or view it is.
        user_id: Who clicked.
        action: One entry of `actions`.
        source: `container` and what belongs to it: `channel`, `message`, `state`,
            `response_url`, or `view`; and `trigger_id`.
    """
    return {
        **_base(state, "block_actions", user_id, me.team.id),
        **source,
        "actions": [{**action, "action_ts": state.next_ts()}],
    }


def view_submission(state: SlackState, user_id: str, view: Json, trigger_id: str) -> Json:
    """Build a modal's submission."""
    return {
        **_base(state, "view_submission", user_id, state.users[user_id].team),
        "trigger_id": trigger_id,
        "view": view,
        "response_urls": [],
    }


def view_closed(state: SlackState, user_id: str, view: Json, *, cleared: bool) -> Json:
    """Build the notice that a person closed a modal."""
    return {
        **_base(state, "view_closed", user_id, state.users[user_id].team),
        "view": view,
        "is_cleared": cleared,
    }


def block_suggestion(
    state: SlackState,
    me: Installed,
    user_id: str,
    block_id: str,
    action_id: str,
    value: str,
    source: Json,
) -> Json:
    """Build the request for the options of an external select."""
    return {
        **_base(state, "block_suggestion", user_id, me.team.id),
        **source,
        "action_id": action_id,
        "block_id": block_id,
        "value": value,
    }


def user_json(state: SlackState, me: Installed, user_id: str, *, with_email: bool) -> Json:
    """Return a person as users.info shows them to one workspace.

    An external person's profile lacks what Slack Connect does not share (locale, admin flags);
    e-mail needs the scope `users:read.email`.
    """
    user = state.users[user_id]
    external = user.team != me.team.id
    profile: dict[str, Any] = {
        "team": user.team,
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "avatar_hash": "g",
    }
    if with_email and user.email:
        profile["email"] = user.email
    is_bot = state.is_bot(user_id)
    if is_bot:
        profile.update(api_app_id=state.app.id, bot_id=state.installation_of(user_id).bot_id)
    body: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_offset": _offset(state, user.tz),
        "profile": profile,
        "is_bot": is_bot,
        "is_app_user": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
        "updated": state.now_epoch(),
    }
    if external:
        body["is_stranger"] = state.is_stranger(user_id, me.team.id)
    else:
        body.update(is_admin=user.is_admin, is_owner=False, is_primary_owner=False)
    return body


def _offset(state: SlackState, zone: str) -> int:
    """Return a zone's distance from UTC at the world's present, in seconds."""
    offset = state.clock.now().astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def channel_json(
    state: SlackState, me: Installed, channel: Channel, *, detailed: bool = True
) -> Json:
    """Return a channel as conversations.info (detailed) or conversations.list shows it."""
    home, host = me.team.id, channel.host or state.home.id
    if channel.im_user is not None:
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_org_shared": False,
            "user": channel.im_user,
            "is_archived": False,
            "is_user_deleted": False,
            "is_open": True,
            "context_team_id": home,
        }
    shared = bool(channel.shared_with)
    body: Json = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_frozen": False,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "is_pending_ext_shared": bool(channel.invited),
        "pending_shared": list(channel.invited),
        "pending_connected_team_ids": list(channel.invited),
        "context_team_id": home,
        "conversation_host_id": host,
        "shared_team_ids": [host, *channel.shared_with],
        "internal_team_ids": [home],
        "is_member": me.bot_user in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
    }
    if detailed:
        body["connected_team_ids"] = [one for one in (host, *channel.shared_with) if one != home]
    else:
        body["num_members"] = len(channel.members)
    return body
