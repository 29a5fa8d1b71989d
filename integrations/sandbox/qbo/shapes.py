"""Intuit's JSON for each kind of record; empty fields are left out, as recorded."""

from datetime import datetime, timedelta, timezone
from typing import Any

from integrations.sandbox.qbo.store import CREATED, QboStore, Record, full_name, own_name
from integrations.sandbox.world.model_qbo import (
    QboAccount,
    QboAddress,
    QboContact,
    QboCustomer,
    QboEmployee,
    QboItem,
    QboVendor,
    qualified,
)

Json = dict[str, Any]

PACIFIC = timezone(timedelta(hours=-8))
DELETED = " (deleted)"
_CURRENCIES = {
    "AU": ("AUD", "Australian Dollar"),
    "US": ("USD", "United States Dollar"),
    "NZ": ("NZD", "New Zealand Dollar"),
    "UK": ("GBP", "British Pound Sterling"),
    "CA": ("CAD", "Canadian Dollar"),
}
_CLASSES = {
    "Asset": {
        "Bank",
        "Other Current Asset",
        "Fixed Asset",
        "Other Asset",
        "Accounts Receivable",
    },
    "Liability": {
        "Accounts Payable",
        "Credit Card",
        "Other Current Liability",
        "Long Term Liability",
    },
    "Equity": {"Equity"},
    "Revenue": {"Income", "Other Income"},
    "Expense": {"Expense", "Other Expense", "Cost of Goods Sold"},
}
_SUB_TYPES = {"Cost of Goods Sold": "CostOfLaborCos", "Expense": "OtherMiscellaneousServiceCost"}
ACCOUNT_TYPES = frozenset().union(*_CLASSES.values())


def stamp(moment: datetime) -> str:
    """``2018-01-05T12:15:34-08:00``: Intuit's own zone, whatever the company's."""
    return moment.astimezone(PACIFIC).isoformat(timespec="seconds")


def present(row: Json) -> Json:
    """The row without the keys that hold nothing."""
    return {key: value for key, value in row.items() if value not in (None, "", {}, [])}


def currency(store: QboStore) -> Json:
    """The company's currency as a reference."""
    code, name = _CURRENCIES[store.company.country]
    return {"value": code, "name": name}


def masked(tax_id: str | None, shown: int) -> str | None:
    """A tax number as Intuit shows it: its last digits."""
    if not tax_id:
        return None
    return "X" * max(len(tax_id) - shown, 0) + tax_id[-shown:]


def render(store: QboStore, entity: str, record: Record) -> Json:
    """One record as the API sends it."""
    if isinstance(record, QboAccount):
        body = _account(store, record)
    elif isinstance(record, QboItem):
        body = _item(store, record)
    elif isinstance(record, QboCustomer):
        body = _customer(store, record)
    elif isinstance(record, QboVendor):
        body = _vendor(store, record)
    else:
        body = _employee(record)
    assert record.id is not None
    return {
        **body,
        "domain": "QBO",
        "sparse": False,
        "Id": record.id,
        "SyncToken": store.sync_token(entity, record.id),
        "MetaData": {
            "CreateTime": stamp(CREATED),
            "LastUpdatedTime": stamp(store.updated_at(entity, record.id)),
        },
    }


def _marked(name: str, record: Record) -> str:
    return name if record.active else name + DELETED


def _parent(store: QboStore, entity: str, record: Record) -> Json | None:
    parent = getattr(record, "parent", None)
    found = store.find(entity, parent) if parent else None
    return {"value": found.id, "name": own_name(found)} if found else None


def _account(store: QboStore, account: QboAccount) -> Json:
    kind = account.account_type
    classification = next((name for name, of in _CLASSES.items() if kind in of), "Expense")
    parent = _parent(store, "Account", account)
    return present(
        {
            "Name": _marked(account.name, account),
            "SubAccount": account.parent is not None,
            "ParentRef": parent and {"value": parent["value"]},
            "Description": account.description,
            "FullyQualifiedName": _marked(full_name(account), account),
            "Active": account.active,
            "Classification": classification,
            "AccountType": kind,
            "AccountSubType": account.account_sub_type or _SUB_TYPES.get(kind),
            "AcctNum": account.acct_num if store.company.preferences.use_account_numbers else None,
            "CurrentBalance": account.current_balance,
            "CurrentBalanceWithSubAccounts": account.current_balance,
            "CurrencyRef": {"value": account.currency} if account.currency else currency(store),
        },
    )


def _item(store: QboStore, item: QboItem) -> Json:
    category = item.type == "Category"
    body: Json = {
        "Name": _marked(item.name, item),
        "Sku": item.sku,
        "Description": item.description,
        "Active": item.active,
        "FullyQualifiedName": _marked(full_name(item), item),
        "SubItem": True if item.parent else None,
        "ParentRef": _parent(store, "Item", item),
        "Level": full_name(item).count(":") if item.parent else None,
        "Type": item.type,
    }
    if not category:
        body |= {
            "Taxable": False,
            "UnitPrice": item.unit_price,
            "IncomeAccountRef": _account_ref(store, item.income_account),
            "PurchaseCost": item.purchase_cost,
            "ExpenseAccountRef": _account_ref(store, item.expense_account),
            "AssetAccountRef": _account_ref(store, item.asset_account),
            "TrackQtyOnHand": item.type == "Inventory",
        }
    return present(body)


