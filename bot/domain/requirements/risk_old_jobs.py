"""Jobs are kept as QuickBooks projects, not as sub-customers (rule Q3)."""

from bot.domain.facets import CUSTOMERS
from bot.domain.findings import met, plural, unmet
from bot.domain.model import CheckContext, Evidence, Finding, Role, Snapshot
from bot.domain.risk import missing, risk, value


def check(snapshot: Snapshot, _context: CheckContext) -> Finding:
    """Count the active sub-customers that are no projects."""
    unread = missing(snapshot, (CUSTOMERS,))
    if unread is not None:
        return unread
    parties = value(snapshot, CUSTOMERS)
    names = {one.id: one.name for one in parties}
    found = [
        Evidence(one.name, f"Below {names.get(one.parent_id or '', 'a customer')}.", ref=one.id)
        for one in parties
        if one.active and one.is_job and not one.is_project
    ]
    if not found:
        return met("No active job is kept as a sub-customer.")
    return unmet(
        f"{plural(len(found), 'sub-customer is', 'sub-customers are')} not a QuickBooks project, "
        f'e.g. "{found[0].subject}"',
        "Convert those that are jobs to projects; leave those that really are customers.",
        found,
    )


REQUIREMENT = risk(
    "old-jobs",
    530,
    "Jobs are QuickBooks projects, not sub-customers",
    "old jobs",
    why="OneCore maps a Procore project to a QuickBooks project; a job that is kept as a "
    "sub-customer can't be chosen.",
    who=Role.QBO_ADMIN,
    steps=("In QuickBooks, open Projects > Convert from sub-customers and choose the jobs.",),
    needs=(CUSTOMERS,),
    check=check,
    known_by="Active sub-customers that QuickBooks doesn't mark as projects.",
)
