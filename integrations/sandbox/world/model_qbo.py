"""The ``qbo:`` section of a world file: clients, companies and what is in them."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from integrations.sandbox.world.base import Mistakes, Section

QboId = Annotated[str, Field(pattern=r"^\d+$")]


class QboClient(Section):
    """An app registered with Intuit; any redirect URI is fine where the list is empty."""

    id: str = "onecore-qbo"
    secret: str = "qbo-stand-in"  # noqa: S105 - a stand-in has no secrets.
    name: str = "OneCore"
    redirect_uris: list[str] = Field(default_factory=list)


class QboRole(StrEnum):
    """A user's role in a company (Settings > Manage users)."""

    PRIMARY_ADMIN = "primary_admin"
    COMPANY_ADMIN = "company_admin"
    ACCOUNTANT = "accountant"
    STANDARD = "standard"
    REPORTS_ONLY = "reports_only"
    TIME_TRACKING = "time_tracking"

    @property
    def may_authorise(self) -> bool:
        """Whether Intuit lets this role connect an app."""
        return self in {self.PRIMARY_ADMIN, self.COMPANY_ADMIN, self.ACCOUNTANT}


class QboUser(Section):
    """A person with an Intuit account and a seat (or an invitation) in this company."""

    email: str
    given_name: str
    family_name: str
    email_verified: bool = True
    role: QboRole = QboRole.STANDARD
    status: Literal["invited", "active"] = "active"
    sub: str | None = None


class QboAccount(Section):
    """A row of the chart of accounts. ``parent`` is another account's fully qualified name."""

    id: QboId | None = None
    name: str = Field(max_length=100)
    acct_num: str | None = Field(default=None, max_length=20)
    account_type: str = "Cost of Goods Sold"
    account_sub_type: str | None = None
    description: str | None = None
    parent: str | None = None
    active: bool = True
    current_balance: float = 0
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")


class QboItem(Section):
    """A product or service; accounts by name, number or id, ``parent`` by qualified name."""

    id: QboId | None = None
    name: str = Field(max_length=100)
    sku: str | None = Field(default=None, max_length=100)
    type: Literal["Service", "NonInventory", "Inventory", "Category", "Group"] = "Service"
    description: str | None = None
    parent: str | None = None
    expense_account: str | None = None
    income_account: str | None = None
    asset_account: str | None = None
    unit_price: float = 0
    purchase_cost: float = 0
    active: bool = True


