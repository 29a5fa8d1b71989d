"""What people do and what they then see: over Socket Mode, with the store and Slack's wire real."""

import json
from datetime import timedelta

import pytest

from bot.domain.customer import CardRef
from bot.domain.facets import ACCOUNTS, AUTHORISER
from bot.domain.model import StatusKind
from bot.domain.records import Accounts, Identity
from tests.fakes.facts import fill
from tests.handlers.kit import Bot, shown, text_entry
from tests.sandbox.slack_kit import ACME, CASEY, DANA, PRIYA, SAM, SUPPORT

COST = "cost-code-coverage"


async def status_of(bot: Bot, item: str) -> StatusKind:
    return (await bot.services.customers.view(1)).report.status(item).kind


async def test_status_by_slash_posts_the_card_and_checks_what_was_never_checked(bot: Bot) -> None:
    """Staff's ``/onboard status acme`` in the linked channel: a living card, checked once."""
    await bot.say(SAM, "/onboard status acme")
    card = await bot.card()
    assert card["text"].startswith("Acme is getting ready for OneCore: 0 of ")
    assert "checked 09:00 AEDT" in shown(card)
    assert len(bot.source.calls) == 1
    await bot.say(SAM, "/onboard status")
    assert len(bot.source.calls) == 1


async def test_status_by_mention_works_for_a_customers_person(bot: Bot) -> None:
    """An external person has no slash command; a mention does the same."""
    await bot.say(DANA, "@OneCore  STATUS")
    assert "Live card" in shown(await bot.card(DANA))


async def test_status_in_a_thread_says_there_where_the_card_is(bot: Bot) -> None:
    """A card within a thread would be lost, and whoever reads the thread doesn't see it below."""
    await bot.say(DANA, "@OneCore status")
    first = await bot.card(DANA)
    told = await bot.say(DANA, "@OneCore status", thread_ts=first["ts"])
    card = await bot.card(DANA)
    assert "thread_ts" not in card
    assert card["ts"] > first["ts"]
    assert told == f"The card of Acme is at the bottom of <#{ACME}> now."


async def test_asking_again_moves_the_card_down_and_retires_the_old_one(bot: Bot) -> None:
    await bot.say(SAM, "/onboard status")
    old = await bot.card()
    await bot.say(SAM, "/onboard status")
    new = await bot.card()
    assert new["ts"] > old["ts"]
    retired = next(m for m in await bot.slack.seen(SAM) if m["ts"] == old["ts"])
    assert "Newer card below" in shown(retired)
    assert "item_recheck" not in shown(retired)


