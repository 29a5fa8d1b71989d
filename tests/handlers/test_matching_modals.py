"""Matching and reviewing in Slack: two people, buttons and mentions, forged values, exports."""

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain import facets
from bot.domain.model import Cause
from bot.domain.records import Accounts, CostCode, CostCodeList, CostCodes, Party
from handlers.values import FormState
from tests.fakes.facts import account, code, codes, fill
from tests.fakes.source import FakeSource
from tests.handlers.kit import Bot, carded_bot, shown
from tests.handlers.test_access import click, send
from tests.sandbox.slack_kit import ACME, CASEY, DANA, SAM, Json

KEY = "cost-code-coverage"
VENDORS = "procore-duplicate-vendors"
ABN = "53 004 085 616"
CODES = (
    CostCode("d3", "1", "03", "Concrete", is_parent=True),
    code("03-310", "Concrete Pumping", parent_id="d3"),
    code("03-350", "Concrete Finishing", parent_id="d3"),
    code("26-100", "Zzyzx"),
)
CHART = (
    account("5010", "Concrete"),
    account("6000", "Sundries"),
    account("1", "Sales", type="Income"),
)


@pytest.fixture
async def town() -> AsyncIterator[Bot]:
    """Acme, checked, with three open codes and two groups of twins; the card is posted."""
    async with carded_bot(_fill_town) as running:
        yield running


def _fill_town(source: FakeSource) -> None:
    fill(source)
    source.put(facets.COST_CODES, codes(*CODES))
    source.put(facets.ACCOUNTS, Accounts(CHART))
    parties = (
        Party("1", "Kowalski Plumbing Pty Ltd", tax_id=ABN),
        Party("2", "Kowalski Plumbing", tax_id=ABN),
        Party("3", "Harbour Steel Fixing", tax_id="51 824 753 556"),
        Party("4", "Harbour Steel Fixing Pty Ltd", tax_id="51 824 753 556"),
    )
    source.put(facets.VENDORS, parties)


async def kind(bot: Bot, item: str) -> str:
    return (await bot.services.customers.view(1)).report.status(item).kind.value


async def choices(bot: Bot) -> dict[str, str]:
    async with bot.store.transaction() as tx:
        return dict(await tx.decisions.choices(1))


def picked(value: str) -> Json:
    return {"selected_option": {"value": value, "text": {"type": "plain_text", "text": value}}}


async def send_form(bot: Bot, who: str, **slots: tuple[str, str]) -> None:
    """Submit the form on top with its menus set: block → (action id, value)."""
    view = bot.form(who)
    state = {
        block: {action: {"type": "external_select", **picked(value)}}
        for block, (action, value) in slots.items()
    }
    await bot.slack.ui("submit", persona=who, view_id=view["id"], state=state)
    await bot.settle()


async def test_a_customers_person_accepts_a_suggestion_and_the_card_follows(town: Bot) -> None:
    """Everything by button; the systems are not asked again."""
    calls = len(town.source.calls)
    await town.press(DANA, "item_match")
    assert "*0 of 3 cost codes matched*" in shown(town.form(DANA))
    await town.press_in_form(DANA, "match_use_1")
    assert "03-310 Concrete Pumping → account 5010 Concrete" in shown(town.form(DANA))
    assert "*1 of 3 cost codes matched*" in shown(town.form(DANA))
    assert await choices(town) == {"1/03-310": "account/5010"}
    assert len(town.source.calls) == calls
    assert "1 of 3 cost codes matched" in shown(await town.card())


async def test_what_one_changes_another_sees_and_two_lose_nothing(town: Bot) -> None:
    await town.press(DANA, "item_match")
    await town.press(CASEY, "item_match")
    await town.press_in_form(DANA, "match_use_1")
    # Casey's list is from before; the second row is still there to be taken.
    found = town.form(CASEY)["blocks"]
    uses = [e for b in found for e in b.get("elements", []) if e.get("action_id") == "match_use_1"]
    await send(town, in_form(town, CASEY, "match_use_1", uses[1]["value"]))
    assert len(await choices(town)) == 2
    assert "*2 of 3 cost codes matched*" in shown(town.form(CASEY))
    await send(town, in_form(town, CASEY, "match_use_1", "1/03-310 account/6000"))
    assert set((await choices(town)).values()) == {"account/5010"}, "Dana's choice stays"
    assert "is matched to account 5010 Concrete by now" in shown(town.form(CASEY))


def in_form(bot: Bot, who: str, action_id: str, value: str) -> Json:
    """A click within somebody's open modal, as Slack sends it."""
    body = click(who, "T0ACME", action_id, value)
    view = bot.form(who)
    body.update(view=view, container={"type": "view", "view_id": view["id"]})
    del body["channel"]
    return body


