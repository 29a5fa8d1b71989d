"""Signing in to the systems: buttons, the private link, and what to do when a sign-in ended."""

from collections.abc import Sequence
from datetime import date, datetime

from bot import words
from bot.domain.customer import Customer, Purpose
from bot.domain.facets import AUTHORISER, COMPANY_ACCESS
from bot.domain.model import Cause, Status, StatusKind, SupportIdentity, System
from bot.services.notices import ExpiryNotice, ReconnectNotice
from bot.services.views import CustomerView
from handlers.blocks.base import Block, Message, actions, button, context, link_button, section
from handlers.escape import escape, short
from handlers.ids import ActionId
from handlers.values import Target

ROOM = 240
NAME = 80
CONNECT = {System.PROCORE: ActionId.CONNECT_PROCORE, System.QBO: ActionId.CONNECT_QBO}
PROVE = {System.PROCORE: ActionId.PROVE_PROCORE, System.QBO: ActionId.PROVE_QBO}
PROVABLE = {AUTHORISER.name: System.QBO, COMPANY_ACCESS.name: System.PROCORE}
"""The facets that the support user's own sign-in settles where nothing else can."""


def connect_button(system: System, value: str, *, again: bool = False) -> Block:
    """*Connect Procore*, or *Reconnect Procore*."""
    label = (words.buttons.RECONNECT if again else words.buttons.CONNECT).format(label=system.label)
    return button(CONNECT[system], label, value)


def connect_buttons(customer: Customer) -> list[Block]:
    """One for each system, for the first card."""
    value = Target(customer.id).encode()
    return [connect_button(system, value) for system in System]


def row_buttons(view: CustomerView, status: Status, value: str) -> list[Block]:
    """What a card's row offers where signing in is what it waits for."""
    finding = status.finding
    if finding is None:
        return []
    needs = status.requirement.needs
    systems = [system for system in System if any(one.system is system for one in needs)]
    if finding.cause is Cause.NOT_CONNECTED:
        return [connect_button(one, value) for one in _missing(view, systems)]
    if finding.cause is Cause.RECONNECT:
        return [connect_button(one, value, again=True) for one in _ended(view, systems)]
    if finding.cause is None and status.kind is StatusKind.UNKNOWN:
        proving = [PROVABLE[one.name] for one in needs if one.name in PROVABLE]
        return [button(PROVE[system], words.buttons.PROVE, value) for system in proving]
    return []


def _missing(view: CustomerView, systems: Sequence[System]) -> Sequence[System]:
    """The systems that are not connected; all of them where the finding knows more than we do."""
    there = {one.system for one in view.connections if one.purpose is Purpose.CUSTOMER}
    return [system for system in systems if system not in there] or systems


def _ended(view: CustomerView, systems: Sequence[System]) -> Sequence[System]:
    own = [one for one in view.connections if one.purpose is Purpose.CUSTOMER and one.broken]
    ended = {one.system for one in own}
    return [system for system in systems if system in ended] or systems


def build_link(
    customer: Customer,
    system: System,
    purpose: Purpose,
    support: SupportIdentity,
    url: str,
    until: datetime,
    now: datetime,
) -> Message:
    """The private link; it is shown to one person."""
    name, label = short(customer.name, NAME), system.label
    if purpose is Purpose.SUPPORT:
        text = words.connections.SIGN_IN_AS.format(
            label=label, email=escape(support.email), name=name
        )
    else:
        text = words.connections.SIGN_IN.format(label=label, name=name)
    good = words.connections.LINK_GOOD.format(
        until=words.amounts.clock(until, customer.timezone, now)
    )
    label = words.buttons.SIGN_IN.format(label=system.label)
    return Message(
        f"{text} {good}",
        (section(text), actions(link_button(label, url)), context(good)),
    )


def build_reconnect(notice: ReconnectNotice) -> Message:
    """A sign-in ended: why, and the button."""
    system, purpose = System(notice.system), Purpose(notice.purpose)
    name, why = short(notice.customer, NAME), short(notice.why, ROOM)
    value = Target(notice.customer_id).encode()
    if purpose is Purpose.SUPPORT:
        text = words.connections.SUPPORT_ENDED.format(name=name, why=why)
        pressed = button(PROVE[system], words.buttons.PROVE, value)
    else:
        text = words.connections.ENDED.format(name=name, why=why)
        pressed = connect_button(system, value, again=True)
    return Message(text, (section(text), actions(pressed)))


def build_expiry(notice: ExpiryNotice) -> Message:
    """A sign-in will end on a known day."""
    system, purpose = System(notice.system), Purpose(notice.purpose)
    day = words.amounts.full_day(date.fromisoformat(notice.day))
    left = words.amounts.count(notice.days, "day")
    whose = (
        words.connections.SUPPORT_SIGN_IN
        if purpose is Purpose.SUPPORT
        else words.connections.THE_SIGN_IN
    )
    name = short(notice.customer, NAME)
    text = words.connections.ENDS.format(
        whose=whose, label=system.label, name=name, day=day, left=left
    )
    value = Target(notice.customer_id).encode()
    if purpose is Purpose.SUPPORT:
        pressed = button(PROVE[system], words.buttons.PROVE, value)
    else:
        pressed = connect_button(system, value, again=True)
    return Message(text, (section(text), actions(pressed)))