async def test_what_changes_while_the_card_is_posted_is_on_it(
    carded: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the state and being the living card, a decision may be made."""
    keep = carded.services.customers.set_card

    async def slowly(customer_id: int, channel_id: str, ts: str) -> CardRef | None:
        await carded.services.decisions.attest(customer_id, "qbo-support-user", DANA)
        return await keep(customer_id, channel_id, ts)

    monkeypatch.setattr(carded.services.customers, "set_card", slowly)
    await carded.say(SAM, "/onboard status")
    assert f"attested by <@{DANA}>" in shown(await carded.card())


async def test_status_from_elsewhere_is_posted_at_home_and_told_privately(bot: Bot) -> None:
    """The card belongs to the customer's channel, wherever staff ask for it."""
    await bot.say(SAM, "/onboard status acme", SUPPORT)
    assert f"<#{ACME}>" in await bot.last(SAM, SUPPORT)
    assert (await bot.card())["text"].startswith("Acme is getting ready")
    assert await bot.read(PRIYA, SUPPORT) == []


async def test_status_of_an_unlinked_customer_is_a_private_summary(bot: Bot) -> None:
    await bot.services.customers.create("Bondi Build", SAM)
    assert (await bot.say(SAM, "/onboard status bondi-build", SUPPORT)).startswith("Bondi Build is")
    message = (await bot.slack.seen(SAM, SUPPORT))[-1]
    assert "Read only" in shown(message)
    assert "item_recheck" not in shown(message)
    assert await bot.read(PRIYA, SUPPORT) == []


async def test_check_says_privately_what_it_found(bot: Bot) -> None:
    told = await bot.say(DANA, "@OneCore check")
    assert "Checked everything for Acme" in told
    assert told not in await bot.read(CASEY)


async def test_a_check_asked_in_words_is_seen_to_run(bot: Bot) -> None:
    """With no card in the channel one is posted; elsewhere a line says where the answer comes."""
    await bot.say(DANA, "@OneCore check")
    first = await bot.card()
    assert "checked 09:00 AEDT" in shown(first)
    assert not [text for text in await bot.read(DANA) if "The answer comes here" in text]
    await bot.say(PRIYA, "/onboard check acme", SUPPORT)
    told = await bot.read(PRIYA, SUPPORT)
    assert "Checking Acme… The answer comes here" in told[0]
    assert "Checked everything for Acme" in told[-1]
    await bot.say(DANA, "@OneCore check cost codes")
    assert (await bot.card())["ts"] == first["ts"]


async def test_recheck_of_one_row_reads_only_what_that_row_needs(carded: Bot) -> None:
    await carded.press(DANA, "item_recheck", about="qbo-support-user")
    assert carded.source.calls[-1].facets == (AUTHORISER.name,)


async def test_two_presses_at_once_are_one_check(carded: Bot) -> None:
    """A double click runs one check and answers once."""
    carded.source.gate.clear()
    message = await carded.card()
    row = next(b for b in message["blocks"] if "recheck_all" in json.dumps(b))
    for _ in range(2):
        source = {"type": "message", "channel": ACME, "ts": message["ts"]}
        answer = await carded.slack.ui(
            "action",
            persona=DANA,
            source=source,
            block_id=row["block_id"],
            action_id="recheck_all",
            value={"type": "button"},
        )
        assert answer["ok"]
    carded.source.gate.set()
    await carded.settle()
    assert len(carded.source.calls) == 2
    assert sum("Checked everything" in text for text in await carded.read(DANA)) == 1


async def test_while_a_check_runs_the_row_says_so(carded: Bot) -> None:
    carded.source.progress = ("page 12 of 41",)
    carded.source.gate.clear()
    await carded.slack.say(DANA, "@OneCore check cost codes")
    while "page 12 of 41" not in shown(await carded.card()):
        await carded.board.drain()
    assert "Re-check everything" not in shown(await carded.card())
    carded.source.gate.set()
    await carded.settle()
    assert "Checking" not in shown(await carded.card())


async def test_how_to_fix_and_details_open_as_modals_for_an_external_person(carded: Bot) -> None:
    await carded.press(DANA, "item_how_to_fix", about=COST)
    view = carded.form(DANA)
    assert view["title"]["text"] == "How to fix"
    assert "Why it matters" in shown(view)
    await carded.say(SAM, "/onboard details procore-support-user")
    assert carded.form(SAM)["title"]["text"] == "Details"


async def test_details_by_mention_offers_the_button_that_can_open_it(bot: Bot) -> None:
    await bot.say(DANA, "@OneCore details procore-support-user")
    await bot.press(DANA, "item_details")
    assert bot.form(DANA)["title"]["text"] == "Details"


async def test_mark_as_done_from_the_card_is_attested_by_name(carded: Bot) -> None:
    await carded.press(DANA, "item_done", about="qbo-support-user")
    assert (await carded.submit(DANA, note=text_entry("I saw it")))["ok"]
    assert await status_of(carded, "qbo-support-user") is StatusKind.ATTESTED
    assert f"attested by <@{DANA}>" in shown(await carded.card())


async def test_mark_as_done_from_within_how_to_fix(carded: Bot) -> None:
    await carded.press(DANA, "item_how_to_fix", about="qbo-support-user")
    await carded.press_in_form(DANA, "form_done")
    await carded.submit(DANA)
    assert await status_of(carded, "qbo-support-user") is StatusKind.ATTESTED


async def test_recheck_within_how_to_fix_shows_the_answer_there(carded: Bot) -> None:
    """Closed before the check has ended, the answer comes as a private message."""
    await carded.press(DANA, "item_how_to_fix", about="qbo-support-user")
    identity = Identity("1", "support@interfy.com.au", True, "Interfy", "Support")
    carded.source.put(AUTHORISER, identity)
    await carded.press_in_form(DANA, "form_recheck")
    assert "✅ Done" in shown(carded.form(DANA))
    carded.source.gate.clear()
    await carded.press_in_form(DANA, "form_recheck", wait=False)
    carded.slack.server.interactions.clear(DANA)
    carded.source.gate.set()
    await carded.settle()
    assert "authorised the connection itself" in await carded.last(DANA)


async def test_a_press_within_ten_seconds_reads_nothing_yet_and_follows_by_itself(
    carded: Bot,
) -> None:
    """Others are told how old the answer is; what changed since reaches card and asker alone."""
    await carded.press(DANA, "item_recheck", about="qbo-support-user")
    identity = Identity("1", "support@interfy.com.au", True, "Interfy", "Support")
    carded.source.put(AUTHORISER, identity)
    carded.slack.clock.advance(timedelta(seconds=4))
    calls = len(carded.source.calls)
    told = await carded.say(CASEY, "@OneCore check qbo support user")
    (cooled,) = [text for text in await carded.read(CASEY) if text.startswith("Checked 4 seconds")]
    assert "I look again by myself in 6 seconds" in cooled
    assert "Can't tell" in cooled
    assert "✅ Done" in told
    assert len(carded.source.calls) == calls + 1
    assert await status_of(carded, "qbo-support-user") is StatusKind.VERIFIED


async def test_within_how_to_fix_a_second_press_says_so_there(carded: Bot) -> None:
    await carded.press(DANA, "item_how_to_fix", about="qbo-support-user")
    await carded.press_in_form(DANA, "form_recheck")
    carded.source.gate.clear()
    calls = len(carded.source.calls)
    await carded.press_in_form(DANA, "form_recheck", wait=False)
    await carded.source.called(calls + 1)
    await carded.form_says(DANA, "Checked just now")
    carded.source.gate.set()
    await carded.settle()
    assert "just now" not in shown(carded.form(DANA))


async def test_assign_from_the_menu_offers_the_people_of_the_channel(carded: Bot) -> None:
    """Both sides of the shared channel, no carded, and only whom the typed letters match."""
    await carded.press(DANA, "item_menu", about=COST, selected_option={"value": f"assign:1:{COST}"})
    view = carded.form(DANA)
    asked = await carded.slack.ui(
        "options",
        persona=DANA,
        source={"type": "view", "view_id": view["id"]},
        block_id="owner",
        action_id="person",
        value="ca",
    )
    assert [one["value"] for one in asked["options"]] == [CASEY]
    owner = {"type": "external_select", "selected_option": asked["options"][0]}
    due = {"type": "datepicker", "selected_date": "2026-11-27"}
    assert (await carded.submit(DANA, owner=owner, due=due))["ok"]
    assert f"Owner <@{CASEY}> · due Fri 27 Nov" in shown(await carded.card())


async def test_nobody_is_assigned_who_could_not_be_reminded(bot: Bot) -> None:
    """Not in the channel, or by a day that is over; a day that was set before may stay."""
    for wrong in ("<@U0STRANGE>", "<@U0NOBODY>", "@casey 2 Jan 2020"):
        assert "changed" in await bot.say(DANA, f"@OneCore assign {COST} {wrong}")
    assert not (await bot.services.customers.view(1)).report.status(COST).assignment.owner
    await bot.say(SAM, f"/onboard assign acme {COST} @casey tomorrow", SUPPORT)
    bot.slack.later(days=3)
    assert "looks after it now" in await bot.say(DANA, f"@OneCore assign {COST} @dana 2026-11-24")
    view = await bot.services.customers.view(1)
    assert view.report.status(COST).assignment.owner == DANA


async def test_a_long_reason_is_kept_whole_and_a_button_never_says_half_of_it(bot: Bot) -> None:
    why = "word " * 590
    assert "Did you mean stuck?" in await bot.say(DANA, f"@OneCore stukc {why}")
    assert "suggestion" not in shown((await bot.slack.seen(DANA))[-1])
    await bot.say(DANA, f"@OneCore stuck {why}")
    stuck = (await bot.services.customers.by_id(1)).stuck
    assert stuck is not None
    assert stuck.why == why.strip()


async def test_stuck_rests_reminders_and_tells_staff(carded: Bot) -> None:
    await carded.press(DANA, "item_menu", about=COST, selected_option={"value": f"stuck:1:{COST}"})
    await carded.submit(DANA, why=text_entry("Nobody can sign in"))
    assert (await carded.services.customers.by_id(1)).stuck is not None
    await carded.services.sender.pump()
    assert "Nobody can sign in" in await carded.last(SAM, SUPPORT)
    assert "is stuck" in shown(await carded.card())


async def test_snooze_remind_assign_done_by_words(bot: Bot) -> None:
    assert "Wed 25 Nov 09:00" in await bot.say(DANA, "@OneCore snooze 2")
    assert "for 1 to 14 days. Nothing changed" in await bot.say(DANA, "@OneCore snooze 15")
    assert "10:30" in await bot.say(DANA, "@OneCore remind 10:30am")
    assert "off" in await bot.say(DANA, "@OneCore remind off")
    await bot.say(DANA, f"@OneCore assign {COST} @casey tomorrow")
    await bot.say(DANA, "@OneCore done qbo-company-admin Sam showed me")
    view = await bot.services.customers.view(1)
    assert view.report.status(COST).assignment.owner == CASEY
    attested = view.report.status("qbo-company-admin").attestation
    assert attested is not None
    assert attested.note == "Sam showed me"


async def test_undo_takes_a_word_back_and_a_waiver_only_for_staff(bot: Bot) -> None:
    item = "qbo-support-user"
    assert "nothing changed" in await bot.say(DANA, f"@OneCore undo {item}")
    await bot.say(DANA, f"@OneCore done {item}")
    assert "no longer marked" in await bot.say(DANA, f"@OneCore undo {item}")
    assert await status_of(bot, item) is StatusKind.NOT_CHECKED
    await bot.say(SAM, f"/onboard waive {item} not needed here")
    assert "Only Interfy staff" in await bot.say(DANA, f"@OneCore undo {item}")
    assert await status_of(bot, item) is StatusKind.WAIVED
    assert "no longer waived" in await bot.say(SAM, f"/onboard undo {item}")
    assert await status_of(bot, item) is StatusKind.NOT_CHECKED


async def test_a_word_against_a_live_check_is_noted_and_told_that_the_check_counts_more(
    bot: Bot,
) -> None:
    """Nobody is left to believe that it is done."""
    fill(bot.source)
    bot.source.put(ACCOUNTS, Accounts(()))
    await bot.services.checks.run(1, None, SAM)
    assert await status_of(bot, COST) is StatusKind.UNMET
    answer = await bot.say(DANA, f"@OneCore done {COST} I matched them all")
    assert "A live check counts more" in answer
    assert "marked as done" not in answer
    assert "Press Re-check" in answer
    assert await status_of(bot, COST) is StatusKind.UNMET


async def test_a_waiver_says_why_on_the_card(carded: Bot) -> None:
    """The customer reads who decided and why; whatever the reason says, it rings nobody."""
    why = "they <!channel> merge *next* year"
    answer = await carded.say(SAM, f"/onboard waive qbo-duplicate-customers until 31 Dec {why}")
    assert "waived until 31 Dec 2026" in answer
    card = json.dumps(await carded.card(DANA), ensure_ascii=False)
    assert (
        f"(waived by <@{SAM}> until 31 Dec 2026: they &lt;!channel&gt; merge \u2217next\u2217 year)"
        in card
    )
