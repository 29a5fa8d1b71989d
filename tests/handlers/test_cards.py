"""What the card and the other messages say, by meaning."""

from dataclasses import replace
from datetime import date

from bot.domain.customer import Customer
from bot.domain.lifecycle import Stage
from bot.domain.model import StatusKind, Verdict
from bot.domain.reminders import Step
from bot.services.notices import EscalationNotice, HeldNotice, ReminderNotice
from bot.services.ports import Busy
from handlers.blocks.card import build_card
from handlers.blocks.modals import ROWS, build_details
from handlers.blocks.notices import build_notice, build_reminder
from handlers.blocks.talk import build_help
from handlers.ids import ActionId, Verb
from handlers.listeners import VERBS
from tests.handlers.kit import find_element
from tests.handlers.surfaces import line
from tests.handlers.worlds import (
    SUPPORT,
    all_met,
    customer,
    finding,
    handed_over,
    one_open,
    view,
    waived,
    worst,
)

COST = "cost-code-coverage"


def words_of(message: object) -> str:
    return str(getattr(message, "blocks", None) or message["blocks"])  # type: ignore[index]


def contact(of: object) -> dict[str, object] | None:
    found = find_element(with_ids(of), "contact_support")
    return found[1] if found else None


def with_ids(message: object) -> list[dict[str, object]]:
    """Slack gives each block an id; the builders leave that to it."""
    blocks = message.blocks  # type: ignore[attr-defined]
    return [{"block_id": str(n), **block} for n, block in enumerate(blocks)]


def test_the_card_says_where_it_stands_in_its_first_two_lines() -> None:
    card = build_card(one_open(), SUPPORT)
    assert card.blocks[0]["text"]["text"] == "Acme Constructions · getting ready for OneCore"
    total = one_open().report.required_total
    assert f"{total - 1} of {total} required items done · not ready yet" in words_of(card)
    assert card.text.startswith("Acme Constructions is getting ready for OneCore: ")


def test_a_row_says_state_in_a_word_summary_owner_due_and_since_when() -> None:
    text = words_of(build_card(one_open(), SUPPORT))
    assert "❌ Not done:* Cost codes" in text
    assert "31 of 44 matched" in text
    assert "Owner <@U0CASEY> · due Fri 27 Nov · verified 09:02 AEDT" in text


def test_what_is_done_is_one_line_and_has_no_buttons() -> None:
    card = build_card(one_open(), SUPPORT)
    assert "✅ Done: Procore support user · " in words_of(card)
    assert find_element(with_ids(card), "item_recheck", "procore-support-user") is None
    assert find_element(with_ids(card), "item_recheck", COST) is not None


def test_details_only_where_there_are_rows_and_done_only_where_a_word_counts() -> None:
    """A person's word never stands against a live proof, so an unmet row offers no such button."""
    unmet = with_ids(build_card(one_open(), SUPPORT))
    assert find_element(unmet, "item_match", COST) is not None
    assert find_element(unmet, "item_done", COST) is None
    unknown = with_ids(build_card(view(lambda _: finding(Verdict.UNKNOWN)), SUPPORT))
    assert find_element(unknown, "item_details", COST) is None
    assert find_element(unknown, "item_done", COST) is not None


def test_contact_support_is_primary_only_when_the_gate_is_open() -> None:
    closed, opened = (
        contact(build_card(one_open(), SUPPORT)),
        contact(build_card(all_met(), SUPPORT)),
    )
    assert closed is not None
    assert "style" not in closed
    assert opened is not None
    assert opened["style"] == "primary"
    assert contact(build_card(handed_over(), SUPPORT)) is None


def test_while_an_item_is_checked_its_row_says_so_and_has_no_buttons() -> None:
    card = build_card(worst(Verdict.UNMET), SUPPORT, Busy({COST: "page 12 of 41"}))
    assert "Checking… page 12 of 41" in words_of(card)
    assert card.blocks[1]["elements"][0]["text"].endswith("Checking…")
    assert find_element(with_ids(card), "item_recheck", COST) is None
    assert find_element(with_ids(card), "item_recheck", "procore-support-user") is not None


def test_waived_items_name_who_and_until_when() -> None:
    assert "waived by <@U0SAM> until 31 Dec 2026" in words_of(build_card(waived(), SUPPORT))


def test_an_overruled_word_is_named() -> None:
    text = words_of(build_card(worst(Verdict.UNMET), SUPPORT))
    assert "marked as done by <@U0DANA>, but the check disagrees" in text


