"""What changed since a moment, and the burn-down, over the real history of a customer."""

import io
from dataclasses import replace
from datetime import date
from itertools import pairwise

import openpyxl
from PIL import Image

from bot.domain.burndown import Day
from bot.domain.customer import Customer
from bot.domain.progress import STANDING
from bot.services.burndown import BurnDown
from bot.services.changes import Changes, Since
from bot.services.files import Form, make_files
from bot.services.reading import read_view
from bot.services.workbook import make_workbook
from tests.services.world import CASEY, STAFF, World, reminders, sydney


def sentences(found: Changes) -> list[str]:
    return [one.sentence for one in found.items]


async def ten_days(world: World) -> None:
    """Broken on Monday, reminded on Tuesday, mapped by a person on Wednesday, and seen."""
    world.break_codes()
    await world.do.checks.run(1, None, CASEY)
    world.clock.set(sydney(24))
    assert len(await reminders(world)) == 1
    world.clock.set(sydney(25, "11:00"))
    await world.do.matching.choose(1, "1/26-100", "account/09-900", CASEY)


async def test_each_moment_has_its_own_answer(world: World, acme: Customer):
    await ten_days(world)
    changes = world.do.changes
    reminded = await changes.since(acme.id, Since.REMINDER)
    assert sentences(reminded) == ["Done: cost codes, unmet (2 of 3) → verified"]
    assert reminded.since == "the last reminder"
    assert reminded.summary == (
        "1 done. 0 checks, 0 reminders, 1 decision of people. Stage: preparing → ready."
    )
    first = await changes.since(acme.id, Since.FIRST_DAY)
    assert sentences(first) == sentences(reminded)
    assert (first.runs, first.reminders) == (1, 1)
    friday = await changes.since(acme.id, date(2026, 11, 20))
    assert "Done: cost codes, not checked → verified" in sentences(friday)
    assert len(friday.items) == 8
    today = await changes.since(acme.id, date(2026, 11, 25))
    assert (today.since, sentences(today)) == ("Wed 25 Nov 2026", sentences(reminded))
    assert await changes.since(acme.id, date.max) == today
    ever = await changes.since(acme.id, date.min)
    assert (ever.since, ever.items) == ("Mon 23 Nov 2026", friday.items)
    world.clock.set(sydney(26))
    later = await changes.since(acme.id, date(2026, 11, 26))
    assert later.summary == "No item changed. 0 checks, 0 reminders, 0 decisions of people."


async def test_the_last_run_is_what_it_found_and_what_was_decided_since(
    world: World, acme: Customer
):
    await ten_days(world)
    world.clock.set(sydney(26))
    world.lose_support_user()
    await world.do.checks.run(acme.id, None, STAFF)
    found = await world.do.changes.since(acme.id, Since.RUN)
    assert sentences(found) == ["Open again: Procore support user, verified → unmet"]
    assert found.runs == 1


async def test_before_any_run_or_reminder_the_first_day_stands_in(world: World, acme: Customer):
    for since in (Since.RUN, Since.REMINDER):
        found = await world.do.changes.since(acme.id, since)
        assert found.since.startswith("the first day (there was no ")
        assert found.items == ()


async def test_a_decision_that_moves_an_item_leaves_a_line_that_says_so(
    world: World, acme: Customer
):
    world.authorised_by_dana()
    await world.do.checks.run(acme.id, None, CASEY)
    await world.do.decisions.attest(acme.id, "qbo-support-user", CASEY)
    await world.do.decisions.attest(acme.id, "qbo-support-user", CASEY, "again")
    assert await world.lines(STANDING) == ["qbo-support-user: unknown → attested"]


async def test_the_picture_is_the_same_each_time_and_says_the_same_in_words(
    world: World, acme: Customer
):
    await ten_days(world)
    one, two = [await world.do.changes.picture(acme.id) for _ in range(2)]
    assert one == two
    assert one.name == "acme-burn-down-2026-11-25.png"
    assert one.alt_text == (
        "Acme: open items over 3 working days. 23 Nov: 1 open; 25 Nov: 0 open. Reminders on 1 day."
    )
    picture = Image.open(io.BytesIO(one.content))
    assert picture.size == (960, 540)


async def test_unknown_looks_unlike_open_in_grey_too(world: World, acme: Customer):
    """Who sees no colours counts stripes: an unknown bar has many levels of grey, an open one."""
    world.authorised_by_dana()
    await world.do.checks.run(acme.id, None, CASEY)
    striped = await world.do.changes.burn_down(acme.id)
    assert (striped.days[0].unmet, striped.days[0].unknown) == (0, 2)
    solid = BurnDown(striped.customer, (_swapped(striped),))

    def edges(shown: BurnDown) -> int:
        grey = Image.open(io.BytesIO(shown.png())).convert("L")
        column = [grey.getpixel((500, level)) for level in range(120, 400)]
        return sum(a != b for a, b in pairwise(column))

    assert edges(striped) > 10 * max(1, edges(solid))


def _swapped(shown: BurnDown) -> Day:
    day = shown.days[0]
    return replace(day, unmet=day.unknown, unknown=day.unmet)


async def test_the_pack_has_both_on_their_own_sheets(world: World, acme: Customer):
    await ten_days(world)
    async with world.store.transaction() as tx:
        view = await read_view(tx, await tx.customers.lock(acme.id), world.clock)
        history = await tx.history.of(acme.id, 1000)
    sheets = world.do.changes.sheets(view, history)
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(sheets)))
    assert book.sheetnames == ["What changed", "Burn-down"]
    page = book["Burn-down"]
    days = [row[0].value for row in page.iter_rows(min_row=2)]
    assert [f"{day:%d %b %Y}" for day in days] == [f"{n} Nov 2026" for n in (23, 24, 25)]
    assert len(page._images) == 1  # openpyxl has no public name for a sheet's pictures.
    assert "1 open; 25 Nov: 0 open" in str(page["G1"].value)
    first = next(row for row in book["What changed"].rows if row[0].value == "since the first day")
    assert str(first[2].value).startswith("1 done. 1 check, 1 reminder, ")
    (csv, *_) = make_files("x", [sheets[1]], [Form.CSV])
    assert b"could not" not in csv.content.lower().splitlines()[1]
