"""Records as the systems hold them, reduced to what a requirement needs.

The integrations make these from Procore's and QuickBooks Online's answers; the checks and the
matching kernels read them. Ids are text everywhere: Procore's exceed 32 bits in version 1 of its
API and are strings in version 2.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class AccessLevel(IntEnum):
    """Procore's access levels for one tool (``user_access_level.id`` in its API)."""

    NONE = 1
    READ_ONLY = 2
    STANDARD = 3
    ADMIN = 4


@dataclass(frozen=True, slots=True)
class PermissionTemplate:
    """A Procore permission template: tool key (lower case, e.g. ``directory``) to level."""

    id: str
    name: str
    levels: dict[str, int] = field(default_factory=dict)

    def level(self, tool: str) -> int | None:
        """The level for ``tool``, or None where the template does not name the tool."""
        return self.levels.get(tool)


@dataclass(frozen=True, slots=True)
class ProcoreUser:
    """One row of a Procore company directory."""

    id: str
    email: str
    name: str = ""
    is_active: bool = True
    company_template_id: str | None = None
    default_project_template_id: str | None = None
    add_to_new_projects: bool | None = None


@dataclass(frozen=True, slots=True)
class SupportUserLookup:
    """Who answers to the support address: an active user, else an inactive one, else nobody."""

    active: ProcoreUser | None = None
    inactive: ProcoreUser | None = None


@dataclass(frozen=True, slots=True)
class CompanyAccess:
    """What is known of the support user's rights at company level.

    ``user`` is None when no active support user exists. ``template`` is the user's company
    permission template; None means that rights were set one by one. ``template_hidden`` holds the
    reason when the template exists but this login may not read it. ``signed_in_directory_level``
    is the Directory level that the support user's own sign-in reported, where it signed in.
    """

    user: ProcoreUser | None
    template: PermissionTemplate | None = None
    template_hidden: str = ""
    signed_in_directory_level: int | None = None


@dataclass(frozen=True, slots=True)
class ProjectAssignment:
    """One Procore project as the support user stands to it."""

    project_id: str
    name: str
    active: bool
    is_assigned: bool
    template_name: str = ""


@dataclass(frozen=True, slots=True)
class ProjectAccess:
    """The support user's standing on every project that the reading login may see."""

    user: ProcoreUser | None
    assignments: tuple[ProjectAssignment, ...] = ()
    templates: tuple[PermissionTemplate, ...] = ()
    company_admin: bool | None = None


@dataclass(frozen=True, slots=True)
class CostCodeList:
    """A Procore standard cost code list (since the WBS: a list of the cost code segment)."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CostCode:
    """One Procore standard cost code; ``code`` is the full code, as text ("03-300").

    ``key`` is unique over lists: full codes repeat across lists and ids are only unique in one.
    ``is_parent`` marks a division or any other code with children. ``active`` is the status that
    the WBS endpoints report; None where they did not say.
    """

    id: str
    list_id: str
    code: str
    name: str
    parent_id: str | None = None
    is_parent: bool = False
    active: bool | None = True

    @property
    def key(self) -> str:
        """``list id/id``."""
        return f"{self.list_id}/{self.id}"


@dataclass(frozen=True, slots=True)
class CostCodes:
    """Every standard cost code of a company, over all of its lists."""

    lists: tuple[CostCodeList, ...]
    codes: tuple[CostCode, ...]


class TargetKind(StrEnum):
    """What a cost code can be mapped to in QuickBooks Online."""

    ACCOUNT = "account"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Target:
    """A QBO account or item.

    ``number`` is AcctNum or Sku ("" where there is none); ``full_name`` is FullyQualifiedName
    ("Job Expenses:Concrete"); ``type`` is AccountType or the item's Type;
    ``has_expense_account`` is None for accounts. A trailing " (deleted)" is already stripped from
    both names and shown as ``active`` False.
    """

    kind: TargetKind
    id: str
    name: str
    full_name: str = ""
    number: str = ""
    active: bool = True
    type: str = ""
    has_expense_account: bool | None = None
    parent_id: str | None = None
    expense_account_id: str = ""
    """Of an item: the account that it books a cost to."""
    currency: str = ""
    """Of an account: its currency (ISO 4217), where the system says it."""

    @property
    def key(self) -> str:
        """``kind/id``."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class Accounts:
    """A chart of accounts; ``numbering_on`` is the company's UseAccountNumbers preference."""

    rows: tuple[Target, ...]
    numbering_on: bool | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as typed by people; any part may be empty."""

    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A Procore vendor or a QBO customer, as the duplicate kernel reads it.

    ``other_names`` are trading, print and abbreviated names. ``tax_id`` is what the system shows
    (an ABN, EIN, …); ``tax_id_masked`` marks QBO's "XXXXXX9875", which is supporting evidence
    only. ``is_job`` marks QBO sub-customers and projects, ``is_project`` the latter;
    ``own_company`` Procore's own company record; ``service_account`` the records of developer
    managed service accounts. ``blockers`` are facts that stop a merge, in words.
    """

    id: str
    name: str
    other_names: tuple[str, ...] = ()
    tax_id: str = ""
    tax_id_masked: bool = False
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    website: str = ""
    address: Address = Address()
    active: bool = True
    parent_id: str | None = None
    is_job: bool = False
    is_project: bool = False
    own_company: bool = False
    service_account: bool = False
    created_on: str = ""
    blockers: tuple[str, ...] = ()
    keep_rank: int = 0
    """2: the system lets this record only be kept; 1: merged away it loses its link elsewhere."""
    weight: float = 0.0
    """How much hangs on the record (projects, balance, synced): the heaviest is kept in a merge."""

    @property
    def filled(self) -> int:
        """How much the record says: of two that are otherwise equal, the fuller is kept."""
        address = self.address
        known = (self.tax_id, self.website, address.street, address.city, address.postcode)
        return sum(map(bool, known)) + len(self.emails) + len(self.phones)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who authorised the QBO connection, from OpenID Connect's userinfo."""

    subject: str
    email: str
    email_verified: bool
    given_name: str = ""
    family_name: str = ""


@dataclass(frozen=True, slots=True)
class QboCompany:
    """What CompanyInfo says of a QBO company; "" where it does not say."""

    plan: str = ""
    subscription: str = ""


@dataclass(frozen=True, slots=True)
class QboPreferences:
    """The preferences that decide what OneCore can book; None where QBO does not say.

    ``closed_until`` is the last day of the closed books, None without one.
    """

    closed_until: date | None = None
    custom_numbers: bool | None = None
    multi_currency: bool | None = None
    home_currency: str = ""
    items_on_expenses: bool | None = None
    expenses_by_customer: bool | None = None
    projects: bool | None = None
