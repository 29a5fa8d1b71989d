"""Each item can take a cost: an expense account, active and of a fitting type (C3, C4, C5)."""

from collections.abc import Mapping

from bot.domain.facets import ACCOUNTS, ITEMS
from bot.domain.findings import met, plural, unknown, unmet
from bot.domain.matching.usability import Problem, target_problem
from bot.domain.model import (
    CheckContext,
    Evidence,
    Finding,
    MappingMode,
    Role,
    Snapshot,
)
from bot.domain.records import Target
from bot.domain.risk import missing, risk, value

NEEDS = (ITEMS, ACCOUNTS)
NONE, INACTIVE, TYPE = "No expense account", "Inactive expense account", "Account of another type"


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Follow each active item to its expense account; categories and bundles have none."""
    if context.mode is MappingMode.ACCOUNT:
        return met("Cost codes are mapped to accounts, so items play no part.")
    unread = missing(snapshot, NEEDS)
    if unread is not None:
        return unread
    accounts = {one.id: one for one in value(snapshot, ACCOUNTS).rows}
    items = [
        one
        for one in value(snapshot, ITEMS)
        if target_problem(one) in (None, Problem.NO_EXPENSE_ACCOUNT)
    ]
    found = [row for one in items if (row := _problem(one, accounts)) is not None]
    unseen = [one for one in items if one.expense_account_id not in {"", *accounts}]
    if unseen and not found:
        return unknown(
            f"The chart of accounts doesn't show the expense account of "
            f'{plural(len(unseen), "item")}, e.g. "{unseen[0].full_name or unseen[0].name}".',
            "Check again: perhaps the account was made while I was reading.",
        )
    if not found:
        return met(f"Each of {plural(len(items), 'active item')} can take a cost.")
    return unmet(
        f"{plural(len(found), 'item')} can't take a cost as "
        f'{"it is" if len(found) == 1 else "they are"} set up, e.g. "{found[0].subject}"',
        "Give each an active expense account, or make items that you don't use inactive.",
        sorted(found, key=lambda row: row.group),
    )


def _problem(item: Target, accounts: Mapping[str, Target]) -> Evidence | None:
    account = accounts.get(item.expense_account_id)
    if not item.has_expense_account:
        group, detail = NONE, "It can be sold, not bought."
    elif account is None:
        # Perhaps made between two reads of one check: nobody can tell yet.
        return None
    elif not account.active:
        group, detail = INACTIVE, f'"{account.name}" is inactive.'
    elif target_problem(account) is Problem.ACCOUNT_TYPE:
        group, detail = TYPE, f'"{account.name}" is of the type {account.type}.'
    else:
        return None
    return Evidence(item.full_name or item.name, detail, ref=item.key, group=group)


REQUIREMENT = risk(
    "item-accounts",
    540,
    "Each item has an expense account that can take a cost",
    "items' accounts",
    why='A bill line on such an item fails: "GL Expense Account is required", error 610 for an '
    "inactive account, a business validation error for one of a wrong type.",
    who=Role.QBO_ADMIN,
    steps=(
        "In QuickBooks, open Settings > Products and services and edit the item.",
        "Tick I purchase this product or service, and choose an expense or cost of sales account.",
    ),
    needs=NEEDS,
    check=check,
    known_by="Every active item and the account behind it, also those that no cost code uses; "
    "cost-code-coverage looks at those that one does.",
)
