"""The words of the product: requirement, finding, status, report, snapshot.

DESIGN's vocabulary, as frozen data. A *snapshot* holds the facts read from the customer's
systems, each facet either present or failed with a reason. A *check* turns a snapshot into a
*finding*. Finding, attestation and waiver together make a *status*; all statuses make a *report*,
whose *gate* says whether the customer may be handed over.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

from bot.domain.reviewed import Reviewed

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Grade(StrEnum):
    """How much a requirement weighs in the gate."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    ADVISORY = "advisory"
    """A risk: something that costs a week later. It stands outside the gate."""
    HAND_OFF = "hand-off"


class Verdict(StrEnum):
    """What a check found. A failed read is ``unknown``: never met, and never unmet."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


class StatusKind(StrEnum):
    """What people are shown for one requirement."""

    VERIFIED = "verified"
    ATTESTED = "attested"
    WAIVED = "waived"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not checked"


class Gate(StrEnum):
    """Whether the customer is ready for OneCore."""

    READY = "ready"
    READY_WITH_RISKS = "ready with risks"
    NOT_READY = "not ready"
    CANNOT_TELL = "cannot tell"

    @property
    def is_open(self) -> bool:
        """True when the hand-off is allowed."""
        return self in (Gate.READY, Gate.READY_WITH_RISKS)


class Role(StrEnum):
    """Who can put a requirement right."""

    PROCORE_ADMIN = "your Procore administrator"
    QBO_ADMIN = "your QuickBooks administrator"
    SUPPORT = "Interfy support"


class System(StrEnum):
    """The two systems we read."""

    PROCORE = "procore"
    QBO = "qbo"

    @property
    def label(self) -> str:
        """The system's name as people know it."""
        return "Procore" if self is System.PROCORE else "QuickBooks"


class Cause(StrEnum):
    """Why a facet could not be read; decides what a person is told to do."""

    NOT_CONNECTED = "not connected"
    RECONNECT = "sign-in needed"
    NO_PERMISSION = "no permission"
    RATE_LIMITED = "rate limited"
    UNREACHABLE = "unreachable"
    SERVER_ERROR = "server error"
    BAD_ANSWER = "unreadable answer"
    INCOMPLETE = "incomplete"
    NOT_READ = "not read"


FOR_A_PERSON = frozenset({Cause.NOT_CONNECTED, Cause.RECONNECT, Cause.NO_PERMISSION})
"""Causes that somebody at the customer can do something about."""


@dataclass(frozen=True, slots=True)
class Present(Generic[T]):
    """A facet that was read completely. ``scope`` says what it covers when that is not all."""

    value: T
    read_at: datetime
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A facet that could not be read: a plain sentence, its cause, and when to try again."""

    reason: str
    cause: Cause
    read_at: datetime | None = None
    retry_at: datetime | None = None


Read = Present[T] | Failed


@dataclass(frozen=True, slots=True)
class Facet(Generic[T_co]):
    """The typed name of one fact that a snapshot can hold; facets are listed in ``facets.py``."""

    name: str
    system: System
    label: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Snapshot:
    """The facts of one customer at one time, by facet name."""

    reads: Mapping[str, Present[object] | Failed] = field(default_factory=dict)

    def get(self, facet: Facet[T]) -> Read[T]:
        """The facet, or a failure saying that it was not read."""
        found = self.reads.get(facet.name)
        if found is None:
            return Failed(f"{facet.label} were not read.", Cause.NOT_READ)
        return found  # type: ignore[return-value]  # Facet[T] keys are only written with a T.

    def merged(self, newer: "Snapshot") -> "Snapshot":
        """This snapshot with every facet of ``newer`` laid over it."""
        return Snapshot({**self.reads, **newer.reads})


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of proof, e.g. an unmatched cost code with the reason.

    ``subject`` is what the row is about, ``detail`` the reason; ``ref`` is a stable key for
    buttons and exports; ``group`` sorts rows under a heading.
    """

    subject: str
    detail: str = ""
    ref: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says: verdict, one sentence with numbers, rows of evidence, what to do."""

    verdict: Verdict
    summary: str
    evidence: tuple[Evidence, ...] = ()
    remedy: str = ""
    scope: str = ""
    checked_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    cause: Cause | None = None
    """Why a facet could not be read; None when everything was read."""
    unmet_at: datetime | None = None
    """Of an *unknown* finding: when a check last proved that the requirement was not met."""

    @property
    def outage(self) -> bool:
        """True when a system could not be read and no customer can mend that by acting."""
        return self.cause is not None and self.cause not in FOR_A_PERSON


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the customer's guide."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class SupportIdentity:
    """Whom the customer must let in; the guide's values are the settings' defaults."""

    email: str = "support@interfy.com.au"
    given_name: str = "Interfy"
    family_name: str = "Support"
    qbo_display_name: str = "OneCore Connect Support"
    contact: str = "support@interfy.com.au"
    guide_url: str = (
        "https://help.interfy.com.au/index.php/knowledge-base/"
        "interfy-pre-onboarding-requirements-for-procore-to-qbo-onecore-customers"
    )
    procore_merge_url: str = (
        "https://support.procore.com/products/online/user-guide/company-level/"
        "directory/tutorials/merge-companies"
    )
    qbo_merge_url: str = (
        "https://quickbooks.intuit.com/learn-support/en-au/help-article/list-management/"
        "merge-duplicate-accounts-customers-suppliers/L5AOyW9kw_AU_en_AU"
    )


class MappingMode(StrEnum):
    """What a customer maps its cost codes to."""

    ACCOUNT = "account"
    ITEM = "item"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Handover:
    """That the customer contacted support: who pressed, when, and what became of it."""

    by: str
    at: datetime
    accepted_by: str = ""
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check may know besides the snapshot: settings and people's stored decisions.

    ``choices`` maps ``CostCode.key`` to ``Target.key``; ``reviewed`` is what people decided about
    the records of each system that look alike; ``timezone`` says which day it is for the customer.
    """

    support: SupportIdentity = SupportIdentity()
    mode: MappingMode = MappingMode.EITHER
    choices: Mapping[str, str] = field(default_factory=dict)
    reviewed: Mapping[System, Reviewed] = field(default_factory=dict)
    handover: Handover | None = None
    timezone: str = "UTC"


