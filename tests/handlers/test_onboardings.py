"""Hand-off, beginning and lists as people meet them: over Socket Mode, Slack's wire real."""

from dataclasses import replace

from bot.domain.lifecycle import Stage
from handlers.blocks.talk import portfolio_line
from tests.handlers.kit import Bot, shown, text_entry
from tests.sandbox.slack_kit import DANA, GENERAL, GUEST, SAM, SUPPORT


async def test_too_early_lists_what_is_missing_and_offers_help(bot: Bot) -> None:
    told = await bot.say(DANA, "@OneCore handoff")
    assert told.startswith("Nearly there")
    await bot.press(DANA, "need_help")
    await bot.submit(DANA, why=text_entry("Please call us"))
    assert (await bot.services.customers.by_id(1)).stuck is not None


async def ready(bot: Bot) -> None:
    """Everything required is waived, so that the gate is open."""
    for status in (await bot.services.customers.view(1)).report.statuses:
        if status.requirement.attestable:
            await bot.services.decisions.waive(1, status.requirement.id, SAM, "a test", None)


async def test_hand_off_is_sent_once_accepted_once(bot: Bot) -> None:
    """Press Contact support twice; the support channel gets one summary with its pack."""
    await ready(bot)
    await bot.say(DANA, "@OneCore status")
    await bot.press(DANA, "contact_support")
    await bot.say(DANA, "@OneCore handoff")
    assert "already" in await bot.last(DANA)
    for _ in range(3):
        await bot.services.sender.pump()
        bot.slack.later(seconds=10)
    summaries = [text for text in await bot.read(SAM, SUPPORT) if "is ready for OneCore" in text]
    assert len(summaries) == 1
    assert bot.slack.server.state.files
    await bot.press(SAM, "handoff_accept", SUPPORT)
    assert (await bot.services.customers.by_id(1)).stage is Stage.ACCEPTED
    await bot.services.sender.pump()
    assert "accepted the hand-off" in await bot.last(DANA)


async def test_send_back_asks_why_and_tells_the_customer(bot: Bot) -> None:
    await ready(bot)
    await bot.say(DANA, "@OneCore handoff")
    await bot.services.sender.pump()
    await bot.press(SAM, "handoff_send_back", SUPPORT)
    await bot.submit(SAM, reason=text_entry("The list is from last year"))
    await bot.services.sender.pump()
    assert "The list is from last year" in await bot.last(DANA)
    await bot.press(SAM, "handoff_accept", SUPPORT)
    assert "only a customer that was handed over" in await bot.last(SAM, SUPPORT)


async def test_new_links_the_channel_and_says_hello(bot: Bot) -> None:
    """In a channel that is free: linked; a click on Say hello proves that clicks reach us."""
    bot.slack.server.state.channels[GENERAL].members.append("U0ONECORE")
    await bot.say(SAM, "/onboard new Bondi Build", GENERAL)
    linked = await bot.services.customers.for_channel(GENERAL)
    assert linked is not None
    assert linked.slug == "bondi-build"
    await bot.press(SAM, "hello", GENERAL)
    assert "your click reached me" in await bot.last(SAM, GENERAL)


async def test_new_in_the_support_channel_starts_without_a_channel(bot: Bot) -> None:
    told = await bot.say(SAM, "/onboard new Cairns Civil", SUPPORT)
    assert "/onboard link cairns-civil" in told
    view = await bot.services.customers.view((await bot.services.customers.find("cairns-civil")).id)
    assert view.channels == ()


async def test_new_where_the_bot_is_not_in_the_channel_says_how_to_invite_it(bot: Bot) -> None:
    assert "/invite" in await bot.say(SAM, "/onboard new Bondi", GENERAL)
    assert len((await bot.services.portfolio.show()).rows) == 1


async def test_link_of_a_taken_channel_changes_nothing(bot: Bot) -> None:
    await bot.services.customers.create("Bondi", SAM)
    assert "shows acme already" in await bot.say(SAM, "/onboard link bondi")


async def test_list_history_and_stages(bot: Bot) -> None:
    assert "in the customer's own channel" in await bot.say(SAM, "/onboard stuck ?", SUPPORT)
    assert "Name one, for example `check acme`" in await bot.say(SAM, "/onboard check", SUPPORT)
    assert "1 onboarding" in await bot.say(SAM, "/onboard list", SUPPORT)
    assert "No onboarding" in await bot.say(SAM, "/onboard list ready", SUPPORT)
    assert "paused" in await bot.say(SAM, "/onboard pause acme", SUPPORT)
    assert "preparing" in await bot.say(SAM, "/onboard resume acme", SUPPORT)
    await bot.say(SAM, "/onboard history acme", SUPPORT)
    assert "pause" in shown((await bot.slack.seen(SAM, SUPPORT))[-1])
    assert "archived" in await bot.say(SAM, "/onboard archive acme", SUPPORT)


