"""What a person reads in the browser on the way of a sign-in, as data; ``bot.pages`` renders it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import words
from bot.domain.customer import Connection, Purpose
from bot.domain.model import System
from bot.domain.put_away import PutAway
from bot.domain.signin import Company
from bot.services.replacing import Moved

GO_BACK = words.signing.GO_BACK
NEW_LINK = words.signing.NEW_LINK
KEPT = words.signing.KEPT

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Option:
    """One button of a question."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a page leads."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page: a heading, paragraphs, perhaps a list below them and a way on.

    A question's answer may be given once.
    """

    title: str
    lines: tuple[str, ...]
    options: tuple[Option, ...] = ()
    token: str = ""
    status: int = 200
    points: tuple[str, ...] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """The browser is sent to a system's sign-in page, with a cookie that it must bring back."""

    url: str
    cookie: str
    value: str


def unknown_link() -> Page:
    """A link or state that we did not make, or have forgotten."""
    lines = (words.signing.UNKNOWN, KEPT, NEW_LINK)
    return Page(words.signing.UNKNOWN_TITLE, lines, status=404)


def used_link() -> Page:
    """Somebody came with it before."""
    lines = (words.signing.USED, KEPT, NEW_LINK)
    return Page(words.signing.USED_TITLE, lines, status=410)


def expired_link() -> Page:
    """Ten minutes are over."""
    lines = (words.signing.EXPIRED, KEPT, NEW_LINK)
    return Page(words.signing.EXPIRED_TITLE, lines, status=410)


def other_browser() -> Page:
    """The sign-in comes back to a browser that never opened the private link."""
    lines = (
        words.signing.OTHER_BROWSER,
        words.signing.OPEN_YOURSELF,
        KEPT,
        NEW_LINK,
    )
    return Page(words.signing.OTHER_BROWSER_TITLE, lines, status=403)


def cancelled(system: System) -> Page:
    """The person pressed Cancel."""
    lines = (words.signing.CANCELLED.format(label=system.label), KEPT, NEW_LINK)
    return Page(words.signing.CANCELLED_TITLE, lines)


def refused(system: System, sentence: str) -> Page:
    """The system did not go along."""
    lines = (sentence, KEPT, NEW_LINK)
    return Page(words.signing.NOT_CONNECTED_TITLE.format(label=system.label), lines, status=400)


def no_company(system: System) -> Page:
    """The login opens no company."""
    lines = (
        words.signing.NO_COMPANY.format(label=system.label),
        KEPT,
        words.signing.ADMINISTRATOR,
    )
    return Page(words.signing.NOT_CONNECTED_TITLE.format(label=system.label), lines, status=403)


def not_support(system: System, who: str, support: str, *, verified: bool) -> Page:
    """A sign-in as the support user by somebody else."""
    if not verified:
        first = words.signing.NOT_VERIFIED.format(who=who, label=system.label)
    else:
        first = words.signing.OTHER_PERSON.format(
            who=who or words.signing.NO_ADDRESS, support=support
        )
    lines = (
        first,
        words.signing.ONLY_PROOF.format(support=support, kept=KEPT),
        words.signing.SIGN_OUT.format(label=system.label),
    )
    return Page(words.signing.NOT_SUPPORT_TITLE, lines, status=403)


def other_company(name: str, support: str) -> Page:
    """The support user signed in to a company that is not the customer's."""
    lines = (
        words.signing.OTHER_COMPANY.format(support=support, name=name),
        KEPT,
        words.signing.CHOOSE_COMPANY.format(name=name, support=support),
    )
    return Page(words.signing.OTHER_COMPANY_TITLE, lines, status=403)


def which_company(
    system: System, customer: str, companies: Sequence[Company], now: str, token: str
) -> Page:
    """The login sees several companies; ``now`` is the id of the connected one, or ""."""
    options = tuple(Option(one.id, one.name, _company_note(one, now)) for one in companies)
    lines = (words.signing.WHICH_COMPANY.format(number=len(companies), name=customer),)
    return Page(words.signing.WHICH_COMPANY_TITLE.format(label=system.label), lines, options, token)


def _company_note(company: Company, now: str) -> str:
    return f"Company {company.id}{words.signing.CONNECTED_NOW if company.id == now else ''}"


def replace_it(customer: str, old: Connection, new: Company, stake: PutAway, token: str) -> Page:
    """The customer is connected to another company; ``stake`` is what people decided about it."""
    label = old.system.label
    lines = (
        words.signing.REPLACE.format(name=customer, old=named(old), new=shown(new)),
        words.signing.REPLACED_ENDS,
        *([at_stake(stake)] if stake else []),
    )
    options = (
        Option(YES, words.signing.REPLACE_WITH.format(company=new.name or new.id)),
        Option(NO, f"Keep {old.account_name or old.external_id}", KEPT),
    )
    return Page(words.signing.REPLACE_TITLE.format(label=label), lines, options, token)


def at_stake(stake: PutAway) -> str:
    """What people decided, and what becomes of it if the company is replaced; "" for nothing."""
    if not stake:
        return ""
    return words.signing.AT_STAKE.format(stake=stake)


def kept(customer: str, old: Connection) -> Page:
    """The person decided against replacing."""
    lines = (words.signing.STILL.format(name=customer, old=named(old), kept=KEPT), GO_BACK)
    return Page(words.signing.STILL_TITLE, lines)


def connected(
    customer: str, connection: Connection, missing: Sequence[System], moved: Moved
) -> Page:
    """Done; what happens now, and what is next."""
    label = connection.system.label
    if connection.purpose is Purpose.SUPPORT:
        lines = [
            words.signing.SIGNED_IN.format(who=connection.connected_by, company=named(connection)),
            words.signing.CHECKING_PROOFS,
            words.signing.STAYS.format(name=customer),
        ]
        if connection.system in missing:
            lines.append(words.signing.NEXT_PROOF.format(label=label))
    else:
        lines = [
            words.signing.CONNECTED.format(
                name=customer, company=named(connection), who=connection.connected_by
            ),
            words.signing.READING,
            words.signing.CARD_UPDATES,
        ]
        if moved.away:
            lines.append(words.signing.PUT_AWAY.format(away=moved.away))
        if moved.back:
            lines.append(words.signing.COME_BACK.format(back=moved.back))
        rest = [system.label for system in missing if system is not connection.system]
        lines += [words.signing.NEXT.format(label=name) for name in rest]
    return Page(words.signing.CONNECTED_TITLE.format(label=label), (*lines, GO_BACK))


def named(connection: Connection) -> str:
    """``Acme Pty Ltd (Procore company 8089)``."""
    return shown(Company(connection.external_id, connection.account_name), connection.system)


def shown(company: Company, system: System | None = None) -> str:
    """A company by name and number."""
    number = f"{system.label} company {company.id}" if system else f"company {company.id}"
    return f"{company.name} ({number})" if company.name else number
