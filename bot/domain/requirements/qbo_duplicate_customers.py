"""QuickBooks Online holds no duplicate customers (recommended)."""

from bot.domain.duplicates_finding import Kind
from bot.domain.facets import CUSTOMERS
from bot.domain.model import Grade, Link, Requirement, Role

KIND = Kind("qbo-duplicate-customers", "customer", "customers", CUSTOMERS)

check = KIND.judge

REQUIREMENT = Requirement(
    id=KIND.item,
    order=80,
    grade=Grade.RECOMMENDED,
    title="No duplicate customers in QuickBooks",
    short="QuickBooks customers",
    why="Two records of one customer split its invoices, and OneCore can only map one of them.",
    who=Role.QBO_ADMIN,
    steps=(
        "Press Review to see the groups and why we think they are one customer.",
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
