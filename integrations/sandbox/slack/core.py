"""The running Slack stand-in: its state, and what happens around every change of it.

A change of a message is one act with four sides: the state, the log, the pages that may see it,
and the events that the app is subscribed to. All four happen here and nowhere else.
"""

from dataclasses import dataclass, field

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.log import RequestLog
from integrations.sandbox.slack import payloads
from integrations.sandbox.slack.delivery import Delivery, Done
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.installs import Granted, Installed, Token
from integrations.sandbox.slack.interactions import Interactions, with_block_ids
from integrations.sandbox.slack.limits import RateLimits
from integrations.sandbox.slack.panel import WorldPanel
from integrations.sandbox.slack.state import Channel, Json, Message, SlackState
from integrations.sandbox.slack.stream import Stream

_SUBSCRIPTION = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


@dataclass(slots=True)
class SlackServer:
    """Everything one Slack stand-in consists of.

    Args:
        state: People, channels, messages, tokens.
        clock: The world's time.
        log: What was asked and delivered.
        faults: Faults on demand.
        delivery: The way to the app.
        panel: The page's side panel.
        public_url: Base of the URLs that are handed out, no trailing slash; taken from the first
            request where it is empty.
    """

    state: SlackState
    clock: WorldClock
    log: RequestLog
    faults: FaultBook
    delivery: Delivery
    panel: WorldPanel
    public_url: str = ""
    stream: Stream = field(default_factory=Stream)
    limits: RateLimits = field(default_factory=RateLimits)
    interactions: Interactions = field(init=False)

    def __post_init__(self) -> None:
        self.interactions = Interactions(self.state)
        self.delivery.on_done = self._note_delivery
        self.delivery.hub.on_change = lambda: self.stream.publish({"kind": "state"})

    async def aclose(self) -> None:
        """End streams, sockets and retries, so that the server stops at once."""
        self.stream.close()
        await self.delivery.close()

    # -- messages -------------------------------------------------------------------------

    def post_as_bot(
        self,
        channel: Channel,
        content: Json,
        only_for: str | None = None,
        me: Installed | None = None,
    ) -> Message:
        """Put a message of the app into a channel.

        Args:
            channel: Where.
            content: `text`, `blocks`, `thread_ts`, `metadata`, `files` … as Slack names them.
            only_for: The one person who sees an ephemeral message.
            me: The installation that posts; None for the home one.
        """
        app, me = self.state.app, me or self.state.installed[self.state.home.id]
        body: Json = {
            "user": me.bot_user,
            "bot_id": me.bot_id,
            "app_id": app.id,
            "team": me.team.id,
            "bot_profile": {
                "id": me.bot_id,
                "app_id": app.id,
                "name": app.name,
                "team_id": me.team.id,
                "deleted": False,
            },
            **content,
        }
        if body.get("blocks"):
            body["blocks"] = with_block_ids(self.state, body["blocks"])
        message = self.state.add_message(channel, body, only_for)
        self._note("ephemeral" if only_for else "post", channel, message)
        self._show(channel, only_for)
        if only_for is None:
            self._message_event(channel, message.body, me.bot_user)
        return message

    def post_as_person(self, user_id: str, channel: Channel, text: str, thread: str | None) -> str:
        """Put a person's message into a channel and tell the app; return its `ts`."""
        body: Json = {"user": user_id, "text": text, "team": self.state.users[user_id].team}
        if thread is not None:
            body["thread_ts"] = thread
        message = self.state.add_message(channel, body)
        self._note("person", channel, message)
        self._show(channel, None)
        self._message_event(channel, message.body, user_id)
        for me in self.state.installed.values():
            if f"<@{me.bot_user}" in text and channel.im_user is None:
                mention = {**message.body, "type": "app_mention", "channel": channel.id}
                self.event("app_mention", mention, channel, user_id, me)
        return message.ts

    def update(self, channel: Channel, message: Message, content: Json) -> None:
        """Change a message in place."""
        before = dict(message.body)
        if content.get("blocks"):
            content["blocks"] = with_block_ids(self.state, content["blocks"])
        if "blocks" in content:
            self.interactions.remember(message.ts, before.get("blocks", []))
        message.body.update(content)
        message.body["edited"] = {"user": self.state.app.bot_user, "ts": self.state.next_ts()}
        self._note("update", channel, message)
        self._show(channel, message.only_for)
        if message.only_for is None:
            self._changed_event(channel, "message_changed", before, message.body)

    def delete(self, channel: Channel, message: Message) -> None:
        """Take a message away."""
        self.state.remove_message(channel, message.ts)
        self._note("delete", channel, message)
        self._show(channel, message.only_for)
        if message.only_for is None:
            self._changed_event(channel, "message_deleted", message.body, None)

    # -- membership -----------------------------------------------------------------------

    def join(self, channel: Channel, user_id: str, inviter: str | None = None) -> None:
        """Make somebody a member of a channel and tell the app."""
        if user_id in channel.members:
            return
        channel.members.append(user_id)
        event: Json = {
            "type": "member_joined_channel",
            "user": user_id,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self.state.users[user_id].team,
            "event_ts": self.state.next_ts(),
        }
        if inviter is not None:
            event["inviter"] = inviter
        self.event("member_joined_channel", event, channel, user_id)
        self.stream.publish({"kind": "state"})

    def leave(self, channel: Channel, user_id: str) -> None:
        """Take somebody out of a channel and tell the app."""
        event: Json = {
            "type": "member_left_channel",
            "user": user_id,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self.state.users[user_id].team,
            "event_ts": self.state.next_ts(),
        }
        self.event("member_left_channel", event, channel, user_id)
        channel.members.remove(user_id)
        if self.state.is_bot(user_id):
            kind = f"{channel.kind}_left"
            gone: Json = {"type": kind, "channel": channel.id, "event_ts": self.state.next_ts()}
            self.event(kind, gone, None, user_id, self.state.installation_of(user_id))

    def rename(self, channel: Channel, name: str) -> None:
        """Give a channel another name and tell the app."""
        channel.name = name
        kind = f"{channel.kind}_rename"
        event: Json = {
            "type": kind,
            "channel": {"id": channel.id, "name": name, "created": channel.created},
            "event_ts": self.state.next_ts(),
        }
        self.event(kind, event, channel, self.state.app.bot_user)

    def archive(self, channel: Channel, by: str, *, archived: bool) -> None:
        """Archive a channel, or bring it back, and tell the app."""
        channel.is_archived = archived
        kind = f"{channel.kind}_{'archive' if archived else 'unarchive'}"
        self.event(kind, {"type": kind, "channel": channel.id, "user": by}, channel, by)

    def remove(self, channel: Channel) -> None:
        """Delete a channel for ever and tell the app."""
        del self.state.channels[channel.id]
        kind = f"{channel.kind}_deleted"
        self.event(kind, {"type": kind, "channel": channel.id}, None, self.state.app.bot_user)

    def change_id(self, channel: Channel, new_id: str) -> None:
        """Give a channel another id, as sharing a private one does, and tell the app."""
        old = channel.id
        self.state.channels = {
            (new_id if key == old else key): one for key, one in self.state.channels.items()
        }
        channel.id = new_id
        event: Json = {
            "type": "channel_id_changed",
            "old_channel_id": old,
            "new_channel_id": new_id,
        }
        self.event("channel_id_changed", event, channel, self.state.app.bot_user)

    def share(self, channel: Channel, team: str) -> None:
        """Share a channel with another workspace and tell the app."""
        if team not in channel.shared_with:
            channel.shared_with.append(team)
        channel.invited = [one for one in channel.invited if one != team]
        event: Json = {"type": "channel_shared", "connected_team_id": team, "channel": channel.id}
        self.event("channel_shared", event, channel, self.state.app.bot_user)

    def unshare(self, channel: Channel, team: str) -> None:
        """End sharing with a workspace: its people leave, and the app is told."""
        if team in channel.shared_with:
            channel.shared_with.remove(team)
        channel.members = [one for one in channel.members if self.state.users[one].team != team]
        event: Json = {
            "type": "channel_unshared",
            "previously_connected_team_id": team,
            "channel": channel.id,
            "is_ext_shared": bool(channel.shared_with),
        }
        self.event("channel_unshared", event, channel, self.state.app.bot_user)

    # -- installations --------------------------------------------------------------------

    def install(self, team_id: str, user_id: str, scopes: tuple[str, ...]) -> Granted:
        """Put the app into a workspace, as somebody allowed."""
        self.state.put_in(team_id)
        self.stream.publish({"kind": "state"})
        return self.state.grant(team_id, scopes, user_id)

    def revoke(self, token: Token) -> None:
        """End one token; without any, the app is out of the workspace."""
        if sum(one.active and one.team == token.team for one in self.state.tokens.values()) == 1:
            self.uninstall(token.team)
        token.active = False

    def uninstall(self, team_id: str = "") -> None:
        """Remove the app from a workspace (the home one), and tell it twice, as Slack does.

        Its bot tokens die. As with Slack, these two events name no `authorizations`.

        Raises:
            SlackError: `team_not_found` where it isn't installed.
        """
        team_id = team_id or self.state.home.id
        if not self.state.has_app(team_id):
            raise SlackError("team_not_found")
        me = self.state.installed[team_id]
        revoked: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [me.bot_user]}}
        self.event("tokens_revoked", revoked, None, me.bot_user, me)
        self.event("app_uninstalled", {"type": "app_uninstalled"}, None, me.bot_user, me)
        for token in self.state.tokens.values():
            if token.kind == "bot" and token.team == team_id:
                token.active = False

    def reinstall(self) -> None:
        """Install the app again in the home workspace: the same tokens are taken."""
        for token in self.state.tokens.values():
            if token.team in ("", self.state.home.id):
                token.active = True

    # -- views ----------------------------------------------------------------------------

    def stack_change(self, user_id: str) -> Json:
        """Return the change that shows a page a person's open modals."""
        stack = self.interactions.stack(user_id)
        return {"kind": "view", "view": stack[-1] if stack else None, "stack": stack}

    def show_stack(self, user_id: str) -> None:
        """Send a person's open modals to their pages."""
        self.stream.publish(self.stack_change(user_id), {user_id})

    def show_home(self, user_id: str, view: Json) -> None:
        """Send a person's Home tab to their pages."""
        self.stream.publish({"kind": "home", "view": view}, {user_id})

    def note_view(self, op: str, user_id: str, view: Json) -> None:
        """Log that a person was shown a view."""
        title = (view.get("title") or {}).get("text", "")
        self.log.message(
            op=op,
            user=user_id,
            view_id=view["id"],
            callback_id=view["callback_id"],
            title=title,
            blocks=view["blocks"],
        )

    def toast(self, user_id: str, text: str) -> None:
        """Show a person one of Slack's own failure notices."""
        self.log.message(op="toast", user=user_id, text=text)
        self.stream.publish({"kind": "toast", "text": text}, {user_id})

    # -- events ---------------------------------------------------------------------------

    def event(
        self,
        subscription: str,
        event: Json,
        channel: Channel | None,
        actor: str,
        me: Installed | None = None,
    ) -> None:
        """Deliver an event if the app subscribes to it and may see where it happened.

        It comes once, for the first installation that sees it, unless `me` says for which.
        """
        if subscription not in self.state.app.events:
            return
        sees = [me] if me else list(self.state.installed.values())
        if channel is not None:
            sees = [one for one in sees if one.bot_user in channel.members]
        if not sees:
            return
        event.setdefault("event_ts", event.get("ts") or self.state.next_ts())
        envelope = payloads.event_envelope(self.state, sees[0], event, channel, actor)
        self.delivery.event(envelope)

    def _message_event(self, channel: Channel, body: Json, actor: str) -> None:
        event = {**body, "channel": channel.id, "channel_type": channel.kind}
        event.pop("metadata", None)
        if body.get("files"):
            event["subtype"] = "file_share"
        self.event(_SUBSCRIPTION[channel.kind], event, channel, actor)

    def _changed_event(
        self, channel: Channel, subtype: str, before: Json, after: Json | None
    ) -> None:
        stamp = self.state.next_ts()
        event: Json = {
            "type": "message",
            "subtype": subtype,
            "channel": channel.id,
            "channel_type": channel.kind,
            "hidden": True,
            "ts": stamp,
            "previous_message": before,
        }
        if after is None:
            event["deleted_ts"] = before["ts"]
        else:
            event["message"] = dict(after)
        self.event(_SUBSCRIPTION[channel.kind], event, channel, self.state.app.bot_user)

    # -- log and pages --------------------------------------------------------------------

    def _note_delivery(self, done: Done) -> None:
        payload = done.payload
        event = payload.get("event", {})
        actions = [one["action_id"] for one in payload.get("actions", [])]
        self.log.request(
            "DELIVER",
            payload.get("command") or event.get("type") or payload["type"],
            status=200 if done.ack.ok else 504,
            over=done.over,
            milliseconds=round(done.seconds * 1000, 1),
            attempt=done.attempt,
            user=payload.get("user_id") or event.get("user") or _id_of(payload.get("user")),
            channel=payload.get("channel_id")
            or _id_of(payload.get("channel", event.get("channel"))),
            event_id=payload.get("event_id"),
            actions=actions,
            error=done.ack.error,
        )

    def _note(self, op: str, channel: Channel, message: Message) -> None:
        body = message.body
        self.log.message(
            op=op,
            channel=channel.id,
            ts=message.ts,
            thread_ts=body.get("thread_ts"),
            user=message.only_for if op == "ephemeral" else body["user"],
            text=body.get("text", ""),
            blocks=body.get("blocks", []),
            metadata=body.get("metadata"),
        )

    def _show(self, channel: Channel, only_for: str | None) -> None:
        people = {only_for} if only_for else self.state.audience(channel)
        self.stream.publish({"kind": "message", "channel": channel.id}, people)


def _id_of(value: Json | str | None) -> str | None:
    return value.get("id") if isinstance(value, dict) else value