async def test_a_typo_offers_the_whole_command_again(bot: Bot) -> None:
    """The button says the command for whoever presses it."""
    assert "Did you mean status" in await bot.say(DANA, "@OneCore staus")
    await bot.press(DANA, "suggestion")
    assert "Live card" in shown(await bot.card())
    assert "Did you mean acme" in await bot.say(SAM, "/onboard check acmee", SUPPORT)
    await bot.press(SAM, "suggestion", SUPPORT)
    assert "Checked everything for Acme" in await bot.last(SAM, SUPPORT)


async def test_a_direct_message_is_understood_and_chatter_is_not_answered(bot: Bot) -> None:
    im, _ = bot.slack.server.state.open_im(SAM)
    assert "Checked everything" in await bot.say(SAM, "check acme", im.id)
    before = await bot.read(DANA)
    await bot.say(DANA, "morning all, status?")
    assert await bot.read(DANA) == [*before, "morning all, status?"]


async def test_home_lists_for_staff_and_remembers_the_filter(bot: Bot) -> None:
    assert "Acme" in shown(await bot.open_home(SAM))
    await bot.press_at_home(SAM, "home_filter", selected_option={"value": "ready"})
    view = await bot.open_home(SAM)
    assert view["private_metadata"] == "ready:1"
    assert "No onboarding under Ready" in shown(view)
    await bot.press_at_home(SAM, "home_new")
    await bot.submit(SAM, name=text_entry("Dubbo Drainage"))
    assert (await bot.services.customers.find("dubbo-drainage")).name == "Dubbo Drainage"


async def test_home_of_whoever_is_not_staff_points_to_the_channel(bot: Bot) -> None:
    view = await bot.open_home(GUEST)
    assert "@OneCore status" in shown(view)
    assert "Acme" not in shown(view)


async def test_what_breaks_says_so_with_a_reference_and_tells_staff(bot: Bot) -> None:
    bot.source.error = ZeroDivisionError("1/0")
    told = await bot.say(DANA, "@OneCore check")
    assert told.startswith("Something broke on our side (ref ")
    reference = told.split("ref ")[1][:5]
    heard = await bot.last(SAM, SUPPORT)
    assert f"(ref {reference}) during `check`: ZeroDivisionError" in heard
    assert "ZeroDivisionError" not in told


async def test_a_click_that_only_opens_something_is_in_the_history(bot: Bot) -> None:
    """As a number at first, with its button's label when all is asked for; refused ones are not."""
    await bot.say(DANA, "@OneCore status")
    await bot.press(DANA, "item_how_to_fix")
    told = await bot.say(DANA, "@OneCore history")
    assert "How to fix" not in told
    newest = (await bot.services.customers.history(1, 1))[0]
    assert (newest.actor, newest.action, newest.detail) == (DANA, "click", "How to fix")
    assert await bot.services.customers.clicks(1) == 1
    assert "And 1 click: `history acme all`" in str((await bot.slack.seen(DANA))[-1]["blocks"])
    await bot.say(DANA, "@OneCore history acme all")
    assert "click: How to fix" in str((await bot.slack.seen(DANA))[-1]["blocks"])


async def test_a_line_says_stage_days_in_it_and_that_nothing_was_checked_yet(bot: Bot) -> None:
    (row,) = (await bot.services.portfolio.show()).rows
    assert "not checked yet · " in portfolio_line(row)
    line = portfolio_line(replace(row, days_in_stage=31, is_checked=True, required_met=3))
    assert f"*Acme* preparing for 31 days · 3 of {row.required_total} · " in line


async def test_a_target_date_is_on_the_card_and_in_the_history(carded: Bot) -> None:
    assert "aims for 15 Dec 2026" in await carded.say(DANA, "@OneCore target by 15 Dec please")
    assert "target Tue 15 Dec" in shown(await carded.card())
    assert (await carded.services.customers.history(1))[0].detail == "15 Dec 2026"
    assert "is over already" in await carded.say(DANA, "@OneCore target 2026-11-01")
    assert "no target date" in await carded.say(SAM, "/onboard target acme none", SUPPORT)
    assert "target Tue" not in shown(await carded.card())
    assert "By which day?" in await carded.say(DANA, "@OneCore target soon")
