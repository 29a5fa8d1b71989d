"""The cost code endpoints: the standard lists and the work breakdown structure."""

from starlette.responses import Response

from integrations.sandbox.procore import shapes
from integrations.sandbox.procore.call import Call, whole
from integrations.sandbox.procore.errors import bad_request, not_found
from integrations.sandbox.procore.paging import paged, truth
from integrations.sandbox.procore.store import CREATED

_SEGMENTS = (
    # Type, name, position, structure, required.
    ("sub_job", "Sub Job", 0, "flat", False),
    ("cost_code", "Cost Code", 1, "tiered", True),
    ("line_item_type", "Cost Type", 2, "flat", True),
)


def standard_cost_code_lists(call: Call) -> Response:
    """``/standard_cost_code_lists``: deprecated, and still served."""
    _need_company(call)
    rows = list(call.store.lists.values())
    return paged(call, "standard_cost_code_lists", rows, shapes.list_row)


def standard_cost_codes(call: Call) -> Response:
    """``/standard_cost_codes`` of one list; inactive ones too, and nothing says which."""
    _need_company(call)
    list_id = _list_id(call, "standard_cost_code_list_id")
    rows = call.store.tree(list_id)
    if truth(call, "only_active_cost_codes"):
        rows = [one for one in rows if one.active]
    origins = call.filters("origin_id")
    rows = [one for one in rows if not origins or one.origin_id in origins]
    return paged(
        call,
        "standard_cost_codes",
        rows,
        lambda one: shapes.code_row(call.store, list_id, one),
        shape=f"code_row {list_id}",
    )


def segments(call: Call) -> Response:
    """The segments of the company's pattern."""
    return whole(call, [_segment(call, number) for number in range(len(_SEGMENTS))])


def pattern(call: Call) -> Response:
    """The company's default pattern."""
    body = {
        "id": call.store.id * 10,
        "description": "Default",
        "created_at": shapes.stamp(CREATED),
        "updated_at": shapes.stamp(CREATED),
        "segments": [_segment(call, number) for number in range(len(_SEGMENTS))],
    }
    return whole(call, body)


def segment_lists(call: Call) -> Response:
    """The lists of a segment; those of the cost codes are the standard lists."""
    if _which(call) != "cost_code":
        return whole(call, [])
    rows = [
        {
            "id": list_id,
            "name": one.name,
            "segment_items_count": len(call.store.codes[list_id]),
            "erp_integrated": one.is_erp_list,
            "available_to_use_on_new_projects": one.available_to_use_on_new_projects,
        }
        for list_id, one in call.store.lists.items()
    ]
    return whole(call, rows)


def segment_items(call: Call) -> Response:
    """The items of a segment, with the status that the old endpoint does not give."""
    if _which(call) != "cost_code":
        return whole(call, [])
    list_id = _list_id(call, "segment_item_list_id")
    rows = call.store.tree(list_id)
    if truth(call, "only_active_items"):
        rows = [one for one in rows if one.active]
    segment = _segment(call, 1)
    return paged(
        call,
        "segment_items",
        rows,
        lambda one: shapes.segment_item(call.store, one, segment),
        shape="segment_item",
        off=not call.store.company.settings.segment_items_paged,
    )


def _need_company(call: Call) -> None:
    if call.param("company_id") is None:
        raise bad_request("Missing Project or Company ID")


def _list_id(call: Call, name: str) -> int:
    text = call.param(name)
    if text is None:
        msg = f"param is missing or the value is empty: {name}"
        raise bad_request(msg)
    if not text.isdecimal() or int(text) not in call.store.lists:
        raise not_found()
    return int(text)


def _segment(call: Call, number: int) -> shapes.Json:
    kind, name, position, structure, required = _SEGMENTS[number]
    count = sum(len(one) for one in call.store.codes.values()) if kind == "cost_code" else 0
    return {
        "id": call.store.id * 10 + number + 1,
        "type": kind,
        "name": name,
        "position": position,
        "segment_items_count": count,
        "required": required,
        "delimiter": ".",
        "project_can_modify_origin_project": True,
        "project_can_delete_origin_company": True,
        "structure": structure,
        "created_at": shapes.stamp(CREATED),
        "updated_at": shapes.stamp(CREATED),
        "wbs_pattern_id": call.store.id * 10,
    }


def _which(call: Call) -> str:
    number = call.number("segment_id") - call.store.id * 10 - 1
    if not 0 <= number < len(_SEGMENTS):
        raise not_found()
    return _SEGMENTS[number][0]
