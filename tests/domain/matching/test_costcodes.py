"""What counts as a match of a cost code beyond doubt, and what stays a question."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.matching.codes import code_key, split_leading_code
from bot.domain.matching.costcodes import How, Problem, match_cost_codes
from bot.domain.matching.suggestions import why
from bot.domain.matching.trades import meaning_of
from bot.domain.model import MappingMode
from bot.domain.records import CostCode, Target, TargetKind

COGS = "Cost of Goods Sold"


def code(number: str, name: str, **more: object) -> CostCode:
    return CostCode(id=number, list_id="1", code=number, name=name, **more)  # type: ignore[arg-type]


def account(id_: str, name: str, number: str = "", type_: str = COGS, **more: object) -> Target:
    return Target(TargetKind.ACCOUNT, id_, name, number=number, type=type_, **more)  # type: ignore[arg-type]


def item(id_: str, name: str, **more: object) -> Target:
    return Target(
        TargetKind.ITEM, id_, name, **({"type": "Service", "has_expense_account": True} | more)
    )  # type: ignore[arg-type]


def only(codes, targets, **more):
    return match_cost_codes([codes], targets, **more).rows[0]


@pytest.mark.parametrize(
    "same", [("03-300", "03300", "03 30 00", "033000", "03-3000", "03.30.00"), ("5", "05")]
)
def test_paddings_of_one_number_are_equal(same):
    """MasterFormat's spellings."""
    assert len({code_key(each) for each in same}) == 1


@pytest.mark.parametrize(("left", "right"), [("03-300", "03-030"), ("1.1", "1.10"), ("1", "10")])
def test_different_numbers_stay_different(left, right):
    """Padding is not guessed where it changes the number."""
    assert code_key(left) != code_key(right)


def test_a_number_that_leads_a_name_is_found():
    """QuickBooks files without account numbers carry them in the name."""
    assert split_leading_code("5900 Misc Costs") == ("5900", "Misc Costs")
    assert split_leading_code("03 30 00 - Cast-in-Place") == ("03 30 00", "Cast-in-Place")
    assert split_leading_code("Concrete") == ("", "Concrete")


def test_equal_number_and_agreeing_name_match():
    """In AcctNum, or leading the name; plurals and separators do not matter."""
    assert only(code("03-300", "Footings"), [account("1", "Footing", "03300")]).how is How.CODE
    assert only(code("03-300", "Footings"), [account("1", "03 30 00 Footings")]).ok


@pytest.mark.parametrize(
    ("number", "name", "target"),
    [
        ("03-300", "Footings", ("03300", "Cast-in-Place Concrete")),
        ("03-100", "Concrete Reinforcement", ("03100", "Concrete Forms and Accessories")),
        ("05-800", "Erosion Control", ("05800", "Expansion Control")),
    ],
)
def test_an_equal_number_with_another_name_is_a_conflict(number, name, target):
    """The traps of two public lists: never matched."""
    row = only(code(number, name), [account("1", target[1], target[0])])
    assert (row.how, row.problem, row.target) == (How.CONFLICT, Problem.CONFLICT, None)


def test_a_unique_equal_name_matches_whatever_its_number():
    """The default list numbers Cast-in-Place Concrete 03-210, MasterFormat 03300."""
    row = only(
        code("03-210", "Cast-in-Place Concrete"), [account("1", "Cast in Place Concrete", "03300")]
    )
    assert row.ok
    assert row.how is How.NAME


def test_an_inversion_at_a_separator_is_the_same_name():
    """Formwork - Concrete is Concrete Formwork; Door Glass is not Glass Doors."""
    assert only(code("1", "Concrete Formwork"), [account("1", "Formwork - Concrete")]).ok
    assert not only(code("1", "Glass Doors"), [account("1", "Door Glass")]).ok


def test_two_equally_good_targets_are_a_question():
    """An account and an item of one name."""
    row = only(code("1", "Formwork"), [account("1", "Formwork"), item("2", "Formwork")])
    assert (row.target, row.problem) == (None, Problem.AMBIGUOUS)
    assert len(row.suggestions) == 2


