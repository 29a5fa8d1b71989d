"""QuickBooks' lists with as few calls as may be: kept ones, confirmed by change data capture.

A list that was read before is brought up to date by one call that tells what changed since, for
all lists together (Intuit, "Change data capture"). It is believed where it can only be right:

- it reaches back 30 days and tells at most 1,000 objects over all entities, without saying that it
  cut; from 1,000 on, and where ``totalCount`` promises more than came, nothing of it is believed;
- nothing says how QuickBooks tells of merges, and "Deleted" has been seen on rows that were only
  changed (QuickBooks-V3-DotNET-SDK issue 189), so a list with a deleted row is read in full;
- a child's full name changes with its parent's without any word that the child is told of, so a
  list in which a parent moved is read in full;
- what it leaves out (it may not tell of balances) is caught up with after ``WHOLE_AGAIN``.

A call that fails in whatever way costs a full reading and nothing else.
"""

import hashlib
import inspect
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Generic, TypeVar, cast

from bot.domain import records
from bot.domain.customer import Connection
from bot.domain.kept import KeptList
from bot.domain.records import Party, Target
from bot.services.ports import Clock, ListKeeper
from integrations import decode
from integrations.decode import Row, mapped, text
from integrations.errors import IncompleteError, ReadError
from integrations.once import Once
from integrations.qbo import rows
from integrations.qbo.api import Changes, QboApi
from integrations.same import NOTHING, Same

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=5)
"""So much is asked for twice: what QuickBooks' machines were writing at the time of the answer."""
REACH = timedelta(days=29)
"""Intuit's 30 days, less what two clocks may disagree."""
WHOLE_AGAIN = timedelta(days=7)
REFRESHED = timedelta(days=1)
"""A kept list is only written again for its time alone when that is as old as this."""

R = TypeVar("R", Target, Party)


@dataclass(frozen=True, slots=True)
class Listed(Generic[R]):
    """One of the lists: Intuit's name of it, what makes a record of a row, and how people call it.

    QuickBooks creates accounts with every company and does not let the last ones go:
    ``never_empty``.
    """

    entity: str
    make: Callable[[Row], R]
    noun: str
    never_empty: bool = False


ACCOUNTS = Listed("Account", rows.account, "QuickBooks accounts", never_empty=True)
ITEMS = Listed("Item", rows.item, "QuickBooks items")
CUSTOMERS = Listed("Customer", rows.customer, "QuickBooks customers")
SUPPLIERS = Listed("Vendor", rows.person, "QuickBooks suppliers")
EMPLOYEES = Listed("Employee", rows.person, "QuickBooks employees")
NOTHING_HELD: Mapping[str, Same] = {}
_LEANS_ON = {ITEMS.entity: ACCOUNTS.entity}
"""Items name accounts; nothing says that an item is told of when its account goes."""


@dataclass(frozen=True, slots=True)
class KeptUnder:
    """Where lists are kept, and through which sign-in they are read.

    ``aside`` runs what nobody waits for: who asked gets the list before it is packed away.
    """

    keeper: ListKeeper
    connection: Connection
    aside: Callable[[Coroutine[Any, Any, None]], None]


Note = Callable[[], Awaitable[str]]


async def _none() -> str:
    return ""


