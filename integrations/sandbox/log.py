"""What a stand-in saw and delivered, in order, without a token in it."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from integrations.sandbox.clock import WorldClock

SECRET_NAMES = frozenset(
    {
        "access_token",
        "client_secret",
        "code",
        "code_verifier",
        "id_token",
        "id_token_hint",
        "password",
        "refresh_token",
        "secret",
        "ticket",
        "token",
    },
)
HIDDEN = "[hidden]"
_SLACK_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+")

Entry = dict[str, Any]


def hide_secrets(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``fields`` in which no value can be used as a credential."""
    return {
        key: HIDDEN if key.lower() in SECRET_NAMES else _without_tokens(value)
        for key, value in fields.items()
    }


def _without_tokens(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape.
    if isinstance(value, str):
        # Hardly any text has one, and a look for these letters takes a tenth of the search.
        return _SLACK_TOKEN.sub(HIDDEN, value) if "xox" in value or "xapp-" in value else value
    # Of what is asked here, asking for a Mapping takes the longest; JSON's is a dict.
    if isinstance(value, dict):
        return hide_secrets(value)
    if isinstance(value, list):
        return [_without_tokens(one) for one in value]
    if value is None or isinstance(value, int | float):
        return value
    return hide_secrets(value) if isinstance(value, Mapping) else value


class RequestLog:
    """An append-only list of what happened; ``n`` counts from 1 without a gap."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._entries: list[Entry] = []

    def now(self) -> datetime:
        """The time by which entries are stamped."""
        return self._clock.now()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Iterable[tuple[str, str]] = (),
        status: int | None,
        **more: Any,  # noqa: ANN401 - any further fact worth showing.
    ) -> Entry:
        """Note one request; ``status`` is None where the connection was cut instead."""
        shown = [[key, HIDDEN if key.lower() in SECRET_NAMES else text] for key, text in query]
        return self._append(
            "request",
            {"method": method, "path": path, "query": shown, "status": status, **more},
        )

    def message(self, **fields: Any) -> Entry:  # noqa: ANN401 - any fact worth showing.
        """Note one message that was delivered to somebody."""
        return self._append("message", fields)

    def entries(self, *, after: int = 0) -> list[Entry]:
        """Everything with ``n`` greater than ``after``, oldest first."""
        return self._entries[after:]

    def _append(self, kind: str, fields: Mapping[str, Any]) -> Entry:
        entry: Entry = {
            "n": len(self._entries) + 1,
            "at": self.now().isoformat(timespec="milliseconds"),
            "kind": kind,
            **hide_secrets(fields),
        }
        self._entries.append(entry)
        return entry