def test_the_mode_settles_it():
    """A customer that maps to items only has one good target."""
    targets = [account("1", "Formwork"), item("2", "Formwork")]
    row = only(code("1", "Formwork"), targets, mode=MappingMode.ITEM)
    assert row.target == targets[1]


def test_names_that_say_too_little_are_not_matched_by_name():
    """Equipment is no evidence."""
    assert not only(code("11-000", "Equipment"), [account("1", "Equipment")]).ok


def test_several_codes_of_one_name_in_one_list_are_a_question():
    """Accessories of division 3 or of division 9?"""
    codes = [code("03-250", "Anchor Bolts"), code("05-250", "Anchor Bolts")]
    rows = match_cost_codes(codes, [account("1", "Anchor Bolts")]).rows
    assert [row.problem for row in rows] == [Problem.AMBIGUOUS, Problem.AMBIGUOUS]


def test_the_same_code_in_two_lists_is_matched_in_both():
    """Lists repeat each other."""
    codes = [code("03-100", "Formwork"), CostCode("9", "2", "03-100", "Formwork")]
    assert match_cost_codes(codes, [account("1", "Formwork")]).matched == 2


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        (account("1", "Formwork", active=False), Problem.INACTIVE),
        (account("1", "Formwork", type_="Income"), Problem.ACCOUNT_TYPE),
        (account("1", "Formwork", type_="Accounts Payable"), Problem.ACCOUNT_TYPE),
        (item("1", "Formwork", type="Category"), Problem.CATEGORY),
        (item("1", "Formwork", type="Group"), Problem.BUNDLE),
        (item("1", "Formwork", has_expense_account=False), Problem.NO_EXPENSE_ACCOUNT),
    ],
)
def test_unusable_targets_are_named_with_the_reason(target, problem):
    """Found, but no cost can be booked there."""
    row = only(code("03-100", "Formwork"), [target])
    assert (row.target, row.problem, row.ok) == (target, problem, False)


def test_a_usable_target_beats_an_inactive_one_of_the_same_name():
    """QuickBooks keeps merged records as inactive ones."""
    targets = [account("1", "Formwork", active=False), account("2", "Formwork")]
    assert only(code("03-100", "Formwork"), targets).target == targets[1]


def test_a_persons_choice_counts_while_its_target_lives():
    """It survives a renamed code, and shows itself when the target dies."""
    row = code("03-100", "Renamed Since")
    choices = {"1/03-100": "account/7"}
    chosen = account("7", "Sub - Concrete")
    assert only(row, [chosen], choices=choices).how is How.CHOSEN
    for targets in ([], [account("7", "Sub - Concrete", active=False)]):
        found = only(row, targets, choices=choices)
        assert (found.ok, found.problem) == (False, Problem.INVALID_CHOICE)


def test_divisions_are_listed_apart_and_inactive_codes_do_not_count():
    """Only active leaves count."""
    report = match_cost_codes(
        [
            code("03", "Concrete", is_parent=True),
            code("03-100", "Formwork", parent_id="03"),
            code("03-200", "Reinforcement", active=False),
        ],
        [],
    )
    assert [each.code for each in report.divisions] == ["03"]
    assert (report.total, report.no_target) == (1, 1)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Footings", "Sub - Concrete"),
        ("Gyprock Supply and Fix", "Sub - Plasterboard"),
        ("Roof Trusses", "Sub - Carpentry"),
        ("Ductwork", "Sub - Mechanical"),
        ("Council Fees", "Permits & Council Fees"),
        ("Painter", "Sub - Painting"),
    ],
)
def test_the_trade_leads_to_the_first_suggestion(name, first):
    """Charts name accounts by trade; most codes are a part of one."""
    names = [
        "Sub - Concrete",
        "Sub - Plasterboard",
        "Sub - Carpentry",
        "Sub - Mechanical",
        "Sub - Painting",
        "Sub - Roofing",
        "Permits & Council Fees",
        "Library Equipment",
    ]
    row = only(code("1", name), [account(str(n), each) for n, each in enumerate(names)])
    assert not row.ok
    assert row.suggestions[0].target.name == first
    assert len(row.suggestions) <= 3


