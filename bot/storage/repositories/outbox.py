"""Messages that are still to be sent, in order within each channel, each with one sender."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.services.ports import Backlog, OutboxState, Outgoing
from bot.storage.repositories.base import (
    LIMIT,
    Repository,
    Values,
    col,
    columns_of,
    one_of,
    table_of,
)
from bot.storage.steady import to_the_end
from bot.storage.tables import OutboxRow

log = logging.getLogger(__name__)


def _is(state: OutboxState, column: ColumnElement[str]) -> ColumnElement[bool]:
    """Spelled out in the SQL, so that the planner sees that the partial index serves."""
    return column == literal_column(f"'{state.value}'")


_IS_WAITING = _is(OutboxState.WAITING, col(OutboxRow.state))
_IS_PARKED = _is(OutboxState.PARKED, col(OutboxRow.state))


def _is_due() -> ColumnElement[bool]:
    row = OutboxRow
    now: BindParameter[datetime] = bindparam("now")
    return and_(
        or_(col(row.not_before).is_(None), col(row.not_before) <= now),
        or_(col(row.lease_until).is_(None), col(row.lease_until) <= now),
    )


def _is_next_in_its_channel() -> ColumnElement[bool]:
    """A leased message is its channel's next one, else the oldest that waits is."""
    other = table_of(OutboxRow).alias().columns
    goes_first = or_(
        other.lease_owner.is_not(None),
        and_(col(OutboxRow.lease_owner).is_(None), other.id < col(OutboxRow.id)),
    )
    return ~exists().where(
        _is(OutboxState.WAITING, other.state),
        other.channel == col(OutboxRow.channel),
        other.id != col(OutboxRow.id),
        goes_first,
    )


MESSAGES_TO_CLAIM = (
    columns_of(OutboxRow)
    .where(_IS_WAITING, _is_due(), _is_next_in_its_channel())
    .order_by(col(OutboxRow.id))
    .limit(LIMIT)
    .with_for_update(skip_locked=True)
)
"""What may be handed out ``now``, oldest first."""
_LEASE = (
    update(table_of(OutboxRow))
    .where(col(OutboxRow.id).in_(one_of("ids")))
    .values(
        uncertain=or_(col(OutboxRow.uncertain), col(OutboxRow.lease_owner).is_not(None)),
        attempts=col(OutboxRow.attempts) + 1,
    )
    .returning(*table_of(OutboxRow).columns)
)
_WITH_IDS = (
    columns_of(OutboxRow).where(col(OutboxRow.id).in_(one_of("ids"))).order_by(col(OutboxRow.id))
)
_WITH_KEY = columns_of(OutboxRow).where(col(OutboxRow.key) == bindparam("key"))
_FINISH = update(table_of(OutboxRow)).where(
    col(OutboxRow.id) == bindparam("this"), col(OutboxRow.lease_owner) == bindparam("holder")
)
_FINISH_UNCOUNTED = _FINISH.values(attempts=col(OutboxRow.attempts) - 1)
_WITHDRAW = delete(table_of(OutboxRow)).where(
    _IS_WAITING,
    col(OutboxRow.customer_id) == bindparam("customer_id"),
    col(OutboxRow.kind) == bindparam("kind"),
    col(OutboxRow.attempts) == 0,
    col(OutboxRow.lease_owner).is_(None),
)
_PENDING = select(func.count()).where(_IS_WAITING)
# Two queries, because each of them has a partial index that serves it.
_WAITING = select(func.count(), func.min(col(OutboxRow.added_at))).where(_IS_WAITING)
_HOW_MANY_PARKED = select(func.count()).where(_IS_PARKED)
_STILL_PARKED = update(table_of(OutboxRow)).where(
    col(OutboxRow.id) == bindparam("this"), _IS_PARKED
)
_PARKED = columns_of(OutboxRow).where(_IS_PARKED).order_by(col(OutboxRow.id).desc()).limit(LIMIT)


