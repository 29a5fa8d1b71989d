"""One QuickBooks company as it stands now: the world's records by id, and when they changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

from integrations.sandbox.world import generate
from integrations.sandbox.world.kept import Kept
from integrations.sandbox.world.model_qbo import (
    QboAccount,
    QboCompany,
    QboContact,
    QboCustomer,
    QboEmployee,
    QboItem,
    QboUser,
    QboVendor,
    chart_of_accounts,
    qualified,
)

CREATED = datetime(2025, 2, 3, 22, 15, tzinfo=UTC)
"""When records of a world file say they were made."""

Record = QboAccount | QboItem | QboCustomer | QboVendor | QboEmployee
_R = TypeVar("_R", QboAccount, QboItem, QboCustomer, QboVendor, QboEmployee)


def own_name(record: Record) -> str:
    """A record's own name: DisplayName of people, Name of the rest."""
    return record.display_name if isinstance(record, QboContact) else record.name


def full_name(record: Record) -> str:
    """A record's FullyQualifiedName, without the mark of inactive ones."""
    return qualified(own_name(record), getattr(record, "parent", None))


@dataclass
class Rendered:
    """One entity's rows as the API sends them, and what was made of them: until the next change.

    ``found`` has what a search found, ``texts`` single rows as JSON, by id.
    """

    rows: list[dict[str, Any]]
    found: dict[object, list[dict[str, Any]]] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)


class _Records:
    """A company's records with their ids, as its world has them; stores share and never change it.

    Bulk data is made when somebody first asks for it.
    """

    def __init__(self, company: QboCompany) -> None:
        self.company = company
        self.rendered: dict[str, Rendered] = {}
        self.names: dict[str, dict[str, str]] = {}

    @cached_property
    def accounts(self) -> dict[str, QboAccount]:
        company, wanted = self.company, self.company.generate
        rows = company.accounts
        if wanted is not None:
            known = {one.name for one in rows}
            made = generate.accounts(wanted.seed, wanted.cost_codes)
            rows += [one for one in made if one.name not in known]
        if company.chart == "construction":
            rows[:0] = chart_of_accounts()
        return _by_id(rows)

    @cached_property
    def items(self) -> dict[str, QboItem]:
        return _by_id(self.company.items)

    @cached_property
    def customers(self) -> dict[str, QboCustomer]:
        rows, wanted = self.company.customers, self.company.generate
        if wanted is not None:
            rows += generate.customers(
                wanted.seed, wanted.customers, wanted.jobs, wanted.duplicates
            )
        return _by_id(rows)

    @cached_property
    def vendors(self) -> dict[str, QboVendor]:
        rows, wanted = self.company.vendors, self.company.generate
        if wanted is not None:
            rows += generate.qbo_vendors(wanted.seed, wanted.vendors)
        return _by_id(rows, after=max(map(int, self.customers), default=0))

    @cached_property
    def employees(self) -> dict[str, QboEmployee]:
        return _by_id(self.company.employees, after=max(map(int, self.vendors), default=0))


_RECORDS = Kept(_Records)


