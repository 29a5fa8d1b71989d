"""Changes to a running world: records put in, taken out and merged.

One edit is ``{"op": "upsert"|"remove"|"merge", "kind": …, "in": company or realm id, …}``; the
vocabulary is in docs/worlds.md. Whatever a person could do in Procore's or QuickBooks' own pages
can be said here, and nothing that they could not.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from integrations.sandbox.procore.store import ProcoreStore
from integrations.sandbox.qbo.store import QboStore, Record, full_name, own_name
from integrations.sandbox.world.base import Section
from integrations.sandbox.world.hooks import PROCORE, QBO
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.model_procore import (
    ProcoreCostCode,
    ProcoreCostCodeList,
    ProcoreProject,
    ProcoreSettings,
    ProcoreTemplate,
    ProcoreUser,
    ProcoreVendor,
)
from integrations.sandbox.world.model_qbo import (
    QboAccount,
    QboCustomer,
    QboItem,
    QboPreferences,
    QboSettings,
    QboUser,
    QboVendor,
)

Tell = Callable[[str, str, str], None]
"""Says to the webhooks which kind of record was changed how, and its id."""


class EditError(Exception):
    """An edit cannot be made; the text is a sentence that says why."""


class Edit(BaseModel):
    """One edit as it is posted to ``/_world/edits``.

    ``key`` (an id, or the record's name, e-mail address or code) says which record; for an upsert
    it may be left out when ``record`` says it. ``list`` is the cost code list of a cost code.
    ``keys`` are the records that a merge folds into ``key``.
    """

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    op: Literal["upsert", "remove", "merge"]
    kind: str
    where: str = Field(alias="in")
    key: str | None = None
    keys: list[str] = Field(default_factory=list)
    list: str | None = None
    record: dict[str, Any] = Field(default_factory=dict)


_PROCORE: dict[str, tuple[type[Section], str, str]] = {
    # Kind: model, the store's table, the field that names a record.
    "user": (ProcoreUser, "users", "email"),
    "permission_template": (ProcoreTemplate, "templates", "name"),
    "project": (ProcoreProject, "projects", "name"),
    "cost_code_list": (ProcoreCostCodeList, "lists", "name"),
    "vendor": (ProcoreVendor, "vendors", "name"),
}
_ID_KINDS = {"permission_template": "template", "cost_code_list": "list", "cost_code": "code"}
_QBO: dict[str, tuple[type[Section], str, str]] = {
    "account": (QboAccount, "Account", "name"),
    "item": (QboItem, "Item", "name"),
    "customer": (QboCustomer, "Customer", "display_name"),
    "vendor": (QboVendor, "Vendor", "display_name"),
}


def apply(live: LiveWorld, edit: Edit) -> str:
    """Make one edit and return what was done, as a sentence.

    Raises:
        EditError: There is no such company or record, or the record would be wrong.
    """
    system, _, kind = edit.kind.partition(".")
    if system == "procore":
        store = live.procore(int(edit.where)) if edit.where.isdecimal() else None
        if store is None:
            raise EditError(f"There is no Procore company {edit.where}.")
        tell = partial(live.hooks.changed, PROCORE, edit.where)
        return _Procore(store, live.clock.now(), tell).apply(edit, kind)
    if system == "qbo":
        company = live.qbo(edit.where)
        if company is None:
            raise EditError(f"There is no QuickBooks company {edit.where}.")
        tell = partial(live.hooks.changed, QBO, edit.where)
        return _Qbo(company, live.clock.now(), tell).apply(edit, kind)
    raise EditError(f"An edit's kind begins with procore. or qbo.; this one is {edit.kind!r}.")


def _merged(model: type[Section], old: Section | None, record: Mapping[str, Any]) -> Section:
    """The record with the new fields over the old ones, checked as a world file's is."""
    fields = old.model_dump(exclude_defaults=True) if old is not None else {}
    try:
        return model.model_validate({**fields, **record})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'record'}: {one['msg']}" for one in error.errors()
        )
        raise EditError(f"The record would not be right: {problems}.") from None


