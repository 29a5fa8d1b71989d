"""Lists that hold nothing but names, as a register of contracts or an accountant sends them."""

from collections.abc import Iterable

from bot.domain.matching.duplicates import Band, find_duplicates
from bot.domain.records import Party

ABN = "53 004 085 616"


def vendors(*rows: dict[str, str]) -> list[Party]:
    return [Party(id=str(number), **row) for number, row in enumerate(rows, 1)]  # type: ignore[arg-type]


def shown(names: Iterable[tuple[str, str]], *bands: Band) -> list[tuple[str, str]]:
    """Of pairs of names, each alone in a list, those that are a group in one of the bands."""
    return [
        (left, right)
        for left, right in names
        if find_duplicates(vendors({"name": left}, {"name": right})).in_bands(*bands)
    ]


def test_ways_to_type_one_name_are_surely_one_party():
    """Acronyms, split and joined words, institutions, plurals, numbers and states in words."""
    names = [
        ("Alberta Fire Safety Services AFSS", "Alberta Fire Safety Services"),
        ("National Marine Science Commission (NMSC)", "Natl Marine Science Commission"),
        ("Architecture49", "ARCHITECTURE 49 PTY LTD"),
        ("ThinkOn", "Think On Pty Ltd"),
        ("AvTech Pty Ltd", "AV Tech"),
        ("Dawsonand Fraser Glazing", "Dawson & Fraser Glazing"),
        ("University fo Kingsland", "The Uni. of Kingsland"),
        ("Aust Survey Research Bureau", "Australian Survey Research Bureau"),
        ("Fugra Facility Planning", "Fugra Facilities Planning Pty Ltd"),
        ("Hendersoncnosulting", "Henderson Consulting Pty Ltd"),
        ("Talent Two Joinery", "Talent 2 Joinery"),
        ("Dept of Fisheries (Victoria)", "Department of Fisheries, Vic"),
    ]
    assert set(names) - set(shown(names, Band.SURE)) == set()


def test_another_body_of_the_kind_is_not_suggested():
    """Each state, city and trade has its own department, council and university."""
    names = [
        ("Department of Veterans Affairs", "Department of Veterans Affairs (VIC)"),
        ("University of Kingsland", "Kingsland University of Technology"),
        ("Royal Hartley Hospital", "Royal Hartley Women's Hospital"),
        ("Clayton City Council", "Blacktown City Council"),
        ("JJC Earthmoving", "JPEarthmoving"),
        ("TLCInvestments", "GC Investments"),
    ]
    assert shown(names, Band.SURE, Band.LIKELY) == []


def test_names_that_two_firms_may_have_are_looked_at():
    """No finger slips from l to c; a suburb is no other one misspelt; a trade more tells."""
    names = [
        ("Novatel Communications Pty Ltd", "Novatec Communications Pty Ltd"),
        ("Compass Demolition - Blacktown", "Compass Demolition (Clayton)"),
        ("Aspectin Insulation", "Aspectin Insulation & Surveying"),
    ]
    assert shown(names, Band.SURE) == []


def test_one_number_makes_one_body_of_two_names():
    """The register knows one department, whatever it calls itself."""
    report = find_duplicates(
        vendors(
            {"name": "Department of Fisheries", "tax_id": ABN},
            {"name": "Department of Fisheries and Water", "tax_id": ABN},
        )
    )
    assert report.in_bands(Band.SURE, Band.LIKELY)


def test_a_firm_listed_five_times_does_not_make_its_own_name_common():
    """In a list of names alone the words of a name count once, however often it stands there."""
    rows = [{"name": "Baralhurst Waterproofing Pty Ltd"}] * 5
    report = find_duplicates(vendors(*rows, {"name": "Baralhurst Waterproofing Group"}))
    (group,) = report.in_bands(Band.LIKELY, Band.SURE)
    assert len(group.ids) in (5, 6)
    assert any(len(each.ids) == 6 for each in report.groups if each.band is not Band.POSSIBLE)
