"""The weekly digest: once a week, on Monday morning, about what needs somebody."""

import base64
from datetime import timedelta

import pytest

from bot.domain.customer import Stuck
from bot.domain.lifecycle import Stage
from bot.services.notices import ChartNotice, DigestNotice
from bot.storage.store import SqlStore
from tests.services.world import CASEY, SUPPORT, World, sydney

MONDAY = 30
"""Of November 2026."""


async def digests(world: World) -> list[DigestNotice]:
    assert await world.do.digest.tick() == 0
    return [n for n in await world.said(SUPPORT) if isinstance(n, DigestNotice)]


async def test_it_counts_by_stage_and_names_who_needs_somebody_and_what_moved(world: World):
    for number, name in enumerate(["Idle", "Stuck", "Ready", "Done", "Rests"], 1):
        await world.customer(name, f"C{number}")
    world.clock.set(sydney(MONDAY))
    lately, long_ago = sydney(27), sydney(2)
    for number, fields in {
        1: {"last_movement_at": long_ago, "stage_since": long_ago},
        2: {"stuck": Stuck(CASEY, lately, "?"), "last_movement_at": long_ago},
        3: {"stage": Stage.READY, "stage_since": lately},
        4: {"stage": Stage.ACCEPTED, "stage_since": lately, "last_movement_at": long_ago},
        5: {"stage": Stage.PAUSED, "stage_since": long_ago, "last_movement_at": long_ago},
    }.items():
        await world.change(number, **{"stage_since": long_ago, **fields})
    (notice,) = await digests(world)
    assert (notice.week, notice.open, notice.stuck) == ("2026-11-30", 3, 2)
    assert dict(notice.stages) == {"preparing": 2, "ready": 1, "accepted": 1, "paused": 1}
    assert [line.name for line in notice.needy] == ["Stuck", "Idle", "Ready"]
    assert [line.is_stuck for line in notice.needy] == [True, True, False]
    assert (notice.needy[0].waiting_on, notice.needy[0].channel_id) == ("Interfy", "C2")
    assert dict(notice.waiting) == {"customers": 2, "Interfy": 1}
    assert (set(notice.moved), notice.moved_count) == ({"Ready", "Done"}, 2)


async def test_its_numbers_come_as_a_picture_under_it_as_well(world: World):
    await world.customer()
    world.clock.set(sydney(MONDAY))
    await world.do.digest.tick()
    (chart,) = [n for n in await world.said(SUPPORT) if isinstance(n, ChartNotice)]
    assert (chart.parent_key, chart.file_name) == (
        "digest:2026-11-30",
        "onboardings-2026-11-30.png",
    )
    assert chart.alt_text == chart.title == "Customers by stage: 1 preparing, 0 of them stuck."
    assert base64.b64decode(chart.content_base64).startswith(b"\x89PNG")


async def test_it_comes_once_a_week_however_many_ask_and_however_often(store: SqlStore):
    one, two = World(store, owner="one"), World(store, owner="two")
    one.clock.set(sydney(MONDAY - 3))
    await one.customer()
    came = []
    for hour in range(0, 24 * 12, 3):
        for world in (one, two):
            world.clock.set(sydney(MONDAY - 3, "00:00") + timedelta(hours=hour))
            await world.do.digest.tick()
        came += await digests(one)
    assert [notice.week for notice in came] == ["2026-11-30", "2026-12-07"]


async def test_a_process_that_restarts_sends_no_second_one(store: SqlStore):
    first = World(store)
    await first.customer()
    first.clock.set(sydney(MONDAY))
    assert len(await digests(first)) == 1
    again = World(store)
    again.clock.set(sydney(MONDAY, "09:05"))
    assert await digests(again) == []


@pytest.mark.parametrize(
    ("day", "at", "comes"),
    [
        (28, "12:00", 0),
        (29, "12:00", 0),
        (MONDAY, "08:59", 0),
        (MONDAY, "09:00", 1),
        (MONDAY, "19:59", 1),
        (MONDAY, "20:01", 0),
    ],
)
async def test_it_comes_on_monday_from_nine_to_the_evening(
    world: World, day: int, at: str, comes: int
):
    world.clock.set(sydney(24))
    await world.customer()
    world.clock.set(sydney(day, at))
    assert len(await digests(world)) == comes


@pytest.mark.parametrize(
    ("days", "at", "comes"), [(1, "08:00", 0), (1, "09:00", 1), (4, "19:00", 1)]
)
async def test_one_that_was_missed_comes_once_later_that_week(
    store: SqlStore, days: int, at: str, comes: int
):
    """Two weeks that were missed are one digest: it says what stands now."""
    await World(store).customer()
    back = [World(store, owner=one) for one in ("one", "two")]
    late = sydney(MONDAY, at) + timedelta(days=7 + days)
    came = []
    for world in back:
        world.clock.set(late)
        came += await digests(world)
    assert [notice.week for notice in came] == ["2026-12-07"] * comes


async def test_whoever_begins_in_mid_week_has_missed_none(world: World):
    world.clock.set(sydney(25))
    await world.customer()
    assert await digests(world) == []


async def test_a_picture_that_cannot_be_drawn_holds_the_text_back_not(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object) -> bytes:
        raise OSError("cannot open resource")

    monkeypatch.setattr("bot.services.digest.draw", broken)
    await world.customer()
    world.clock.set(sydney(MONDAY))
    await world.do.digest.tick()
    assert [type(notice) for notice in await world.said(SUPPORT)] == [DigestNotice]
    assert "the text goes alone" in caplog.text


async def test_where_nothing_is_under_way_and_nothing_moved_nothing_is_said(world: World):
    world.clock.set(sydney(MONDAY))
    assert await digests(world) == []
    await world.customer()
    await world.change(1, stage=Stage.ACCEPTED, stage_since=sydney(2), last_movement_at=sydney(2))
    assert await digests(World(world.store, clock=world.clock)) == []
