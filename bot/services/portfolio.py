"""All customers at a glance, the most stuck first.

An outline of each customer, cheap to read, tells who is shown and in which order; only of those
who are shown is everything read, and of all of them at once. So ten thousand customers cost one
statement and a few milliseconds more than ten.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot import words
from bot.domain.customer import Customer, Outline
from bot.domain.lifecycle import Stage
from bot.domain.model import Gate, Report, Role, StatusKind
from bot.domain.reminders import WorkingDays
from bot.services.ports import Clock, HolidaysOf, Store, Transaction
from bot.services.reading import read_report
from bot.services.views import (
    LONG_IDLE,
    ON_CUSTOMER,
    ON_INTERFY,
    Filter,
    Portfolio,
    PortfolioRow,
)

OVER = (Stage.ACCEPTED, Stage.PAUSED)
AT_ONCE = 500
"""Customers that are read together: few enough for one statement of any database."""


class Ranked(NamedTuple):
    """A customer's outline, and for how many working days nothing has moved.

    ``need`` sorts who is stuck first, then who prepares, then by days without movement.
    ``is_stuck``: somebody said so, or nothing has moved for long.
    """

    need: tuple[bool, bool, int, str]
    outline: Outline
    idle: int
    is_stuck: bool


def _ranked(one: Outline, idle: int) -> Ranked:
    over = one.stage in OVER
    need = (not one.is_stuck, over, -idle, one.name.casefold())
    return Ranked(need, one, idle, one.is_stuck or idle >= LONG_IDLE)


class PortfolioService:
    """Lists customers by how much they need somebody."""

    def __init__(self, store: Store, clock: Clock, holidays_of: HolidaysOf) -> None:
        self._store = store
        self._clock = clock
        self._holidays_of = holidays_of

    async def show(
        self, wanted: Filter = Filter.ALL, user: str = "", limit: int | None = None, page: int = 1
    ) -> Portfolio:
        """One page of ``limit`` customers that a filter lets through, and how many there are.

        Meanwhile there may be fewer than there were: past the end it is the last page.
        """
        async with self._store.transaction() as tx:
            ranked = await self.ranked(tx)
            chosen = await _let_through(tx, ranked, wanted, user)
            size = limit or max(1, len(chosen))
            before = size * (min(max(1, page), max(1, -(-len(chosen) // size))) - 1)
            rows = await self.rows(tx, chosen[before : before + size])
        stages = Counter(one.outline.stage for one in ranked)
        stuck = sum(one.is_stuck for one in ranked)
        return Portfolio(rows, len(chosen), len(ranked), stuck, stages, before)

    async def ranked(self, tx: Transaction) -> list[Ranked]:
        """Everybody who is not archived, the most stuck first."""
        idle = _Idle(self._clock.now(), self._holidays_of)
        return sorted(_ranked(one, idle(one)) for one in await tx.customers.outlines())

    async def rows(self, tx: Transaction, ranked: Sequence[Ranked]) -> tuple[PortfolioRow, ...]:
        """The same as lines, with everything that a line shows."""
        rows = []
        for start in range(0, len(ranked), AT_ONCE):
            part = ranked[start : start + AT_ONCE]
            known = {c.id: c for c in await tx.read_ahead([one.outline.id for one in part])}
            rows += [await self._row(tx, known[one.outline.id], one.idle) for one in part]
        return tuple(rows)

    async def _row(self, tx: Transaction, customer: Customer, idle: int) -> PortfolioRow:
        report = await read_report(tx, customer, self._clock)
        channels = await tx.customers.channels(customer.id)
        return PortfolioRow(
            customer,
            report.gate,
            report.required_met,
            report.required_total,
            waiting_on(customer, report),
            idle,
            next((c.channel_id for c in channels if c.is_primary), ""),
            (self._clock.now() - customer.stage_since).days,
            any(status.finding is not None for status in report.statuses),
        )


async def _let_through(
    tx: Transaction, ranked: list[Ranked], wanted: Filter, user: str
) -> list[Ranked]:
    """Those whom a filter lets through."""
    match wanted:
        case Filter.ALL:
            return ranked
        case Filter.MINE:
            mine = await tx.customers.looked_after_by(user)
            return [one for one in ranked if one.outline.id in mine]
        case Filter.STUCK:
            return [one for one in ranked if one.is_stuck]
        case Filter.READY:
            return [one for one in ranked if one.outline.stage is Stage.READY]


class _Idle:
    """Working days without movement; customers share zones and regions, and so their days."""

    def __init__(self, now: datetime, holidays_of: HolidaysOf) -> None:
        self._now = now
        self._holidays_of = holidays_of
        self._zones: dict[str, tuple[ZoneInfo, date]] = {}
        self._counts: dict[tuple[date, str], WorkingDays] = {}

    def __call__(self, one: Outline) -> int:
        if one.timezone not in self._zones:
            zone = ZoneInfo(one.timezone)
            self._zones[one.timezone] = zone, self._now.astimezone(zone).date()
        zone, today = self._zones[one.timezone]
        count = self._counts.get((today, one.region))
        if count is None:
            count = WorkingDays(today, self._holidays_of(one.region))
            self._counts[today, one.region] = count
        return count.since(one.moved_at.astimezone(zone).date())


def waiting_on(customer: Customer, report: Report) -> str:
    """Who has to act next, in words; "" when nobody has."""
    if customer.stage in (Stage.ACCEPTED, Stage.ARCHIVED, Stage.PAUSED):
        return ""
    if customer.stage is Stage.HANDED_OFF or customer.stuck is not None:
        return ON_INTERFY
    if (
        any(
            s.kind is not StatusKind.UNMET and s.finding is not None and s.finding.outage
            for s in report.open_items
        )
        and report.gate is Gate.CANNOT_TELL
    ):
        return words.portfolio.UNREADABLE
    roles = {s.requirement.who for s in report.open_items}
    return ON_INTERFY if roles == {Role.SUPPORT} else ON_CUSTOMER