def test_after_the_hand_off_the_card_says_who_and_when() -> None:
    assert "<@U0CASEY> handed over 09:02 AEDT" in words_of(build_card(handed_over(), SUPPORT))
    accepted = handed_over()
    accepted = replace(accepted, customer=replace(accepted.customer, stage=Stage.ACCEPTED))
    assert "<@U0SAM> at Interfy accepted" in words_of(build_card(accepted, SUPPORT))


def test_the_footer_says_when_the_next_reminder_comes_and_when_it_does_not() -> None:
    def footer(who: Customer) -> str:
        return str(build_card(replace(one_open(), customer=who), SUPPORT).blocks[-1])

    assert "I remind at 09:00 on working days" in footer(customer())
    assert "resting" in footer(customer(reminders_on=False))
    assert "snoozed until Thu 26 Nov" in footer(customer(snoozed_until=date(2026, 11, 26)))


def test_details_turn_pages_and_a_page_too_far_is_the_last() -> None:
    status = worst(Verdict.UNMET).report.status(COST)
    assert status.kind is StatusKind.UNMET
    first, last = (build_details(status, SUPPORT, "m", page) for page in (1, 9_999))
    assert f"Rows 1 to {ROWS} of 2,000" in words_of(first)
    assert "Rows 1,996 to 2,000 of 2,000" in words_of(last)
    assert find_element(_ids(first), "details_previous") is None
    assert find_element(_ids(last), "details_next") is None


def _ids(view_: dict[str, object]) -> list[dict[str, object]]:
    blocks = view_["blocks"]
    assert isinstance(blocks, list)
    return [{"block_id": str(n), **block} for n, block in enumerate(blocks)]


def test_help_lists_what_this_person_can_say_and_nothing_that_does_not_exist() -> None:
    staff = words_of(build_help(customer(), "/onboard", staff=True))
    theirs = words_of(build_help(customer(), "@OneCore", staff=False))
    for verb in VERBS.keys() - {Verb.HELP}:
        assert str(verb) in staff, verb
    for word in ("waive", "archive", "new <", "as support", "service", "doctor"):
        assert word not in theirs
    stranger = build_help(None, "@OneCore", staff=False)
    assert "in the channel that Interfy shares with you" in stranger.text


def test_the_reminder_says_how_many_things_are_left_and_what_moved() -> None:
    notice = ReminderNotice(
        "Acme",
        "acme",
        7,
        "2026-11-23",
        (line("Cost codes"), line("Vendors")),
        ("Done: Vendors.",),
        ("U0CASEY",),
        idle_days=6,
    )
    reminder = build_reminder(notice, SUPPORT, "https://x.slack.com/p1")
    assert reminder.text.startswith("Good morning <@U0CASEY>. Two things are left for Acme.")
    assert "Done: Vendors." in reminder.text
    assert "No movement for 6 working days." in reminder.text
    assert "in the way" not in reminder.text
    asked = build_reminder(replace(notice, step=Step.OWNER), SUPPORT, "")
    assert "6 working days. <@U0CASEY>: what is in the way? Press I'm stuck" in asked.text
    assert reminder.blocks[1]["accessory"]["action_id"] == ActionId.HOW_TO_FIX
    codes = replace(line("Cost codes"), item="cost-code-coverage", rows=True)
    vendors = replace(codes, item="procore-duplicate-vendors")
    work = build_reminder(replace(notice, lines=(codes, vendors)), SUPPORT, "")
    buttons = [block["accessory"]["action_id"] for block in work.blocks[1:3]]
    assert buttons == [ActionId.MATCH, ActionId.REVIEW]

    ready = build_reminder(replace(notice, lines=(), ready=True), SUPPORT, "")
    assert "One press is left: Contact Interfy support" in ready.text
    assert contact(ready) is not None


def test_the_staff_lead_is_mentioned_or_said_to_be_missing() -> None:
    notice = EscalationNotice("Acme", "acme", 7, 21, Step.LEAD, (line(),), "C1", "U0LEE")
    assert "<@U0LEE>, please have a look." in build_notice(notice, SUPPORT).text
    assert "STAFF_LEAD_USER_ID" in build_notice(replace(notice, lead=""), SUPPORT).text
    assert "lead" not in build_notice(replace(notice, level=Step.STAFF), SUPPORT).text


def test_an_outage_for_many_says_how_many_and_names_them() -> None:
    notice = HeldNotice("Acme", "acme", 7, (line(),), tuple(f"Customer {n}" for n in range(39)))
    text = build_notice(notice, SUPPORT)
    assert "didn't remind Acme and 39 others today" in text.text
    assert "Customer 19 and 19 more." in words_of(text)
    assert "didn't remind Acme today" in build_notice(replace(notice, others=()), SUPPORT).text
