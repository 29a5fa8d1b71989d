"""When reminders are due: two years of days in ten time zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customer import Customer
from bot.domain.evaluate import Judgements, make_report
from bot.domain.lifecycle import Stage
from bot.domain.model import Finding
from bot.domain.model import Verdict as Found
from bot.domain.reminders import (
    CATCH_UP,
    EVENING,
    RETRY_HELD,
    Verdict,
    WorkingDays,
    after_hold,
    at_local,
    decide,
    local_day,
    next_due,
    next_look,
    snooze_until,
    working_days_between,
)
from tests.fakes.clock import no_holidays

ZONES = [
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Europe/London",
    "America/Los_Angeles",
    "America/St_Johns",
    "Asia/Kathmandu",
]
START = datetime(2026, 6, 1, tzinfo=UTC)
END = datetime(2028, 6, 1, tzinfo=UTC)
TIMES = [time(9, 0), time(0, 0), time(2, 30), time(23, 59)]
# One number for each; Hypothesis's own strategies draw every part of a date and a time by itself.
MOMENTS = st.integers(0, int((END - START).total_seconds())).map(
    lambda seconds: START + timedelta(seconds=seconds)
)
AT = st.integers(0, 24 * 3600 - 1).map(lambda seconds: (START + timedelta(seconds=seconds)).time())
# The clocks go forward at 02:00 (01:00 in London, midnight nowhere here) and back at 03:00 or so.
DST_NIGHTS = {
    "Australia/Sydney": (date(2026, 10, 4), date(2027, 4, 4)),
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2027, 4, 4)),
    "Pacific/Auckland": (date(2026, 9, 27), date(2027, 4, 4)),
    "Europe/London": (date(2027, 3, 28), date(2026, 10, 25)),
    "America/Los_Angeles": (date(2027, 3, 14), date(2026, 11, 1)),
}


def is_holiday(day: date) -> bool:
    """Fixed-date holidays are enough here; the calendars are another module's."""
    return (day.month, day.day) in {(1, 1), (1, 26), (4, 25), (7, 4), (12, 25), (12, 26)}


def customer(zone: str = "Australia/Sydney", at: time = time(9, 0), **more: object) -> Customer:
    fresh = Customer(1, "acme", "Acme", Stage.PREPARING, START, START, timezone=zone, remind_at=at)
    return replace(fresh, **more)  # type: ignore[arg-type]


def everything_unmet():
    findings = {"cost-code-coverage": Finding(Found.UNMET, "9 of 44 are left.", checked_at=START)}
    return make_report(findings, Judgements(), START.date())


UNMET = everything_unmet()


@pytest.mark.parametrize("zone", ZONES)
def test_two_years_have_one_due_time_on_each_working_day_and_none_on_others(zone: str):
    for at in TIMES:
        who, dues, moment = customer(zone, at), [], START
        while (moment := next_due(who, moment, is_holiday)) < END:
            dues.append(moment)
        assert all(earlier < later for earlier, later in pairwise(dues)), at
        days = [local_day(due, zone) for due in dues]
        first, last = days[0], days[-1]
        every = [first + timedelta(n) for n in range((last - first).days + 1)]
        assert days == [d for d in every if d.weekday() < 5 and not is_holiday(d)], at
        assert len(days) > 500
        for due, day in zip(dues, days, strict=True):
            local = due.astimezone(ZoneInfo(zone))
            skipped = local.utcoffset() != datetime.combine(day, at, ZoneInfo(zone)).utcoffset()
            assert local.time() == at or skipped, (at, local)


@given(
    zone=st.sampled_from(ZONES),
    at=AT,
    now=MOMENTS,
    snooze=st.none() | st.integers(-3, 14),
)
def test_the_next_due_time_is_later_and_past_any_snooze(
    zone: str, at: time, now: datetime, snooze: int | None
):
    until = None if snooze is None else local_day(now, zone) + timedelta(snooze)
    who = customer(zone, at, snoozed_until=until)
    due = next_due(who, now, is_holiday)
    day = local_day(due, zone)
    assert due > now
    assert day.weekday() < 5
    assert not is_holiday(day)
    assert until is None or day >= until
    assert next_due(who, due, is_holiday) > due


@given(
    zone=st.sampled_from(ZONES),
    at=AT,
    now=MOMENTS,
    snooze=st.none() | st.integers(-3, 14),
)
def test_a_reminder_is_sent_inside_its_window_on_a_working_day_and_never_else(
    zone: str, at: time, now: datetime, snooze: int | None
):
    local = now.astimezone(ZoneInfo(zone))
    day = local.date()
    until = None if snooze is None else day + timedelta(snooze)
    who = customer(zone, at, snoozed_until=until)
    due = at_local(day, at, zone)
    late = now - due
    in_time = timedelta(0) <= late <= RETRY_HELD or (
        timedelta(0) <= late <= CATCH_UP and local.time() <= EVENING
    )
    works = day.weekday() < 5 and not is_holiday(day)
    snoozed = until is not None and day < until
    expected = Verdict.SEND if in_time and works and not snoozed else Verdict.SKIP
    assert decide(who, UNMET, now, is_holiday).verdict is expected


