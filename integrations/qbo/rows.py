"""From QuickBooks Online's rows to the product's records. Empty fields are simply left out."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from sys import intern

from bot.domain.records import (
    Address,
    Identity,
    Party,
    QboCompany,
    QboPreferences,
    Target,
    TargetKind,
)
from integrations.decode import Row, as_row, as_rows, flag, ident, number, shared, text
from integrations.errors import BadAnswerError

LABEL = "QuickBooks"
_DELETED = re.compile(r"\s*\(deleted\)\s*$", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"[,;\s]+")
_MASKED = re.compile(r"[Xx*]{2,}")
_STREET = ("Line1", "Line2", "Line3")
_TRUTHS = {"true": True, "false": False}
_PHONES = ("PrimaryPhone", "Mobile", "AlternatePhone")


def bare(name: str) -> str:
    """A name without the " (deleted)" that QuickBooks puts behind inactive records' names."""
    return _DELETED.sub("", name) if name.endswith(")") else name


def _is_active(row: Row, name: str) -> bool:
    return flag(row, "Active") is not False and bare(name) == name


def account(row: Row) -> Target:
    """An account of the chart; ``number`` is AcctNum, there only if numbering is on."""
    name = text(row, "Name")
    return Target(
        kind=TargetKind.ACCOUNT,
        id=ident(row, "Id", LABEL),
        name=bare(name),
        full_name=bare(text(row, "FullyQualifiedName")),
        number=text(row, "AcctNum"),
        active=_is_active(row, name),
        type=text(row, "AccountType"),
        parent_id=text(row, "ParentRef", "value") or None,
        currency=text(row, "CurrencyRef", "value"),
    )


def item(row: Row) -> Target:
    """A product or service; categories and bundles come along and are told by ``type``."""
    name = text(row, "Name")
    return Target(
        kind=TargetKind.ITEM,
        id=ident(row, "Id", LABEL),
        name=bare(name),
        full_name=bare(text(row, "FullyQualifiedName")),
        number=text(row, "Sku"),
        active=_is_active(row, name),
        type=text(row, "Type"),
        has_expense_account=bool(text(row, "ExpenseAccountRef", "value")),
        parent_id=text(row, "ParentRef", "value") or None,
        expense_account_id=text(row, "ExpenseAccountRef", "value"),
    )


def customer(row: Row) -> Party:
    """A customer, sub-customer or project."""
    name = text(row, "DisplayName")
    own = bare(name)
    parent_id = text(row, "ParentRef", "value") or None
    tax_id = text(row, "PrimaryTaxIdentifier")
    person = f"{text(row, 'GivenName')} {text(row, 'FamilyName')}".strip()
    others = [bare(text(row, "CompanyName")), bare(text(row, "PrintOnCheckName")), bare(person)]
    emails = text(row, "PrimaryEmailAddr", "Address")
    is_job = parent_id is not None or any(flag(row, k) for k in ("Job", "IsProject"))
    return Party(
        id=ident(row, "Id", LABEL),
        name=own,
        other_names=_distinct([other for other in others if other != own]),
        tax_id=tax_id,
        tax_id_masked=bool(_MASKED.search(tax_id)),
        emails=_distinct(_BETWEEN_ADDRESSES.split(emails)),
        phones=_distinct([text(row, key, "FreeFormNumber") for key in _PHONES]),
        website=text(row, "WebAddr", "URI"),
        address=_address(as_row(row.get("BillAddr") or row.get("ShipAddr"))),
        active=_is_active(row, name),
        parent_id=parent_id,
        is_job=is_job,
        is_project=flag(row, "IsProject") is True,
        created_on=intern(text(row, "MetaData", "CreateTime")[:10]),
        weight=abs(number(row, "BalanceWithJobs") or number(row, "Balance")),
    )


def person(row: Row) -> Party:
    """A supplier or an employee, as far as names need it."""
    name = text(row, "DisplayName")
    return Party(
        id=ident(row, "Id", LABEL),
        name=bare(name),
        emails=_distinct(_BETWEEN_ADDRESSES.split(text(row, "PrimaryEmailAddr", "Address"))),
        active=_is_active(row, name),
    )


def company(row: Row) -> QboCompany:
    """CompanyInfo's plan and subscription, which are among its ``NameValue`` pairs."""
    values = _pairs(row)
    return QboCompany(values.get("OfferingSku", ""), values.get("SubscriptionStatus", ""))


def preferences(row: Row) -> QboPreferences:
    """What Intuit's Preferences say; a part that is left out says nothing."""
    accounting, currency = as_row(row.get("AccountingInfoPrefs")), as_row(row.get("CurrencyPrefs"))
    purchases, sales = (
        as_row(row.get("VendorAndPurchasesPrefs")),
        as_row(row.get("SalesFormsPrefs")),
    )
    other = _pairs(as_row(row.get("OtherPrefs")))
    return QboPreferences(
        closed_until=_day(text(accounting, "BookCloseDate")),
        custom_numbers=flag(sales, "CustomTxnNumbers"),
        multi_currency=flag(currency, "MultiCurrencyEnabled"),
        home_currency=text(currency, "HomeCurrency", "value"),
        items_on_expenses=flag(as_row(row.get("ProductAndServicesPrefs")), "ForPurchase"),
        expenses_by_customer=flag(purchases, "TrackingByCustomer"),
        projects=_TRUTHS.get(other.get("ProjectsEnabled", "").casefold()),
    )


def _pairs(row: Row) -> dict[str, str]:
    pairs = as_rows(row.get("NameValue") or [], LABEL)
    return {text(one, "Name"): text(one, "Value") for one in pairs}


def _day(said: str) -> date | None:
    """A day as Intuit writes it.

    Raises:
        BadAnswerError: it is none, so whether the books are closed cannot be told.
    """
    try:
        return date.fromisoformat(said[:10]) if said else None
    except ValueError:
        raise BadAnswerError("QuickBooks sent a closing date that is none.") from None


def as_parent(party: Party) -> Party:
    """A customer that other customers or projects belong to; QuickBooks does not merge those."""
    return replace(party, blockers=("has sub-customers or projects",))


def _address(row: Row) -> Address:
    return Address(
        street=", ".join(filter(None, [text(row, key) for key in _STREET])),
        city=shared(row, "City"),
        state=shared(row, "CountrySubDivisionCode"),
        postcode=shared(row, "PostalCode"),
        country=shared(row, "Country"),
    )


def identity(row: Row) -> Identity:
    """OpenID Connect's userinfo; an address counts as verified only if the answer says so."""
    return Identity(
        subject=ident(row, "sub", LABEL),
        email=text(row, "email"),
        email_verified=row.get("emailVerified", row.get("email_verified")) is True,
        given_name=text(row, "givenName") or text(row, "given_name"),
        family_name=text(row, "familyName") or text(row, "family_name"),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))
