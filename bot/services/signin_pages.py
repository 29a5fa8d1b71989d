"""What a person reads in the browser on the way of a sign-in, as data; ``bot.pages`` renders it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.customer import Connection, Purpose
from bot.domain.model import System
from bot.domain.put_away import PutAway
from bot.domain.signin import Company
from bot.services.replacing import Moved

GO_BACK = "You can close this page and go back to Slack."
NEW_LINK = "Go back to Slack and press the button there again: it gives you a new link."
KEPT = "Nothing was changed."

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
    lines = ("This link isn't one of ours, or it is too old.", KEPT, NEW_LINK)
    return Page("This link doesn't work", lines, status=404)


def used_link() -> Page:
    """Somebody came with it before."""
    lines = ("This link was used already. Each one works once.", KEPT, NEW_LINK)
    return Page("This link was used already", lines, status=410)


def expired_link() -> Page:
    """Ten minutes are over."""
    lines = ("This link was good for ten minutes, and they are over.", KEPT, NEW_LINK)
    return Page("This link has expired", lines, status=410)


def other_browser() -> Page:
    """The sign-in comes back to a browser that never opened the private link."""
    lines = (
        "This sign-in was started in another browser, or by somebody else.",
        "Open the private link yourself, in the browser in which you sign in.",
        KEPT,
        NEW_LINK,
    )
    return Page("Please open the private link yourself", lines, status=403)


def cancelled(system: System) -> Page:
    """The person pressed Cancel."""
    lines = (f"You didn't let the app in, so {system.label} isn't connected.", KEPT, NEW_LINK)
    return Page("Nothing was connected", lines)


def refused(system: System, sentence: str) -> Page:
    """The system did not go along."""
    lines = (sentence, KEPT, NEW_LINK)
    return Page(f"{system.label} wasn't connected", lines, status=400)


def no_company(system: System) -> Page:
    """The login opens no company."""
    lines = (
        f"This login doesn't see any company in {system.label} that has the app.",
        KEPT,
        "An administrator of the company has to sign in, or let this login in first.",
    )
    return Page(f"{system.label} wasn't connected", lines, status=403)


def not_support(system: System, who: str, support: str, *, verified: bool) -> Page:
    """A sign-in as the support user by somebody else."""
    if not verified:
        first = f"{who} signed in, but {system.label} hasn't verified that e-mail address."
    else:
        first = f"You signed in as {who or 'somebody without an e-mail address'}, not as {support}."
    lines = (
        first,
        f"Only {support}'s own sign-in is proof. {KEPT}",
        f"Sign out of {system.label}, then press the button in Slack again.",
    )
    return Page("This isn't the support user", lines, status=403)


def other_company(name: str, support: str) -> Page:
    """The support user signed in to a company that is not the customer's."""
    lines = (
        f"{support} signed in to another company than {name}, so it proves nothing there.",
        KEPT,
        f"Choose {name} when you sign in. If it isn't offered, {support} has no access to it yet.",
    )
    return Page("This is another company", lines, status=403)


def which_company(
    system: System, customer: str, companies: Sequence[Company], now: str, token: str
) -> Page:
    """The login sees several companies; ``now`` is the id of the connected one, or ""."""
    options = tuple(Option(one.id, one.name, _company_note(one, now)) for one in companies)
    lines = (f"Your login sees {len(companies)} companies. Which one is {customer}?",)
    return Page(f"Choose the company in {system.label}", lines, options, token)


def _company_note(company: Company, now: str) -> str:
    return f"Company {company.id}{', connected now' if company.id == now else ''}"


def replace_it(customer: str, old: Connection, new: Company, stake: PutAway, token: str) -> Page:
    """The customer is connected to another company; ``stake`` is what people decided about it."""
    label = old.system.label
    lines = (
        f"{customer} is connected to {named(old)} now. You signed in to {shown(new)}.",
        "If you replace it, everything is checked again, and the old connection is ended.",
        *([at_stake(stake)] if stake else []),
    )
    options = (
        Option(YES, f"Replace it with {new.name or new.id}"),
        Option(NO, f"Keep {old.account_name or old.external_id}", KEPT),
    )
    return Page(f"Replace the {label} company?", lines, options, token)


def at_stake(stake: PutAway) -> str:
    """What people decided, and what becomes of it if the company is replaced; "" for nothing."""
    if not stake:
        return ""
    return f"What people decided about it is put away then, and comes back with it: {stake}."


def kept(customer: str, old: Connection) -> Page:
    """The person decided against replacing."""
    lines = (f"{customer} is still connected to {named(old)}. {KEPT}", GO_BACK)
    return Page("Nothing was replaced", lines)


def connected(
    customer: str, connection: Connection, missing: Sequence[System], moved: Moved
) -> Page:
    """Done; what happens now, and what is next."""
    label = connection.system.label
    if connection.purpose is Purpose.SUPPORT:
        lines = [
            f"{connection.connected_by} signed in to {named(connection)}.",
            "I'm checking the items that this proves; the card in Slack updates itself.",
            f"The connection of {customer} itself stays as it is.",
        ]
        if connection.system in missing:
            lines.append(f"Next: the customer connects its own {label}; the proof counts then.")
    else:
        lines = [
            f"{customer} is connected to {named(connection)}, by {connection.connected_by}.",
            "I'm reading it now, and only reading: nothing is changed there.",
            "The card in Slack updates itself.",
        ]
        if moved.away:
            lines.append(f"Put away with the company before, to come back with it: {moved.away}.")
        if moved.back:
            lines.append(f"Come back with this company: {moved.back}.")
        rest = [system.label for system in missing if system is not connection.system]
        lines += [f"Next: connect {name}, with the button in Slack." for name in rest]
    return Page(f"{label} is connected", (*lines, GO_BACK))


def named(connection: Connection) -> str:
    """``Acme Pty Ltd (Procore company 8089)``."""
    return shown(Company(connection.external_id, connection.account_name), connection.system)


def shown(company: Company, system: System | None = None) -> str:
    """A company by name and number."""
    number = f"{system.label} company {company.id}" if system else f"company {company.id}"
    return f"{company.name} ({number})" if company.name else number
