"""What the duplicate kernel calls one party, what it does not, and that it always says the same."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.matching.duplicates import Band, DuplicateReport, find_duplicates
from bot.domain.matching.names import name_forms
from bot.domain.records import Address, Party
from tests.any_text import CHARACTERS

ABN = "53 004 085 616"
OTHER_ABN = "51 824 753 556"


def vendors(*rows: dict[str, object]) -> list[Party]:
    return [Party(id=str(number), **row) for number, row in enumerate(rows, 1)]  # type: ignore[arg-type]


def bands(report: DuplicateReport) -> dict[tuple[str, ...], Band]:
    return {group.ids: group.band for group in report.groups}


def together(report: DuplicateReport, *shown: Band) -> set[frozenset[str]]:
    return {
        frozenset((a, b))
        for group in report.in_bands(*(shown or tuple(Band)))
        for a in group.ids
        for b in group.ids
        if a < b
    }


def pairs_in(names: Iterable[tuple[str, str]], *shown: Band) -> list[tuple[str, str]]:
    """Of pairs of names, each alone in a list, those that some group has in one of the bands."""
    return [
        (left, right)
        for left, right in names
        if together(find_duplicates(vendors({"name": left}, {"name": right})), *shown)
    ]


def test_spellings_of_one_name_are_surely_one_party():
    """Case, punctuation, legal form, trustee style, cut ends, accents and abbreviations."""
    names = [
        ("Star Framing", "Star Framing, LLC"),
        ("SMITH & SONS PLUMBING PTY LTD", "Smith and Sons Plumbing P/L"),
        ("W.J. McGuire Company", "W J MC GUIRE CO"),
        ("Hanna-Paque Builders Pty Ltd", "The Trustee for Hanna-Paque Builders Family Trust"),
        ("Wesley Realty Group, Incorporated", "WESLEY REALTY GROUP, INCORPORA"),
        ("Café Müller Joinery", "Cafe Muller Joinery Pty Ltd"),
        ("Kasper Development Services", "Kasper Dev Svcs"),
        ("Kass Management Services", "Kass Managment Services"),
        ("Freeman Fence, Incorporated", "Freeman Fence, Incorpoarated"),
        ("Baramcroft Architects", "Baramcroft Arcihtects Pty Ltd"),
        ("Fraser Cleaning", "Fraser lCeaning P/L"),
        ("Rowe Landscaping Group", "Rowe Landscaping Gropu"),
        ("Daimler", "Dailmer"),
    ]
    assert set(names) - set(pairs_in(names, Band.SURE)) == set()


def test_a_letter_that_may_be_all_the_difference_is_for_a_person():
    """Common surnames, initials, and a country's own company are never acted on by names alone."""
    names = [
        ("Johnston Electrical", "Johnson Electrical"),
        ("Clark Consulting", "Clarke Consulting"),
        ("ABC Joinery & Shopfitting", "ABD Joinery & Shopfitting"),
        ("Koroit", "Koroit Australia"),
    ]
    assert pairs_in(names, Band.SURE) == []


def test_a_name_with_and_without_the_country_is_looked_at():
    """However short the name is."""
    report = find_duplicates(vendors({"name": "Koro Xero"}, {"name": "Koro Xero Australia"}))
    assert bands(report) == {("1", "2"): Band.LIKELY}


@pytest.mark.parametrize("word", ["Carne", "Tilling", "Sings"])
def test_a_word_in_its_own_right_is_no_slip_of_a_trade(word):
    """Carne is a surname, not a crane."""
    assert name_forms(f"Harlow {word}")[0].words == ("harlow", word.casefold())


def test_a_name_that_ends_in_the_middle_was_cut_off():
    """No firm is called "Harlow Kitchen Remodelers &"."""
    names = "HARLOW KITCHEN REMODELERS & BUILDERS INC", "HARLOW KITCHEN REMODELERS &"
    report = find_duplicates(vendors(*({"name": name} for name in names)))
    assert bands(report) == {("1", "2"): Band.LIKELY}


def test_different_names_are_nothing_to_act_on():
    """Another trade, number, direction, suburb or surname: silence rather than an accusation."""
    names = [
        ("Kelly Plumbing Pty Ltd", "Kelly Electrical Pty Ltd"),
        ("Mulgrave Body Corporate Unit 3", "Mulgrave Body Corporate Unit 5"),
        ("Quarry No. 1 Pty Ltd", "Quarry No. 2 Pty Ltd"),
        ("North Cairns Electrical Pty Ltd", "South Cairns Electrical Pty Ltd"),
        ("Northwest Contractors Inc", "Northeast Contractors Inc"),
        ("Sherman Investment Chatswood", "Sherman Investment Wollongong"),
        ("Kano Construction", "Kania Construction"),
        ("Premier Construction Group", "Quality Construction Group"),
        ("Harlow Printing", "Harlow Painting"),
    ]
    assert pairs_in(names, Band.SURE, Band.LIKELY) == []


