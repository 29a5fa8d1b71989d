"""Bulk data in the trade's own look, made from a seed: the same seed, the same data."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from integrations.sandbox.world import names
from integrations.sandbox.world.model_procore import (
    ProcoreBusinessRegister,
    ProcoreCostCode,
    ProcoreProject,
    ProcoreVendor,
)
from integrations.sandbox.world.model_qbo import QboAccount, QboAddress, QboCustomer, QboVendor

_ABN_WEIGHTS = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
_LEGAL_FORMS = ("Pty Ltd", "Pty Ltd", "Pty Ltd", "Pty Ltd", "Pty Limited", "", "Ltd")
_FREE_MAIL = ("gmail.com", "bigpond.com", "outlook.com")
# About one firm in twelve has not given its ABN; its domain and telephone still tell it apart.
_NO_ABN_EVERY = 12
_MISSING_ACCOUNT_SHARE = 0.25


def abn(nine_digits: int) -> str:
    """The Australian Business Number that ends in these digits, with its two check digits.

    The Australian Business Register's rule: one from the first digit, weigh, sum, modulo 89.
    """
    tail = f"{nine_digits % 10**9:09d}"
    weighed = sum(w * int(d) for w, d in zip(_ABN_WEIGHTS[2:], tail, strict=True))
    tens, ones = divmod(-weighed % 89, 10)
    return f"{tens + 1}{ones}{tail}"


def abn_is_valid(number: str) -> bool:
    """Whether the check digits of an ABN of eleven digits hold."""
    digits = [int(one) for one in number]
    digits[0] -= 1
    return sum(w * d for w, d in zip(_ABN_WEIGHTS, digits, strict=True)) % 89 == 0


@dataclass(frozen=True, slots=True)
class _Firm:
    """One made-up firm, before it is written down as somebody's record."""

    head: str
    trade: str
    form: str
    abn: str | None
    domain: str
    email: str
    phone: str
    address: str
    place: tuple[str, str, str, str]

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.head, self.trade, self.form) if part)


def _heads(rng: random.Random) -> Iterator[str]:
    """What firms call themselves; no head comes twice."""
    singles = list(names.SURNAMES) + list(names.BRANDS)
    rng.shuffle(singles)
    yield from singles
    for words in (names.SURNAMES, names.BRANDS):
        pairs = list(itertools.combinations(words, 2))
        rng.shuffle(pairs)
        for number, (one, two) in enumerate(pairs):
            joiner = (" & ", " and ", "-")[number % 3] if words is names.SURNAMES else " "
            yield f"{one}{joiner}{two}"
    for number in itertools.count(1):
        yield f"{rng.choice(names.BRANDS)} {number}"


def _firms(rng: random.Random, count: int, first_tail: int) -> Iterator[_Firm]:
    heads = _heads(rng)
    for number in range(count):
        head = next(heads)
        trade = rng.choice(names.TRADES)
        place = rng.choice(names.PLACES)
        domain = "".join(one for one in head.lower() if one.isalpha())
        domain += f"{trade.split()[0].lower()}.com.au"
        given = rng.choice(names.GIVEN_NAMES).lower()
        own = rng.random() < 0.8
        mail = f"{given}@{domain}" if own else f"{domain[:-7]}@{rng.choice(_FREE_MAIL)}"
        line = 10_000_000 + (first_tail * 7 + number * 379) % 89_999_999
        yield _Firm(
            head=head,
            trade=trade,
            form=rng.choice(_LEGAL_FORMS),
            abn=None if number % _NO_ABN_EVERY == 5 else abn(first_tail + number * 137),
            domain=domain if own else "",
            email=mail,
            phone=_telephone(place[3], line),
            address=f"{rng.randint(1, 290)} {rng.choice(names.STREETS)} "
            f"{rng.choice(names.STREET_KINDS)}",
            place=place,
        )


def _telephone(area: str, line: int) -> str:
    digits = f"{line:08d}"
    return f"({area}) {digits[:4]} {digits[4:]}"


