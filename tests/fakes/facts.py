"""A customer whose two systems are in perfect order, for tests to spoil one thing at a time."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.domain import facets
from bot.domain.model import Facet, Present, Snapshot
from bot.domain.records import (
    AccessLevel,
    Accounts,
    CompanyAccess,
    CostCode,
    CostCodeList,
    CostCodes,
    Identity,
    Party,
    PermissionTemplate,
    ProcoreUser,
    ProjectAccess,
    ProjectAssignment,
    QboCompany,
    QboPreferences,
    SupportUserLookup,
    Target,
    TargetKind,
)
from tests.fakes.source import FakeSource

EMAIL = "support@interfy.com.au"
READ_AT = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)

USER = ProcoreUser(
    "562949953441378",
    EMAIL,
    "Interfy Support",
    company_template_id="7",
    default_project_template_id="12",
    add_to_new_projects=True,
)
COMPANY_ADMIN = PermissionTemplate("7", "Company admin", {"directory": AccessLevel.ADMIN})
PROJECT_ADMIN = PermissionTemplate("12", "Project admin", {"directory": AccessLevel.ADMIN})
PROJECT_READER = PermissionTemplate("13", "Reader", {"directory": AccessLevel.READ_ONLY})
SUPPORT = Identity("sub-1", EMAIL, True, "Interfy", "Support")


def account(number: str, name: str, **more: object) -> Target:
    values: dict[str, object] = {"type": "Cost of Goods Sold", "number": number, "name": name}
    return Target(TargetKind.ACCOUNT, number or name, **(values | more))  # type: ignore[arg-type]


def code(number: str, name: str, **more: object) -> CostCode:
    return CostCode(number, "1", number, name, **more)  # type: ignore[arg-type]


def codes(*rows: CostCode) -> CostCodes:
    return CostCodes((CostCodeList("1", "Standard Cost Codes"),), rows)


def project(number: int, template: str = "Project admin", **more: object) -> ProjectAssignment:
    values: dict[str, object] = {"active": True, "is_assigned": True} | more
    return ProjectAssignment(
        str(number),
        f"Project {number}",
        template_name=template,
        **values,  # type: ignore[arg-type]
    )


def healthy() -> dict[Facet[object], object]:
    """A value for every facet with which every requirement but the hand-off is met."""
    return {
        facets.SUPPORT_USER: SupportUserLookup(active=USER),
        facets.COMPANY_ACCESS: CompanyAccess(USER, COMPANY_ADMIN),
        facets.PROJECT_ACCESS: ProjectAccess(
            USER, (project(1), project(2)), (PROJECT_ADMIN, PROJECT_READER), company_admin=False
        ),
        facets.COST_CODES: codes(code("03-300", "Footings"), code("09-900", "Painting")),
        facets.VENDORS: (Party("1", "Kowalski Plumbing"), Party("2", "Harbour Steel Fixing")),
        facets.AUTHORISER: SUPPORT,
        facets.ACCOUNTS: Accounts((account("03-300", "Footings"), account("09-900", "Painting"))),
        facets.ITEMS: (),
        facets.CUSTOMERS: (Party("1", "Marrickville Council"), Party("2", "Bondi Hotel Group")),
    }


def calm() -> dict[Facet[object], object]:
    """A value for every facet that only risks read, with which there is little to look at."""
    return {
        facets.SUPPLIERS: (),
        facets.EMPLOYEES: (),
        facets.COMPANY: QboCompany("QuickBooks Online Plus", "PAID"),
        facets.PREFERENCES: QboPreferences(
            custom_numbers=False,
            multi_currency=False,
            home_currency="AUD",
            items_on_expenses=True,
            expenses_by_customer=True,
            projects=True,
        ),
    }


def snapshot(values: Mapping[Facet[object], object]) -> Snapshot:
    """The values as read at ``READ_AT``; a ``Failed`` or ``Present`` is taken as it is."""
    return Snapshot(
        {
            facet.name: value if hasattr(value, "read_at") else Present(value, READ_AT)
            for facet, value in values.items()
        }
    )


def fill(source: FakeSource) -> None:
    """Give a source everything that is healthy."""
    for values in (healthy(), calm()):
        for facet, value in values.items():
            source.put(facet, value)
