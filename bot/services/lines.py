"""Statuses as the lines of a notice."""

from collections.abc import Iterable, Sequence

from bot import words
from bot.domain.customer import Customer
from bot.domain.model import Status, StatusKind, SupportIdentity
from bot.services.notices import Line


def as_lines(statuses: Iterable[Status], support: SupportIdentity) -> tuple[Line, ...]:
    """One line per status, with its summary, owner and due date."""
    return tuple(_line(status, support) for status in statuses)


def mentions(customer: Customer, lines: Sequence[Line]) -> tuple[str, ...]:
    """The items' owners, else the customer's; each once."""
    owners = [line.owner for line in lines if line.owner] or [customer.owner]
    return tuple(dict.fromkeys(owner for owner in owners if owner))


def _line(status: Status, support: SupportIdentity) -> Line:
    return Line(
        item=status.requirement.id,
        title=status.requirement.filled(status.requirement.title, support),
        summary=summary_of(status),
        status=status.kind.value,
        owner=status.assignment.owner,
        due=status.assignment.due.isoformat() if status.assignment.due else "",
        rows=status.finding is not None and bool(status.finding.evidence),
    )


def summary_of(status: Status) -> str:
    """The sentence that says how the item stands."""
    if status.kind is StatusKind.ATTESTED and status.attestation is not None:
        return status.attestation.note or words.details.BY_A_PERSON
    if status.kind is StatusKind.WAIVED and status.waiver is not None:
        return status.waiver.why
    if status.finding is None:
        return words.details.NOT_CHECKED
    return status.finding.summary
