"""The past of a customer, read from its history: standings, stages, and the burn-down."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.burndown import Day, burn_down
from bot.domain.customer import CHECK, Customer, HistoryEntry
from bot.domain.evaluate import Judgements, make_report
from bot.domain.lifecycle import Stage
from bot.domain.model import Finding, StatusKind, Verdict
from bot.domain.progress import STANDING, Past, Standing, moves_in_words, past_of

START = datetime(2026, 11, 19, 22, tzinfo=UTC)
"""Friday, nine o'clock in Sydney."""
CODES, USER = "cost-code-coverage", "procore-support-user"
OPEN, MET = Standing(StatusKind.UNMET), Standing(StatusKind.VERIFIED)
ACME = Customer(1, "acme", "Acme", Stage.PREPARING, START, START)


def line(days: float, action: str, detail: str) -> HistoryEntry:
    return HistoryEntry(1, START + timedelta(days=days), "bot", action, detail)


def past(*entries: HistoryEntry, **present: Standing) -> Past:
    return Past(entries, {item.replace("_", "-"): one for item, one in present.items()})


def report(**counts: int):
    verdict = Verdict.UNMET if counts else Verdict.MET
    return make_report({CODES: Finding(verdict, "", counts=counts)}, Judgements(), START.date())


def test_what_is_written_is_what_is_read() -> None:
    """Kinds of two words, measures, and several items in a line that has other words."""
    first, then, done = report(matched=31, total=44), report(matched=35, total=44), report()
    said = [moves_in_words(*two) for two in ((make_report({}, Judgements(), START.date()), first),
                                             (first, then), (then, done))]  # fmt: skip
    assert said == [
        f"{CODES}: not checked → unmet (31 of 44)",
        f"{CODES}: unmet (31 of 44) → unmet (35 of 44)",
        f"{CODES}: unmet (35 of 44) → verified",
    ]
    assert moves_in_words(done, done) == ""
    lines = [line(n, CHECK, f"everything. {text}") for n, text in enumerate(said)]
    whole = past_of(lines[::-1], done)
    stood = [one[CODES] for one in whole.standings(range(4))]
    assert stood == [
        Standing(StatusKind.NOT_CHECKED),
        Standing(StatusKind.UNMET, "31 of 44"),
        Standing(StatusKind.UNMET, "35 of 44"),
        MET,
    ]


def test_what_people_wrote_is_never_taken_for_a_change() -> None:
    """A note that looks like one stands in a line of another action."""
    forged = line(1, "done", f"{USER} {CODES}: unmet → verified")
    found = past(forged, cost_code_coverage=OPEN)
    assert found.moves() == {CODES: []}


def test_a_change_without_a_line_counts_from_the_next_line_on() -> None:
    """A waiver that ran out: the check after it says what it found before itself."""
    entries = (
        line(0, CHECK, f"everything. {CODES}: not checked → unmet"),
        line(1, STANDING, f"{CODES}: unmet → waived"),
        line(9, CHECK, f"everything. {CODES}: unmet → verified"),
    )
    found = past(*entries, cost_code_coverage=OPEN)
    kinds = [one[CODES].kind.value for one in found.standings((0, 1, 2, 3))]
    assert kinds == ["not checked", "unmet", "waived", "unmet"]


def test_the_stage_at_any_time() -> None:
    entries = (
        line(0, "gate opened", "preparing → ready: ready"),
        line(1, "hand-off", "ready → handed off"),
        line(2, "regression found", "handed off → preparing: cost codes"),
    )
    found = past(*entries)
    assert [found.stage(place) for place in range(4)] == [
        Stage.PREPARING,
        Stage.READY,
        Stage.HANDED_OFF,
        Stage.PREPARING,
    ]


def test_the_burn_down_has_working_days_and_keeps_unknown_apart() -> None:
    """Friday, Tuesday (Monday is a holiday) and Wednesday; optional items do not count."""
    entries = (
        line(0, CHECK, f"x. {CODES}: not checked → unmet; {USER}: not checked → unknown"),
        line(1, CHECK, f"procore-project-access. {USER}: unknown → unmet"),
        line(4, "reminder", "1 open"),
        line(4.1, CHECK, f"{USER}. {USER}: unmet → verified"),
        line(5, "hand-off", "ready → handed off"),
    )
    now = START + timedelta(days=5, hours=2)
    found = past(
        *entries, cost_code_coverage=OPEN, procore_support_user=MET, procore_project_access=OPEN
    )
    monday = date(2026, 11, 23)
    assert burn_down(found, ACME, now, {monday}.__contains__) == (
        Day(date(2026, 11, 20), 1, 1),
        Day(date(2026, 11, 24), 1, 0, reminded=True),
        Day(date(2026, 11, 25), 1, 0, handed_over=True),
    )


def test_the_first_day_is_a_picture_too_and_an_accepted_one_grows_no_more() -> None:
    found = past(cost_code_coverage=OPEN)
    assert burn_down(found, ACME, START, set[date]().__contains__) == (
        Day(date(2026, 11, 20), 1, 0),
    )
    over = Customer(1, "acme", "Acme", Stage.ACCEPTED, START + timedelta(days=3), START)
    shown = burn_down(found, over, START + timedelta(days=300), set[date]().__contains__)
    assert [one.day.day for one in shown] == [20, 23]
