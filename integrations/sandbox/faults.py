"""Faults on demand, shared by the three stand-ins, and the middleware that applies them.

A rule says which requests it touches (``match``) and what happens to them (``fault``). Faults of
the wire (status, latency, reset, …) are applied here; those that need a system's own words
(page_cap, expired_token, …) are handed on in ``request.state.fault`` for the stand-in to obey.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class FaultKind(StrEnum):
    """What may go wrong."""

    STATUS = "status"  # Answer `status` in the system's own error shape.
    LATENCY = "latency"  # Answer rightly, `seconds` later.
    TIMEOUT = "timeout"  # Say nothing for `seconds`, then cut the connection.
    RESET = "reset"  # Cut the connection at once.
    TRUNCATE = "truncate"  # Cut the connection half-way through the right answer.
    HTML200 = "html200"  # Answer 200 with a web page, as a proxy or a login wall does.
    XML = "xml"  # Answer `status` in XML although JSON was asked for.
    BODY = "body"  # Answer `status` (200) with `body` as it stands.
    PAGE_CAP = "page_cap"  # Give at most `rows` rows a page.
    REPEAT_PAGE = "repeat_page"  # Give the first page whatever page was asked for.
    EMPTY_PAGE = "empty_page"  # Give a page without rows.
    CLOCK_SKEW = "clock_skew"  # Tell a time that is `seconds` off.
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - Treat the access token as expired.
    REVOKED_TOKEN = "revoked_token"  # noqa: S105 - Treat the access token as revoked.


def _a_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        msg = f"not a regular expression: {error}"
        raise ValueError(msg) from error
    return text


class FaultMatch(BaseModel):
    """Which requests: all where nothing is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: str | None = None
    path: Annotated[str, AfterValidator(_a_pattern)] | None = None
    nth: int = Field(default=1, ge=1)
    times: int | None = Field(default=1, ge=1)


class Fault(BaseModel):
    """What happens to a request."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    status: int | None = Field(default=None, ge=100, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    seconds: float = Field(default=0.0, ge=-10 * 86400, le=10 * 86400)
    rows: int | None = Field(default=None, ge=0)


class FaultRule(BaseModel):
    """One rule as it is posted to ``/_world/faults``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    match: FaultMatch = FaultMatch()
    fault: Fault


@dataclass
class _Armed:
    id: int
    rule: FaultRule
    label: str
    seen: int = 0
    used: int = 0

    def fits(self, method: str, path: str) -> bool:
        match = self.rule.match
        if match.method is not None and match.method.upper() != method.upper():
            return False
        return match.path is None or re.search(match.path, path) is not None

    @property
    def spent(self) -> bool:
        return self.rule.match.times is not None and self.used >= self.rule.match.times


@dataclass
class FaultBook:
    """The rules in force at one stand-in, oldest first; the first that fits is applied."""

    _armed: list[_Armed] = field(default_factory=list)
    _next_id: int = 1

    def add(self, rule: FaultRule, *, label: str = "") -> int:
        """Put ``rule`` in force and return its id; ``label`` lets ``clear`` find it again."""
        armed = _Armed(self._next_id, rule, label)
        self._next_id += 1
        self._armed.append(armed)
        return armed.id

    def clear(self, *, label: str | None = None) -> int:
        """Take away every rule, or those with ``label``; the result is how many."""
        before = len(self._armed)
        self._armed = [one for one in self._armed if label is not None and one.label != label]
        return before - len(self._armed)

    def has(self, label: str) -> bool:
        """Whether a rule with ``label`` is in force."""
        return any(one.label == label and not one.spent for one in self._armed)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if any; counts it against the rule's ``times``."""
        for armed in self._armed:
            if armed.spent or not armed.fits(method, path):
                continue
            armed.seen += 1
            if armed.seen >= armed.rule.match.nth:
                armed.used += 1
                return armed.rule.fault
        return None

    def listing(self) -> list[dict[str, Any]]:
        """The rules as JSON, each with ``id``, ``label`` and how often it was applied."""
        return [
            {
                "id": one.id,
                "label": one.label,
                "used": one.used,
                "spent": one.spent,
                **one.rule.model_dump(mode="json", exclude_defaults=True),
            }
            for one in self._armed
        ]
