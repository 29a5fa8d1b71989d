"""Risks in Slack: one line on the card, a modal, a switch for staff."""

from dataclasses import replace

from bot.domain.model import Verdict
from handlers.asked import Request
from handlers.blocks.card import build_card
from handlers.blocks.risks import build_risks
from handlers.grammar import parse
from handlers.ids import Verb
from tests.handlers.kit import Bot, shown
from tests.handlers.surfaces import SEALED
from tests.handlers.worlds import NOW, SUPPORT, all_met, finding, view
from tests.sandbox.slack_kit import DANA, SAM


def test_the_card_has_one_line_for_all_risks_and_none_without() -> None:
    spoilt = view(
        lambda known: finding(
            Verdict.UNMET if known.id.startswith("risk-") else Verdict.MET, rows=30
        )
    )
    with_risks = shown(build_card(spoilt, SUPPORT).arguments())
    assert with_risks.count("Risks:") == 1
    assert "to look at" in with_risks
    assert "Risks:" not in shown(build_card(all_met(), SUPPORT).arguments())
    calm = replace(spoilt, report=replace(spoilt.report, risks=()))
    more = len(build_card(spoilt, SUPPORT).blocks) - len(build_card(calm, SUPPORT).blocks)
    assert more == 1


def test_the_modal_says_what_why_and_what_to_do_of_each_risk() -> None:
    spoilt = view(lambda _known: finding(Verdict.UNMET, rows=30))
    built = build_risks(spoilt, SUPPORT, SEALED)
    text = shown(built)
    for status in spoilt.report.risks:
        assert status.requirement.title in text
    assert text.count("Why it costs") == len(spoilt.report.risks)
    assert text.count("What to do") == len(spoilt.report.risks)
    assert "and 25 more" in text


def test_words_for_risks() -> None:
    day = NOW.date()

    def said(text: str) -> Request:
        found = parse(text, day)
        assert isinstance(found, Request)
        assert found.verb is Verb.RISKS
        return found

    assert said("details risks").on is None
    assert said("risks acme").customer == "acme"
    assert said("risks acme off").on is False
    off = said("risks off risk-plan")
    assert (off.customer, off.on, off.note) == ("", False, "plan")


async def test_staff_switch_and_a_customers_person_may_not(bot: Bot) -> None:
    await bot.say(DANA, "@OneCore risks off")
    assert "Only Interfy staff" in await bot.last(DANA)
    await bot.say(SAM, "/onboard risks off plan")
    assert "plan is switched off" in await bot.last(SAM)
    assert [e.detail for e in await bot.services.customers.history(1, 10) if "risks" in e.action]