def test_two_valid_different_abns_never_share_a_group():
    """Even the same name, phone and e-mail cannot outweigh two registered numbers."""
    shared = {"name": "Delta Surveys Pty Ltd", "emails": ("a@delta.example.com.au",)}
    report = find_duplicates(
        vendors(shared | {"tax_id": ABN}, shared | {"tax_id": OTHER_ABN}, shared)
    )
    for group in report.groups:
        assert not {"1", "2"} <= set(group.ids)


def test_a_mistyped_abn_is_no_evidence_against():
    """An ABN that fails its check digits says nothing about another company."""
    report = find_duplicates(
        vendors(
            {"name": "Bostrom Joinery", "tax_id": ABN, "phones": ("02 8123 4567",)},
            {"name": "Bostrom Joinery", "tax_id": "53 004 085 617", "phones": ("0281234567",)},
        )
    )
    assert bands(report) == {("1", "2"): Band.SURE}


def test_reasons_say_what_is_shared_and_how_the_names_differ():
    """The words that a person reads before an irreversible merge."""
    report = find_duplicates(
        vendors(
            {"name": "Acme Tiling Pty Ltd", "tax_id": ABN, "phones": ("(02) 8123 4567",)},
            {"name": "ACME TILING", "tax_id": "53004085616", "phones": ("+61 2 8123 4567",)},
        )
    )
    reason = report.groups[0].reasons[0]
    assert "same ABN 53 004 085 616" in reason
    assert "same phone +61281234567" in reason
    assert "legal form" in reason


@pytest.mark.parametrize(
    "sister", ["Barron River Civil Holdings Pty Ltd", "Barron River Civil NSW"]
)
def test_sister_firms_and_branches_share_everything_but_are_not_suggested(sister):
    """Holdings and Hire live at one address behind one switchboard."""
    shared = {
        "phones": ("07 4031 2222",),
        "website": "barronriver.com.au",
        "address": Address("12 Quarry Road", "Cairns", "QLD", "4870"),
    }
    report = find_duplicates(
        vendors(
            {"name": "Barron River Civil Pty Ltd", **shared},
            {"name": sister, **shared},
        )
    )
    assert together(report, Band.SURE, Band.LIKELY) == set()


def test_one_registered_number_is_one_company_whatever_word_it_adds():
    """The register knows one company only, so "Holdings" is worth a look."""
    report = find_duplicates(
        vendors(
            {"name": "Barron River Civil Pty Ltd", "tax_id": ABN, "phones": ("07 4031 2222",)},
            {"name": "Barron River Civil Holdings", "tax_id": ABN, "phones": ("07 4031 2222",)},
        )
    )
    assert bands(report) == {("1", "2"): Band.LIKELY}


def test_one_company_with_two_trading_names_is_two_parties():
    """The operator before "T/A" is no reason to merge the shops that it runs."""
    report = find_duplicates(
        vendors(
            {"name": "Harlow Pty Ltd T/A Reef Cafe", "emails": ("ap@harlow.example.com.au",)},
            {"name": "Harlow Pty Ltd T/A Palm Motel", "emails": ("ap@harlow.example.com.au",)},
        )
    )
    assert together(report, Band.SURE, Band.LIKELY) == set()


def test_strangers_behind_one_switchboard_are_left_alone():
    """A shared office address and phone are never enough by themselves."""
    shared = {
        "phones": ("1300 100 400",),
        "address": Address("1 Tower St", "Cairns", "QLD", "4870"),
    }
    report = find_duplicates(
        vendors(
            {"name": "Hastings Deering Parts", **shared},
            {"name": "Tableland Fuel Supplies", **shared},
            {"name": "Gordonvale Precast", **shared},
        )
    )
    assert together(report, Band.SURE, Band.LIKELY) == set()


def test_public_mail_domains_are_no_key():
    """Half the trade has a Bigpond address."""
    report = find_duplicates(
        vendors(
            {"name": "Murray Tiling", "emails": ("murray@bigpond.com",)},
            {"name": "Mercer Roofing", "emails": ("mercer@bigpond.com",)},
        )
    )
    assert report.pairs == ()


def test_parent_and_child_jobs_own_company_and_inactive_records_take_no_part():
    """Only active top-level records are compared, and never a parent with its child."""
    name = {"name": "Barron River Group Pty Ltd"}
    report = find_duplicates(
        [
            Party(id="1", **name),
            Party(id="2", parent_id="1", **name),
            Party(id="3", is_job=True, **name),
            Party(id="4", own_company=True, **name),
            Party(id="5", service_account=True, **name),
            Party(id="6", active=False, **name),
        ]
    )
    assert report.groups == ()