@pytest.mark.parametrize("zone", ZONES)
def test_a_tick_every_half_hour_meets_each_working_days_window(zone: str):
    """Half a year with both changes of the clocks: no working day without a chance to send."""
    who = customer(zone)
    sent: list[date] = []
    moment, end = datetime(2026, 9, 20, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC)
    while moment < end:
        if decide(who, UNMET, moment, is_holiday).verdict is Verdict.SEND:
            local = moment.astimezone(ZoneInfo(zone))
            assert time(9, 0) <= local.time() <= time(18, 0)
            sent.append(local.date())
        moment += timedelta(minutes=30)
    days = sorted(set(sent))
    every = [days[0] + timedelta(n) for n in range((days[-1] - days[0]).days + 1)]
    assert days == [d for d in every if d.weekday() < 5]


def test_the_leap_day_is_a_day_like_any_other():
    leap = date(2028, 2, 29)
    for zone in ZONES:
        before = at_local(leap - timedelta(days=1), time(9), zone)
        due = next_due(customer(zone), before, is_holiday)
        nine = datetime.combine(leap, time(9), ZoneInfo(zone))
        assert due.astimezone(ZoneInfo(zone)) == nine, zone
        assert decide(customer(zone), UNMET, due, is_holiday).verdict is Verdict.SEND, zone
        after = next_due(customer(zone), due, is_holiday)
        assert local_day(after, zone) == date(2028, 3, 1), zone
        assert snooze_until(customer(zone), 1, before) == leap, zone
    assert working_days_between(date(2028, 2, 28), date(2028, 3, 1), is_holiday) == 2


@pytest.mark.parametrize("zone", DST_NIGHTS)
def test_a_time_that_the_clocks_skip_moves_forward_by_the_gap(zone: str):
    spring, _ = DST_NIGHTS[zone]
    gap = timedelta(minutes=30) if zone == "Australia/Lord_Howe" else timedelta(hours=1)
    skipped = time(1, 15) if zone == "Europe/London" else time(2, 15)
    local = at_local(spring, skipped, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert local == datetime.combine(spring, skipped) + gap


@pytest.mark.parametrize("zone", DST_NIGHTS)
def test_of_a_time_that_comes_twice_the_first_is_taken(zone: str):
    _, autumn = DST_NIGHTS[zone]
    twice = {
        "Europe/London": time(1, 15),
        "America/Los_Angeles": time(1, 15),
        "Australia/Lord_Howe": time(1, 45),
    }.get(zone, time(2, 15))
    first = at_local(autumn, twice, zone)
    later = first + timedelta(minutes=30 if zone == "Australia/Lord_Howe" else 60)
    local = [m.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for m in (first, later)]
    assert local == [datetime.combine(autumn, twice)] * 2
    before = first - timedelta(minutes=1)
    who = customer(zone, twice)
    assert next_due(who, before, no_holidays) > before


@pytest.mark.parametrize("zone", DST_NIGHTS)
def test_nine_oclock_stays_nine_oclock_over_a_change_of_the_clocks(zone: str):
    for night in DST_NIGHTS[zone]:
        moment = at_local(night - timedelta(days=3), time(9), zone)
        for _ in range(5):
            moment = next_due(customer(zone), moment, no_holidays)
            assert moment.astimezone(ZoneInfo(zone)).time() == time(9)


@given(
    zone=st.sampled_from(ZONES),
    at=AT,
    now=MOMENTS,
)
def test_after_a_hold_the_next_look_is_within_the_hour_or_at_the_next_due_time(
    zone: str, at: time, now: datetime
):
    who = customer(zone, at)
    look = after_hold(who, now, is_holiday)
    regular = next_due(who, now, is_holiday)
    assert now < look <= regular
    if look != regular:
        assert look == now + RETRY_HELD


def test_holds_are_looked_at_hourly_until_the_evening_and_then_next_morning():
    """A system that is down all Monday: nine looks on Monday, then Tuesday at nine."""
    who, zone = customer(), ZoneInfo("Australia/Sydney")
    moment = datetime(2026, 11, 23, 9, 0, tzinfo=zone).astimezone(UTC)
    looks = [moment]
    while looks[-1].astimezone(zone).day == 23:
        looks.append(after_hold(who, looks[-1], no_holidays))
    hours = [look.astimezone(zone).strftime("%d %H:%M") for look in looks]
    assert hours == [*(f"23 {h:02}:00" for h in range(9, 18)), "24 09:00"]


@given(
    start=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    days=st.integers(-10, 60),
    more=st.integers(0, 30),
)
def test_working_days_add_up(start: date, days: int, more: int):
    middle, end = start + timedelta(days), start + timedelta(days + more)
    counted = working_days_between(start, middle, is_holiday)
    assert counted == sum(
        (start + timedelta(n)).weekday() < 5 and not is_holiday(start + timedelta(n))
        for n in range(1, days + 1)
    )
    if days >= 0:
        rest = working_days_between(middle, end, is_holiday)
        assert working_days_between(start, end, is_holiday) == counted + rest
    together = WorkingDays(end, is_holiday)
    # The nearer day first, and again after the farther one: what was counted is kept.
    for day in (middle, start, middle):
        assert together.since(day) == working_days_between(day, end, is_holiday)


def test_the_daily_round_looks_at_everybody_whose_onboarding_is_not_over():
    looks = {stage: next_look(customer(stage=stage), START, no_holidays) for stage in Stage}
    assert {s for s, at in looks.items() if at is None} == {Stage.ACCEPTED, Stage.ARCHIVED}
