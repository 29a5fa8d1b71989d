"""The side panel's actions for one customer: what its people would do in the two systems."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from integrations.sandbox.procore.store import CodeRow, ProcoreStore
from integrations.sandbox.qbo.store import QboStore, full_name, own_name
from integrations.sandbox.world.edits import Edit, apply
from integrations.sandbox.world.live import LiveWorld
from integrations.sandbox.world.model import Customer
from integrations.sandbox.world.model_procore import ProcoreTemplate, ProcoreUser, TemplateType
from integrations.sandbox.world.model_qbo import QboItem, QboRole

SUPPORT_EMAIL = "support@interfy.com.au"
_ADMIN = 4
_LEADING_CODE = re.compile(r"^[\d][\d .-]*\s")


@dataclass(frozen=True, slots=True)
class Step:
    """One action and how to do it; ``do`` answers with a sentence."""

    id: str
    label: str
    do: Callable[[], str]
    hint: str = ""
    done: bool = False
    disabled: bool = False
    danger: bool = False


@lru_cache(20_000)
def plain_name(text: str) -> str:
    """A name without case and punctuation; the panel asks for the same ones at every look."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold().replace("&", " and ")))


class CustomerPanel:
    """What can be done for one customer."""

    def __init__(self, live: LiveWorld, customer: Customer) -> None:
        self._live = live
        self._slug = customer.slug
        company, realm = customer.procore_company, customer.qbo_realm
        self._procore = live.procore(company) if company is not None else None
        self._qbo = live.qbo(realm) if realm is not None else None

    def steps(self) -> Iterator[Step]:
        """The actions as they stand now."""
        if self._procore is not None:
            yield from self._support_user(self._procore)
            yield from self._vendors(self._procore)
        if self._qbo is not None:
            yield from self._customers(self._qbo)
            if self._procore is not None:
                yield from self._accounts(self._procore, self._qbo)
            yield from self._repairs(self._qbo)
            yield self._sign_in(self._qbo)

    def _step(
        self,
        name: str,
        label: str,
        do: Callable[[], str],
        *,
        hint: str = "",
        done: bool = False,
        disabled: bool = False,
        danger: bool = False,
    ) -> Step:
        return Step(f"{self._slug}:{name}", label, do, hint, done, disabled, danger)

    def _edit(self, op: str, kind: str, where: str, **more: object) -> str:
        edit = Edit.model_validate({"op": op, "kind": kind, "in": where, **more})
        return apply(self._live, edit)

    # -- Procore: the support user --------------------------------------------------------

    def _support_user(self, store: ProcoreStore) -> Iterator[Step]:
        user = store.user_of(SUPPORT_EMAIL)
        where = str(store.id)

        def change(**fields: object) -> Callable[[], str]:
            def do() -> str:
                record = {"email": SUPPORT_EMAIL, **fields}
                return self._edit("upsert", "procore.user", where, record=record)

            return do

        there = user is not None and user.active
        again = user is not None and not user.active
        names = {"first_name": "Interfy", "last_name": "Support", "active": True}
        yield self._step(
            "procore-support-user",
            "Reactivate the Procore support user" if again else "Create the Procore support user",
            change(**names),
            hint=SUPPORT_EMAIL,
            done=there,
            disabled=there,
        )
        missing = "" if there else "There is no active support user yet."
        template = _admin_template(store, TemplateType.COMPANY)
        yield self._step(
            "procore-company-admin",
            "Give the support user the company admin template",
            change(company_template=template and template.name, rights={}),
            hint=missing or ("" if template else "No company template gives Admin."),
            done=there and template is not None and _has(user, template.name),
            disabled=bool(missing) or template is None,
        )
        everywhere = _admin_template(store, TemplateType.PROJECT)
        name = everywhere and everywhere.name
        yield self._step(
            "procore-project-access",
            "Make the support user project admin everywhere",
            change(all_projects=name, default_project_template=name, add_to_new_projects=True),
            hint=missing or ("" if everywhere else "No project template gives Admin."),
            done=user is not None and name is not None and user.all_projects == name,
            disabled=bool(missing) or everywhere is None,
        )

    # -- duplicates -----------------------------------------------------------------------

    def _vendors(self, store: ProcoreStore) -> Iterator[Step]:
        groups = store.company.duplicate_groups

        def left(group: list[str]) -> list[str]:
            return [name for name in group if store.vendor_named(name) is not None]

        yield from self._merges("vendors", "procore.vendor", str(store.id), groups, left)

    def _customers(self, store: QboStore) -> Iterator[Step]:
        groups = store.company.duplicate_groups

        def left(group: list[str]) -> list[str]:
            found = [(name, store.find("Customer", name)) for name in group]
            return [name for name, one in found if one is not None and one.active]

        yield from self._merges("customers", "qbo.customer", store.id, groups, left)

    def _merges(
        self,
        what: str,
        kind: str,
        where: str,
        groups: list[list[str]],
        left: Callable[[list[str]], list[str]],
    ) -> Iterator[Step]:
        def merge(group: list[str]) -> Callable[[], str]:
            def do() -> str:
                names = left(group)
                if len(names) < 2:
                    return "These are merged already."
                return self._edit("merge", kind, where, key=names[0], keys=names[1:])

            return do

        def merge_all() -> str:
            return " ".join(merge(group)() for group in groups)

        done = [len(left(group)) < 2 for group in groups]
        for number, group in enumerate(groups):
            yield self._step(
                f"merge-{what}:{number + 1}",
                f"Merge {' + '.join(group)}",
                merge(group),
                done=done[number],
                disabled=done[number],
            )
        if len(groups) > 1:
            label = f"Merge all {len(groups)} groups of duplicate {what}"
            yield self._step(
                f"merge-{what}:all", label, merge_all, done=all(done), disabled=all(done)
            )

    # -- QuickBooks: accounts and items ---------------------------------------------------

    def _accounts(self, procore: ProcoreStore, qbo: QboStore) -> Iterator[Step]:
        missing = _without_account(procore, qbo)

        def add(rows: list[CodeRow]) -> Callable[[], str]:
            def do() -> str:
                for row in rows:
                    self._add_account(qbo, row)
                return f"{len(rows)} account{'s' if len(rows) != 1 else ''} added."

            return do

        if missing:
            first = missing[0]
            label = f"Add a QuickBooks account for {first.full_code} {first.name}"
            yield self._step("add-account", label, add([first]))
        yield self._step(
            "add-accounts",
            "Add an account for every cost code without one",
            add(missing),
            hint=f"{len(missing)} missing" if missing else "Nothing is missing.",
            done=not missing,
            disabled=not missing,
        )

    def _add_account(self, qbo: QboStore, row: CodeRow) -> None:
        name = row.name.replace(":", " -").replace('"', "'")
        record = {"name": name, "acct_num": row.full_code}
        self._edit("upsert", "qbo.account", qbo.id, key=name, record=record)

    def _repairs(self, store: QboStore) -> Iterator[Step]:
        asleep = [one for one in store.accounts.values() if not one.active]
        bare = [one for one in store.items.values() if _needs_expense_account(one)]

        def wake() -> str:
            for one in asleep:
                self._edit("upsert", "qbo.account", store.id, key=one.id, record={"active": True})
            return f"Active again: {', '.join(own_name(one) for one in asleep)}."

        def give() -> str:
            costs = (one for one in store.accounts.values() if one.active)
            account = next(o for o in costs if o.account_type == "Cost of Goods Sold")
            record = {"expense_account": full_name(account)}
            for one in bare:
                self._edit("upsert", "qbo.item", store.id, key=one.id, record=record)
            return f"{account.name} is now the expense account of {len(bare)} items."

        none = "Nothing to do."
        yield self._step(
            "activate-accounts",
            "Make inactive accounts active",
            wake,
            hint=", ".join(own_name(one) for one in asleep) or none,
            done=not asleep,
            disabled=not asleep,
        )
        yield self._step(
            "item-expense-accounts",
            "Give items an expense account",
            give,
            hint=", ".join(one.name for one in bare) or none,
            done=not bare,
            disabled=not bare,
        )

    def _sign_in(self, store: QboStore) -> Step:
        user = store.user_of(SUPPORT_EMAIL)
        tokens = self._live.qbo_tokens

        def sign_in() -> str:
            record = {
                "email": SUPPORT_EMAIL,
                "given_name": "Interfy",
                "family_name": "Support",
                "email_verified": True,
                "status": "active",
                "role": QboRole.COMPANY_ADMIN,
            }
            self._edit("upsert", "qbo.user", store.id, record=record)
            tokens.sign_in_again(store.id, SUPPORT_EMAIL)
            return f"Interfy Support is Company admin of {store.company.name} and connected it."

        accepted = user is not None and user.status == "active"
        return self._step(
            "qbo-sign-in",
            "Accept the QuickBooks invitation and authorise as Interfy Support",
            sign_in,
            hint=SUPPORT_EMAIL,
            done=accepted and tokens.all_of(store.id, SUPPORT_EMAIL),
        )