class QboStore:
    """A company's records as they stand in one sandbox.

    The records themselves are shared with other sandboxes of the same company: an edit puts
    another one in the place of a record, and changes none.
    """

    def __init__(self, company: QboCompany) -> None:
        self.company = company.model_copy(update={"users": list(company.users)})
        self._records = _RECORDS.of(company)
        self.changed: dict[tuple[str, str], datetime] = {}
        self.tokens: dict[tuple[str, str], int] = {}
        self.removed: dict[tuple[str, str], datetime] = {}
        self.rendered = self._records.rendered
        self._names = self._records.names

    @cached_property
    def accounts(self) -> dict[str, QboAccount]:
        """The chart of accounts by id."""
        return dict(self._records.accounts)

    @cached_property
    def items(self) -> dict[str, QboItem]:
        """Products and services by id."""
        return dict(self._records.items)

    @cached_property
    def customers(self) -> dict[str, QboCustomer]:
        """Customers, jobs and projects by id."""
        return dict(self._records.customers)

    @cached_property
    def vendors(self) -> dict[str, QboVendor]:
        """Suppliers by id; Intuit counts customers and vendors in one series."""
        return dict(self._records.vendors)

    @cached_property
    def employees(self) -> dict[str, QboEmployee]:
        """Employees by id, counted in the same series."""
        return dict(self._records.employees)

    @property
    def id(self) -> str:
        """The company's realm id."""
        return self.company.realm_id

    @property
    def users(self) -> list[QboUser]:
        """Who has a seat or an invitation."""
        return self.company.users

    def user_of(self, email: str) -> QboUser | None:
        """The user with this e-mail address."""
        wanted = email.casefold()
        return next((one for one in self.users if one.email.casefold() == wanted), None)

    def rows(self, entity: str) -> Mapping[str, Record]:
        """The records of one entity by id, e.g. of ``Customer``.

        Raises:
            KeyError: The stand-in holds no such entity.
        """
        return self._table(entity)

    def find(self, entity: str, key: str) -> Record | None:
        """A record by id, else by fully qualified name, else by its own name or number."""
        rows = self.rows(entity)
        if key in rows:
            return rows[key]
        if entity not in self._names:
            self._names[entity] = _index(rows)
        found = self._names[entity].get(key)
        return None if found is None else rows[found]

    def updated_at(self, entity: str, record_id: str) -> datetime:
        """When a record last changed."""
        return self.changed.get((entity, record_id), CREATED)

    def sync_token(self, entity: str, record_id: str) -> str:
        """How often a record changed."""
        return str(self.tokens.get((entity, record_id), 0))

    def touch(self, entity: str, record_id: str, now: datetime) -> None:
        """Note that a record changed; what was derived from the records is made anew."""
        key = (entity, record_id)
        self.changed[key] = now
        self.tokens[key] = self.tokens.get(key, -1) + 1
        self.forget()

    def forget(self) -> None:
        """What was derived from the records is made anew."""
        self.rendered, self._names = {}, {}

    def alter(self, entity: str, record_id: str, **changes: object) -> None:
        """Put a record with other values in the place of one, without a word to change data."""
        table = self._table(entity)
        table[record_id] = table[record_id].model_copy(update=changes)
        self.forget()

    def put(self, entity: str, record: Record, now: datetime) -> None:
        """Add a record, or put it in the place of the one with its id."""
        table = self._table(entity)
        if record.id is None:
            people = entity in {"Customer", "Vendor", "Employee"}
            used = [*self.customers, *self.vendors, *self.employees] if people else list(table)
            record.id = str(max(map(int, used), default=0) + 1)
        table[record.id] = record
        self.touch(entity, record.id, now)

    def remove(self, entity: str, record_id: str, now: datetime) -> None:
        """Take a record out; the change data will tell of it."""
        del self._table(entity)[record_id]
        self.removed[entity, record_id] = now
        self.touch(entity, record_id, now)

    def _table(self, entity: str) -> dict[str, Any]:
        names = {
            "Account": "accounts",
            "Item": "items",
            "Customer": "customers",
            "Vendor": "vendors",
            "Employee": "employees",
        }
        table: dict[str, Any] = getattr(self, names[entity])
        return table


def _by_id(rows: list[_R], *, after: int = 0) -> dict[str, _R]:
    taken = {int(one.id) for one in rows if one.id is not None}
    made: dict[str, _R] = {}
    for one in rows:
        if one.id is None:
            after += 1
            while after in taken:
                after += 1
            one.id = str(after)
        made[one.id] = one
    return made


def _index(rows: Mapping[str, Record]) -> dict[str, str]:
    """What a record may be called, to its id; the more precise name wins, then the earlier row."""
    made: dict[str, str] = {}
    for name in (full_name, own_name, _number):
        for key, one in rows.items():
            made.setdefault(name(one), key)
    return made


def _number(record: Record) -> str:
    return getattr(record, "acct_num", None) or ""
