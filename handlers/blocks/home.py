"""The Home tab: a page of the onboardings for staff, a pointer for everybody else."""

from collections.abc import Sequence

from bot import words
from bot.domain.lifecycle import Stage
from bot.services.views import ON_CUSTOMER, Filter, Portfolio, PortfolioRow
from handlers.blocks.base import (
    Block,
    View,
    actions,
    button,
    divider,
    link_button,
    option,
    pager,
    section,
    shown,
)
from handlers.blocks.talk import portfolio_line
from handlers.ids import ActionId, CallbackId
from handlers.naming import light
from handlers.values import HomeState, Target

LABELS = {
    Filter.ALL: "All",
    Filter.MINE: "Mine",
    Filter.STUCK: "Stuck",
    Filter.READY: "Ready",
}
PAGE = 20
"""Customers a page. Each takes two blocks at most, and Slack allows a view 100."""


def build_home(portfolio: Portfolio, wanted: Filter, done: str = "") -> View:
    """Staff's Home tab, the most stuck first; ``done`` is what was just done, escaped."""
    ready = portfolio.stages.get(Stage.READY, 0)
    numbers = words.portfolio.NUMBERS.format(
        open=portfolio.open, stuck=portfolio.stuck, ready=ready
    )
    rows, before, found = portfolio.rows[:PAGE], portfolio.before, portfolio.found
    blocks = [section(f"☑️ {done}")] if done else []
    blocks += [section(f"*Onboardings* · {numbers}"), _controls(wanted), divider()]
    for row in rows:
        blocks += _row(row)
    if rows:
        blocks.append(shown(before, len(rows), found, "Customers"))
    else:
        blocks.append(section(_nothing(wanted)))
    page = before // PAGE + 1
    pages = -(-found // PAGE)
    blocks += pager(page, pages, ActionId.HOME_PREVIOUS, ActionId.HOME_NEXT)
    return _home(blocks, HomeState(wanted, page))


def _controls(wanted: Filter) -> Block:
    options = {one: option(label, one.value) for one, label in LABELS.items()}
    menu: Block = {
        "type": "static_select",
        "action_id": str(ActionId.HOME_FILTER),
        "options": list(options.values()),
        "initial_option": options[wanted],
    }
    return actions(menu, button(ActionId.HOME_NEW, words.buttons.NEW_CUSTOMER, "new"))


def _row(row: PortfolioRow) -> list[Block]:
    """A line with *Open*; where a nudge could help, with *Nudge* beside it."""
    opens = None
    if row.channel_id:
        opens = link_button(
            words.buttons.OPEN, words.buttons.CHANNEL_URL.format(channel=row.channel_id)
        )
    if opens is None or light(row)[1] != words.states.IS_STUCK or row.waiting_on != ON_CUSTOMER:
        return [section(portfolio_line(row), accessory=opens)]
    nudge = button(ActionId.NUDGE, words.buttons.NUDGE, Target(row.customer.id).encode())
    return [section(portfolio_line(row)), actions(opens, nudge)]


def _nothing(wanted: Filter) -> str:
    if wanted is Filter.ALL:
        return words.portfolio.NONE_YET.format(button=words.buttons.NEW_CUSTOMER)
    return words.portfolio.NONE_UNDER.format(filter=LABELS[wanted])


def build_pointer() -> View:
    """For a customer's people: where to find their onboarding."""
    text = words.portfolio.POINTER.format(bot=words.buttons.BOT)
    return _home([section(text)], HomeState())


def _home(blocks: Sequence[Block], state: HomeState) -> View:
    return {
        "type": "home",
        "callback_id": str(CallbackId.HOME),
        "private_metadata": state.encode(),
        "blocks": list(blocks),
    }
