"""What a change that a system tells of touches, and how often it may be followed by a check.

Procore and QuickBooks say which kind of record changed, in which company, and nothing else. The
resource names are Procore's (developers.procore.com, "Webhooks", list of resources) and Intuit's
entity names (developer.intuit.com, "Webhooks"); what is in neither list touches nothing.

Where nobody tells, everything is looked at once a night, each customer at a minute of its own.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.domain import facets
from bot.domain.catalogue import catalogue
from bot.domain.lifecycle import Stage
from bot.domain.model import Facet, System
from bot.domain.reminders import at_local, local_day

GATHER = timedelta(seconds=1)
"""Changes come in flocks: those within a second of the first share one check."""
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 30
"""Checks of one customer that changes may start within an hour; the next one waits for its end."""
WATCHED = (Stage.PREPARING, Stage.READY, Stage.HANDED_OFF)
"""Stages in which somebody looks at the card; after acceptance or while it rests nobody does."""

NIGHT_FROM, NIGHT = time(2), timedelta(hours=4)
"""From two to six by the customer's clock: after its people's work, before its reminders."""

_USERS = (facets.SUPPORT_USER, facets.COMPANY_ACCESS, facets.PROJECT_ACCESS)
_CHANGES: Mapping[System, Mapping[str, tuple[Facet[object], ...]]] = {
    System.PROCORE: {
        "company users": _USERS,
        "company vendors": (facets.VENDORS,),
        "standard cost codes": (facets.COST_CODES,),
        "standard cost code lists": (facets.COST_CODES,),
        "projects": (facets.PROJECT_ACCESS,),
    },
    System.QBO: {
        "account": (facets.ACCOUNTS,),
        "item": (facets.ITEMS,),
        "customer": (facets.CUSTOMERS,),
    },
}


def resources(system: System) -> tuple[str, ...]:
    """The kinds of records whose changes touch an item, in lower case."""
    return tuple(_CHANGES[system])


def touched(system: System, resource: str) -> frozenset[str]:
    """The items that rest on what changed; none where nothing does."""
    name = " ".join(resource.replace("_", " ").casefold().split())
    changed = {facet.name for facet in _CHANGES[system].get(name, ())}
    return frozenset(
        known.id for known in catalogue() if any(need.name in changed for need in known.needs)
    )


def next_night(customer_id: int, timezone: str, after: datetime) -> datetime:
    """When a customer's next nightly look is due.

    A hash spreads the customers over the hours of the night, so that ten thousand do not start at
    once; each has the same minute every night.
    """
    digest = hashlib.sha256(str(customer_id).encode()).digest()
    share = int.from_bytes(digest[:4]) / 2**32
    day = local_day(after, timezone)
    while True:
        due = at_local(day, NIGHT_FROM, timezone) + share * NIGHT
        if due > after:
            return due
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tick:
    """What is still to be looked at for one customer because something changed.

    ``version`` grows with every change that is noted, so that a check which began before the
    newest one does not count for it. ``runs`` checks were started since ``since``. Without any
    ``items`` nothing was told: it is the nightly look at everything.
    """

    customer_id: int
    items: frozenset[str]
    due_at: datetime
    version: int
    since: datetime | None = None
    runs: int = 0

    def spent(self, now: datetime) -> "Tick | None":
        """With one more check spent; None where this hour's are used up."""
        # A clock that was set back must not lock a customer out.
        if self.since is None or not timedelta(0) <= now - self.since < HOUR:
            return replace(self, since=now, runs=1)
        return None if self.runs >= MOST_AN_HOUR else replace(self, runs=self.runs + 1)

    def later(self) -> "Tick":
        """Put off until the hour is over; what changed meanwhile joins."""
        return self if self.since is None else replace(self, due_at=self.since + HOUR)
