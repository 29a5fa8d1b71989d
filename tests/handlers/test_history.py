"""What changed, in Slack: the button under the history, the modal's menu, a day, the picture."""

from datetime import UTC, date, datetime

from bot.domain.customer import HistoryEntry
from handlers.asked import Problem, Request
from handlers.blocks.history import build_history
from handlers.dates import take_past_day
from handlers.grammar import parse
from tests.each import each
from tests.handlers.kit import Bot, shown
from tests.handlers.worlds import customer
from tests.sandbox.slack_kit import DANA, SAM

TODAY = date(2026, 11, 23)


@each(
    [
        ("12 Nov", date(2026, 11, 12)),
        ("24 Nov", date(2025, 11, 24)),
        ("2026-11-01", date(2026, 11, 1)),
        ("friday", date(2026, 11, 20)),
        ("monday", date(2026, 11, 23)),
        ("today", TODAY),
        ("12 Nov please do", None),
        ("29/2/2028", None),
        ("", None),
    ]
)
def test_a_day_that_was(text: str, day: date | None) -> None:
    assert take_past_day(text.split(), TODAY) == day


def test_words_for_it() -> None:
    asked = parse("history acme since 12 Nov", TODAY)
    assert isinstance(asked, Request)
    assert (asked.customer, asked.since) == ("acme", date(2026, 11, 12))
    assert isinstance(parse("history since", TODAY), Problem)


def test_what_the_bot_did_is_told_in_words_that_everybody_knows() -> None:
    at = datetime(2026, 11, 23, 1, tzinfo=UTC)
    lines = [
        HistoryEntry(1, at, "bot", "webhook", "Projects"),
        HistoryEntry(1, at, SAM, "new", "Acme"),
    ]
    text = shown({"blocks": build_history(customer(), lines).blocks})
    assert "OneCore · hears from Procore of changes to: Projects" in text
    assert f"<@{SAM}> · new: Acme" in text


async def test_the_button_opens_what_changed_and_its_menu_asks_for_another_moment(
    bot: Bot,
) -> None:
    await bot.say(DANA, "@OneCore check")
    await bot.say(DANA, "@OneCore history")
    await bot.press(DANA, "changes_show")
    text = shown(bot.form(DANA))
    assert "since the first day (there was no reminder yet)" in text
    assert "open items over" in text
    await bot.press_in_form(DANA, "changes_since", selected_option={"value": "last run"})
    assert "Acme since the last run" in shown(bot.form(DANA))
    await bot.press_in_form(DANA, "changes_since", selected_option={"value": "forged"})
    assert "since the first day" in shown(bot.form(DANA))


async def test_the_picture_comes_to_the_asker_alone_with_its_words(bot: Bot) -> None:
    await bot.say(SAM, "/onboard check acme")
    await bot.say(SAM, "/onboard history acme since 1 Nov")
    assert "Acme since " in shown(bot.form(SAM))
    await bot.press_in_form(SAM, "burn_down_send")
    assert "Sent to you as a direct message" in shown(bot.form(SAM))
    (file,) = bot.slack.server.state.files.values()
    assert file.name.startswith("acme-burn-down-")
    assert file.alt_text.startswith("Acme: open items over ")


async def test_a_mention_can_open_nothing_and_is_answered_in_place(bot: Bot) -> None:
    told = await bot.say(DANA, "@OneCore history since 1 Nov")
    assert "Acme since" in told
    assert "checks" in str((await bot.slack.seen(DANA))[-1]["blocks"])


async def test_the_history_names_items_and_people_instead_of_their_ids(bot: Bot) -> None:
    """A line is stored with ids, so that no renaming ever falsifies it; it is read with names."""
    await bot.say(SAM, f"/onboard assign cost codes <@{DANA}> tomorrow")
    await bot.say(SAM, "/onboard history acme")
    told = shown((await bot.slack.seen(SAM))[-1])
    assert f"assign: cost codes to <@{DANA}> by" in told
    assert "cost-code-coverage" not in told
