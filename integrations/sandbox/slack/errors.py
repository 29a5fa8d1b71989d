"""Slack's own refusals, as the Web API words them.

Codes are those of the method pages on docs.slack.dev and of slack_sdk's error handling.
"""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """A Web API answer with `ok: false`.

    Args:
        code: Slack's error code, e.g. `channel_not_found`.
        messages: Lines for `response_metadata.messages`, where Slack says more.
        status: HTTP status; 200 for everything but rate limits and server faults.
        headers: Extra response headers, e.g. `Retry-After` in whole seconds.
        extra: Further top-level fields, e.g. `needed` and `provided` of `missing_scope`.
    """

    def __init__(
        self,
        code: str,
        messages: Sequence[str] = (),
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.status = status
        self.headers = headers or {}
        self.extra = extra or {}

    def body(self) -> dict[str, Any]:
        """Return the JSON answer."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["errors"] = [line.removeprefix("[ERROR] ") for line in self.messages]
            body["response_metadata"] = {"messages": self.messages}
        return body


class PageError(Exception):
    """A refusal of the page's own API: a short code and a sentence for the person.

    Like Slack's own API it is answered with status 200, unless something other than the page's
    own code reads it (a picture, a stream).
    """

    def __init__(self, code: str, message: str, *, status: int = 200) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