def _account_ref(store: QboStore, key: str | None) -> Json | None:
    found = store.find("Account", key) if key else None
    return {"value": found.id, "name": full_name(found)} if found else None


def _address(address: QboAddress | None, number: int) -> Json | None:
    if address is None:
        return None
    return present(
        {
            "Id": str(number),
            "Line1": address.line1,
            "Line2": address.line2,
            "City": address.city,
            "CountrySubDivisionCode": address.state,
            "PostalCode": address.postal_code,
            "Country": address.country,
        },
    )


def _contact(record: QboContact) -> Json:
    number = int(record.id or 0) + 1
    return {
        "GivenName": record.given_name,
        "FamilyName": record.family_name,
        "CompanyName": record.company_name,
        "PrintOnCheckName": record.print_on_check_name or record.display_name,
        "Active": record.active,
        "PrimaryPhone": present({"FreeFormNumber": record.phone}),
        "Mobile": present({"FreeFormNumber": record.mobile}),
        "AlternatePhone": present({"FreeFormNumber": record.alternate_phone}),
        "Fax": present({"FreeFormNumber": record.fax}),
        "PrimaryEmailAddr": present({"Address": record.email}),
        "WebAddr": present({"URI": record.website}),
        "BillAddr": _address(record.bill_addr, number),
        "Balance": record.balance,
    }


def _customer(store: QboStore, customer: QboCustomer) -> Json:
    parent = _parent(store, "Customer", customer)
    job = customer.job if customer.job is not None else parent is not None
    return present(
        {
            "Taxable": True,
            **_contact(customer),
            "ShipAddr": _address(customer.ship_addr, int(customer.id or 0) + 2),
            "Job": job,
            "IsProject": customer.is_project,
            "ParentRef": parent,
            "Level": full_name(customer).count(":") if parent else None,
            "BillWithParent": customer.bill_with_parent
            if customer.bill_with_parent is not None
            else parent is not None,
            "BalanceWithJobs": customer.balance,
            "CurrencyRef": currency(store),
            "PreferredDeliveryMethod": "Print",
            "PrimaryTaxIdentifier": masked(customer.tax_id, 5),
            "Notes": customer.notes,
            "DisplayName": _marked(customer.display_name, customer),
            "FullyQualifiedName": _marked(
                qualified(customer.display_name, customer.parent), customer
            ),
        },
    )


def _vendor(store: QboStore, vendor: QboVendor) -> Json:
    return present(
        {
            **_contact(vendor),
            "AcctNum": vendor.acct_num,
            "TaxIdentifier": masked(vendor.tax_id, 4),
            "Vendor1099": vendor.vendor_1099,
            "CurrencyRef": currency(store),
            "DisplayName": _marked(vendor.display_name, vendor),
        },
    )


def _employee(employee: QboEmployee) -> Json:
    body = _contact(employee)
    for key in ("CompanyName", "Fax", "WebAddr", "BillAddr", "Balance"):
        body.pop(key)
    return present({**body, "DisplayName": _marked(employee.display_name, employee)})


def company_info(store: QboStore) -> Json:
    """CompanyInfo."""
    company = store.company
    address = {"Id": "1", "Country": company.country}
    values = {
        "NeoEnabled": "true",
        "SubscriptionStatus": company.settings.subscription,
        "OfferingSku": company.plan,
        "ItemCategoriesFeature": str(company.preferences.item_categories).lower(),
        "AccountantFeature": "false",
    }
    return {
        "CompanyName": company.name,
        "LegalName": company.name,
        "CompanyAddr": address,
        "LegalAddr": address,
        "CustomerCommunicationAddr": address,
        "CompanyStartDate": "2019-07-01",
        "FiscalYearStartMonth": "July" if company.country == "AU" else "January",
        "Country": company.country,
        "Email": {"Address": store.users[0].email} if store.users else {},
        "WebAddr": {},
        "SupportedLanguages": "en",
        "NameValue": [{"Name": name, "Value": value} for name, value in values.items()],
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "4",
        "MetaData": {"CreateTime": stamp(CREATED), "LastUpdatedTime": stamp(CREATED)},
    }


def preferences(store: QboStore) -> Json:
    """Preferences: the parts that say how codes are kept."""
    wanted = store.company.preferences
    enabled = str(wanted.projects_enabled).lower()
    closed = wanted.book_close_date
    return {
        "AccountingInfoPrefs": {
            **({"BookCloseDate": closed.isoformat()} if closed else {}),
            "UseAccountNumbers": wanted.use_account_numbers,
            "TrackDepartments": False,
            "ClassTrackingPerTxn": False,
            "FirstMonthOfFiscalYear": "July",
        },
        "ProductAndServicesPrefs": {"ForSales": True, "ForPurchase": wanted.items_on_expenses},
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": wanted.track_by_customer},
        "SalesFormsPrefs": {"CustomTxnNumbers": wanted.custom_transaction_numbers},
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": wanted.multi_currency,
            "HomeCurrency": {"value": currency(store)["value"]},
        },
        "OtherPrefs": {"NameValue": [{"Name": "ProjectsEnabled", "Value": enabled}]},
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "1",
        "MetaData": {"CreateTime": stamp(CREATED), "LastUpdatedTime": stamp(CREATED)},
    }
