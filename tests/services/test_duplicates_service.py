"""Reviewing duplicates: what people are shown, what they answer, and that it is remembered."""

import asyncio

import pytest

from bot.domain import facets
from bot.domain.customer import Customer
from bot.domain.model import System
from bot.domain.records import Party
from bot.services.duplicates import group_key
from bot.services.errors import UserError
from tests.services.world import CASEY, STAFF, World

ABN = "53 004 085 616"


def twins(world: World) -> None:
    """Two records of one plumber, and one of somebody else."""
    parties = (
        Party("1", "Kowalski Plumbing Pty Ltd", tax_id=ABN),
        Party("2", "Kowalski Plumbing", tax_id=ABN, weight=3),
        Party("3", "Harbour Steel Fixing"),
    )
    world.source.put(facets.VENDORS, parties)


def two_pairs(world: World) -> None:
    """Two records of one plumber, and two of one steel fixer."""
    world.source.put(
        facets.VENDORS,
        (
            Party("1", "Kowalski Plumbing Pty Ltd", tax_id=ABN),
            Party("2", "Kowalski Plumbing", tax_id=ABN),
            Party("3", "Harbour Steel Fixing", tax_id="51 824 753 556"),
            Party("4", "Harbour Steel Fixing Pty Ltd", tax_id="51 824 753 556"),
        ),
    )


async def test_groups_come_with_names_reasons_and_whom_to_keep(world: World, acme: Customer):
    twins(world)
    view = await world.do.duplicates.look(acme.id, System.PROCORE)
    (group,) = view.in_bands(possible=False)
    assert (group.ids, group.keep) == (("1", "2"), "2")
    assert "ABN" in group.reasons[0]
    assert view.find(group_key(group)) is group


async def test_not_a_duplicate_is_remembered_noted_and_judged(world: World, acme: Customer):
    twins(world)
    await world.do.checks.run(acme.id, None, CASEY)
    assert await world.kind("procore-duplicate-vendors") == "unmet"
    view = await world.do.duplicates.dismiss(acme.id, System.PROCORE, frozenset("12"), CASEY)
    assert view.in_bands(possible=True) == ()
    assert await world.kind("procore-duplicate-vendors") == "verified"
    assert len(world.source.calls) == 1
    assert await world.lines("not a duplicate") == [
        "Procore: Kowalski Plumbing Pty Ltd · Kowalski Plumbing"
    ]
    world.clock.move(hours=1)
    await world.do.checks.run(acme.id, None, CASEY)
    assert await world.kind("procore-duplicate-vendors") == "verified"


async def test_a_renamed_record_is_asked_about_again(world: World, acme: Customer):
    """Case and spaces are no other name; with its old name back, what was said holds again."""
    twins(world)
    duplicates = world.do.duplicates
    await duplicates.dismiss(acme.id, System.PROCORE, frozenset("12"), CASEY)
    for name, asked in (
        ("KOWALSKI  plumbing ", False),
        ("Kowalski Plumbing Group", True),
        ("Kowalski Plumbing", False),
    ):
        parties = (
            Party("1", "Kowalski Plumbing Pty Ltd", tax_id=ABN),
            Party("2", name, tax_id=ABN),
        )
        world.source.put(facets.VENDORS, parties)
        world.clock.move(hours=1)
        await world.do.checks.run(acme.id, ["procore-duplicate-vendors"], CASEY)
        assert await world.kind("procore-duplicate-vendors") == ("unmet" if asked else "verified")
        view = await duplicates.look(acme.id, System.PROCORE)
        assert (len(view.groups), len(view.apart)) == ((1, 0) if asked else (0, 1))


async def test_asking_again_brings_the_group_back(world: World, acme: Customer):
    twins(world)
    duplicates = world.do.duplicates
    view = await duplicates.dismiss(acme.id, System.PROCORE, frozenset("12"), CASEY)
    (said,) = view.apart
    assert (said.ids, said.by, said.at) == (("1", "2"), CASEY, world.clock.now())
    view = await duplicates.ask_again(acme.id, System.PROCORE, said.key, STAFF)
    assert ([group.ids for group in view.groups], view.apart) == ([("1", "2")], ())
    assert await world.kind("procore-duplicate-vendors") == "unmet"
    assert await world.lines("ask again") == await world.lines("not a duplicate")
    with pytest.raises(UserError, match="isn't there any more"):
        await duplicates.ask_again(acme.id, System.PROCORE, said.key, CASEY)