Check = Callable[[Snapshot, CheckContext], Finding]


@lru_cache(maxsize=1024)
def _filled(text: str, support: SupportIdentity) -> str:
    """The catalogue's texts are a few hundred, and each card has many of them."""
    return text.format(**asdict(support))


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must be true, with everything a person needs to make it true.

    ``needs`` are the facets the check reads: a re-check of this item reads these and no others.
    ``title``, ``why``, ``steps`` and the links' addresses may name the support identity's fields
    in braces, e.g. ``{email}``; ``filled`` puts them in.
    """

    id: str
    order: int
    grade: Grade
    title: str
    short: str
    why: str
    who: Role
    steps: tuple[str, ...]
    links: tuple[Link, ...]
    needs: tuple[Facet[object], ...]
    check: Check
    known_by: str
    attestable: bool = True

    def filled(self, text: str, support: SupportIdentity) -> str:
        """``text`` with the support identity put in."""
        return _filled(text, support)


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's word that a requirement is met."""

    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Staff's decision that a requirement does not matter, until a day (inclusive)."""

    by: str
    at: datetime
    why: str
    until: date | None = None

    def holds(self, today: date) -> bool:
        """True up to and including the last day."""
        return self.until is None or today <= self.until


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to put an item right, by when."""

    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """One requirement as it is shown."""

    requirement: Requirement
    kind: StatusKind
    finding: Finding | None
    attestation: Attestation | None = None
    waiver: Waiver | None = None
    assignment: Assignment = Assignment()
    overruled: bool = False
    """True when a live check proved the contrary of an attestation, and nothing since then."""

    @property
    def counts_as_met(self) -> bool:
        """Verified, attested and waived all satisfy the gate, and are named as such."""
        return self.kind in (StatusKind.VERIFIED, StatusKind.ATTESTED, StatusKind.WAIVED)

    @property
    def is_open(self) -> bool:
        """True while somebody still has to do something about it."""
        return not self.counts_as_met


@dataclass(frozen=True, slots=True)
class Report:
    """Every status of a customer, and what they add up to."""

    statuses: tuple[Status, ...]
    gate: Gate
    checked_at: datetime | None = None
    risks: tuple[Status, ...] = ()
    """The advisory items that were looked at; they neither open nor close the gate."""

    def status(self, requirement_id: str) -> Status:
        """The status of one requirement.

        Raises:
            KeyError: no requirement has this id.
        """
        for status in self.statuses:
            if status.requirement.id == requirement_id:
                return status
        raise KeyError(requirement_id)

    @property
    def risks_open(self) -> tuple[Status, ...]:
        """The risks that a check proved."""
        return tuple(s for s in self.risks if s.kind is StatusKind.UNMET)

    def graded(self, grade: Grade) -> tuple[Status, ...]:
        """The statuses of one grade, in the catalogue's order."""
        return tuple(s for s in self.statuses if s.requirement.grade is grade)

    @property
    def required_met(self) -> int:
        """How many required items count as met."""
        return sum(s.counts_as_met for s in self.graded(Grade.REQUIRED))

    @property
    def required_total(self) -> int:
        """How many required items there are."""
        return len(self.graded(Grade.REQUIRED))

    @property
    def open_items(self) -> tuple[Status, ...]:
        """Required and recommended items that are not met, in the catalogue's order."""
        graded = (Grade.REQUIRED, Grade.RECOMMENDED)
        return tuple(s for s in self.statuses if s.requirement.grade in graded and s.is_open)