def vendors(seed: int, count: int, duplicates: int) -> list[ProcoreVendor]:
    """``count`` directory companies, ``duplicates`` of which are another one written anew."""
    rng = random.Random(f"vendors {seed}")  # noqa: S311 - bulk data, no secret.
    copies = min(duplicates, count // 2)
    firms = list(_firms(rng, count - copies, 100_000_000 + seed * 1_000_003 % 700_000_000))
    rows = [_vendor(firm) for firm in firms]
    rows += [_vendor_again(firm, rng) for firm in rng.sample(firms, copies)]
    rng.shuffle(rows)
    return rows


def _vendor(firm: _Firm) -> ProcoreVendor:
    register = ProcoreBusinessRegister(identifier=firm.abn) if firm.abn else None
    return ProcoreVendor.model_construct(
        name=firm.name,
        business_register=register,
        email_address=firm.email,
        business_phone=firm.phone,
        website=f"https://www.{firm.domain}" if firm.domain else None,
        address=firm.address,
        city=firm.place[0],
        state_code=firm.place[1],
        zip=firm.place[2],
    )


def _vendor_again(firm: _Firm, rng: random.Random) -> ProcoreVendor:
    row = _vendor(firm)
    row.name = written_anew(firm.name, rng)
    if rng.random() < 0.3:
        row.website = None
    if rng.random() < 0.4:
        row.address = ""
        row.city = ""
    if firm.abn and rng.random() < 0.2:
        row.business_register = None
    return row


def written_anew(name: str, rng: random.Random) -> str:
    """The same name as another person would type it; never the same text."""
    text = name
    for long, short in (("Pty Limited", "P/L"), ("Pty Ltd", "P/L")):
        if text.endswith(long):
            text = text[: -len(long)] + rng.choice((short, "Pty. Ltd.", "")).strip()
            break
    if " & " in text:
        text = text.replace(" & ", " and ")
    elif " and " in text:
        text = text.replace(" and ", " & ")
    for long, short in (("Services", "Svcs"), ("Electrical", "Elec."), ("Constructions", "Const")):
        text = text.replace(long, short)
    text = text.strip()
    return text if text != name else text.upper()


def cost_codes(count: int) -> list[ProcoreCostCode]:
    """``count`` leaf codes below their divisions, in NN-NNN style."""
    rows: list[ProcoreCostCode] = []
    left = count
    per_division = -(-count // len(names.DIVISIONS))
    for number, title, works in names.DIVISIONS:
        leaves = list(_leaves(number, works.split("|"), min(per_division, left)))
        if leaves:
            rows.append(ProcoreCostCode.model_construct(code=number, name=title))
        rows += leaves
        left -= len(leaves)
    return rows


def _leaves(division: str, works: list[str], count: int) -> Iterator[ProcoreCostCode]:
    for place in range(count):
        share, work = divmod(place, len(works))
        round_, share = divmod(share, len(names.SHARES))
        name = works[work] if share == 0 else f"{works[work]} - {names.SHARES[share]}"
        if round_:
            name += f" {round_ + 1}"
        yield ProcoreCostCode.model_construct(code=f"{division}-{place * 10 + 10:03d}", name=name)


def accounts(seed: int, count: int) -> list[QboAccount]:
    """Accounts for about three quarters of the leaf codes that ``cost_codes`` makes."""
    rng = random.Random(f"accounts {seed}")  # noqa: S311 - bulk data, no secret.
    rows = []
    for code in cost_codes(count):
        if "-" not in code.code or rng.random() < _MISSING_ACCOUNT_SHARE:
            continue
        rows.append(QboAccount.model_construct(name=code.name, acct_num=code.code))
    return _unique_names(rows)


def _unique_names(rows: list[QboAccount]) -> list[QboAccount]:
    """Intuit refuses a second account of one name, so a repeated one gets its number in front."""
    seen: set[str] = set()
    for row in rows:
        if row.name in seen:
            row.name = f"{row.acct_num} {row.name}"
        seen.add(row.name)
    return rows


def projects(seed: int, count: int) -> list[ProcoreProject]:
    """``count`` projects, about one in five of them closed."""
    rng = random.Random(f"projects {seed}")  # noqa: S311 - bulk data, no secret.
    rows = []
    for number in range(1, count + 1):
        place = rng.choice(names.PLACES)
        rows.append(
            ProcoreProject.model_construct(
                name=f"{rng.choice(names.SURNAMES)} {rng.choice(names.STREET_KINDS)} "
                f"{rng.choice(names.JOB_KINDS)} {number}",
                number=f"{24 + number % 3}{number:04d}",
                active=number % 5 != 0,
                city=place[0],
                state_code=place[1],
                zip=place[2],
            ),
        )
    return rows


def customers(seed: int, count: int, jobs: int, duplicates: int) -> list[QboCustomer]:
    """``count`` top-level customers, some of them twice, and ``jobs`` below them."""
    rng = random.Random(f"customers {seed}")  # noqa: S311 - bulk data, no secret.
    copies = min(duplicates, count // 2)
    firms = list(_firms(rng, count - copies, 500_000_000 + seed * 1_000_003 % 300_000_000))
    kinds = [rng.choice(names.CLIENT_KINDS) for _ in firms]
    rows = [_customer(firm, kind) for firm, kind in zip(firms, kinds, strict=True)]
    top = list(rows)
    for place in rng.sample(range(len(firms)), copies):
        again = _customer(firms[place], kinds[place])
        again.display_name = written_anew(again.display_name, rng)
        again.company_name = again.display_name
        rows.append(again)
    rows += [
        _job(top[number % len(top)], number // len(top)) for number in range(jobs if top else 0)
    ]
    return rows


def _customer(firm: _Firm, kind: str) -> QboCustomer:
    name = f"{firm.head} {kind}{' Pty Ltd' if firm.form else ''}"
    return QboCustomer.model_construct(
        display_name=name,
        company_name=name,
        email=firm.email,
        phone=firm.phone,
        tax_id=firm.abn,
        bill_addr=_bill_to(firm),
    )


def _bill_to(firm: _Firm) -> QboAddress:
    return QboAddress.model_construct(
        line1=firm.address,
        city=firm.place[0],
        state=firm.place[1],
        postal_code=firm.place[2],
        country="AUS",
    )


def _job(parent: QboCustomer, round_: int) -> QboCustomer:
    kind = names.JOB_KINDS[round_ % len(names.JOB_KINDS)]
    again = f" {round_ // len(names.JOB_KINDS) + 1}" if round_ >= len(names.JOB_KINDS) else ""
    return QboCustomer.model_construct(
        display_name=f"{kind}{again}",
        company_name=parent.company_name,
        email=parent.email,
        phone=parent.phone,
        parent=parent.display_name,
        job=True,
    )


def qbo_vendors(seed: int, count: int) -> list[QboVendor]:
    """``count`` suppliers in QuickBooks."""
    rng = random.Random(f"suppliers {seed}")  # noqa: S311 - bulk data, no secret.
    return [
        QboVendor.model_construct(
            display_name=firm.name,
            company_name=firm.name,
            email=firm.email,
            phone=firm.phone,
            tax_id=firm.abn,
            bill_addr=_bill_to(firm),
        )
        for firm in _firms(rng, count, 100_000_000 + seed * 1_000_003 % 700_000_000)
    ]