def test_a_balance_sheet_account_is_suggested_last():
    """It can take a cost, but is seldom meant."""
    targets = [
        account("1", "Concrete Works", type_="Fixed Asset"),
        account("2", "Sub - Concrete"),
    ]
    shown = only(code("1", "Concrete Footings"), targets).suggestions
    assert [each.target.id for each in shown] == ["2", "1"]


_NAMES = st.sampled_from(
    [
        "Formwork",
        "Concrete Formwork",
        "Formwork - Concrete",
        "Footings",
        "Sub - Concrete",
        "Equipment",
        "Painting",
        "Painter",
        "03-300 Footings",
        "Erosion Control",
    ]
)
_NUMBERS = st.sampled_from(["", "03-300", "03300", "5010", "09 91 00"])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(_NUMBERS, _NAMES), max_size=6),
    st.lists(st.tuples(_NUMBERS, _NAMES), max_size=6),
    st.integers(0, 10_000),
)
def test_the_order_of_targets_changes_nothing(codes, targets, seed):
    """The same lists in any order give the same rows."""
    made = [CostCode(str(n), "1", number, name) for n, (number, name) in enumerate(codes)]
    found = [account(str(n), name, number) for n, (number, name) in enumerate(targets)]
    shuffled = list(found)
    Random(seed).shuffle(shuffled)
    assert match_cost_codes(made, shuffled) == match_cost_codes(made, found)


def test_the_first_suggestion_is_what_the_trade_would_choose():
    """Of accounts that nearly fit, the one that takes the work."""
    cases: list[tuple[str, tuple[str, ...], str]] = [
        # The number before an account's name does not hide its trade.
        ("Import Fill", ("02-300 Rock Hire", "02-200 Bulk Earthworks"), "02-200 Bulk Earthworks"),
        ("Gas Supply - Labour", ("Gas Supply - Freight", "Gas Supply"), "Gas Supply"),
        ("Curtains - Freight", ("Curtain Wall - Freight", "Curtains"), "Curtains"),
        ("CCTV", ("Temporary Fencing", "Access Control"), "Access Control"),
        ("Hydrants and Hose Reels", ("Fire Doors", "Wet Sprinklers"), "Wet Sprinklers"),
        ("On-site Detention", ("Kerbs", "Stormwater Drainage"), "Stormwater Drainage"),
        ("Footings", ("Concrete Stairs", "Cast-in-Place Concrete"), "Cast-in-Place Concrete"),
    ]
    for name, targets, first in cases:
        row = only(code("90-100", name), [account(str(n), each) for n, each in enumerate(targets)])
        assert row.suggestions[0].target.name == first, name


def test_an_account_with_others_under_it_comes_behind_them():
    """A heading takes a cost too, but the finer account is where it belongs."""
    heading = account("1", "Excavation")
    under = account("2", "Earthworks", parent_id="1")
    row = only(code("90-100", "Trenching"), [heading, under])
    assert [each.target.id for each in row.suggestions] == ["2", "1"]


def test_a_reason_is_what_a_person_would_say_of_the_two_names() -> None:
    """Words as they are written, and the trade that the names stand for before any other."""
    cases = [
        ("Site Security", "", "Temporary Fencing", "another part of the same trade: security"),
        ("Temporary Fence Hire", "", "Site Security", "same trade: security"),
        ("Rainwater Tank", "", "Hot Water Service", "another part of the same trade: plumbing"),
        ("Footings", "", "Sub - Concrete", "same trade: concrete"),
        ("Hose Reel", "", "Hose Reels and Hydrants", 'both say "Hose Reels"'),
        ("Kerb and Channel", "", "Kerb & Gutter Repairs", 'both say "Kerb"'),
        ("Plasterboard Linings", "", "Gyprock", '"Gyprock" is close to "Plasterboard"'),
        ("Strip Out", "", "Demolition", 'both mean "demolition"'),
        ("Excavator", "", "Excavators", "nearly the same name"),
        ("Crane Hire", "", "Plant", "same trade: equipment"),
        ("Footings", "Concrete", "Concrete Stairs", "named like the division, Concrete"),
    ]
    for ours, above, target, reason in cases:
        said = why(meaning_of(ours, ""), meaning_of(above, ""), meaning_of(target, ""))
        assert said == reason, (ours, target)
