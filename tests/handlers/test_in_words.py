"""A person whom Slack lets do nothing but mention the bot does everything a customer may do."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import openpyxl

from bot.domain import facets
from bot.domain.model import Evidence, Finding, Verdict
from bot.domain.records import CostCodeList, CostCodes
from handlers.ids import Verb
from handlers.readers import EXAMPLES
from tests.fakes.facts import code
from tests.handlers.kit import Bot, shown
from tests.handlers.test_matching_modals import choices, kind, town
from tests.sandbox.slack_kit import BOT, DANA, SAM

__all__ = ["town"]
COST, VENDORS = "cost-code-coverage", "procore-duplicate-vendors"


async def told(bot: Bot, text: str, who: str = DANA) -> str:
    """All that a mention is answered with."""
    await bot.say(who, f"@OneCore {text}")
    return shown((await bot.slack.seen(who))[-1])


async def test_codes_are_matched_in_words(town: Bot) -> None:
    """One by number, one by name, one taken back; a number that is none is not guessed."""
    listed = await told(town, "match")
    assert "03-310 Concrete Pumping" in listed
    assert "`match 03-300 to 5010`" in listed
    assert "03-310 Concrete Pumping → account 5010 Concrete" in await told(
        town, "match 03 310 to 5010"
    )
    assert "2 of 3 matched" in await told(town, "match 26-100 to “sundries”")
    assert await choices(town) == {"1/03-310": "account/5010", "1/26-100": "account/6000"}
    assert "the code is open again" in await told(town, "match 26-100 none")
    for wrong in ("26-100 to 50", "26-100 to Zzyzx Pty", "99-999 to 5010", "26-100 to 1"):
        assert "nothing changed" in (await told(town, f"match {wrong}")).casefold() or (
            "isn't there any more" in await town.last(DANA)
        )
    assert await choices(town) == {"1/03-310": "account/5010"}


async def test_a_code_of_several_lists_is_named_with_its_list(town: Bot) -> None:
    lists = (CostCodeList("1", "Standard"), CostCodeList("2", "Civil works"))
    twice = (code("03-310", "Zzyzx"), replace(code("03-310", "Zzyzx"), list_id="2"))
    town.source.put(facets.COST_CODES, CostCodes(lists, twice))
    town.slack.clock.advance(timedelta(minutes=20))
    asked = await told(town, "match 03-310 to 5010")
    assert "nothing changed: Standard; Civil works" in asked
    assert "1 of 2 matched" in await told(town, "match 03-310 in civil works to 5010")
    assert await choices(town) == {"2/03-310": "account/5010"}


async def test_a_division_and_the_suggestions_are_taken_in_words(town: Bot) -> None:
    """The suggestions only under the word that was said with them."""
    word = re.search(r"match suggested (\w{6})", await told(town, "match suggested"))
    assert word is not None
    assert "The suggestions changed" in await told(town, "match suggested abcdef")
    assert await choices(town) == {}
    assert "There are: 03 Concrete" in await told(town, "match division 26 to 6000")
    assert "2 cost codes matched" in await told(town, "match division concrete to 6000")
    assert set((await choices(town)).values()) == {"account/6000"}
    assert "nothing changed" in await told(town, f"match suggested {word[1]}")


async def test_duplicates_are_reviewed_in_words(town: Bot) -> None:
    """By a record's id: another to keep, different, and asked again."""
    assert "`review vendors different 1042`" in await told(town, "review vendors")
    assert "review customers" in await told(town, "review")
    assert "is the one to keep" in await told(town, "review vendors keep 2")
    assert "Remembered as different" in await told(town, "review vendors different 1")
    assert "I see no one group with 1" in await told(town, "review vendors keep 1")
    assert "Remembered as different" in await told(town, "review vendors different 3 and 4")
    assert await kind(town, VENDORS) == "verified"
    assert "Asked again" in await told(town, "review vendors again 3")
    assert await kind(town, VENDORS) == "unmet"
    assert "Of which list?" in await told(town, "review keep 3")


async def test_help_with_one_word_is_about_that_word(bot: Bot) -> None:
    """What only staff may say stays among staff; a word that is none gets all the help."""
    one = await told(bot, "help fix")
    assert "`fix &lt;item&gt;` why it matters" in one
    assert "`snooze" not in one
    for other in ("waive", "qqq"):
        assert "`snooze" in await told(bot, f"help {other}")
    assert "`snooze" not in await told(bot, "help waive", SAM)


async def test_details_steps_and_risks_are_said(town: Bot) -> None:
    assert "Rows 1 to" in await told(town, f"details {COST}")
    assert "Steps for" in await told(town, "how do we fix vendors?")
    assert "Risks" in await told(town, "risks")


async def test_rows_of_a_finding_are_exported_from_the_details_and_by_word(bot: Bot) -> None:
    """A project that is named like a formula stays text, in the modal and in the files."""
    formula = '=HYPERLINK("https://evil.example","click")'
    rows = (Evidence(formula, "<!channel> *x*", "No access"),)
    finding = Finding(Verdict.UNMET, "One project is left.", rows, "Add the user.")
    async with bot.store.transaction() as tx:
        await tx.findings.save(1, {"procore-project-access": finding})
    await told(bot, "details project access")
    await bot.press(DANA, "item_details")
    await bot.press_in_form(DANA, "details_export")
    assert "direct message" in shown(bot.form(DANA))
    assert "<!channel>" not in shown(bot.form(DANA))
    files = {file.name: file.content for file in bot.slack.server.state.files.values()}
    written = files["acme-procore-project-access-2026-11-23.csv"].decode("utf-8-sig")
    assert next(iter(list(csv.reader(written.splitlines()))[1:]))[1] == f"'{formula}"
    book = openpyxl.load_workbook(
        io.BytesIO(files["acme-procore-project-access-2026-11-23.xlsx"])
    ).active
    assert book["B2"].data_type == "s"
    assert "direct message" in await told(bot, "export project access")
    assert len(bot.slack.server.state.files) == 2 * len(files)


SAID = {
    Verb.ASSIGN: f"assign {COST} @casey",
    Verb.NEW: "new Bondi Build",
    Verb.LINK: "link acme",
    Verb.WAIVE: f"waive {COST} not needed",
}
ALOUD = {Verb.STATUS, Verb.NEW, Verb.LINK}
"""What is for everybody in the channel: the card and the first card stand in the channel itself."""


async def test_every_word_is_answered_within_its_thread(bot: Bot) -> None:
    """Whatever is said in a thread, each private answer stands there, and each word has one."""
    root = (await bot.slack.say(SAM, "morning all"))["ts"]
    for verb in Verb:
        before = {message["ts"] for message in await bot.slack.seen(SAM)}
        text = SAID.get(verb, EXAMPLES.get(verb, str(verb)))
        await bot.say(SAM, f"@OneCore {text}", thread_ts=root)
        new = [one for one in await bot.slack.seen(SAM) if one["ts"] not in before]
        answers = [one for one in new if one["user"] == BOT and one.get("ephemeral")]
        assert answers or verb in ALOUD, verb
        assert {one.get("thread_ts") for one in answers} <= {root}, verb