class _Procore:
    def __init__(self, store: ProcoreStore, now: datetime, tell: Tell) -> None:
        self._store = store
        self._now = now
        self._tell = tell

    def apply(self, edit: Edit, kind: str) -> str:
        if kind == "settings":
            company = self._store.company
            made = _merged(ProcoreSettings, company.settings, edit.record)
            company.settings = ProcoreSettings.model_validate(made.model_dump())
            return f"Settings of {company.name} changed."
        if kind == "cost_code":
            return self._cost_code(edit)
        if kind not in _PROCORE:
            raise EditError(f"There is no kind procore.{kind}.")
        if edit.op == "merge":
            if kind != "vendor":
                raise EditError("Procore merges vendors only.")
            return self._merge(edit)
        model, table_name, field = _PROCORE[kind]
        table: dict[int, Any] = getattr(self._store, table_name)
        done = self._one(edit, table, model, field, kind)
        if kind == "cost_code_list":
            for list_id in table:
                self._store.codes.setdefault(list_id, {})
        return done

    def _cost_code(self, edit: Edit) -> str:
        lists = {one.name: key for key, one in self._store.lists.items()}
        wanted = edit.list or next(iter(lists), "")
        list_id = int(wanted) if wanted.isdecimal() else lists.get(wanted)
        if list_id is None or list_id not in self._store.codes:
            raise EditError(f"There is no cost code list {wanted!r} here.")
        return self._one(edit, self._store.codes[list_id], ProcoreCostCode, "code", "cost_code")

    def _one(
        self,
        edit: Edit,
        table: dict[int, Any],
        model: type[Section],
        field: str,
        kind: str,
    ) -> str:
        wanted = edit.key or str(edit.record.get("id") or edit.record.get(field) or "")
        found = _find(table, wanted, field)
        if edit.op == "remove":
            if found is None:
                raise EditError(f"There is no {wanted!r} to remove.")
            del table[found]
            self._store.touch(found, self._now)
            self._tell(kind, "delete", str(found))
            return f"{wanted} removed."
        made: Any = _merged(model, table.get(found) if found is not None else None, edit.record)
        key = found or made.id or self._store.new_id(_ID_KINDS.get(kind, kind))
        made.id = key
        table[key] = made
        self._store.touch(key, self._now)
        self._tell(kind, "create" if found is None else "update", str(key))
        return f"{getattr(made, field)} {'changed' if found is not None else 'added'}."

    def _merge(self, edit: Edit) -> str:
        vendors = self._store.vendors
        keep = _find(vendors, edit.key or "", "name")
        gone = [_find(vendors, key, "name") for key in edit.keys]
        if keep is None or not gone or None in gone or keep in gone:
            raise EditError("A merge needs the vendor to keep and the others that fold into it.")
        keys = [one for one in gone if one is not None]
        for key in (keep, *keys):
            if blocked := vendors[key].merge_blocked_by:
                raise EditError(f"Procore will not merge {vendors[key].name}: {blocked}")
        if any(vendors[key].connected_to_company_id for key in keys):
            raise EditError("A vendor that is connected to its own Procore has to be the primary.")
        names = [vendors.pop(key).name for key in keys]
        for key, vendor in vendors.items():
            if vendor.parent in names:
                vendors[key] = vendor.model_copy(update={"parent": vendors[keep].name})
        self._store.touch(keep, self._now)
        self._tell("vendor", "update", str(keep))
        return f"{', '.join(names)} merged into {vendors[keep].name}."


def _find(table: Mapping[int, Any], wanted: str, field: str) -> int | None:
    if wanted.isdecimal() and int(wanted) in table:
        return int(wanted)
    folded = wanted.casefold()
    return next(
        (key for key, one in table.items() if str(getattr(one, field)).casefold() == folded), None
    )


