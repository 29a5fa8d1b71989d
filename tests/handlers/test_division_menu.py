"""The menus of divisions and of pages in the long lists, and what a list remembers."""

from handlers.blocks import matching
from handlers.blocks.lists import list_pager
from handlers.values import ListState, list_state
from tests.handlers.lists import codes_view
from tests.sandbox.slack_kit import Json


def menu_of(view: Json) -> Json:
    """The menu of divisions, in a list or in a form."""
    elements = [one for block in view["blocks"] for one in block.get("elements", [])]
    elements += [block["element"] for block in view["blocks"] if "element" in block]
    return next(one for one in elements if one["action_id"] == "list_division")


def test_more_divisions_than_a_menu_holds_are_searched() -> None:
    """A hundred in a menu; of 108 each is found by typing, and what is chosen is shown."""
    view = codes_view(2_000)
    page = matching.page_of(view, ListState(division="1/118"))
    for built in (matching.build_match(view, page, ""), matching.build_division(view, "", "1/118")):
        menu = menu_of(built)
        assert (menu["type"], menu["min_query_length"]) == ("external_select", 0)
        assert menu["initial_option"]["value"] == "1/118"
    few = codes_view(90)
    assert menu_of(matching.build_division(few, ""))["type"] == "static_select"
    assert len(matching.division_options(view)) == 108
    assert matching.division_options(view, "no such") == []


def test_what_a_list_remembers_comes_back() -> None:
    state = ListState(3, "1/d3", "conflict", "x")
    assert list_state(state.encode()) == state
    assert list_state("") == ListState()


def test_any_page_can_be_chosen_and_of_very_many_the_first_the_last_and_this_one() -> None:
    """A menu has a hundred entries; two pages need none."""
    assert len(list_pager(1, 2)[0]["elements"]) == 1
    for page, pages in ((2, 3), (40, 100), (68, 134), (999, 1_000)):
        menu = list_pager(page, pages)[0]["elements"][-1]
        values = [one["value"] for one in menu["options"]]
        assert {"1", str(page), str(pages)} <= set(values)
        assert len(values) <= 100
        assert menu["initial_option"]["text"]["text"] == f"Page {page:,} of {pages:,}"
