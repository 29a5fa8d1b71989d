"""The small language in which Block Kit's limits are written down.

A rule looks at one value and reports what Slack would complain about. Wording follows Slack's own
`response_metadata.messages`, e.g. `must be less than 151 characters`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Report:
    """Faults found so far on one surface: `message`, `modal` or `home`."""

    surface: str
    problems: list[str] = field(default_factory=list)
    focused: list[str] = field(default_factory=list)

    def fault(self, pointer: str, text: str) -> None:
        """Add one fault at a JSON pointer."""
        self.problems.append(f"[ERROR] {text} [json-pointer:{pointer}]")


Rule = Callable[[Report, Any, str], None]


def string(longest: int, shortest: int = 0) -> Rule:
    """A string of so many characters."""

    def check(report: Report, value: object, pointer: str) -> None:
        if not isinstance(value, str):
            report.fault(pointer, "must provide a string")
        elif len(value) > longest:
            report.fault(pointer, f"must be less than {longest + 1} characters")
        elif len(value) < shortest:
            report.fault(pointer, f"must be more than {shortest - 1} characters")

    return check


def boolean(report: Report, value: object, pointer: str) -> None:
    """Accept true or false."""
    if not isinstance(value, bool):
        report.fault(pointer, "must provide a boolean")


def anything(_report: Report, _value: object, _pointer: str) -> None:
    """Accept whatever comes: Slack documents no limit here, or we know of none."""


def integer(lowest: int, highest: int) -> Rule:
    """A whole number in a range."""

    def check(report: Report, value: object, pointer: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.fault(pointer, "must provide an integer")
        elif not lowest <= value <= highest:
            report.fault(pointer, f"must be between {lowest} and {highest}")

    return check


def one_of(*allowed: str) -> Rule:
    """One of a few words."""

    def check(report: Report, value: object, pointer: str) -> None:
        if value not in allowed:
            report.fault(pointer, f"must be one of: {', '.join(allowed)}")

    return check


def list_of(rule: Rule, fewest: int, most: int) -> Rule:
    """A list whose items all pass a rule."""

    def check(report: Report, value: object, pointer: str) -> None:
        if not isinstance(value, list):
            report.fault(pointer, "must provide an array")
            return
        if len(value) < fewest:
            report.fault(pointer, f"no fewer than {fewest} items allowed")
        if len(value) > most:
            report.fault(pointer, f"no more than {most} items allowed")
        for place, item in enumerate(value):
            rule(report, item, f"{pointer}/{place}")

    return check


def shape(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    """An object with these fields and no others."""
    known = {**required, **(optional or {})}

    def check(report: Report, value: object, pointer: str) -> None:
        if not isinstance(value, dict):
            report.fault(pointer, "must provide an object")
            return
        for name in required:
            if value.get(name) is None:
                report.fault(pointer, f"missing required field: {name}")
        for name, item in value.items():
            rule = known.get(name)
            if rule is None:
                report.fault(pointer, f"invalid additional property: {name}")
            elif item is not None:
                rule(report, item, f"{pointer}/{name}")

    return check


def by_type(kinds: dict[str, Rule], allowed: Iterable[str], what: str) -> Rule:
    """An object whose `type` chooses the rule, from the types allowed in this place."""
    permitted = frozenset(allowed)

    def check(report: Report, value: object, pointer: str) -> None:
        if not isinstance(value, dict):
            report.fault(pointer, "must provide an object")
            return
        kind = value.get("type")
        rule = kinds.get(kind) if isinstance(kind, str) else None
        if rule is None or kind not in permitted:
            report.fault(f"{pointer}/type", f"unsupported {what}: {kind}")
        else:
            rule(report, value, pointer)

    return check


def text(longest: int, *, mrkdwn: bool = True, shortest: int = 1) -> Rule:
    """A text object; `plain_text` only, unless `mrkdwn`."""
    body = string(longest, shortest)
    plain = shape({"type": anything, "text": body}, {"emoji": boolean})
    marked = shape({"type": anything, "text": body}, {"verbatim": boolean})

    def check(report: Report, value: object, pointer: str) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind == "plain_text":
            plain(report, value, pointer)
        elif kind == "mrkdwn" and mrkdwn:
            marked(report, value, pointer)
        elif isinstance(value, dict):
            wanted = "plain_text or mrkdwn" if mrkdwn else "plain_text"
            report.fault(f"{pointer}/type", f"must be {wanted}")
        else:
            report.fault(pointer, "must provide an object")

    return check


def both(*rules: Rule) -> Rule:
    """Several rules on one value."""

    def check(report: Report, value: object, pointer: str) -> None:
        for rule in rules:
            rule(report, value, pointer)

    return check
