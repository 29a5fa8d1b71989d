"""How to merge a group of duplicates, step by step: nothing is done, it is only said.

Blockers come first, because a merge cannot be undone and neither system says what it lacks; the
record on which least hangs is merged first.
"""

from collections.abc import Sequence

from bot.domain.model import System
from bot.domain.records import Party

QBO_RECORD = "https://app.qbo.intuit.com/app/customerdetail?nameId="
NO_LINK = (
    "none: Procore documents no address of a company's record; find it by its name in "
    "Directory > Companies"
)


def record_url(system: System, party: Party) -> str:
    """Where a person sees the record; "" for Procore, which documents no such address."""
    return f"{QBO_RECORD}{party.id}" if system is System.QBO else ""


def merge_steps(system: System, keep: Party, others: Sequence[Party]) -> tuple[str, ...]:
    """What a person does, in order, until ``others`` are merged into ``keep``."""
    ordered = sorted(others, key=lambda one: (one.keep_rank, one.weight, one.name, one.id))
    if system is System.PROCORE:
        return (*_clear_procore(ordered), *_merge_procore(keep, ordered))
    return (*_clear_qbo(keep, ordered), *_merge_qbo(keep, ordered))


def _named(party: Party) -> str:
    return f'"{party.name}" (id {party.id})'


def _clear_procore(others: Sequence[Party]) -> list[str]:
    how = {
        2: "Disconnect {} from Procore's network, or keep it instead",
        1: "Unlink {} from the accounting system",
    }
    links = [how[one.keep_rank].format(_named(one)) for one in others if one.keep_rank in how]
    return [*links, "Look for tenders that list several of them, and for locked contracts"]


def _merge_procore(keep: Party, others: Sequence[Party]) -> list[str]:
    names = ", ".join(map(_named, others))
    return [f"Directory > Settings > Merge Companies: primary {_named(keep)}, merge in {names}"]


def _clear_qbo(keep: Party, others: Sequence[Party]) -> list[str]:
    """QuickBooks merges no customer that has anything below it, on neither side."""
    return [
        f"Move the sub-customers and projects of {_named(one)} below another customer, also the "
        "inactive ones"
        for one in (*others, keep)
        if one.blockers
    ]


def _merge_qbo(keep: Party, others: Sequence[Party]) -> list[str]:
    return [
        f'Edit {_named(one)}, name it exactly "{keep.name}" and confirm the merge' for one in others
    ]
