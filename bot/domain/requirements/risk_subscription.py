"""The QuickBooks subscription is paid (rule A4)."""

from bot.domain.facets import COMPANY
from bot.domain.findings import met, unknown, unmet
from bot.domain.model import CheckContext, Finding, Role, Snapshot
from bot.domain.risk import missing, risk, value

ENDING = {
    "TRIAL": "is a trial, which ends",
    "SUSPENDED": "is suspended",
    "EXPIRED": "has expired",
    "CANCELLED": "was cancelled",
    "CANCELED": "was cancelled",
}


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Read the subscription's state; one that is not known says nothing."""
    unread = missing(snapshot, (COMPANY,))
    if unread is not None:
        return unread
    state = value(snapshot, COMPANY).subscription
    if state.upper() == "PAID":
        return met("The QuickBooks subscription is paid.")
    if state.upper() in ENDING:
        return unmet(
            f"The QuickBooks subscription {ENDING[state.upper()]}.",
            "Subscribe under Settings > Account and settings > Billing.",
        )
    said = f'is "{state}", which I don\'t know' if state else "isn't told"
    return unknown(
        f"The state of the QuickBooks subscription {said}.",
        "Look under Settings > Account and settings > Billing.",
    )


REQUIREMENT = risk(
    "subscription",
    320,
    "The QuickBooks subscription is paid",
    "subscription",
    why="When a subscription or trial ends, QuickBooks refuses every booking (error 6190).",
    who=Role.QBO_ADMIN,
    steps=("In QuickBooks, open Settings > Account and settings > Billing and subscribe.",),
    needs=(COMPANY,),
    check=check,
    known_by="CompanyInfo says the state (SubscriptionStatus).",
)
