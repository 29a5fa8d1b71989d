"""The Home tab: every onboarding for staff, a pointer for everybody else."""

from collections.abc import Sequence

from bot.domain.lifecycle import Stage
from bot.services.views import Filter, Portfolio, PortfolioRow
from handlers import words
from handlers.blocks.base import (
    VIEW_BLOCKS,
    Block,
    View,
    actions,
    button,
    context,
    divider,
    link_button,
    option,
    overflow,
    section,
)
from handlers.blocks.talk import portfolio_line
from handlers.ids import ActionId, CallbackId, RowMenu
from handlers.values import Target

LABELS = {
    Filter.ALL: "All",
    Filter.MINE: "Mine",
    Filter.STUCK: "Stuck",
    Filter.READY: "Ready",
}
MOST_ROWS = VIEW_BLOCKS - 6


def build_home(portfolio: Portfolio, wanted: Filter) -> View:
    """Staff's Home tab, the most stuck first."""
    ready = portfolio.stages.get(Stage.READY, 0)
    title = f"*Onboardings* · {portfolio.open} open · {portfolio.stuck} stuck · {ready} ready"
    shown = portfolio.rows[:MOST_ROWS]
    blocks = [section(title), _controls(wanted), divider()]
    blocks += [_row(row) for row in shown]
    if not shown:
        blocks.append(section(_nothing(wanted)))
    if portfolio.found > len(shown):
        more = portfolio.found - len(shown)
        blocks.append(context(f"… and {more} more. A filter shows fewer."))
    return _home(blocks, wanted)


def _controls(wanted: Filter) -> Block:
    options = {one: option(label, one.value) for one, label in LABELS.items()}
    menu: Block = {
        "type": "static_select",
        "action_id": str(ActionId.HOME_FILTER),
        "options": list(options.values()),
        "initial_option": options[wanted],
    }
    return actions(menu, button(ActionId.HOME_NEW, words.NEW_CUSTOMER, "new"))


def _row(row: PortfolioRow) -> Block:
    """An onboarding that is stuck has a menu with *Nudge* besides."""
    url = words.CHANNEL_URL.format(channel=row.channel_id)
    accessory = link_button(words.OPEN, url) if row.channel_id else None
    if accessory is not None and words.light(row)[1] == words.IS_STUCK:
        to_open = option(words.OPEN, RowMenu.OPEN) | {"url": url}
        value = f"{RowMenu.NUDGE}:{Target(row.customer.id).encode()}"
        accessory = overflow(ActionId.HOME_ROW, [to_open, option(words.NUDGE, value)])
    return section(portfolio_line(row), accessory=accessory)


def _nothing(wanted: Filter) -> str:
    if wanted is Filter.ALL:
        return f"No onboarding yet. Press {words.NEW_CUSTOMER} to start one."
    return f"No onboarding under {LABELS[wanted]}."


def build_pointer() -> View:
    """For a customer's people: where to find their onboarding."""
    text = (
        "Your onboarding lives in the channel that Interfy shares with you. There, mention me: "
        f"`{words.BOT} status` or `{words.BOT} help`."
    )
    return _home([section(text)], Filter.ALL)


def _home(blocks: Sequence[Block], wanted: Filter) -> View:
    return {
        "type": "home",
        "callback_id": str(CallbackId.HOME),
        "private_metadata": wanted.value,
        "blocks": list(blocks),
    }


def remembered(metadata: str) -> Filter:
    """The filter that a Home tab remembers."""
    return Filter(metadata) if metadata in set(Filter) else Filter.ALL
