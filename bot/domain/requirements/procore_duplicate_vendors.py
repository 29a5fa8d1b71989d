"""Procore's company directory holds no duplicate vendors (recommended)."""

from bot.domain.duplicates_finding import Kind
from bot.domain.facets import VENDORS
from bot.domain.model import Grade, Link, Requirement, Role

KIND = Kind("procore-duplicate-vendors", "vendor", "vendors", VENDORS)

check = KIND.judge

REQUIREMENT = Requirement(
    id=KIND.item,
    order=70,
    grade=Grade.RECOMMENDED,
    title="No duplicate vendors in Procore",
    short="Procore vendors",
    why="Two records of one company split its bills between two QuickBooks suppliers.",
    who=Role.PROCORE_ADMIN,
    steps=(
        "Press Review to see the groups and why we think they are one company.",
        "In Procore, open Company level > Directory > Settings > Merge Companies.",
        "Choose the record to keep as the primary one. A merge can't be undone, so look twice.",
        "Press Re-check here.",
    ),
    links=(
        Link("Procore: merge companies", "{procore_merge_url}"),
        Link("Interfy's guide", "{guide_url}"),
    ),
    needs=(VENDORS,),
    check=check,
    known_by="Names, ABNs, phones, e-mails and addresses of all active vendors are compared.",
)
