"""What arrived, by the Slack stand-in's own record: every message that it ever showed anybody."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benchmarks.chaos.day import key_of
from benchmarks.chaos.town import SUPPORT, Town, nine
from integrations.sandbox.slack.core import SlackServer


@dataclass(frozen=True)
class Tally:
    """How often each thing arrived, by customer."""

    reminders: Counter[int]
    handoffs: Counter[int]
    packs: Counter[int]
    confirmations: Counter[int]
    arrived_at: Mapping[int, datetime]
    """When each customer's first reminder arrived."""

    def missing(self, what: str, wanted: set[int]) -> list[int]:
        """Whom nothing of this kind reached."""
        return sorted(one for one in wanted if not getattr(self, what)[one])

    def doubled(self, what: str) -> list[int]:
        """Whom something of this kind reached again; thrice counts as doubled twice."""
        times: Counter[int] = getattr(self, what)
        return [one for one in sorted(times) for _ in range(times[one] - 1)]


def count(slack: SlackServer, log: list[dict[str, Any]]) -> Tally:
    """Count posts in the log by the kind of their key, and files in the support channel.

    The kind and the channel are counted, not the whole key: two reminders of one day would be
    doubled under whatever key.
    """
    tally = Tally(Counter(), Counter(), Counter(), Counter(), {})
    for entry in log:
        if entry["kind"] != "message" or entry["op"] != "post":
            continue
        kind, _, rest = key_of(entry).partition(":")
        if kind == "reminder":
            customer = int(entry["channel"].removeprefix("C"))
            tally.reminders[customer] += 1
            at = datetime.fromisoformat(entry["at"])
            tally.arrived_at.setdefault(customer, at)  # type: ignore[attr-defined]
        elif kind == "handoff":
            customer = int(rest.split(":")[0])
            is_confirmation = rest.endswith(":confirmation")
            (tally.confirmations if is_confirmation else tally.handoffs)[customer] += 1
    for message in slack.state.channel(SUPPORT).messages.values():
        for file in message.body.get("files") or ():
            thread = slack.state.channel(SUPPORT).messages[message.body["thread_ts"]]
            kind, _, rest = key_of(thread.body).partition(":")
            # The weekly digest has a file under it, too.
            if kind == "handoff":
                tally.packs[int(rest.split(":")[0])] += bool(file)
    return tally


def lateness(tally: Tally, town: Town, but: set[int]) -> list[float]:
    """Seconds after nine at which reminders arrived, without the customers in ``but``."""
    return sorted(
        (tally.arrived_at[number] - nine(zone)).total_seconds()
        for zone, numbers in enumerate(town.zones)
        for number in numbers
        if number in tally.arrived_at and number not in but
    )
