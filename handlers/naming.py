"""What items and onboardings are called in a message."""

from bot import words
from bot.domain.lifecycle import Stage
from bot.domain.model import Status, SupportIdentity
from bot.services.views import LONG_IDLE, PortfolioRow
from handlers.escape import escape


def title(status: Status, support: SupportIdentity) -> str:
    """The requirement's title, escaped, with the support identity in it."""
    return escape(status.requirement.filled(status.requirement.title, support))


def short_title(status: Status, support: SupportIdentity) -> str:
    """The requirement's short name with a capital letter, escaped."""
    text = status.requirement.filled(status.requirement.short, support)
    return escape(text[:1].upper() + text[1:])


def light(row: PortfolioRow) -> tuple[str, str]:
    """How an onboarding stands at a glance: symbol and word."""
    customer = row.customer
    if customer.stuck is not None or row.idle_working_days >= LONG_IDLE:
        return "🔴", words.states.IS_STUCK
    if customer.stage in (Stage.HANDED_OFF, Stage.ACCEPTED):
        return "🔵", customer.stage.label
    if customer.stage is Stage.PAUSED:
        return "⚪", "paused"
    return ("🟢", "ready") if row.gate.is_open else ("🟡", "preparing")
