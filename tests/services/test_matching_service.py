"""Matching: what people are shown, what they choose, what is judged without asking the systems."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from benchmarks.matching.costs import labelled
from bot.domain import facets
from bot.domain.customer import Customer
from bot.domain.matching.choices import apply_choices
from bot.domain.matching.costcodes import How, Problem, match_cost_codes
from bot.domain.model import Cause, Finding, MappingMode, System
from bot.domain.records import Accounts, CostCode, Target, TargetKind
from bot.services.errors import UserError
from tests.fakes.facts import account, code, codes
from tests.services.world import CASEY, STAFF, World

OPEN, FOOTINGS = "1/26-100", "1/03-300"
PAINT = "account/09-900"
KEY = "cost-code-coverage"


@pytest.fixture
async def open_code(world: World, acme: Customer) -> Customer:
    """Checked: one of three codes, Switchboards, has no target."""
    world.break_codes()
    await world.do.checks.run(acme.id, None, CASEY)
    return acme


async def test_looking_after_a_check_reads_nothing(world: World, open_code: Customer):
    view = await world.do.matching.codes(open_code.id)
    assert [(row.code.key, row.problem) for row in view.open_rows] == [(OPEN, Problem.NO_TARGET)]
    assert len(world.source.calls) == 1
    assert world.do.matching.is_fresh(open_code.id)


async def test_what_is_old_is_read_again_and_only_what_it_takes(world: World, open_code: Customer):
    world.clock.move(minutes=11)
    said: list[str] = []

    async def progress(text: str) -> None:
        said.append(text)

    world.source.progress = ("page 1 of 2",)
    assert not world.do.matching.is_fresh(open_code.id)
    await world.do.matching.codes(open_code.id, progress)
    assert world.source.calls[-1].facets == ("procore.cost_codes", "qbo.accounts", "qbo.items")
    assert said[0] == "page 1 of 2"


async def test_a_choice_is_stored_noted_and_judged_without_asking(
    world: World, open_code: Customer
):
    shown = len(world.board.shown)
    decided = await world.do.matching.choose(open_code.id, OPEN, PAINT, CASEY)
    assert [row.how for row in decided.changed] == [How.CHOSEN]
    assert await world.kind(KEY) == "verified"
    assert len(world.source.calls) == 1
    assert await world.lines("match") == ["26-100 Switchboards → account 09-900 Painting"]
    assert len(world.board.shown) > shown
    assert (await world.get()).stage.value == "ready"
    await world.do.matching.choose(open_code.id, OPEN, "", STAFF)
    assert await world.kind(KEY) == "unmet"
    assert await world.lines("match withdrawn") == ["26-100 Switchboards → nothing"]


async def test_the_next_check_agrees(world: World, open_code: Customer):
    await world.do.matching.choose(open_code.id, OPEN, PAINT, CASEY)
    before = (await world.do.customers.view(open_code.id)).report.status(KEY).finding
    await world.do.checks.run(open_code.id, [KEY], CASEY)
    assert (await world.do.customers.view(open_code.id)).report.status(KEY).finding == before


async def test_a_choice_made_while_a_check_is_judged_is_not_lost(
    world: World, open_code: Customer, monkeypatch: pytest.MonkeyPatch
):
    """The check's finding is newer than the choice's, and knows of it all the same."""
    checks = world.do.checks
    judge, chosen = checks._judge, []

    async def slow(*arguments: Any) -> dict[str, Finding]:
        findings = await judge(*arguments)
        if not chosen:
            chosen.append(await world.do.matching.choose(open_code.id, OPEN, PAINT, STAFF))
        return findings

    monkeypatch.setattr(checks, "_judge", slow)
    world.clock.move(minutes=1)
    outcome = await checks.run(open_code.id, [KEY], CASEY)
    assert chosen
    assert outcome.view.report.status(KEY).kind.value == "verified"
    assert await world.kind(KEY) == "verified"


@pytest.mark.parametrize(
    ("of", "to"), [("1/77-777", PAINT), (OPEN, "account/77"), ("", PAINT), ("2/26-100", "x")]
)
async def test_a_forged_key_changes_nothing(world: World, open_code: Customer, of: str, to: str):
    with pytest.raises(UserError, match="isn't there any more, so nothing changed"):
        await world.do.matching.choose(open_code.id, of, to, CASEY)
    assert await world.lines("match") == []
    assert await world.kind(KEY) == "unmet"


async def test_what_cannot_carry_a_cost_cannot_be_chosen(world: World, acme: Customer):
    world.break_codes()
    rows = (account("1", "Old", active=False), account("2", "Sales", type="Income"))
    world.source.put(facets.ACCOUNTS, Accounts(rows))
    for target, why in (("account/1", "is inactive"), ("account/2", "is of type Income")):
        with pytest.raises(UserError, match=why):
            await world.do.matching.choose(acme.id, OPEN, target, CASEY)


async def test_a_choice_follows_its_records_and_shows_itself_when_one_dies(
    world: World, open_code: Customer
):
    """Code and target renamed and renumbered: it holds. The target gone: open again, by name."""
    await world.do.matching.choose(open_code.id, OPEN, PAINT, CASEY)
    renamed = replace(code("26-100", "Boards"), code="27-500")
    target = replace(account("09-900", "Painting"), number="6100", name="Coatings")
    world.source.put(facets.COST_CODES, codes(renamed))
    for rows, how, problem in (
        ((target,), "verified", None),
        ((replace(target, active=False),), "unmet", Problem.INVALID_CHOICE),
        ((), "unmet", Problem.INVALID_CHOICE),
    ):
        world.source.put(facets.ACCOUNTS, Accounts(rows))
        world.clock.move(minutes=11)
        await world.do.checks.run(open_code.id, [KEY], CASEY)
        assert await world.kind(KEY) == how
        (row,) = (await world.do.matching.codes(open_code.id)).report.rows
        assert (row.how, row.problem) == (How.CHOSEN, problem)


async def test_two_people_at_once_lose_nothing(world: World, acme: Customer):
    """Two processes, each with its own memory, each mapping half of the codes at once."""
    other = World(world.store, owner="two", clock=world.clock)
    rows = [(f"{n:02}-100", f"Thing {n}") for n in range(20)]
    for each in (world, other):
        each.source.put(facets.COST_CODES, codes(*(code(*row) for row in rows)))
        each.source.put(facets.ACCOUNTS, Accounts((account("5000", "Costs"),)))
        await each.do.matching.codes(acme.id)
    await asyncio.gather(
        *(
            (world, other)[n % 2].do.matching.choose(
                acme.id, f"1/{number}", "account/5000", (CASEY, STAFF)[n % 2]
            )
            for n, (number, _) in enumerate(rows)
        )
    )
    assert await world.kind(KEY) == "verified"
    assert len(await world.lines("match")) == 20


async def test_many_at_once_leave_what_somebody_chose_meanwhile(world: World, open_code: Customer):
    """And count it; once the chosen target is gone, the choice holds nothing and is replaced."""
    await world.do.matching.choose(open_code.id, OPEN, PAINT, STAFF)
    pairs = {OPEN: "account/03-300", FOOTINGS: PAINT}
    decided = await world.do.matching.choose_many(open_code.id, pairs, CASEY)
    assert [row.code.key for row in decided.changed] == [FOOTINGS]
    chosen = {row.code.key: row.target.key for row in decided.view.report.rows if row.target}
    assert chosen[OPEN] == PAINT
    assert [row.code.key for row in decided.kept] == [OPEN]
    world.source.put(facets.ACCOUNTS, Accounts((account("03-300", "Footings"),)))
    world.clock.move(minutes=11)
    decided = await world.do.matching.choose_many(open_code.id, pairs | {FOOTINGS: ""}, CASEY)
    assert OPEN in {row.code.key for row in decided.changed}
    assert decided.kept == ()
    assert decided.replaced == {}, "what is gone can't be told by name"
    decided = await world.do.matching.choose(open_code.id, OPEN, "", STAFF)
    assert [one.name for one in decided.replaced.values()] == ["Footings"]


async def test_newer_facts_of_another_process_are_read_before_deciding(
    world: World, open_code: Customer
):
    """Otherwise its newer finding would stand against the decision."""
    other = World(world.store, owner="two", clock=world.clock)
    other.break_codes()
    world.clock.move(minutes=2)
    await other.do.checks.run(open_code.id, None, STAFF)
    await world.do.matching.choose(open_code.id, OPEN, PAINT, CASEY)
    assert len(world.source.calls) == 2
    assert await world.kind(KEY) == "verified"


async def test_an_outage_is_a_sentence_and_keeps_everything(world: World, acme: Customer):
    world.outage(System.QBO, cause=Cause.RATE_LIMITED)
    with pytest.raises(UserError, match=r"couldn't read QuickBooks just now.*Nothing changed"):
        await world.do.matching.codes(acme.id)


async def test_the_mode_decides_what_counts(world: World, acme: Customer):
    world.source.put(
        facets.ITEMS,
        (Target(TargetKind.ITEM, "7", "Painting", type="Service", has_expense_account=True),),
    )
    await world.do.matching.codes(acme.id)
    view = await world.do.matching.set_mode(acme.id, MappingMode.ITEM, CASEY)
    assert (view.report.matched, view.report.total) == (1, 2)
    assert (await world.get()).mode is MappingMode.ITEM
    assert await world.lines("map to") == ["item"]
    with pytest.raises(UserError, match="mapped to items only"):
        await world.do.matching.choose(acme.id, FOOTINGS, PAINT, CASEY)


async def test_targets_are_found_by_number_name_and_near_miss(world: World, acme: Customer):
    rows = (account("5010", "Sub - Concrete"), account("5020", "Electrical"), account("1", "Sales"))
    world.source.put(facets.ACCOUNTS, Accounts((*rows, account("9", "Gone", active=False))))

    async def found(text: str) -> list[str]:
        return [t.name for t in await world.do.matching.search_targets(acme.id, text)]

    assert await found("502") == ["Electrical"]
    assert await found("conc") == ["Sub - Concrete"]
    assert (await found("electrcal"))[0] == "Electrical"
    assert await found("gone") == []
    assert len(await found("")) == 3


async def test_a_number_is_found_however_it_is_cut_and_a_name_without_its_accents(
    world: World, acme: Customer
):
    rows = (account("03300", "Footings"), account("", "09 500 Timber"), account("7", "Café"))
    world.source.put(facets.ACCOUNTS, Accounts(rows))
    for typed, name in (
        ("03-300", "Footings"),
        ("03 30 00", "Footings"),
        ("033", "Footings"),
        ("09500", "09 500 Timber"),
        ("cafe", "Café"),
    ):
        found = await world.do.matching.search_targets(acme.id, typed)
        assert [one.name for one in found] == [name], typed


async def test_what_was_forgotten_is_not_searched_any_more(world: World, acme: Customer):
    """Another company may be connected by now, and its accounts are read first."""
    await world.do.matching.codes(acme.id)
    world.source.put(facets.ACCOUNTS, Accounts((account("1", "Paint"),)))
    world.clock.move(minutes=20)
    assert (await world.do.matching.search_targets(acme.id, "pai"))[0].name == "Painting"
    world.clock.move(hours=2)
    assert [one.name for one in await world.do.matching.search_targets(acme.id, "pai")] == ["Paint"]
    view = await world.do.matching.codes_as_read(acme.id)
    assert list(view.targets) == ["account/1"]


async def test_a_search_never_offers_more_than_a_menu_holds(world: World, acme: Customer):
    rows = tuple(account(str(10_000 + n), f"Account of thing {n}") for n in range(1_000))
    world.source.put(facets.ACCOUNTS, Accounts(rows))
    await world.do.matching.codes(acme.id)
    for text in ("thing 1", "acount of thng", "", "14", "nothing like it at all"):
        assert len(await world.do.matching.search_targets(acme.id, text)) <= 100


async def test_a_division_is_the_topmost_parent(world: World, acme: Customer):
    top = CostCode("t", "1", "03", "Concrete", is_parent=True)
    middle = CostCode("m", "1", "03-3", "In place", "t", is_parent=True)
    leaf = CostCode("l", "1", "03-310", "Zed", "m")
    world.source.put(facets.COST_CODES, codes(top, middle, leaf))
    view = await world.do.matching.codes(acme.id)
    assert view.division_of(leaf) == top
    assert view.division_of(top) is None


def test_choices_laid_over_a_run_are_a_run_with_choices():
    """Over any choices, good, gone or unusable: the same rows, and the same in any mode."""
    chance = random.Random(7)
    names = ["Concrete", "Formwork", "Steel", "Painting", "Tiling", "Roofing", "Doors", "Glazing"]
    for mode in MappingMode:
        many = [code(f"{n:02}-100", chance.choice(names)) for n in range(40)]
        targets = [
            Target(
                chance.choice(list(TargetKind)),
                str(n),
                chance.choice(names),
                number=f"{chance.randrange(40):02}-100",
                active=chance.random() > 0.2,
                has_expense_account=True,
            )
            for n in range(40)
        ]
        keys = [*(one.key for one in targets), "account/gone", ""]
        choices = {one.key: chance.choice(keys) for one in chance.sample(many, 20)}
        base = match_cost_codes(many, targets, mode=mode)
        over = apply_choices(base, targets, mode, choices)
        whole = match_cost_codes(many, targets, mode=mode, choices=choices)
        for one, two in zip(over.rows, whole.rows, strict=True):
            assert (one.code, one.target, one.how, one.problem, one.reason) == (
                two.code, two.target, two.how, two.problem, two.reason,
            )  # fmt: skip


def test_what_stands_above_the_line_is_right():
    """Over every labelled list and chart, with and without account numbers."""
    counts = labelled()
    assert counts.above > 400
    assert counts.above_right / counts.above >= 0.98


async def test_memory_ends_after_an_hour_and_is_nobody_elses(world: World, acme: Customer):
    bondi = await world.customer("Bondi Build", "CBONDI")
    await world.do.matching.codes(acme.id)
    await world.do.matching.codes(bondi.id)
    assert [call.customer_id for call in world.source.calls] == [acme.id, bondi.id]
    world.clock.move(seconds=timedelta(hours=2).total_seconds())
    assert not world.do.matching.is_fresh(acme.id)
