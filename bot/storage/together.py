"""The daily round of many customers in one transaction, with as few statements as for one.

What a round reads of a customer is read for all of them at once, and what it writes waits until
the end and is written at once. Each part behaves as its base class does, for the customers that
were read; whatever a round does not touch is the base class's own.

The customers are locked while they are together, and every round locks its customer before it
looks for a reminder, so what was read about reminders stays true until the end.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.customer import Channel, Customer, HistoryEntry
from bot.domain.model import Assignment, Attestation, Finding, Waiver
from bot.services.ports import Outgoing
from bot.storage.finding_json import finding_from_json
from bot.storage.repositories.base import (
    Repository,
    Values,
    col,
    columns_of,
    in_order_of_keys,
    insert_into,
    of_customers,
    one_of,
    table_of,
)
from bot.storage.repositories.customers import (
    CustomerRepository,
    channel_from,
    customer_from,
    values_of,
)
from bot.storage.repositories.decisions import DecisionRepository
from bot.storage.repositories.findings import FindingRepository
from bot.storage.repositories.outbox import OutboxRepository, new_row, outgoing_from
from bot.storage.repositories.records import HistoryRepository, ReminderRepository
from bot.storage.tables import (
    AssignmentRow,
    AttestationRow,
    ChannelRow,
    CustomerRow,
    FindingRow,
    HistoryRow,
    OutboxRow,
    ReminderRow,
    Row,
    WaiverRow,
)

R = TypeVar("R", bound=Row)

_CUSTOMERS = columns_of(CustomerRow).where(col(CustomerRow.id).in_(one_of("ids")))
_LOCKED = in_order_of_keys(_CUSTOMERS, CustomerRow)
_SAVE = update(table_of(CustomerRow)).where(col(CustomerRow.id) == bindparam("this"))
_LAST_REMINDERS = (
    select(col(ReminderRow.customer_id), col(ReminderRow.kind), func.max(col(ReminderRow.day)))
    .where(col(ReminderRow.customer_id).in_(one_of("ids")))
    .group_by(col(ReminderRow.customer_id), col(ReminderRow.kind))
)
_NEWEST_MESSAGES = columns_of(OutboxRow).where(
    col(OutboxRow.id).in_(
        select(func.max(col(OutboxRow.id)))
        .where(
            col(OutboxRow.customer_id).in_(one_of("ids")), col(OutboxRow.kind) == bindparam("kind")
        )
        .group_by(col(OutboxRow.customer_id))
    )
)


class _Part(Repository):
    """A part that knows which customers are together."""

    async def _rows(self, table: type[R], ids: Sequence[int]) -> dict[int, list[R]]:
        found: dict[int, list[R]] = {one: [] for one in ids}
        for row in await self._all(of_customers(table), ids=list(ids)):
            found[getattr(row, "customer_id")].append(row)  # noqa: B009 - not every table has it.
        return found

    async def _insert_all(self, table: type[Row], rows: Sequence[Values]) -> None:
        if rows:
            statement = insert_into(self._dialect, table).on_conflict_do_nothing()
            await self._run(statement, rows)


class TogetherCustomers(CustomerRepository, _Part):
    """Customers that are locked, saved and released together."""

    async def read(self, ids: Sequence[int], *, lock: bool = True) -> None:
        rows = await self._all(_LOCKED if lock else _CUSTOMERS, ids=list(ids))
        self._locked = {row.id: row for row in rows}
        self._channels = await self._rows(ChannelRow, ids)
        self._changed: dict[int, dict[str, Any]] = {}

    def read_ahead(self) -> Sequence[Customer]:
        return [customer_from(row) for row in self._locked.values()]

    async def lock(self, customer_id: int) -> Customer:
        return customer_from(self._locked[customer_id])

    async def channels(self, customer_id: int) -> Sequence[Channel]:
        rows = sorted(self._channels[customer_id], key=lambda r: (not r.is_primary, r.channel_id))
        return [channel_from(row) for row in rows]

    async def save(self, customer: Customer) -> None:
        before = values_of(customer_from(self._locked[customer.id]))
        changed = {k: v for k, v in values_of(customer).items() if v != before[k]}
        self._change_of(customer.id).update(changed)

    async def release(self, customer_id: int | None, owner: str) -> None:
        every = [customer.id for customer in self.read_ahead()]
        for one in every if customer_id is None else [customer_id]:
            if self._locked[one].lease_owner == owner:
                self._change_of(one).update(lease_owner=None, lease_until=None)

    def _change_of(self, customer_id: int) -> dict[str, Any]:
        return self._changed.setdefault(customer_id, {"this": customer_id})

    async def write(self) -> None:
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for values in self._changed.values():
            if len(values) > 1:
                alike[tuple(values)].append(values)
        for rows in alike.values():
            await self._run(_SAVE, rows)


class TogetherFindings(FindingRepository, _Part):
    """Findings that were read together."""

    async def read(self, ids: Sequence[int]) -> None:
        self._found = await self._rows(FindingRow, ids)

    async def load(self, customer_id: int) -> Mapping[str, Finding]:
        read = {row.item: finding_from_json(row.data) for row in self._found[customer_id]}
        return {item: finding for item, finding in read.items() if finding is not None}


class TogetherDecisions(DecisionRepository, _Part):
    """Decisions that were read together."""

    async def read(self, ids: Sequence[int]) -> None:
        self._attestations = await self._rows(AttestationRow, ids)
        self._waivers = await self._rows(WaiverRow, ids)
        self._assignments = await self._rows(AssignmentRow, ids)

    async def attestations(self, customer_id: int) -> Mapping[str, Attestation]:
        rows = self._attestations[customer_id]
        return {row.item: Attestation(row.made_by, row.made_at, row.note) for row in rows}

    async def waivers(self, customer_id: int) -> Mapping[str, Waiver]:
        rows = self._waivers[customer_id]
        return {row.item: Waiver(row.made_by, row.made_at, row.why, row.until) for row in rows}

    async def assignments(self, customer_id: int) -> Mapping[str, Assignment]:
        rows = self._assignments[customer_id]
        return {row.item: Assignment(row.owner, row.due) for row in rows}


class TogetherReminders(ReminderRepository, _Part):
    """The last day of each kind; a later one is free, any other is asked for one by one."""

    async def read(self, ids: Sequence[int]) -> None:
        rows: Sequence[Any] = (await self._run(_LAST_REMINDERS, {"ids": list(ids)})).all()
        self._last: dict[tuple[int, str], date] = {}
        for one, kind, day in rows:
            self._last[one, kind] = day
        self._new: list[Values] = []

    async def claim(self, customer_id: int, day: date, kind: str, at: datetime) -> bool:
        last = self._last.get((customer_id, kind))
        if day == last:
            return False
        if last is not None and day < last:
            return await super().claim(customer_id, day, kind, at)
        self._last[customer_id, kind] = day
        self._new.append({"customer_id": customer_id, "day": day, "kind": kind, "at": at})
        return True

    async def last(self, customer_id: int, kind: str) -> date | None:
        return self._last.get((customer_id, kind))

    async def write(self) -> None:
        await self._insert_all(ReminderRow, self._new)


class TogetherOutbox(OutboxRepository, _Part):
    """Messages that are queued together; of one kind, each customer's newest was read ahead."""

    async def read(self, ids: Sequence[int], kind: str) -> None:
        rows = await self._all(_NEWEST_MESSAGES, ids=list(ids), kind=kind)
        self._known = {row.key: outgoing_from(row) for row in rows}
        self._new: list[Values] = []

    async def get(self, key: str) -> Outgoing | None:
        return self._known.get(key) or await super().get(key)

    async def add(self, message: Outgoing, at: datetime) -> bool:
        """True: only when all are written does a key that was queued before stay as it is."""
        self._new.append(new_row(message, at))
        return True

    async def write(self) -> None:
        await self._insert_all(OutboxRow, self._new)


class TogetherHistory(HistoryRepository, _Part):
    """Lines that are appended together."""

    async def read(self) -> None:
        self._new: list[Values] = []

    async def append(self, entry: HistoryEntry) -> None:
        self._new.append(asdict(entry))

    async def write(self) -> None:
        await self._insert_all(HistoryRow, self._new)


class Together:
    """All parts that a round uses, over one connection."""

    def __init__(self, database: AsyncConnection) -> None:
        self.customers = TogetherCustomers(database)
        self.findings = TogetherFindings(database)
        self.decisions = TogetherDecisions(database)
        self.reminders = TogetherReminders(database)
        self.outbox = TogetherOutbox(database)
        self.history = TogetherHistory(database)

    async def read(self, ids: Sequence[int], kind: str) -> None:
        """Lock the customers, and read what a round reads."""
        await self.customers.read(ids)
        await self.findings.read(ids)
        await self.decisions.read(ids)
        await self.reminders.read(ids)
        await self.outbox.read(ids, kind)
        await self.history.read()

    async def write(self) -> None:
        """Write what the round left."""
        await self.reminders.write()
        await self.outbox.write()
        await self.history.write()
        await self.customers.write()
