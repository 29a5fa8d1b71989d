"""Customers and their channels."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, bindparam, delete, func, or_, select, union, update
from sqlalchemy.exc import IntegrityError

from bot.domain.customer import NEW, Channel, Customer, NewCustomer, Outline, Stuck
from bot.domain.lifecycle import Stage
from bot.domain.model import Handover, MappingMode
from bot.services.ports import ChannelTakenError, OutboxState, SlugTakenError
from bot.storage.repositories.base import (
    LIMIT,
    Repository,
    col,
    columns_of,
    in_order_of_keys,
    insert_into,
    of_customer,
    one_of,
    table_of,
)
from bot.storage.tables import (
    AssignmentRow,
    CardRow,
    ChannelRow,
    CustomerRow,
    HistoryRow,
    OutboxRow,
    PurgeRow,
)

_BY_ID = columns_of(CustomerRow).where(col(CustomerRow.id) == bindparam("id"))
_BY_SLUG = columns_of(CustomerRow).where(col(CustomerRow.slug) == bindparam("slug"))
_LOCKED = in_order_of_keys(_BY_ID, CustomerRow)
_BY_CHANNELS = (
    columns_of(CustomerRow)
    .add_columns(col(ChannelRow.channel_id))
    .join(table_of(ChannelRow), col(ChannelRow.customer_id) == col(CustomerRow.id))
    .where(col(ChannelRow.channel_id).in_(one_of("channel_ids")))
)
_ALL = columns_of(CustomerRow)
_HERE = col(CustomerRow.stage) != Stage.ARCHIVED.value
_NOT_ARCHIVED = _ALL.where(_HERE)
_STAGES = select(col(CustomerRow.stage), func.count()).group_by(col(CustomerRow.stage))
_MOVED = func.coalesce(col(CustomerRow.last_movement_at), col(CustomerRow.created_at))
_OUTLINES = select(
    col(CustomerRow.id),
    col(CustomerRow.name),
    col(CustomerRow.stage),
    col(CustomerRow.stuck_at).is_not(None),
    col(CustomerRow.timezone),
    col(CustomerRow.region),
    _MOVED,
).where(_HERE)
_SAVE = update(table_of(CustomerRow)).where(col(CustomerRow.id) == bindparam("this"))
_CHANNELS = of_customer(ChannelRow).order_by(
    col(ChannelRow.is_primary).desc(), col(ChannelRow.channel_id)
)
_SAVE_CHANNEL = update(table_of(ChannelRow)).where(col(ChannelRow.channel_id) == bindparam("this"))
_UNLINK = delete(table_of(ChannelRow)).where(col(ChannelRow.channel_id) == bindparam("channel_id"))
_DUE = (
    columns_of(CustomerRow)
    .where(
        col(CustomerRow.next_reminder_at) <= bindparam("now"),
        or_(
            col(CustomerRow.lease_until).is_(None),
            col(CustomerRow.lease_until) <= bindparam("now"),
        ),
    )
    .order_by(col(CustomerRow.next_reminder_at), col(CustomerRow.id))
    .limit(LIMIT)
    .with_for_update(skip_locked=True, key_share=True)
)
_LEASE = update(table_of(CustomerRow)).where(col(CustomerRow.id).in_(one_of("ids")))
_RELEASE_ALL = update(table_of(CustomerRow)).where(
    col(CustomerRow.lease_owner) == bindparam("holder")
)
_RELEASE = _RELEASE_ALL.where(col(CustomerRow.id) == bindparam("this"))


@cache
def _link(dialect: str) -> Insert:
    """An update that changes nothing makes the row come back, whoever inserted it."""
    statement = insert_into(dialect, ChannelRow)
    return statement.on_conflict_do_update(
        index_elements=["channel_id"], set_={"channel_id": statement.excluded.channel_id}
    ).returning(col(ChannelRow.customer_id))


class CustomerRepository(Repository):
    """``ports.Customers``."""

    async def add(self, new: NewCustomer, at: datetime) -> Customer:
        fresh = Customer(
            id=0,
            slug=new.slug,
            name=new.name,
            stage=Stage.PREPARING,
            stage_since=at,
            created_at=at,
            timezone=new.timezone,
            region=new.region,
            owner=new.owner,
        )
        if not await self._insert_once(CustomerRow, values_of(fresh)):
            raise SlugTakenError(new.slug)
        added = await self.by_slug(new.slug)
        assert added is not None
        return added

    async def by_id(self, customer_id: int) -> Customer | None:
        return await self._one(_BY_ID, id=customer_id)

    async def by_slug(self, slug: str) -> Customer | None:
        return await self._one(_BY_SLUG, slug=slug)

    async def by_channel(self, channel_id: str) -> Customer | None:
        return (await self.by_channels([channel_id])).get(channel_id)

    async def by_channels(self, channel_ids: Collection[str]) -> Mapping[str, Customer]:
        rows: Sequence[Any] = await self._all(_BY_CHANNELS, channel_ids=list(channel_ids))
        return {row.channel_id: customer_from(row) for row in rows}

    async def lock(self, customer_id: int) -> Customer:
        # FOR NO KEY UPDATE: as strong among lockers and savers as FOR UPDATE, but it does not
        # collide with the foreign keys of rows that others add, which would be a deadlock when
        # two transactions first add to the history and then lock. SQLite has one writer anyway.
        customer = await self._one(_LOCKED, id=customer_id)
        if customer is None:
            raise KeyError(customer_id)
        return customer

    async def all(self, *, archived: bool = False) -> Sequence[Customer]:
        rows = await self._all(_ALL if archived else _NOT_ARCHIVED)
        customers = [customer_from(row) for row in rows]
        # Sorted here, because the databases' collations differ.
        return sorted(customers, key=lambda customer: (customer.name.casefold(), customer.id))

    async def stages(self) -> Mapping[str, int]:
        rows: Sequence[Any] = (await self._run(_STAGES)).all()
        return {row[0]: row[1] for row in rows}

    async def outlines(self) -> Sequence[Outline]:
        stages = {stage.value: stage for stage in Stage}
        rows: Sequence[Any] = (await self._run(_OUTLINES)).all()
        return [Outline(one, name, stages[stage], *rest) for one, name, stage, *rest in rows]

    async def moved_since(self, since: datetime) -> Collection[int]:
        newer = or_(since < _MOVED, col(CustomerRow.stage_since) > since)
        lately = select(col(CustomerRow.id)).where(_HERE, newer)
        return frozenset((await self._run(lately)).scalars())

    async def any_since(self, before: datetime) -> bool:
        old = select(col(CustomerRow.id)).where(_HERE, col(CustomerRow.created_at) <= before)
        return (await self._run(old.limit(1))).first() is not None

    async def looked_after_by(self, user: str) -> Collection[int]:
        started = select(col(HistoryRow.customer_id)).where(
            col(HistoryRow.actor) == user,
            col(HistoryRow.action) == NEW,
            col(HistoryRow.customer_id).is_not(None),
        )
        owned = select(col(CustomerRow.id)).where(col(CustomerRow.owner) == user)
        items = select(col(AssignmentRow.customer_id)).where(col(AssignmentRow.owner) == user)
        rows: Sequence[Any] = (await self._run(union(started, owned, items))).all()
        return frozenset(row[0] for row in rows)

    async def save(self, customer: Customer) -> None:
        """Write every field; a lease on the customer is left as it is.

        Raises:
            KeyError: there is no such customer.
            SlugTakenError: another customer has the new slug; the transaction is over.
        """
        try:
            changed = await self._change(_SAVE, this=customer.id, **values_of(customer))
        except IntegrityError:
            raise SlugTakenError(customer.slug) from None
        if not changed:
            raise KeyError(customer.id)

    async def link(self, channel: Channel) -> None:
        row = {
            "channel_id": channel.channel_id,
            "customer_id": channel.customer_id,
            "team_id": channel.team_id,
            "is_primary": channel.is_primary,
        }
        linked = await self._run(_link(self._dialect), row)
        if linked.scalar_one() != channel.customer_id:
            other = await self.by_channel(channel.channel_id)
            raise ChannelTakenError(other.slug if other else "")

    async def unlink(self, channel_id: str) -> None:
        await self._change(_UNLINK, channel_id=channel_id)

    async def channels(self, customer_id: int) -> Sequence[Channel]:
        """The customer's channels, the primary one first."""
        rows = await self._all(_CHANNELS, customer_id=customer_id)
        return [channel_from(row) for row in rows]

    async def save_channel(self, channel: Channel) -> None:
        values = asdict(channel)
        await self._change(_SAVE_CHANNEL, this=values.pop("channel_id"), **values)

    async def give_up_channel(self, channel_id: str, customer_id: int, new_home: str) -> None:
        await self.unlink(channel_id)
        mine = col(CardRow.customer_id) == customer_id
        here = col(CardRow.channel_id) == channel_id
        await self._change(update(table_of(CardRow)).where(mine, here).values(ts=""))
        parked = {"state": OutboxState.PARKED.value, "last_error": "The channel was given away."}
        await self._change(
            update(table_of(OutboxRow))
            .where(
                col(OutboxRow.customer_id) == customer_id,
                col(OutboxRow.channel) == channel_id,
                col(OutboxRow.state) == OutboxState.WAITING.value,
            )
            .values({"channel": new_home} if new_home else parked)
        )

    async def move_channel(self, old: str, new: str) -> None:
        linked = col(ChannelRow.channel_id)
        if await self._first(columns_of(ChannelRow).where(linked == new)) is not None:
            await self.unlink(old)
        waiting = col(OutboxRow.state) == OutboxState.WAITING.value
        for statement in (
            update(table_of(ChannelRow)).where(linked == old).values(channel_id=new),
            update(table_of(CardRow)).where(col(CardRow.channel_id) == old).values(channel_id=new),
            update(table_of(OutboxRow))
            .where(col(OutboxRow.channel) == old, waiting)
            .values(channel=new),
        ):
            await self._change(statement)

    async def channels_unseen(self, since: datetime, limit: int) -> Sequence[Channel]:
        looked_at = col(ChannelRow.looked_at)
        rows = await self._all(
            columns_of(ChannelRow)
            .join(table_of(CustomerRow), col(CustomerRow.id) == col(ChannelRow.customer_id))
            .where(
                or_(looked_at.is_(None), looked_at <= since),
                col(CustomerRow.stage) != Stage.ARCHIVED.value,
            )
            .order_by(looked_at.is_not(None), looked_at, col(ChannelRow.channel_id))
            .limit(limit)
        )
        return [channel_from(row) for row in rows]

    async def every_channel(self) -> Sequence[Channel]:
        return [channel_from(row) for row in await self._all(columns_of(ChannelRow))]

    async def claim_due(
        self, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> Sequence[Customer]:
        """Lease the customers that are longest due; one that is locked now is left for later."""
        rows = await self._all(_DUE, now=now, limit=limit)
        if rows:
            ids = [row.id for row in rows]
            await self._change(_LEASE, ids=ids, lease_owner=owner, lease_until=now + lease)
        return [customer_from(row) for row in rows]

    async def release(self, customer_id: int | None, owner: str) -> None:
        nobody = {"lease_owner": None, "lease_until": None}
        if customer_id is None:
            await self._change(_RELEASE_ALL, holder=owner, **nobody)
        else:
            await self._change(_RELEASE, holder=owner, this=customer_id, **nobody)

    async def purge(self, customer_id: int, by: str, at: datetime) -> bool:
        """Remove a customer and every row of theirs, history too; False when there is none.

        What stays is one line that says who did it and when. It is written first, because the
        history's trigger lets lines go only for customers that it names.
        """
        if await self.by_id(customer_id) is None:
            return False
        await self._insert(PurgeRow, {"customer_id": customer_id, "made_by": by, "made_at": at})
        await self._change(delete(table_of(CustomerRow)).where(col(CustomerRow.id) == customer_id))
        return True

    async def _one(self, query: Select[CustomerRow], **values: object) -> Customer | None:
        row = await self._first(query, **values)
        return None if row is None else customer_from(row)


def customer_from(row: CustomerRow) -> Customer:
    """The customer that a row holds."""
    assert row.id is not None
    return Customer(
        id=row.id,
        slug=row.slug,
        name=row.name,
        stage=Stage(row.stage),
        stage_since=row.stage_since,
        created_at=row.created_at,
        timezone=row.timezone,
        region=row.region,
        remind_at=row.remind_at,
        reminders_on=row.reminders_on,
        snoozed_until=row.snoozed_until,
        stuck=_stuck(row),
        mode=MappingMode(row.mode),
        next_reminder_at=row.next_reminder_at,
        last_movement_at=row.last_movement_at,
        escalation=row.escalation,
        handover=_handover(row),
        owner=row.owner,
    )


def channel_from(row: ChannelRow) -> Channel:
    """The channel that a row holds."""
    return Channel(
        row.channel_id,
        row.customer_id,
        row.team_id,
        row.is_primary,
        row.closed,
        row.kind,
        row.looked_at,
    )


def _stuck(row: CustomerRow) -> Stuck | None:
    if row.stuck_at is None:
        return None
    return Stuck(by=row.stuck_by or "", at=row.stuck_at, why=row.stuck_why or "")


def _handover(row: CustomerRow) -> Handover | None:
    if row.handover_at is None:
        return None
    return Handover(row.handover_by or "", row.handover_at, row.accepted_by, row.accepted_at)


def values_of(customer: Customer) -> dict[str, Any]:
    """A row's columns but for the id and the lease."""
    stuck, handover = customer.stuck, customer.handover
    return {
        "slug": customer.slug,
        "name": customer.name,
        "stage": customer.stage.value,
        "stage_since": customer.stage_since,
        "created_at": customer.created_at,
        "timezone": customer.timezone,
        "region": customer.region,
        "remind_at": customer.remind_at,
        "reminders_on": customer.reminders_on,
        "snoozed_until": customer.snoozed_until,
        "stuck_by": stuck.by if stuck else None,
        "stuck_at": stuck.at if stuck else None,
        "stuck_why": stuck.why if stuck else None,
        "mode": customer.mode.value,
        "next_reminder_at": customer.next_reminder_at,
        "last_movement_at": customer.last_movement_at,
        "escalation": customer.escalation,
        "handover_by": handover.by if handover else None,
        "handover_at": handover.at if handover else None,
        "accepted_by": handover.accepted_by if handover else "",
        "accepted_at": handover.accepted_at if handover else None,
        "owner": customer.owner,
    }
