"""What a click leaves behind: triggers, response URLs and open views, each with Slack's limits.

Limits (docs.slack.dev): a trigger opens one view within 3 seconds; a response URL takes five
posts within 30 minutes; at most three modals lie on one another.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.installs import Installed
from integrations.sandbox.slack.state import Json, SlackState

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5
STACK_LIMIT = 3
# How many earlier versions of a message or view can still be clicked in.
REMEMBERED = 20


@dataclass(slots=True)
class Trigger:
    """A person's permission to be shown one view."""

    user: str
    installed: str
    expires: datetime
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer an interaction, and which message it came from."""

    channel: str
    user: str
    me: Installed
    expires: datetime
    uses_left: int = RESPONSE_URL_USES
    message_ts: str | None = None


@dataclass(slots=True)
class Interactions:
    """Triggers, response URLs and views of one running world."""

    state: SlackState
    trigger_life: timedelta = TRIGGER_LIFE
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    views: dict[str, Json] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    past: dict[str, deque[list[Json]]] = field(default_factory=dict)

    # -- earlier versions -----------------------------------------------------------------

    def remember(self, key: str, blocks: list[Json]) -> None:
        """Keep the blocks of a message or view that is about to change.

        Somebody may be pressing a button in them at this very moment; what arrives then is what
        that person saw.

        Args:
            key: The message's `ts` or the view's id.
            blocks: The version that goes.
        """
        self.past.setdefault(key, deque(maxlen=REMEMBERED)).appendleft(blocks)

    def versions(self, key: str, blocks: list[Json]) -> list[Json]:
        """Return the blocks of the present version and then of the earlier ones, newest first."""
        return [*blocks, *(block for old in self.past.get(key, ()) for block in old)]

    @property
    def _home(self) -> Installed:
        return self.state.installed[self.state.home.id]

    # -- triggers -------------------------------------------------------------------------

    def issue_trigger(self, user_id: str, me: Installed | None = None) -> str:
        """Return a trigger id for something that a person just did."""
        now = self.state.clock.now()
        for old, trigger in list(self.triggers.items()):
            if trigger.expires + self.trigger_life * 100 < now:
                del self.triggers[old]
        serial = self.state.new_id("")
        trigger_id = f"{serial}.{int(now.timestamp())}.{serial[::-1].lower()}"
        team = (me or self._home).team.id
        self.triggers[trigger_id] = Trigger(user_id, team, now + self.trigger_life)
        return trigger_id

    def use_trigger(self, trigger_id: str, me: Installed) -> Trigger:
        """Spend a trigger; only the installation that it was given to can.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self.triggers.get(trigger_id)
        if trigger is None or trigger.installed != me.team.id:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.state.clock.now() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    # -- response URLs --------------------------------------------------------------------

    def issue_response_url(
        self, channel: str, user: str, me: Installed, message_ts: str | None = None
    ) -> str:
        """Return the path of a fresh response URL."""
        expires = self.state.clock.now() + RESPONSE_URL_LIFE
        key = self.state.new_id("R")
        self.response_urls[key] = ResponseUrl(channel, user, me, expires, message_ts=message_ts)
        kind = "commands" if message_ts is None else "actions"
        return f"/{kind}/{me.team.id}/{key}"

    def use_response_url(self, key: str) -> ResponseUrl:
        """Spend one use of a response URL.

        Raises:
            SlackError: `used_url` after five uses, `expired_url` after 30 minutes.
        """
        url = self.response_urls.get(key)
        if url is None:
            raise SlackError("invalid_url", status=404)
        if self.state.clock.now() > url.expires:
            raise SlackError("expired_url", status=404)
        if url.uses_left <= 0:
            raise SlackError("used_url", status=404)
        url.uses_left -= 1
        return url

    # -- views ----------------------------------------------------------------------------

    def stack(self, user_id: str) -> list[Json]:
        """Return a person's open modals, bottom first."""
        return [self.views[view_id] for view_id in self.stacks.get(user_id, [])]

    def place(self, user_id: str, source: Json, me: Installed, *, push: bool) -> Json:
        """Show a modal to a person, on top of the others or instead of them.

        Raises:
            SlackError: `push_limit_reached` when three already lie there.
        """
        stack = self.stacks.setdefault(user_id, [])
        if push and len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        if not push:
            for view_id in stack:
                del self.views[view_id]
            stack.clear()
        self._refuse_repeated_external_id(source)
        view = self._build(user_id, source, me)
        view["previous_view_id"] = stack[-1] if stack else None
        view["root_view_id"] = stack[0] if stack else view["id"]
        stack.append(view["id"])
        self.views[view["id"]] = view
        self.owners[view["id"]] = user_id
        return view

    def replace(self, view: Json, source: Json) -> Json:
        """Give an open view new content; what the person already entered is kept."""
        for key in ("external_id", "callback_id", "private_metadata"):
            source.setdefault(key, "")
        me = self.state.installed[view["app_installed_team_id"]]
        fresh = self._build(self.owners[view["id"]], source, me)
        self.remember(view["id"], view["blocks"])
        kept = view["state"]["values"]
        for block_id, values in fresh["state"]["values"].items():
            for action_id, value in kept.get(block_id, {}).items():
                if values.get(action_id, {}).get("type") == value.get("type"):
                    values[action_id] = value
        for key in ("id", "previous_view_id", "root_view_id"):
            fresh[key] = view[key]
        view.clear()
        view.update(fresh)
        return view

    def publish_home(
        self, user_id: str, source: Json, me: Installed, given_hash: str | None
    ) -> Json:
        """Set a person's Home tab.

        Raises:
            SlackError: `hash_conflict` when the app looked at an older one.
        """
        old = self.homes.get(user_id)
        if given_hash and old is not None and given_hash != old["hash"]:
            raise SlackError("hash_conflict")
        view = self._build(user_id, source, me)
        if old is not None:
            view["id"] = old["id"]
            self.remember(view["id"], old["blocks"])
        view.update(previous_view_id=None, root_view_id=view["id"])
        self.homes[user_id] = view
        self.owners[view["id"]] = user_id
        return view

    def find_view(self, view_id: str | None, external_id: str | None) -> Json:
        """Return an open view by either id.

        Raises:
            SlackError: `not_found`.
        """
        for view in [*self.views.values(), *self.homes.values()]:
            if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                return view
        raise SlackError("not_found")

    def close(self, user_id: str, view_id: str) -> Json | None:
        """Take a view and whatever lies on it off the stack; return the view."""
        stack = self.stacks.get(user_id, [])
        if view_id not in stack:
            return None
        place = stack.index(view_id)
        gone = [self.views.pop(one) for one in stack[place:]]
        del stack[place:]
        return gone[0]

    def clear(self, user_id: str) -> None:
        """Close all of a person's modals."""
        for view_id in self.stacks.pop(user_id, []):
            del self.views[view_id]

    def _refuse_repeated_external_id(self, source: Json) -> None:
        wanted = source.get("external_id")
        if wanted and any(view["external_id"] == wanted for view in self.views.values()):
            raise SlackError("duplicate_external_id")

    def _build(self, user_id: str, source: Json, me: Installed) -> Json:
        state = self.state
        view_id = state.new_id("V")
        blocks = with_block_ids(state, source.get("blocks", []))
        return {
            "id": view_id,
            "team_id": state.person(user_id).team,
            "type": source["type"],
            "title": source.get("title"),
            "submit": source.get("submit"),
            "close": source.get("close"),
            "blocks": blocks,
            "private_metadata": source.get("private_metadata", ""),
            "callback_id": source.get("callback_id", ""),
            "external_id": source.get("external_id", ""),
            "state": {"values": initial_values(blocks)},
            "hash": f"{state.now_epoch()}.{state.new_id('h')}",
            "clear_on_close": source.get("clear_on_close", False),
            "notify_on_close": source.get("notify_on_close", False),
            "app_id": state.app.id,
            "app_installed_team_id": me.team.id,
            "bot_id": me.bot_id,
        }


