"""QuickBooks Online holds no duplicate customers (recommended)."""

from bot.domain.duplicates_finding import judge_duplicates
from bot.domain.facets import CUSTOMERS
from bot.domain.findings import unread
from bot.domain.model import (
    CheckContext,
    Failed,
    Finding,
    Grade,
    Link,
    Requirement,
    Role,
    Snapshot,
)


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Groups of top-level customers that are surely or likely one."""
    read = snapshot.get(CUSTOMERS)
    if isinstance(read, Failed):
        return unread(read)
    return judge_duplicates(
        read.value,
        context.dismissed_customers,
        what=("customer", "customers"),
        system="QuickBooks",
        remedy="Merge them in QuickBooks, or say under Details that they are not duplicates. "
        "A merge can't be undone.",
        scope=read.scope,
    )


REQUIREMENT = Requirement(
    id="qbo-duplicate-customers",
    order=80,
    grade=Grade.RECOMMENDED,
    title="No duplicate customers in QuickBooks",
    short="QuickBooks customers",
    why="Two records of one customer split its invoices, and OneCore can only map one of them.",
    who=Role.QBO_ADMIN,
    steps=(
        "Press Details to see the groups and why we think they are one customer.",
        "In QuickBooks, open the customer to remove, press Edit and give it the other's name.",
        "QuickBooks offers to merge them. It can't be undone, so look twice.",
        "Press Re-check here.",
    ),
    links=(
        Link("QuickBooks: merge duplicates", "{qbo_merge_url}"),
        Link("Interfy's guide", "{guide_url}"),
    ),
    needs=(CUSTOMERS,),
    check=check,
    known_by="Top-level customers are compared by name, e-mail, phone and address.",
)
