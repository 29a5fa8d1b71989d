"""The Home tab and ``list`` with five hundred customers: pages, filters, *Nudge*."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, select

from bot.services.nudge import NUDGE
from bot.storage.tables import ChannelRow, CustomerRow
from tests.handlers.kit import Bot, shown
from tests.sandbox.slack_kit import DANA, SAM, SUPPORT

MANY = 500
LIMIT = 100
"""Blocks that Slack takes in a view."""


async def many(bot: Bot) -> None:
    """Acme and four hundred and ninety-nine like it; nobody has moved for three weeks."""
    async with bot.store._engine.begin() as connection:
        for table, unlike in ((CustomerRow, customer), (ChannelRow, channel)):
            acme = (await connection.execute(select(table.__table__))).one()._asdict()
            rows = [acme | unlike(number) for number in range(2, MANY + 1)]
            await connection.execute(insert(table), rows)
    bot.slack.clock.advance(timedelta(days=21))


def customer(number: int) -> dict[str, object]:
    owner = SAM if number <= 40 else ""
    name = f"Customer {number:03}"
    return {"id": number, "slug": f"c{number}", "name": name, "owner": owner}


def channel(number: int) -> dict[str, object]:
    return {"channel_id": f"C0NO{number}", "customer_id": number}


async def test_five_hundred_customers_are_twenty_a_page(bot: Bot) -> None:
    """Filter and page are kept; a list that has shrunk meanwhile shows its last page."""
    await many(bot)
    view = await bot.open_home(SAM)
    assert "500 open · 500 stuck" in shown(view)
    assert "Customers 1 to 20 of 500" in shown(view)
    assert "home_previous" not in shown(view)
    assert len(view["blocks"]) <= LIMIT
    await bot.press_at_home(SAM, "home_next")
    view = await bot.open_home(SAM)
    assert "Customers 21 to 40 of 500" in shown(view)
    assert "*Customer 021*" in shown(view)
    await bot.press_at_home(SAM, "home_filter", selected_option={"value": "mine"})
    await bot.press_at_home(SAM, "home_next")
    view = bot.slack.server.interactions.homes[SAM]
    assert view["private_metadata"] == "mine:2"
    assert "Customers 21 to 40 of 40" in shown(view)
    assert "home_next" not in shown(view)
    async with bot.store.transaction() as tx:
        for one in await tx.customers.all():
            if one.id < 32:
                await tx.customers.save(replace(one, owner=""))
    view = await bot.open_home(SAM)
    assert view["private_metadata"] == "mine:1"
    assert "Customers 1 to 10 of 10" in shown(view)


async def test_a_list_in_words_says_how_to_see_more(bot: Bot) -> None:
    """Forty at a time, with the button that says the command for the next."""
    await many(bot)
    assert "500 onboardings" in await bot.say(SAM, "/onboard list", SUPPORT)
    await bot.press(SAM, "suggestion", SUPPORT)
    told = (await bot.slack.seen(SAM, SUPPORT))[-1]
    assert "Customers 41 to 80 of 500" in shown(told)
    assert "`list 3` shows the next ones" in shown(told)
    await bot.say(SAM, "/onboard list mine 77", SUPPORT)
    assert "next ones" not in shown((await bot.slack.seen(SAM, SUPPORT))[-1])


async def test_a_nudge_from_the_home_tab_says_so_there(bot: Bot) -> None:
    """Where the customer has to act; whoever waits for Interfy is not nudged."""
    await bot.services.checks.run(1, None, SAM)
    bot.slack.clock.advance(timedelta(days=21))
    await bot.open_home(SAM)
    await bot.press_at_home(SAM, "nudge")
    assert "☑️ Acme is reminded now" in shown(bot.slack.server.interactions.homes[SAM])
    assert NUDGE in [entry.action for entry in await bot.services.customers.history(1)]
    await bot.services.sender.pump()
    assert (await bot.last(DANA)).startswith(f"Good morning. <@{SAM}> asked me to remind you.")
    await bot.services.decisions.stuck(1, DANA, "?")
    assert "waiting on Interfy" in shown(view := await bot.open_home(SAM))
    assert '"nudge"' not in shown(view)