def _admin_template(store: ProcoreStore, kind: TemplateType) -> ProcoreTemplate | None:
    tools = ("directory",) if kind is TemplateType.COMPANY else ("directory", "admin")
    for one in store.templates.values():
        if one.type is kind and any(one.levels.get(tool) == _ADMIN for tool in tools):
            return one
    return None


def _has(user: ProcoreUser | None, template: str) -> bool:
    return user is not None and user.company_template == template


def _without_account(procore: ProcoreStore, qbo: QboStore) -> list[CodeRow]:
    """Active leaf codes whose name no account or item has, with or without a code before it.

    An equal code with another name is no account for the code: that is a question for a person.
    """
    names = [one.name for one in qbo.accounts.values()]
    names += [one.name for one in qbo.items.values()]
    known = {plain_name(name) for name in names}
    # Only what begins with a digit can have a code before its name.
    coded = [name for name in names if name[:1].isdecimal()]
    known |= {plain_name(_LEADING_CODE.sub("", name)) for name in coded}
    missing = []
    for list_id in procore.lists:
        for row in procore.tree(list_id):
            name = plain_name(row.name)
            if row.active and not row.is_parent and name not in known:
                known.add(name)
                missing.append(row)
    return missing


def _needs_expense_account(item: QboItem) -> bool:
    return item.active and item.expense_account is None and item.type in {"Service", "NonInventory"}