async def test_forged_values_in_the_list_change_nothing(town: Bot) -> None:
    for forged in (
        ("match_use_1", "1/03-310 account/77"),
        ("match_use_1", "2/03-310 account/5010"),
        ("match_use_2", "1/03-310 account/1"),
        ("match_use_3", ""),
        ("match_pick", "9/9"),
        ("match_mode", "everything"),
        ("match_undo", "9/9"),
        ("list_next", "x" * 50),
    ):
        await town.press(DANA, "item_match")
        assert await send(town, in_form(town, DANA, *forged)) == 200, forged
        assert await choices(town) == {}, forged
        assert "Something broke" not in json.dumps(await town.slack.seen(DANA)), forged


async def test_another_customers_list_cannot_be_opened(town: Bot) -> None:
    other = await town.services.customers.create("Bondi Build", SAM)
    for action in ("item_match", "item_review"):
        await send(town, click(DANA, "T0ACME", action, f"{other.id}:{KEY}"))
        assert "the customer it belongs to" in await town.last(DANA)
    assert not town.has_form(DANA)


async def offered(bot: Bot, action: str, typed: str) -> list[str]:
    """The values that a menu offers while Dana types, in whatever form is on top."""
    view = bot.form(DANA)
    place = next(b["block_id"] for b in view["blocks"] if action in json.dumps(b))
    asked = {"block_id": place, "action_id": action, "value": typed}
    source = {"type": "view", "view_id": view["id"]}
    answer = await bot.slack.ui("options", persona=DANA, source=source, **asked)
    return [one["value"] for one in answer["options"]]


async def test_picking_another_searches_on_the_server(town: Bot) -> None:
    """A pushed form; its menu is filled by the service; the list underneath follows."""
    await town.press(DANA, "item_match")
    await town.press_in_form(DANA, "match_pick")
    assert await offered(town, "match_target", "sundr") == ["account/6000"]
    await send_form(town, DANA, target=("match_target", "account/6000"))
    assert "account 6000 Sundries" in shown(town.form(DANA))
    assert await choices(town) == {"1/03-310": "account/6000"}


async def test_the_menu_answers_nothing_to_whoever_may_not_ask(town: Bot) -> None:
    """A sealed form of another person, or of nobody."""
    sealer = town.app.registry._tools.sealer
    body = {
        "type": "block_suggestion",
        "team": {"id": "T0INTERFY"},
        "user": {"id": DANA, "team_id": "T0ACME"},
        "action_id": "match_target",
        "block_id": "target",
        "value": "",
        "view": {"id": "V1", "private_metadata": sealer.seal(FormState(ACME, SAM, 1, KEY))},
    }
    answer = await town.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    assert json.loads(answer.body) == {"options": []}


async def test_a_whole_division_at_once(town: Bot) -> None:
    await town.press(DANA, "item_match")
    await town.press_in_form(DANA, "match_division")
    assert "03 Concrete (2 left)" in shown(town.form(DANA))
    slots = {"division": ("list_division", "1/d3"), "target": ("match_target", "account/6000")}
    await send_form(town, DANA, **slots)
    assert await choices(town) == {"1/03-310": "account/6000", "1/03-350": "account/6000"}
    assert "2 cost codes matched." in shown(town.form(DANA))


async def test_the_divisions_that_fit_are_offered_while_somebody_types(town: Bot) -> None:
    """All of them as a filter; in the form, where one must be chosen, only divisions."""
    await town.press(DANA, "item_match")
    assert await offered(town, "list_division", "concr") == ["all", "1/d3"]
    await town.press_in_form(DANA, "match_division")
    assert await offered(town, "list_division", "") == ["1/d3", "none"]


async def test_all_suggestions_above_the_line_are_shown_first(town: Bot) -> None:
    await town.press(DANA, "item_match")
    await town.press_in_form(DANA, "match_suggested")
    form = town.form(DANA)
    assert form["submit"]["text"] == "Use all 2"
    assert "03-350 Concrete Finishing → account 5010 Concrete" in shown(form)
    await send_form(town, DANA)
    assert len(await choices(town)) == 2


async def test_suggestions_that_changed_meanwhile_are_not_taken(town: Bot) -> None:
    await town.press(DANA, "item_match")
    await town.press_in_form(DANA, "match_suggested")
    await town.services.matching.choose(1, "1/03-310", "account/6000", CASEY)
    await send_form(town, DANA)
    assert await choices(town) == {"1/03-310": "account/6000"}
    assert "changed while you read them" in shown(town.form(DANA))