class QboLists:
    """The lists of one company for the length of one snapshot.

    Args:
        api: the customer's own connection.
        kept: where lists are kept; None reads all of them in full.
        confirmed: the entities that this snapshot reads and that change data capture may confirm.
        clock: says how old a kept list is.
        once: what has been read in this snapshot already.
    """

    def __init__(
        self,
        api: QboApi,
        kept: KeptUnder | None,
        confirmed: Collection[str],
        clock: Clock,
        once: Once,
        held: Mapping[str, Same] = NOTHING_HELD,
    ) -> None:
        self._api = api
        self._kept = kept
        self._confirmed = confirmed
        self._clock = clock
        self._once = once
        self._held = held

    async def read(self, listed: Listed[R], note: Note = _none) -> list[R]:
        """Every record of a list, by id.

        ``note`` is what else its rows depend on: a list that was kept under another is read anew.

        Raises:
            ReadError: it could not be read completely.
        """
        known = (await self._once.get("kept lists", self._load)).get(listed.entity)
        now = None
        if known is not None and known.form == _form_with(await note()):
            now = await self._brought_up(listed, known)
        same = self._held.get(listed.entity, NOTHING)
        if now is None:
            whole = await self._api.rows(listed.entity, same.made(listed.make), listed.noun)
            found: Mapping[str, Target | Party] = whole.rows
            if listed.never_empty and not found:
                raise IncompleteError("QuickBooks sent an empty chart of accounts.")
            if whole.at is not None:
                now = KeptList(found, whole.at, whole.at, _form_with(await note()))
        else:
            found = now.rows
        if now is not None:
            self._keep(listed, now, known)
        in_order = [same.of(found[key]) for key in sorted(found, key=lambda one: (len(one), one))]
        # A list holds what its ``make`` made, also where it was kept in between.
        return cast("list[R]", in_order)

    def _keep(self, listed: Listed[R], now: KeptList, known: KeptList | None) -> None:
        if self._kept is None:
            return
        is_new = known is None or (known.whole_at, known.rows) != (now.whole_at, now.rows)
        if is_new or (known and now.as_of - known.as_of >= REFRESHED):
            saving = self._kept.keeper.save(self._kept.connection, listed.entity, now)
            self._kept.aside(saving)

    async def _load(self) -> Mapping[str, KeptList]:
        """What is kept and young enough to be brought up to date."""
        if self._kept is None or not self._confirmed:
            return {}
        found = await self._kept.keeper.load(self._kept.connection, self._confirmed)
        now = self._clock.now()
        return {
            name: one
            for name, one in found.items()
            if abs(now - one.as_of) <= REACH and now - one.whole_at <= WHOLE_AGAIN
        }

    async def _changes(self) -> Changes | None:
        """What changed in all kept lists since they were confirmed; None where nobody can say."""
        kept = await self._once.get("kept lists", self._load)
        moments = [one.as_of for one in kept.values()]
        try:
            found = await self._api.changes(sorted(kept), min(moments) - OVERLAP)
        except ReadError as error:
            log.info("changes could not be read (%s); the lists are read in full", error.cause)
            return None
        # An answer from before the lists were read can say nothing of what came later.
        return found if found.at >= max(moments) - OVERLAP else None

    async def _brought_up(self, listed: Listed[R], known: KeptList) -> KeptList | None:
        """The kept list with what changed since; None where it has to be read in full."""
        changes = await self._once.get("changes", self._changes)
        if changes is None or _lost(listed.entity, changes):
            return None
        told = changes.rows.get(listed.entity, ())
        try:
            made = {one.id: one for one in await mapped(told, listed.make)}
        except ReadError:
            return None
        parents = {one.parent_id for one in known.rows.values()}
        for key, one in made.items():
            was = known.rows.get(key)
            if not one.name or (key in parents and (was is None or _place(was) != _place(one))):
                return None
        return KeptList({**known.rows, **made}, changes.at, known.whole_at, known.form)


def _lost(entity: str, changes: Changes) -> bool:
    """Whether rows of a list, or of one that it leans on, are said to be deleted."""
    lists = (entity, _LEANS_ON.get(entity, entity))
    return any(
        text(row, "status").casefold() == "deleted"
        for name in lists
        for row in changes.rows.get(name, ())
    )


def _place(one: Target | Party) -> tuple[object, ...]:
    """What a record's children show of it."""
    full_name = one.full_name if isinstance(one, Target) else ""
    return one.name, full_name, one.active, one.parent_id


def _form_with(note: str) -> str:
    return f"{_form()} {note}".strip()


@cache
def _form() -> str:
    """A digest of what makes records of rows: those of another version may lack something."""
    source = "".join(inspect.getsource(one) for one in (rows, decode, records))
    return hashlib.sha256(source.encode()).hexdigest()[:16]
