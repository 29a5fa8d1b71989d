"""One Web API call: its arguments in any of Slack's encodings, and who makes it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from integrations.sandbox.slack.core import SlackServer
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.installs import Installed, Token
from integrations.sandbox.slack.state import Channel, Json, SlackState


@dataclass(frozen=True, slots=True)
class Call:
    """A call under way.

    Args:
        server: The stand-in.
        token: Who calls.
        args: Arguments from query, form or JSON body; form values are strings.
    """

    server: SlackServer
    token: Token
    args: Json

    @property
    def state(self) -> SlackState:
        """The world's Slack side."""
        return self.server.state

    @property
    def me(self) -> Installed:
        """The installation that calls; the home one where a token is for none."""
        return self.state.installed[self.token.team or self.state.home.id]

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """Return an argument that must be there.

        Raises:
            SlackError: `invalid_arguments`, naming the field.
        """
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes/no argument: true, 1, "true" and "1" are yes."""
        value = self.args.get(name)
        return default if value is None else str(value).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """Return a whole number.

        Raises:
            SlackError: `invalid_arguments`.
        """
        value = self.text(name) or str(default)
        if not value.isdecimal():
            raise SlackError("invalid_arguments", [f"[ERROR] {name} must be an integer"])
        return int(value)

    def structure(self, name: str, error: str) -> Any:  # noqa: ANN401 - JSON of any shape.
        """Return a JSON argument, None where it is left out; forms carry it as text.

        Raises:
            SlackError: `error`, where it is not JSON.
        """
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def channel(self, name: str = "channel") -> Channel:
        """Return the channel that an argument names; private ones only to members.

        Raises:
            SlackError: `channel_not_found`.
        """
        channel = self.state.channel(self.need(name))
        bot_is_in = self.me.bot_user in channel.members
        theirs = (channel.host, *channel.shared_with)
        if not bot_is_in and (channel.is_private or self.me.team.id not in theirs):
            raise SlackError("channel_not_found")
        return channel


Handler = Callable[[Call], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method.

    Args:
        handler: What it does.
        per_minute: Its rate limit tier, in calls a minute.
        scopes: Any one of these is enough; empty for none.
        token: Kind of token that it wants.
    """

    handler: Handler
    per_minute: int
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105 - a kind, not a token.


async def read_args(request: Request) -> Json:
    """Return a call's arguments from query string and body.

    Raises:
        SlackError: `invalid_json` or `invalid_form_data`.
    """
    args: Json = dict(request.query_params)
    content_type = request.headers.get("content-type", "").split(";")[0].strip()
    if content_type == "application/json":
        body = await request.body()
        try:
            parsed = json.loads(body or b"{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(parsed, dict):
            raise SlackError("json_not_object")
        return {**args, **parsed}
    if content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            args |= {key: value for key, value in form.items() if isinstance(value, str)}
    return args


def page(items: list[Json], call: Call, default: int = 100) -> tuple[list[Json], str]:
    """Cut one page out of a list by `limit` and `cursor`; return it and the next cursor.

    Raises:
        SlackError: `invalid_cursor` or `invalid_limit`.
    """
    limit = call.number("limit", default)
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    cursor = call.text("cursor")
    start = 0
    if cursor:
        head, _, place = cursor.rstrip("=").partition("-")
        if head != "next" or not place.isdecimal():
            raise SlackError("invalid_cursor")
        start = int(place)
    end = start + limit
    return items[start:end], f"next-{end}=" if end < len(items) else ""