class _Qbo:
    def __init__(self, store: QboStore, now: datetime, tell: Tell) -> None:
        self._store = store
        self._now = now
        self._tell = tell

    def apply(self, edit: Edit, kind: str) -> str:
        company = self._store.company
        if kind == "user":
            return self._user(edit)
        if kind == "preferences":
            made = _merged(QboPreferences, company.preferences, edit.record)
            company.preferences = QboPreferences.model_validate(made.model_dump())
            self._store.forget()
            return f"Preferences of {company.name} changed."
        if kind == "settings":
            made = _merged(QboSettings, company.settings, edit.record)
            company.settings = QboSettings.model_validate(made.model_dump())
            return f"Settings of {company.name} changed."
        if kind not in _QBO:
            raise EditError(f"There is no kind qbo.{kind}.")
        if edit.op == "merge":
            return self._merge(edit, *_QBO[kind][1:2])
        return self._one(edit, *_QBO[kind])

    def _user(self, edit: Edit) -> str:
        wanted = edit.key or str(edit.record.get("email", ""))
        old = self._store.user_of(wanted)
        if edit.op == "remove":
            if old is None:
                raise EditError(f"{wanted!r} is no user of {self._store.company.name}.")
            self._store.users.remove(old)
            return f"{wanted} no longer has access to {self._store.company.name}."
        made = _merged(QboUser, old, edit.record)
        assert isinstance(made, QboUser)
        if old is not None:
            self._store.users.remove(old)
        self._store.users.append(made)
        return f"{made.email} is {made.role.value.replace('_', ' ')} ({made.status})."

    def _one(self, edit: Edit, model: type[Section], entity: str, field: str) -> str:
        wanted = edit.key or str(edit.record.get("id") or edit.record.get(field) or "")
        found = self._store.find(entity, wanted)
        if edit.op == "remove":
            if found is None or found.id is None:
                raise EditError(f"There is no {wanted!r} to remove.")
            self._store.remove(entity, found.id, self._now)
            self._tell(entity.lower(), "delete", found.id)
            return f"{wanted} removed."
        made: Any = _merged(model, found, edit.record)
        made.id = found.id if found is not None else made.id
        self._refuse_repeated_name(entity, made)
        if found is not None:
            self._follow(entity, found, made)
        self._store.put(entity, made, self._now)
        self._tell(entity.lower(), "create" if found is None else "update", str(made.id))
        return f"{own_name(made)} {'changed' if found is not None else 'added'}."

    def _follow(self, entity: str, old: Record, new: Record) -> None:
        """Let what names a record by its text go on naming it: Intuit itself refers by id.

        The followers do not count as changed, since nothing says that Intuit tells of them.
        """
        was, now = full_name(old), full_name(new)
        for key, one in self._store.rows(entity).items():
            parent = getattr(one, "parent", None) or ""
            if f"{parent}:".startswith(f"{was}:"):
                self._store.alter(entity, key, parent=now + parent[len(was) :])
        if entity == "Account":
            for key, item in self._store.items.items():
                for field in ("expense_account", "income_account", "asset_account"):
                    named = getattr(item, field)
                    if named and self._store.find(entity, named) is old:
                        self._store.alter("Item", key, **{field: old.id})

    def _refuse_repeated_name(self, entity: str, made: Record) -> None:
        """Intuit takes no second active record of one fully qualified name."""
        for key, one in self._store.rows(entity).items():
            if key != made.id and one.active and made.active and full_name(one) == full_name(made):
                raise EditError(f"There is already an active {entity} called {full_name(made)}.")

    def _merge(self, edit: Edit, entity: str) -> str:
        keep = self._store.find(entity, edit.key or "")
        gone = [self._store.find(entity, key) for key in edit.keys]
        if keep is None or not gone or None in gone or keep in gone:
            raise EditError("A merge needs the record to keep and the others that fold into it.")
        parents = {getattr(one, "parent", None) for one in self._store.rows(entity).values()}
        losers = [one for one in gone if one is not None]
        for one in (keep, *losers):
            if full_name(one) in parents:
                raise EditError(
                    f"QuickBooks will not merge {own_name(one)}: it has sub-customers or projects."
                )
        for one in losers:
            self._store.alter(entity, str(one.id), active=False)
            self._store.touch(entity, str(one.id), self._now)
        self._store.touch(entity, str(keep.id), self._now)
        self._tell(entity.lower(), "merge", str(keep.id))
        names = ", ".join(own_name(one) for one in losers)
        return f"{names} merged into {own_name(keep)}."