class QboAddress(Section):
    """A postal address."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


class QboContact(Section):
    """What customers and vendors share. ``tax_id`` is shown masked, as Intuit does."""

    id: QboId | None = None
    display_name: str = Field(max_length=500)
    company_name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    print_on_check_name: str | None = None
    email: str | None = None
    phone: str | None = None
    mobile: str | None = None
    alternate_phone: str | None = None
    fax: str | None = None
    website: str | None = None
    bill_addr: QboAddress | None = None
    tax_id: str | None = None
    notes: str | None = None
    balance: float = 0
    active: bool = True


class QboCustomer(QboContact):
    """A customer, or with ``parent`` (a fully qualified name) a sub-customer, job or project."""

    ship_addr: QboAddress | None = None
    parent: str | None = None
    job: bool | None = None
    is_project: bool = False
    bill_with_parent: bool | None = None


class QboVendor(QboContact):
    """A supplier."""

    acct_num: str | None = None
    vendor_1099: bool = False


class QboEmployee(QboContact):
    """An employee, whose name no customer or supplier may have."""


class QboPreferences(Section):
    """What matters of the company's preferences.

    ``book_close_date``: the books are closed up to this day. ``track_by_customer`` and
    ``items_on_expenses`` are the two columns of expense forms.
    """

    use_account_numbers: bool = True
    projects_enabled: bool = True
    item_categories: bool = True
    multi_currency: bool = False
    book_close_date: date | None = None
    custom_transaction_numbers: bool = False
    track_by_customer: bool = True
    items_on_expenses: bool = True


class QboGenerate(Section):
    """Bulk data made from ``seed``; the same numbers make the same data on every machine.

    ``cost_codes`` makes accounts for about three quarters of the cost codes that the same number
    and seed make in Procore. ``jobs`` are sub-customers, spread over the customers.
    """

    seed: int = 1
    customers: int = Field(default=0, ge=0, le=100_000)
    jobs: int = Field(default=0, ge=0, le=100_000)
    duplicates: int = Field(default=0, ge=0)
    cost_codes: int = Field(default=0, ge=0, le=20_000)
    vendors: int = Field(default=0, ge=0, le=100_000)


class QboSettings(Section):
    """How Intuit behaves towards this company."""

    per_minute: int = Field(default=500, ge=1)
    per_second: int = Field(default=10, ge=1)
    batch_per_minute: int = Field(default=40, ge=1)
    refresh_rotates_after_seconds: int = Field(default=86_400, ge=0)
    subscription: str = "PAID"


class QboCompany(Section):
    """One QuickBooks Online company.

    ``chart: construction`` puts a builder's usual chart of accounts in front of ``accounts``.
    ``duplicate_groups`` names customers that are one (side panel).
    """

    realm_id: QboId
    name: str
    country: Literal["AU", "US", "NZ", "UK", "CA"] = "AU"
    plan: str = "QuickBooks Online Plus"
    chart: Literal["none", "construction"] = "none"
    users: list[QboUser] = Field(default_factory=list)
    accounts: list[QboAccount] = Field(default_factory=list)
    items: list[QboItem] = Field(default_factory=list)
    customers: list[QboCustomer] = Field(default_factory=list)
    vendors: list[QboVendor] = Field(default_factory=list)
    employees: list[QboEmployee] = Field(default_factory=list)
    duplicate_groups: list[list[str]] = Field(default_factory=list)
    preferences: QboPreferences = Field(default_factory=QboPreferences)
    generate: QboGenerate | None = None
    settings: QboSettings = Field(default_factory=QboSettings)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = Mistakes()
        _check_repeats(self, found)
        if self.generate is None:  # Otherwise the file may refer to what is generated.
            _check_references(self, found)
        found.raise_any("Company")
        return self


class QboWorld(Section):
    """Everything that the QuickBooks Online stand-in holds.

    ``pkce``: the discovery document offers PKCE with S256, and a challenge is held to. Intuit's own
    document offers none.
    """

    clients: list[QboClient] = Field(default_factory=lambda: [QboClient()])
    pkce: bool = False
    companies: list[QboCompany] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = Mistakes()
        found.repeats(("clients",), "client", [one.id for one in self.clients])
        found.repeats(("companies",), "realm", [one.realm_id for one in self.companies])
        found.raise_any("QuickBooks")
        return self


def qualified(name: str, parent: str | None) -> str:
    """The fully qualified name of a record below ``parent``."""
    return f"{parent}:{name}" if parent else name


def _check_repeats(company: QboCompany, found: Mistakes) -> None:
    found.repeats(("users",), "user", [one.email.casefold() for one in company.users])
    for part in ("accounts", "items", "customers", "vendors", "employees"):
        found.repeats((part,), "id", [one.id for one in getattr(company, part)])
    for part in ("accounts", "items"):
        rows = getattr(company, part)
        names = [qualified(one.name, one.parent) if one.active else None for one in rows]
        found.repeats((part,), "name", names)


def _check_references(company: QboCompany, found: Mistakes) -> None:
    chart = chart_of_accounts() if company.chart == "construction" else []
    accounts = [*chart, *company.accounts]
    known: dict[str, list[str]] = {
        "accounts": [qualified(one.name, one.parent) for one in accounts],
        "items": [qualified(one.name, one.parent) for one in company.items],
        "customers": [qualified(one.display_name, one.parent) for one in company.customers],
    }
    for part, names in known.items():
        for number, one in enumerate(getattr(company, part)):
            found.unknown((part, number, "parent"), part[:-1], one.parent, names)
    keys: list[Any] = [key for one in accounts for key in (one.name, one.acct_num, one.id) if key]
    for number, item in enumerate(company.items):
        for key in ("expense_account", "income_account", "asset_account"):
            wanted = getattr(item, key)
            found.unknown(("items", number, key), "account", wanted, [*known["accounts"], *keys])
    for number, group in enumerate(company.duplicate_groups):
        for place, name in enumerate(group):
            at = ("duplicate_groups", number, place)
            found.unknown(at, "customer", name, known["customers"])


# Number, name, type and sub-type of what a builder's books hold besides the costs of its jobs.
_CHART = (
    ("1100", "Trading Account", "Bank", "CashOnHand"),
    ("1110", "Savings Account", "Bank", "Savings"),
    ("1200", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    ("1250", "Retentions Receivable", "Other Current Asset", "OtherCurrentAssets"),
    ("1300", "Work in Progress", "Other Current Asset", "OtherCurrentAssets"),
    ("1500", "Motor Vehicles", "Fixed Asset", "Vehicles"),
    ("1510", "Plant and Equipment", "Fixed Asset", "MachineryAndEquipment"),
    ("2100", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    ("2150", "Business Credit Card", "Credit Card", "CreditCard"),
    ("2200", "GST Liabilities Payable", "Other Current Liability", "GlobalTaxPayable"),
    ("2250", "PAYG Withholdings Payable", "Other Current Liability", "PayrollTaxPayable"),
    ("2300", "Superannuation Payable", "Other Current Liability", "OtherCurrentLiabilities"),
    ("2350", "Retentions Payable", "Other Current Liability", "OtherCurrentLiabilities"),
    ("2500", "Equipment Finance", "Long Term Liability", "NotesPayable"),
    ("3000", "Owner's Equity", "Equity", "OwnersEquity"),
    ("3900", "Retained Earnings", "Equity", "RetainedEarnings"),
    ("4100", "Construction Income", "Income", "ServiceFeeIncome"),
    ("4200", "Variations Income", "Income", "ServiceFeeIncome"),
    ("4900", "Interest Earned", "Other Income", "InterestEarned"),
    ("5000", "Job Costs", "Cost of Goods Sold", "CostOfLaborCos"),
    ("6100", "Advertising and Marketing", "Expense", "AdvertisingPromotional"),
    ("6150", "Accounting and Bookkeeping", "Expense", "LegalProfessionalFees"),
    ("6200", "Bank Charges", "Expense", "BankCharges"),
    ("6250", "Computer and Software", "Expense", "OfficeGeneralAdministrativeExpenses"),
    ("6300", "Depreciation", "Expense", "OtherBusinessExpenses"),
    ("6350", "Fuel and Oil", "Expense", "Auto"),
    ("6400", "Insurance - Office", "Expense", "Insurance"),
    ("6450", "Legal Fees", "Expense", "LegalProfessionalFees"),
    ("6500", "Motor Vehicle Expenses", "Expense", "Auto"),
    ("6550", "Office Supplies", "Expense", "OfficeGeneralAdministrativeExpenses"),
    ("6600", "Rent - Head Office", "Expense", "RentOrLeaseOfBuildings"),
    ("6650", "Repairs and Maintenance", "Expense", "RepairMaintenance"),
    ("6700", "Staff Training", "Expense", "PayrollExpenses"),
    ("6750", "Subscriptions", "Expense", "DuesSubscriptions"),
    ("6800", "Superannuation", "Expense", "PayrollExpenses"),
    ("6850", "Telephone and Internet", "Expense", "Utilities"),
    ("6900", "Wages and Salaries", "Expense", "PayrollExpenses"),
    ("6950", "Workers Compensation", "Expense", "Insurance"),
    ("8100", "Interest Paid", "Other Expense", "OtherMiscellaneousExpense"),
)


def chart_of_accounts() -> list[QboAccount]:
    """The accounts that ``chart: construction`` stands for."""
    return [
        QboAccount(acct_num=number, name=name, account_type=kind, account_sub_type=sub)
        for number, name, kind, sub in _CHART
    ]
