"""The menu of divisions in the list of cost codes and in *Map a whole division…*."""

from handlers.blocks import matching
from handlers.values import ListState
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
