"""From QuickBooks Online's rows to the product's records. Empty fields are simply left out."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.records import Address, Identity, Party, Target, TargetKind
from integrations.decode import Row, as_row, flag, ident, number, text

LABEL = "QuickBooks"
_DELETED = re.compile(r"\s*\(deleted\)\s*$", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"[,;\s]+")
_MASKED = re.compile(r"[Xx*]{2,}")
_STREET = ("Line1", "Line2", "Line3")
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
        created_on=text(row, "MetaData", "CreateTime")[:10],
        weight=abs(number(row, "BalanceWithJobs") or number(row, "Balance")),
    )


def as_parent(party: Party) -> Party:
    """A customer that other customers or projects belong to; QuickBooks does not merge those."""
    return replace(party, blockers=("has sub-customers or projects",))


def _address(row: Row) -> Address:
    return Address(
        street=", ".join(filter(None, [text(row, key) for key in _STREET])),
        city=text(row, "City"),
        state=text(row, "CountrySubDivisionCode"),
        postcode=text(row, "PostalCode"),
        country=text(row, "Country"),
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
