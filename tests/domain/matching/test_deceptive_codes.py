"""Targets that look right and are not: nothing here may be matched without a person."""

from bot.domain.matching.costcodes import CostCodeReport, How, Problem, match_cost_codes
from bot.domain.records import CostCode, Target, TargetKind

COGS = "Cost of Goods Sold"


def code(number: str, name: str, division: str = "", *, parent: bool = False) -> CostCode:
    return CostCode(number, "1", number, name, parent_id=division or None, is_parent=parent)


def account(path: str, number: str = "", type_: str = COGS, **more: object) -> Target:
    name = path.rsplit(":", 1)[-1]
    return Target(TargetKind.ACCOUNT, path, name, path, number, type=type_, **more)  # type: ignore[arg-type]


def item(name: str, number: str = "") -> Target:
    return Target(
        TargetKind.ITEM, name, name, name, number, type="Service", has_expense_account=True
    )


ELECTRICAL = code("26", "Electrical", parent=True)
PRELIMINARIES = code("01", "Preliminaries", parent=True)

DECEPTIVE = {
    "an equal number, the name slightly other": (
        [code("03-300", "Concrete Footings")],
        [account("Concrete Topping", "03300")],
    ),
    "another strength, its number leading the name": (
        [code("03-310", "20 MPa Concrete")],
        [account("32 MPa Concrete")],
    ),
    "another series": ([code("08-100", "100 Series Doors")], [account("200 Series Doors")]),
    "two things, and one of the other": (
        [code("07-600", "Roof & Gutters"), code("03-100", "Concrete and Formwork")],
        [account("Roof Gutters"), account("Concrete Formwork")],
    ),
    "two things with a stroke": ([code("07-600", "Roof/Gutter")], [account("Roof Gutter")]),
    "a letter that tells parts apart": (
        [code("1", "Building A"), code("2", "Tower B")],
        [account("Building"), account("Tower")],
    ),
    "an abbreviation of two words": (
        [code("07-200", "Roof Insurance"), code("03-350", "Slab Material")],
        [account("Roof Ins"), account("Slab Mat")],
    ),
    "the fixtures of another trade": (
        [ELECTRICAL, code("26-500", "Fixtures", "26")],
        [account("Plumbing:Fixtures")],
    ),
    "one kind of cost of a trade": (
        [code("03-000", "Concreting")],
        [account("Labour:Concreting"), account("Materials:Concreting", active=False)],
    ),
    "the office's cleaning": ([code("01-740", "Cleaning")], [account("Office:Cleaning")]),
    "the same words under another division": (
        [PRELIMINARIES, ELECTRICAL, code("01-510", "Electrical", "01"), code("26-100", "W", "26")],
        [account("Electrical")],
    ),
    "a temporary service": (
        [PRELIMINARIES, code("01-510", "Electrical", "01")],
        [account("Electrical")],
    ),
    "an account that only heads others": (
        [code("06-000", "Carpentry")],
        [account("Carpentry"), account("Carpentry:Framing"), account("Carpentry:Fix Out")],
    ),
    "an item and an account": ([code("1", "Formwork")], [account("Formwork"), item("Formwork")]),
    "a number and a name that belong to two targets": (
        [code("03-300", "Footings")],
        [account("Slab", "03300"), account("Footings"), account("Job:Footings")],
    ),
    "a fixed asset": ([code("500", "Site Sheds")], [account("Site Sheds", "500", "Fixed Asset")]),
    "a number that begins the other": (
        [code("03-300", "Footings")],
        [account("Footing Excavation", "03300"), account("Footings Slab", "033")],
    ),
    "zeros at the other end": ([code("03-300", "Concrete")], [account("Slabs", "03-030")]),
    "a number that lost its zero": ([code("03-300", "Footings")], [account("Piers", "3300")]),
    "a number hidden in another account's name": (
        [code("03-300", "Footings")],
        [account("03-300 Slab", "5100"), account("Concrete 03-300")],
    ),
    "too little": ([code("01-900", "Sundries")], [account("Sundry")]),
    "an income account": ([code("01-100", "Design Fees")], [account("Design Fees", "", "Income")]),
}


RIGHT: list[tuple[list[CostCode], list[Target]]] = [
    ([code("03-310", "20 MPa Concrete")], [account("20 MPa Concrete")]),
    ([code("03-300", "03-300 Footings")], [account("5100 Footings", "5100")]),
    ([code("07-600", "Roof & Gutters")], [account("Gutters and Roof")]),
    ([code("03-310", "Footings")], [account("03-310 Footings", "5100")]),
    ([ELECTRICAL, code("26-500", "Fixtures", "26")], [account("Electrical:Fixtures")]),
    ([code("03-310", "Footings")], [account("Job Costs:Concrete:Footings")]),
    ([code("03-310", "Footings")], [account("Cost of Goods Sold:Footings")]),
    ([PRELIMINARIES, code("01-740", "Scaffold", "01")], [account("Preliminaries:Scaffold")]),
    (
        [ELECTRICAL, code("26-100", "Electrical", "26"), code("26-200", "Fixtures", "26")],
        [account("Electrical")],
    ),
    ([code("06-000", "Carpentry")], [account("Carpentry", "06-000"), account("Carpentry:Fix")]),
]


def matched(codes: list[CostCode], targets: list[Target]) -> CostCodeReport:
    return match_cost_codes(codes, targets)


def test_what_only_looks_right_is_left_to_a_person():
    """However well number or name agree."""
    rows = ((scene, row) for scene, lists in DECEPTIVE.items() for row in matched(*lists).rows)
    assert [(scene, row.code.name, row.reason) for scene, row in rows if row.ok] == []


def test_what_is_right_is_still_matched():
    """The same doubts do not hold back a plain match."""
    first = [matched(codes, targets).rows[0] for codes, targets in RIGHT]
    assert [(row.code.name, row.reason) for row in first if not row.ok] == []


def test_a_doubt_says_what_it_is_and_suggests_the_target():
    """A person reads why, and may take it with one click."""
    row = matched(*DECEPTIVE["the fixtures of another trade"]).rows[0]
    assert (row.how, row.problem) == (How.CONFLICT, Problem.AMBIGUOUS)
    assert row.reason == "account Plumbing:Fixtures has this name, but stands under Plumbing"
    assert [each.target.id for each in row.suggestions] == ["Plumbing:Fixtures"]