async def test_a_form_opens_at_once_however_old_the_facts_are(town: Bot) -> None:
    """Slack gives three seconds to open one; the choice then reads, and the list says so."""
    await town.press(DANA, "item_match")
    town.slack.clock.advance(timedelta(minutes=20))
    calls = len(town.source.calls)
    await town.press_in_form(DANA, "match_pick")
    assert len(town.source.calls) == calls
    view = town.form(DANA)
    town.source.gate.clear()
    state = {"target": {"match_target": {"type": "external_select", **picked("account/6000")}}}
    await town.slack.ui("submit", persona=DANA, view_id=view["id"], state=state)
    await town.source.called(calls + 1)
    assert "Reading your systems" in shown(town.form(DANA))
    town.source.gate.set()
    await town.settle()
    assert "account 6000 Sundries" in shown(town.form(DANA))
    assert await choices(town) == {"1/03-310": "account/6000"}


async def test_a_page_that_has_to_be_read_says_so(town: Bot) -> None:
    await town.press(DANA, "item_match")
    town.slack.clock.advance(timedelta(minutes=20))
    town.source.fail(facets.ACCOUNTS, "I couldn't read QuickBooks just now.", Cause.UNREACHABLE)
    await town.press_in_form(DANA, "list_only", **picked("chosen"))
    assert "couldn't read QuickBooks just now" in shown(town.form(DANA))


async def test_filters_undo_and_mode(town: Bot) -> None:
    await town.services.matching.choose(1, "1/26-100", "account/6000", CASEY)
    await town.press(DANA, "item_match")
    await town.press_in_form(DANA, "list_only", **picked("chosen"))
    assert "26-100 Zzyzx" in shown(town.form(DANA))
    await town.press_in_form(DANA, "match_undo")
    assert await choices(town) == {}
    await town.press_in_form(DANA, "list_only", **picked("all"))
    await town.press_in_form(DANA, "list_division", **picked("1/d3"))
    assert "26-100" not in shown(town.form(DANA))
    await town.press_in_form(DANA, "match_mode", **picked("item"))
    assert (await town.services.customers.by_id(1)).mode.value == "item"


async def test_codes_of_several_lists_say_of_which_they_are(town: Bot) -> None:
    lists = (CostCodeList("1", "Standard"), CostCodeList("2", "Civil"))
    twice = (code("03-310", "Zzyzx"), replace(code("03-310", "Zzyzx"), list_id="2"))
    town.source.put(facets.COST_CODES, CostCodes(lists, twice))
    town.slack.clock.advance(timedelta(minutes=20))
    await town.press(DANA, "item_match")
    assert "03-310 Zzyzx · Standard" in shown(town.form(DANA))
    assert "03-310 Zzyzx · Civil" in shown(town.form(DANA))


async def test_a_choice_whose_target_is_gone_can_be_taken_back(town: Bot) -> None:
    await town.services.matching.choose(1, "1/26-100", "account/6000", CASEY)
    town.source.put(facets.ACCOUNTS, Accounts(CHART[:1]))
    town.slack.clock.advance(timedelta(minutes=20))
    await town.press(DANA, "item_match")
    assert "no longer exists" in shown(town.form(DANA))
    await town.press_in_form(DANA, "match_undo")
    assert await choices(town) == {}
    assert "Taken back" in shown(town.form(DANA))


async def test_by_mention_there_is_a_button_and_by_command_the_list(town: Bot) -> None:
    assert "0 of 3 matched" in await town.say(DANA, "@OneCore match")
    await town.press(DANA, "item_match")
    assert town.has_form(DANA)
    assert "Press a button" in await town.say(DANA, "@OneCore review")
    await town.press(DANA, "item_review", about=VENDORS)
    assert "groups of vendors in Procore that look alike" in shown(town.form(DANA))
    assert "Merge Companies: primary" in shown(town.form(DANA))
    await town.say(SAM, "/onboard match")
    assert town.form(SAM)["callback_id"] == "match_view"
    await town.say(SAM, f"/onboard details {VENDORS}")
    assert town.form(SAM)["callback_id"] == "review_view"


async def test_not_a_duplicate_is_remembered_and_the_item_done(town: Bot) -> None:
    await town.press(DANA, "item_review", about=VENDORS)
    assert "same ABN" in shown(town.form(DANA)) or "ABN" in shown(town.form(DANA))
    await town.press_in_form(DANA, "review_not_duplicate")
    assert "Remembered as different" in shown(town.form(DANA))
    await town.press_in_form(DANA, "review_not_duplicate")
    assert "Nothing is left to review" in shown(town.form(DANA))
    assert await kind(town, VENDORS) == "verified"


async def test_keeping_another_one_is_seen_by_the_next_person(town: Bot) -> None:
    await town.press(DANA, "item_review", about=VENDORS)
    view = town.form(DANA)
    menus = [
        e
        for b in view["blocks"]
        for e in b.get("elements", [])
        if e.get("action_id") == "review_keep"
    ]
    value = next(o["value"] for o in menus[0]["options"] if o["value"].endswith(":2"))
    await town.press_in_form(DANA, "review_keep", **picked(value))
    await town.press(CASEY, "item_review", about=VENDORS)
    assert "as somebody here chose" in shown(town.form(CASEY))
    await town.press_in_form(CASEY, "review_keep", **picked(value[:-1]))
    assert "as somebody here chose" not in shown(town.form(CASEY))


