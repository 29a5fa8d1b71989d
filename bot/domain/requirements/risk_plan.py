"""The QuickBooks plan has projects (rule A2)."""

import re

from bot.domain.facets import COMPANY
from bot.domain.findings import met, unknown, unmet
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.risk import missing, risk, value

_ENOUGH = re.compile(r"(?<!payroll )\b(plus|advanced)\b", re.IGNORECASE)
"""Intuit's payroll plans have names of their own, "Payroll Plus" among them."""
_LESS = re.compile(
    r"\b(simple\s*start|essentials|easy\s*start|free|self[\s-]*employed|ledger)\b", re.IGNORECASE
)


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Read the plan's name; one that is not known says nothing."""
    unread = missing(snapshot, (COMPANY,))
    if unread is not None:
        return unread
    plan = value(snapshot, COMPANY).plan
    if _LESS.search(plan):
        return unmet(
            f'The QuickBooks plan is "{plan}", which has no projects.',
            "Upgrade to Plus or Advanced, or ask Interfy support whether you need projects.",
        )
    if _ENOUGH.search(plan):
        return met(f'The QuickBooks plan is "{plan}".')
    said = f'calls the plan "{plan}", which I don\'t know' if plan else "doesn't name the plan"
    return unknown(
        f"QuickBooks {said}.", "Look under Settings > Account and settings > Billing: Plus or more."
    )


REQUIREMENT = risk(
    "plan",
    310,
    "The QuickBooks plan is Plus or Advanced",
    "plan",
    why="Below Plus there are no projects, so job costs can't be told apart. Procore's own "
    "connector asks for Plus or Advanced too.",
    who=Role.QBO_ADMIN,
    steps=("In QuickBooks, open Settings > Account and settings > Billing and look at the plan.",),
    needs=(COMPANY,),
    check=check,
    known_by="CompanyInfo names the plan (OfferingSku).",
)
