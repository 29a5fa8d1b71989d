"""The facets a snapshot can hold: the whole list of what is ever read from a customer's systems."""

from bot.domain.model import Facet, System
from bot.domain.records import (
    Accounts,
    CompanyAccess,
    CostCodes,
    Identity,
    Party,
    ProjectAccess,
    QboCompany,
    QboPreferences,
    SupportUserLookup,
    Target,
)

SUPPORT_USER: Facet[SupportUserLookup] = Facet(
    "procore.support_user", System.PROCORE, "The Procore company users"
)
COMPANY_ACCESS: Facet[CompanyAccess] = Facet(
    "procore.company_access", System.PROCORE, "The support user's Procore permissions"
)
PROJECT_ACCESS: Facet[ProjectAccess] = Facet(
    "procore.project_access", System.PROCORE, "The support user's Procore projects"
)
COST_CODES: Facet[CostCodes] = Facet(
    "procore.cost_codes", System.PROCORE, "The Procore standard cost codes"
)
VENDORS: Facet[tuple[Party, ...]] = Facet(
    "procore.vendors", System.PROCORE, "The Procore company vendors"
)
AUTHORISER: Facet[Identity] = Facet(
    "qbo.authoriser", System.QBO, "The details of who authorised QuickBooks"
)
ACCOUNTS: Facet[Accounts] = Facet("qbo.accounts", System.QBO, "The QuickBooks accounts")
ITEMS: Facet[tuple[Target, ...]] = Facet("qbo.items", System.QBO, "The QuickBooks items")
CUSTOMERS: Facet[tuple[Party, ...]] = Facet("qbo.customers", System.QBO, "The QuickBooks customers")

SUPPLIERS: Facet[tuple[Party, ...]] = Facet("qbo.vendors", System.QBO, "The QuickBooks suppliers")
EMPLOYEES: Facet[tuple[Party, ...]] = Facet("qbo.employees", System.QBO, "The QuickBooks employees")
COMPANY: Facet[QboCompany] = Facet("qbo.company", System.QBO, "The QuickBooks company's details")
PREFERENCES: Facet[QboPreferences] = Facet(
    "qbo.preferences", System.QBO, "The QuickBooks preferences"
)

ALL: tuple[Facet[object], ...] = (
    SUPPORT_USER,
    COMPANY_ACCESS,
    PROJECT_ACCESS,
    COST_CODES,
    VENDORS,
    AUTHORISER,
    ACCOUNTS,
    ITEMS,
    CUSTOMERS,
)
"""What the requirements rest on."""

FOR_RISKS: tuple[Facet[object], ...] = (SUPPLIERS, EMPLOYEES, COMPANY, PREFERENCES)
"""What only risks rest on."""