async def test_what_was_called_different_is_listed_and_asked_again(town: Bot) -> None:
    await town.press(DANA, "item_review", about=VENDORS)
    await town.press_in_form(DANA, "review_not_duplicate")
    await town.press(CASEY, "item_review", about=VENDORS)
    assert "Said to be different (1)" in shown(town.form(CASEY))
    await town.press_in_form(CASEY, "list_only", **picked("different"))
    assert f"*Different*, said <@{DANA}>" in shown(town.form(CASEY))
    await town.press_in_form(CASEY, "review_ask_again")
    assert "Asked again: " in shown(town.form(CASEY))
    assert "Nothing is left to review here" in shown(town.form(CASEY))
    await town.press_in_form(CASEY, "list_only", **picked("likely"))
    assert "*2 groups of vendors" in shown(town.form(CASEY))


async def test_forged_groups_change_nothing(town: Bot) -> None:
    for forged in (
        ("review_not_duplicate", "0" * 16),
        ("review_keep", "x:y"),
        ("review_keep", ""),
        ("review_ask_again", "0" * 16),
    ):
        await town.press(DANA, "item_review", about=VENDORS)
        assert "isn't there any more" not in shown(town.form(DANA)), forged
        assert await send(town, in_form(town, DANA, *forged)) == 200, forged
        assert await kind(town, VENDORS) == "unmet", forged
        assert "isn't there any more" in shown(town.form(DANA)), forged


async def test_an_outage_is_said_in_the_modal(town: Bot) -> None:
    town.slack.clock.advance(timedelta(minutes=20))
    town.source.fail(facets.ACCOUNTS, "I couldn't read QuickBooks just now.", Cause.UNREACHABLE)
    await town.press(DANA, "item_match")
    assert "couldn't read QuickBooks just now" in shown(town.form(DANA))
    town.source.put(facets.ACCOUNTS, Accounts(CHART))
    await town.press_in_form(DANA, "list_page")
    assert "*0 of 3 cost codes matched*" in shown(town.form(DANA)), "tried again"


async def test_exports_go_to_the_asker_alone_as_text(town: Bot) -> None:
    """Unmatched first; codes stay text; the accounts that are missing as their own file."""
    await town.services.matching.choose(1, "1/03-310", "account/6000", CASEY)
    await town.say(DANA, "@OneCore export cost-code-coverage")
    files = {file.name: file for file in town.slack.server.state.files.values()}
    mapping = next(one for name, one in files.items() if "mapping" in name and "xlsx" in name)
    written = next(one for name, one in files.items() if "mapping" in name and "csv" in name)
    lines = list(csv.reader(written.content.decode("utf-8-sig").splitlines()))
    assert [line[1] for line in lines[1:]] == ["'03-350", "'26-100", "'03-310"]
    sheet = openpyxl.load_workbook(io.BytesIO(mapping.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[1] for row in rows[1:]] == ["03-350", "26-100", "03-310"]
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value)
    assert any("to-import" in name for name in files)
    assert all(one.channels and ACME not in one.channels for one in files.values())
    await town.press(CASEY, "item_review", about=VENDORS)
    await town.press_in_form(CASEY, "list_export")
    merge = next(f for f in town.slack.server.state.files.values() if "merge" in f.name)
    assert merge.channels
    assert set(merge.channels).isdisjoint(mapping.channels)
    assert "direct message" in shown(town.form(CASEY))


async def test_everything_stored_about_a_customer_is_exported_to_the_asker(town: Bot) -> None:
    """As a workbook, CSV or JSON; for the customer's people and staff, and of that customer."""
    await town.services.customers.create("Bondi Build", SAM)
    for words, ending in (("export", "xlsx"), ("export as csv", "csv"), ("export json", "json")):
        await town.say(DANA, f"@OneCore {words}")
        names = [file.name for file in town.slack.server.state.files.values()]
        assert names[-1].startswith("acme-")
        assert names[-1].endswith(ending)
    sent = len(names)
    (line, *_) = await town.services.customers.history(1)
    assert (line.actor, line.action, line.detail) == (DANA, "export", names[-1])
    await town.say(SAM, "/onboard export acme json")
    await town.say(DANA, "@OneCore export bondi-build json")
    assert "the customer it belongs to" in await town.last(DANA)
    files = list(town.slack.server.state.files.values())
    assert len(files) == sent + 1
    assert json.loads(files[-1].content)["customer"][0] == {"fact": "Name", "value": "Acme"}
    assert all(one.channels and ACME not in one.channels for one in files)