def test_a_dismissed_pair_stays_apart_and_the_rest_stays_together():
    """What a person called not a duplicate is remembered on the two records."""
    parties = vendors(*({"name": "Redlynch Cranes", "phones": ("07 4039 4400",)},) * 2)
    assert find_duplicates(parties, dismissed=[frozenset({"1", "2"})]).groups == ()


def test_the_record_that_most_hangs_on_is_kept():
    """Weight first, then the fuller record, then the older one."""
    report = find_duplicates(
        [
            Party(id="1", name="Star Framing", tax_id=ABN, created_on="2020-01-01"),
            Party(id="2", name="Star Framing", weight=12, created_on="2024-01-01"),
        ]
    )
    assert report.groups[0].keep == "2"


def test_strangers_are_not_chained_by_a_common_word():
    """Hundreds of firms share "Construction"; no two of them become one."""
    names = ["Adler", "Barlow", "Casey", "Dobson", "Ellis", "Foster", "Gibson", "Harper", "Ingram"]
    report = find_duplicates(vendors(*({"name": f"{name} Construction"} for name in names)))
    assert together(report, Band.SURE, Band.LIKELY) == set()


def test_a_likely_extension_of_a_sure_group_is_listed_after_it_and_shown_when_it_is_settled():
    """The JSON answer holds both; people are shown the sure one first."""
    report = find_duplicates(
        vendors(
            {"name": "Bloomfield Joinery Pty Ltd", "tax_id": ABN, "phones": ("02 8123 4567",)},
            {"name": "Bloomfield Joinery", "tax_id": ABN, "phones": ("02 8123 4567",)},
            {"name": "Bloomfield Joinery Works", "phones": ("0412 345 678",)},
        )
    )
    assert list(bands(report).items()) == [
        (("1", "2"), Band.SURE),
        (("1", "2", "3"), Band.LIKELY),
    ]
    assert [group.ids for group in report.in_bands(*Band)] == [("1", "2")]


_WORDS = (
    "Acme", "Bolt", "Cedar", "Dunmore", "Farrow", "Plumbing", "Electrical", "Group", "Holdings",
    "NSW",
)  # fmt: skip
_PHONES = ((), ("02 8123 4567",), ("03 9123 4567",), ("0412 345 678",))


def _prepared(count: int = 400) -> list[dict[str, object]]:
    """Rows at random, made once: drawn field by field they took longer than what judges them."""
    rng = Random(20261130)
    rows: list[dict[str, object]] = [
        {
            "name": " ".join(rng.choices(_WORDS, k=rng.randint(1, 4))),
            "phones": rng.choice(_PHONES),
            "tax_id": rng.choice(("", ABN, OTHER_ABN)),
        }
        for _ in range(count)
    ]
    return sorted(rows, key=lambda row: len(str(row)))


_PARTIES = st.lists(st.sampled_from(_prepared()), min_size=2, max_size=9)


@settings(max_examples=40, deadline=None)
@given(rows=_PARTIES, seed=st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing(rows, seed):
    """The same records in any order give the same report."""
    parties = vendors(*rows)
    shuffled = list(parties)
    Random(seed).shuffle(shuffled)
    assert find_duplicates(shuffled) == find_duplicates(parties)


def test_any_number_of_threads_gives_the_same():
    """Runs beside each other share caches and nothing else."""
    parties = vendors(*({"name": f"{a} {b} Pty Ltd"} for a in _WORDS for b in _WORDS))
    alone = find_duplicates(parties)
    with ThreadPoolExecutor(4) as pool:
        assert all(each == alone for each in pool.map(find_duplicates, [parties] * 4))


@settings(max_examples=40, deadline=None)
@given(rows=_PARTIES)
def test_a_record_that_shares_nothing_moves_no_confidence(rows):
    """An unrelated record moves no pair by more than 0.01."""
    parties = vendors(*rows)
    before = {(pair.a, pair.b): pair.confidence for pair in find_duplicates(parties).pairs}
    loner = Party(id="loner", name="Zzyzx Quixotic", phones=("08 8999 1234",), tax_id="")
    after = find_duplicates([*parties, loner]).pairs
    assert {(pair.a, pair.b) for pair in after} == set(before)
    assert all(abs(pair.confidence - before[pair.a, pair.b]) <= 0.01 for pair in after)


@settings(max_examples=40, deadline=None)
@given(rows=_PARTIES)
def test_no_group_ever_holds_two_valid_abns(rows):
    """The veto holds through every path of joining."""
    parties = vendors(*rows)
    numbers = {party.id: party.tax_id for party in parties}
    for group in find_duplicates(parties).groups:
        assert len({numbers[each] for each in group.ids} - {""}) <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(CHARACTERS, max_size=60), min_size=2, max_size=5))
def test_any_text_is_survived(names):
    """Control characters, other scripts and nonsense are names like any other."""
    find_duplicates(vendors(*({"name": name, "website": name} for name in names)))


def test_no_records_no_groups():
    """An empty directory has no duplicates."""
    assert find_duplicates([]) == DuplicateReport()