class OutboxRepository(Repository):
    """``ports.Outbox``.

    ``sent``, ``put_back`` and ``park`` are for the owner of the lease, also when it ran out but
    nobody else has taken the message. From anybody else they change nothing and leave a line in
    the log: the new owner was told ``uncertain`` and looks the key up in Slack before it posts,
    so what the late sender did is found there.
    """

    async def add(self, message: Outgoing, at: datetime) -> bool:
        return await self._insert_once(OutboxRow, new_row(message, at))

    async def claim(
        self, now: datetime, owner: str, lease: timedelta, limit: int
    ) -> Sequence[Outgoing]:
        """Lease what is due. ``attempts`` of what comes back counts this one too."""
        rows = await self._all(MESSAGES_TO_CLAIM, now=now, limit=limit)
        if not rows:
            return []
        ids = [row.id for row in rows]
        values = {"ids": ids, "lease_owner": owner, "lease_until": now + lease}
        try:
            leased = await to_the_end(self._lease(values), self._dialect)
        except IntegrityError:
            # Two messages of one channel were committed the other way round than they were
            # numbered, and another sender has just leased the other one. The index
            # uq_outbox_in_flight caught it; these rows wait for the next tick.
            return []
        return sorted(map(outgoing_from, leased), key=attrgetter("id"))

    async def sent(self, message_id: int, owner: str, ts: str, at: datetime) -> None:
        state = OutboxState.SENT.value
        await self._finish(
            _FINISH, message_id, owner, state=state, sent_ts=ts, sent_at=at, last_error=""
        )

    async def put_back(
        self,
        message_id: int,
        owner: str,
        not_before: datetime,
        error: str,
        *,
        uncertain: bool,
        counts: bool = True,
    ) -> None:
        why = {"not_before": not_before, "last_error": error, "uncertain": uncertain}
        await self._finish(_FINISH if counts else _FINISH_UNCOUNTED, message_id, owner, **why)

    async def park(self, message_id: int, owner: str, error: str) -> bool:
        state = OutboxState.PARKED.value
        return await self._finish(_FINISH, message_id, owner, state=state, last_error=error)

    async def withdraw(self, customer_id: int, kind: str) -> None:
        await self._change(_WITHDRAW, customer_id=customer_id, kind=kind)

    async def get(self, key: str) -> Outgoing | None:
        row = await self._first(_WITH_KEY, key=key)
        return None if row is None else outgoing_from(row)

    async def pending(self) -> int:
        return await self._value(_PENDING) or 0

    async def backlog(self) -> Backlog:
        found: Sequence[Any] = (await self._run(_WAITING)).one()
        parked = await self._value(_HOW_MANY_PARKED)
        return Backlog(found[0], parked or 0, found[1])

    async def parked(self, limit: int = 20) -> Sequence[Outgoing]:
        return [outgoing_from(row) for row in await self._all(_PARKED, limit=limit)]

    async def send_again(self, message_id: int, at: datetime) -> Outgoing | None:
        """``uncertain`` stays: what may have been posted is looked for first."""
        state = OutboxState.WAITING.value
        return await self._unpark(message_id, state=state, attempts=0, not_before=None, added_at=at)

    async def settle(self, message_id: int) -> Outgoing | None:
        return await self._unpark(message_id, state=OutboxState.SETTLED.value)

    async def _unpark(self, message_id: int, **values: object) -> Outgoing | None:
        if not await self._change(_STILL_PARKED, this=message_id, **values):
            return None
        [row] = await self._all(_WITH_IDS, ids=[message_id])
        return outgoing_from(row)

    async def _lease(self, values: Values) -> Sequence[Any]:
        """The rows as they are then. SQLite takes a statement that fails back by itself."""
        if self._dialect == "sqlite":
            return (await self._run(_LEASE, values)).all()
        async with self._database.begin_nested():
            return (await self._run(_LEASE, values)).all()

    async def _finish(self, how: Update, message_id: int, owner: str, **values: object) -> bool:
        nobody = {"lease_owner": None, "lease_until": None}
        if await self._change(how, this=message_id, holder=owner, **nobody, **values):
            return True
        log.warning("outbox: %s no longer holds message %d, left as it is", owner, message_id)
        return False


def new_row(message: Outgoing, at: datetime) -> dict[str, Any]:
    """The columns of a message that nobody has tried to send yet."""
    return {
        "key": message.key,
        "kind": message.kind,
        "channel": message.channel,
        "payload": message.payload,
        "customer_id": message.customer_id,
        "thread_ts": message.thread_ts,
        "not_before": message.not_before,
        "added_at": at,
        "state": OutboxState.WAITING.value,
        "attempts": 0,
        "uncertain": False,
        "sent_ts": "",
        "last_error": "",
    }


def outgoing_from(row: OutboxRow) -> Outgoing:
    """The message that a row holds."""
    assert row.id is not None
    return Outgoing(
        key=row.key,
        kind=row.kind,
        channel=row.channel,
        payload=row.payload,
        customer_id=row.customer_id,
        thread_ts=row.thread_ts,
        not_before=row.not_before,
        id=row.id,
        attempts=row.attempts,
        uncertain=row.uncertain,
        state=OutboxState(row.state),
        sent_ts=row.sent_ts,
        last_error=row.last_error,
    )
