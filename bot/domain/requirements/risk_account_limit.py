"""The missing accounts fit into the plan (rule C6)."""

import re

from bot.domain.facets import ACCOUNTS, COMPANY, COST_CODES, ITEMS
from bot.domain.findings import met, plural, unknown, unmet
from bot.domain.matching.costcodes import match_cost_codes
from bot.domain.model import (
    CheckContext,
    Finding,
    MappingMode,
    Role,
    Snapshot,
)
from bot.domain.risk import missing, risk, value

NEEDS = (COMPANY, ACCOUNTS, ITEMS, COST_CODES)
LIMIT = 250
"""Active accounts below Advanced (Intuit, "usage limits"); items don't count."""
_LIMITED = re.compile(r"\b(plus|essentials|simple\s*start|easy\s*start)\b", re.IGNORECASE)
"""The plans that Intuit names the limit for; one that nobody knows may have another."""
_ADVANCED = re.compile(r"\badvanced\b", re.IGNORECASE)


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Add an account for each code without a target to those that are there."""
    if context.mode is MappingMode.ITEM:
        return met("Cost codes are mapped to items, of which a plan allows any number.")
    unread = missing(snapshot, NEEDS)
    if unread is not None:
        return unread
    plan = value(snapshot, COMPANY).plan
    if _ADVANCED.search(plan):
        return met("The Advanced plan has no limit of accounts.")
    rows = value(snapshot, ACCOUNTS).rows
    active, codes = sum(one.active for one in rows), value(snapshot, COST_CODES).codes
    if active + len(codes) <= LIMIT:
        return met(f"{active:,} accounts leave room for every cost code below {LIMIT}.")
    report = match_cost_codes(
        codes, [*rows, *value(snapshot, ITEMS)], mode=context.mode, choices=context.choices
    )
    wanted = active + report.no_target
    if wanted <= LIMIT:
        return met(f"{active:,} accounts and {report.no_target:,} more stay within {LIMIT}.")
    if not _LIMITED.search(plan):
        said = f'calls the plan "{plan}", which I don\'t know' if plan else "doesn't name the plan"
        return unknown(
            f"QuickBooks {said}; Plus and below take {LIMIT} accounts, and {wanted:,} would be "
            "needed.",
            "Look under Settings > Account and settings > Billing > Usage limits.",
        )
    return unmet(
        f"{active:,} active accounts and one for {plural(report.no_target, 'cost code')} without "
        f"a target make {wanted:,}; below Advanced a plan takes {LIMIT}.",
        "Map several codes to one account, use items, or make accounts that nobody uses inactive.",
    )


REQUIREMENT = risk(
    "account-limit",
    340,
    "The accounts that are missing fit into the plan",
    "account limit",
    why="Below Advanced, QuickBooks refuses the 251st account, in the middle of the work.",
    who=Role.QBO_ADMIN,
    steps=(
        "Map several cost codes to one account (Match them > a whole division), or to items.",
        "Make accounts that nobody uses inactive.",
    ),
    needs=NEEDS,
    check=check,
    known_by="Active accounts, and an account more for each cost code that has no target.",
)
