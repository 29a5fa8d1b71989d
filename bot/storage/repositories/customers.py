"""Customers and their channels."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, union, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from bot.domain.customer import NEW, Channel, Customer, NewCustomer, Outline, Stuck
from bot.domain.lifecycle import Stage
from bot.domain.model import Handover, MappingMode
from bot.services.ports import ChannelTakenError, OutboxState, SlugTakenError
from bot.storage.repositories.base import Repository, columns_of, insert_into
from bot.storage.tables import (
    AssignmentRow,
    CardRow,
    ChannelRow,
    CustomerRow,
    HistoryRow,
    OutboxRow,
    PurgeRow,
)


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
        return await self._one(col(CustomerRow.id) == customer_id)

    async def by_slug(self, slug: str) -> Customer | None:
        return await self._one(col(CustomerRow.slug) == slug)

    async def by_channel(self, channel_id: str) -> Customer | None:
        return (await self.by_channels([channel_id])).get(channel_id)

    async def by_channels(self, channel_ids: Collection[str]) -> Mapping[str, Customer]:
        query = (
            columns_of(CustomerRow)
            .add_columns(col(ChannelRow.channel_id))
            .join(ChannelRow, col(ChannelRow.customer_id) == col(CustomerRow.id))
            .where(col(ChannelRow.channel_id).in_(channel_ids))
        )
        rows: Sequence[Any] = (await self._run(query)).all()
        return {row.channel_id: customer_from(row) for row in rows}

    async def lock(self, customer_id: int) -> Customer:
        # FOR NO KEY UPDATE: as strong among lockers and savers as FOR UPDATE, but it does not
        # collide with the foreign keys of rows that others add, which would be a deadlock when
        # two transactions first add to the history and then lock. SQLite has one writer anyway.
        customer = await self._one(col(CustomerRow.id) == customer_id, lock=True)
        if customer is None:
            raise KeyError(customer_id)
        return customer

    async def all(self, *, archived: bool = False) -> Sequence[Customer]:
        query = select(CustomerRow)
        if not archived:
            query = query.where(col(CustomerRow.stage) != Stage.ARCHIVED.value)
        customers = [customer_from(row) for row in await self._all(query)]
        # Sorted here, because the databases' collations differ.
        return sorted(customers, key=lambda customer: (customer.name.casefold(), customer.id))

    async def stages(self) -> Mapping[str, int]:
        counted = select(col(CustomerRow.stage), func.count()).group_by(col(CustomerRow.stage))
        rows: Sequence[Any] = (await self._run(counted)).all()
        return {row[0]: row[1] for row in rows}

    async def outlines(self) -> Sequence[Outline]:
        row = CustomerRow
        result = await self._run(
            select(
                col(row.id),
                col(row.name),
                col(row.stage),
                col(row.owner),
                col(row.stuck_at).is_not(None),
                col(row.timezone),
                col(row.region),
                col(row.stage_since),
                col(row.created_at),
                func.coalesce(col(row.last_movement_at), col(row.created_at)),
            ).where(col(row.stage) != Stage.ARCHIVED.value)
        )
        stages = {stage.value: stage for stage in Stage}
        rows: Sequence[Any] = result.all()
        return [Outline(one, name, stages[stage], *rest) for one, name, stage, *rest in rows]

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
        statement = (
            update(CustomerRow)
            .where(col(CustomerRow.id) == customer.id)
            .values(**values_of(customer))
        )
        try:
            changed = await self._change(statement)
        except IntegrityError:
            raise SlugTakenError(customer.slug) from None
        if not changed:
            raise KeyError(customer.id)

    async def link(self, channel: Channel) -> None:
        statement = insert_into(self._session, ChannelRow).values(
            channel_id=channel.channel_id,
            customer_id=channel.customer_id,
            team_id=channel.team_id,
            is_primary=channel.is_primary,
        )
        # An update that changes nothing makes the row come back, whoever inserted it.
        linked = await self._run(
            statement.on_conflict_do_update(
                index_elements=["channel_id"],
                set_={"channel_id": statement.excluded.channel_id},
            ).returning(col(ChannelRow.customer_id))
        )
        if linked.scalar_one() != channel.customer_id:
            other = await self.by_channel(channel.channel_id)
            raise ChannelTakenError(other.slug if other else "")

    async def unlink(self, channel_id: str) -> None:
        await self._change(delete(ChannelRow).where(col(ChannelRow.channel_id) == channel_id))

    async def channels(self, customer_id: int) -> Sequence[Channel]:
        """The customer's channels, the primary one first."""
        rows = await self._all(
            select(ChannelRow)
            .where(col(ChannelRow.customer_id) == customer_id)
            .order_by(col(ChannelRow.is_primary).desc(), col(ChannelRow.channel_id))
        )
        return [channel_from(row) for row in rows]

    async def save_channel(self, channel: Channel) -> None:
        await self._change(
            update(ChannelRow)
            .where(col(ChannelRow.channel_id) == channel.channel_id)
            .values(
                customer_id=channel.customer_id,
                team_id=channel.team_id,
                is_primary=channel.is_primary,
                closed=channel.closed,
                kind=channel.kind,
                looked_at=channel.looked_at,
            )
        )

    async def give_up_channel(self, channel_id: str, customer_id: int, new_home: str) -> None:
        await self.unlink(channel_id)
        mine = col(CardRow.customer_id) == customer_id
        here = col(CardRow.channel_id) == channel_id
        await self._change(update(CardRow).where(mine, here).values(ts=""))
        parked = {"state": OutboxState.PARKED.value, "last_error": "The channel was given away."}
        await self._change(
            update(OutboxRow)
            .where(
                col(OutboxRow.customer_id) == customer_id,
                col(OutboxRow.channel) == channel_id,
                col(OutboxRow.state) == OutboxState.WAITING.value,
            )
            .values({"channel": new_home} if new_home else parked)
        )

    async def move_channel(self, old: str, new: str) -> None:
        linked = col(ChannelRow.channel_id)
        if await self._first(select(ChannelRow).where(linked == new)) is not None:
            await self.unlink(old)
        waiting = col(OutboxRow.state) == OutboxState.WAITING.value
        for statement in (
            update(ChannelRow).where(linked == old).values(channel_id=new),
            update(CardRow).where(col(CardRow.channel_id) == old).values(channel_id=new),
            update(OutboxRow).where(col(OutboxRow.channel) == old, waiting).values(channel=new),
        ):
            await self._change(statement)

    async def channels_unseen(self, since: datetime, limit: int) -> Sequence[Channel]:
        looked_at = col(ChannelRow.looked_at)
        rows = await self._all(
            select(ChannelRow)
            .join(CustomerRow, col(CustomerRow.id) == col(ChannelRow.customer_id))
            .where(
                or_(looked_at.is_(None), looked_at <= since),
                col(CustomerRow.stage) != Stage.ARCHIVED.value,
            )
            .order_by(looked_at.is_not(None), looked_at, col(ChannelRow.channel_id))
            .limit(limit)
        )
        return [channel_from(row) for row in rows]

    async def every_channel(self) -> Sequence[Channel]:
        return [channel_from(row) for row in await self._all(select(ChannelRow))]

    async def claim_due(
        self, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> Sequence[Customer]:
        """Lease the customers that are longest due; one that is locked now is left for later."""
        free = or_(col(CustomerRow.lease_until).is_(None), col(CustomerRow.lease_until) <= now)
        rows = await self._all(
            select(CustomerRow)
            .where(col(CustomerRow.next_reminder_at) <= now, free)
            .order_by(col(CustomerRow.next_reminder_at), col(CustomerRow.id))
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)
        )
        await self._change(
            update(CustomerRow)
            .where(col(CustomerRow.id).in_([row.id for row in rows]))
            .values(lease_owner=owner, lease_until=now + lease)
        )
        return [customer_from(row) for row in rows]

    async def release(self, customer_id: int | None, owner: str) -> None:
        which = [] if customer_id is None else [col(CustomerRow.id) == customer_id]
        await self._change(
            update(CustomerRow)
            .where(col(CustomerRow.lease_owner) == owner, *which)
            .values(lease_owner=None, lease_until=None)
        )

    async def purge(self, customer_id: int, by: str, at: datetime) -> bool:
        """Remove a customer and every row of theirs, history too; False when there is none.

        What stays is one line that says who did it and when. It is written first, because the
        history's trigger lets lines go only for customers that it names.
        """
        if await self.by_id(customer_id) is None:
            return False
        await self._run(insert(PurgeRow).values(customer_id=customer_id, made_by=by, made_at=at))
        await self._change(delete(CustomerRow).where(col(CustomerRow.id) == customer_id))
        return True

    async def _one(self, which: ColumnElement[bool], *, lock: bool = False) -> Customer | None:
        """The customer of whom something is true that is true of one only."""
        rows = await self._plain(CustomerRow, which, lock=lock)
        return customer_from(rows[0]) if rows else None


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