async def test_each_answer_is_taken_back_on_its_own(world: World, acme: Customer):
    """Two groups dismissed by one person at one moment are two answers."""
    two_pairs(world)
    duplicates = world.do.duplicates
    for ids in ("12", "34"):
        view = await duplicates.dismiss(acme.id, System.PROCORE, frozenset(ids), CASEY)
    assert [said.ids for said in view.apart] == [("1", "2"), ("3", "4")]
    view = await duplicates.ask_again(acme.id, System.PROCORE, view.apart[0].key, CASEY)
    assert [group.ids for group in view.groups] == [("1", "2")]


async def test_whom_to_keep_is_a_persons_choice_and_can_be_taken_back(world: World, acme: Customer):
    """The stored evidence, and so the hand-off's pack, says it and whose choice it is."""
    twins(world)
    await world.do.checks.run(acme.id, None, CASEY)
    ids = frozenset("12")
    for one, by, kept, said in (
        ("1", CASEY, "1", 'Keep "Kowalski Plumbing Pty Ltd", as a person chose'),
        ("2", STAFF, "2", 'Keep "Kowalski Plumbing", as a person chose'),
        ("", STAFF, "2", 'Keep "Kowalski Plumbing"'),
    ):
        view = await world.do.duplicates.keep(acme.id, System.PROCORE, ids, one, by)
        assert view.groups[0].keep == kept
        status = (await world.do.customers.view(acme.id)).report.status("procore-duplicate-vendors")
        assert status.finding is not None
        assert status.finding.evidence[0].detail.endswith(said)
    assert len(world.source.calls) == 1
    assert (await world.lines("keep"))[0] == (
        "Procore: Kowalski Plumbing Pty Ltd rather than Kowalski Plumbing"
    )
    assert len(await world.lines("keep withdrawn")) == 1


async def test_a_group_that_stands_alone_leaves_without_a_comparison(
    world: World, acme: Customer, monkeypatch: pytest.MonkeyPatch
):
    two_pairs(world)
    await world.do.duplicates.look(acme.id, System.PROCORE)
    monkeypatch.setattr("bot.services.duplicates.compare", None)
    view = await world.do.duplicates.dismiss(acme.id, System.PROCORE, frozenset("12"), CASEY)
    assert [group.ids for group in view.groups] == [("3", "4")]


async def test_what_was_read_again_and_says_the_same_is_not_compared_again(
    world: World, acme: Customer, monkeypatch: pytest.MonkeyPatch
):
    twins(world)
    first = await world.do.duplicates.look(acme.id, System.PROCORE)
    monkeypatch.setattr("bot.services.duplicates.compare", None)
    world.clock.move(minutes=11)
    twins(world)
    again = await world.do.duplicates.look(acme.id, System.PROCORE)
    assert len(world.source.calls) == 2
    assert (again.groups, again.read_at > first.read_at) == (first.groups, True)


async def test_records_that_are_no_group_are_refused(world: World, acme: Customer):
    twins(world)
    for ids in (frozenset("13"), frozenset("9"), frozenset()):
        with pytest.raises(UserError, match="isn't there any more"):
            await world.do.duplicates.dismiss(acme.id, System.PROCORE, ids, CASEY)
    with pytest.raises(UserError, match="isn't there any more"):
        await world.do.duplicates.keep(acme.id, System.PROCORE, frozenset("12"), "3", CASEY)


async def test_two_people_dismissing_at_once_are_both_remembered(world: World, acme: Customer):
    two_pairs(world)
    await world.do.checks.run(acme.id, None, CASEY)
    await asyncio.gather(
        world.do.duplicates.dismiss(acme.id, System.PROCORE, frozenset("12"), CASEY),
        world.do.duplicates.dismiss(acme.id, System.PROCORE, frozenset("34"), STAFF),
    )
    assert await world.kind("procore-duplicate-vendors") == "verified"