def with_block_ids(state: SlackState, blocks: list[Json]) -> list[Json]:
    """Return the blocks, each with a `block_id` and its elements with an `action_id`.

    Slack makes up what the app left out and hands it back.
    """
    return [_with_ids(state, block) for block in blocks]


def _with_ids(state: SlackState, block: Json) -> Json:
    full = {**block, "block_id": block.get("block_id") or state.new_id("b")}
    for name in ("accessory", "element"):
        # What is null counts as left out.
        if full.get(name) is not None:
            full[name] = _with_action_id(state, full[name])
    if full["type"] in ("actions", "context_actions"):
        full["elements"] = [_with_action_id(state, one) for one in full["elements"]]
    return full


def _with_action_id(state: SlackState, element: Json) -> Json:
    if element["type"] == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": state.new_id("a")}


# How an element's initial_… field becomes an entry of view.state.values.
_STATEFUL = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "file_input": ("files", ""),
}


def value_key(element_type: str) -> str | None:
    """Return the key under which an element reports what was entered, None for a button."""
    entry = _STATEFUL.get(element_type)
    return entry[0] if entry else None


def block_elements(block: Json) -> list[Json]:
    """Return the interactive elements of a block, in order, with those of nested blocks."""
    found = [one for one in (block.get("accessory"), block.get("element")) if isinstance(one, dict)]
    if block.get("type") in ("actions", "context_actions"):
        found += block.get("elements", [])
    if block.get("type") == "card":
        found += block.get("actions") or []
    for child in _children(block):
        found += block_elements(child)
    return [one for one in found if isinstance(one, dict) and "action_id" in one]


def _children(block: Json) -> list[Json]:
    if block.get("type") == "container":
        return list(block.get("child_blocks", []))
    return list(block.get("elements", [])) if block.get("type") == "carousel" else []


def initial_values(blocks: list[Json]) -> Json:
    """Return `state.values` as Slack reports it before anybody entered anything."""
    values: Json = {}
    for block in blocks:
        for element in block_elements(block):
            entry = _STATEFUL.get(element["type"])
            if entry is None:
                continue
            key, initial = entry
            empty: object = [] if key.endswith("s") else None
            slot = values.setdefault(block["block_id"], {})
            slot[element["action_id"]] = {
                "type": element["type"],
                key: element.get(initial, empty),
            }
    return values
