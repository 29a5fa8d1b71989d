"""Procore's standard cost codes over all lists, with their statuses from the WBS endpoints.

The codes come from ``standard_cost_codes`` (which knows full codes), the status and "is a parent"
from the work breakdown structure's cost code segment, whose lists *are* the standard cost code
lists. Each list's ``segment_items_count`` is held against what arrived.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.records import CostCode, CostCodeList, CostCodes
from integrations.decode import Row, flag, ident, text
from integrations.errors import IncompleteError, NoPermissionError
from integrations.http import both, together
from integrations.procore.api import ProcoreApi

LABEL = "Procore"


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the WBS says of one cost code; ``active`` None where the status is an unknown word."""

    code: str
    is_parent: bool
    active: bool | None


@dataclass(frozen=True, slots=True)
class WbsList:
    """One list of the cost code segment; ``count`` is how many items Procore says it has."""

    name: str
    count: int | None
    items: Mapping[str, ItemFacts]


async def read_cost_codes(api: ProcoreApi) -> tuple[CostCodes, str]:
    """All codes of all lists, and what is missing from the picture ("" where nothing is).

    Raises:
        IncompleteError: the two sources contradict each other.
        ReadError: something could not be read.
    """
    codes, wbs = await both(_standard(api), _wbs(api))
    if wbs is None:
        _compare_lists(codes)
        return codes, "Procore doesn't show this login which codes are inactive."
    return _joined(codes, wbs), ""


async def _standard(api: ProcoreApi) -> CostCodes:
    lists = await api.all(
        "v1.0/standard_cost_code_lists", _code_list, {"company_id": api.company_id}
    )
    pages = await together([_codes_of(api, one.id) for one in lists])
    return CostCodes(tuple(lists), tuple(code for page in pages for code in page))


async def _codes_of(api: ProcoreApi, list_id: str) -> list[CostCode]:
    params = {"company_id": api.company_id, "standard_cost_code_list_id": list_id}
    found = await api.all(
        "v1.0/standard_cost_codes",
        lambda row: _code(row, list_id),
        params,
        noun="Procore cost codes",
    )
    parents = {code.parent_id for code in found}
    return [replace(code, is_parent=True) if code.id in parents else code for code in found]


def _code_list(row: Row) -> CostCodeList:
    return CostCodeList(ident(row, "id", LABEL), text(row, "name"))


def _code(row: Row, list_id: str) -> CostCode:
    return CostCode(
        id=ident(row, "id", LABEL),
        list_id=list_id,
        code=text(row, "full_code") or text(row, "code"),
        name=text(row, "name"),
        parent_id=text(row, "parent_id") or None,
        active=None,
    )


async def _wbs(api: ProcoreApi) -> dict[str, WbsList] | None:
    """The lists of the cost code segment by id; None where this login may not see them."""
    base = f"v1.0/{api.in_company}/work_breakdown_structure/segments"
    try:
        segments = await api.whole(base)
        ids = [ident(row, "id", LABEL) for row in segments if text(row, "type") == "cost_code"]
        if not ids:
            # Every company's default pattern has one, so its absence is not the truth.
            raise IncompleteError(
                "Procore left the cost codes out of its work breakdown structure."
            )
        lists = await api.whole(f"{base}/{ids[0]}/lists")
        found = await together([_wbs_list(api, f"{base}/{ids[0]}/segment_items", r) for r in lists])
    except NoPermissionError:
        return None
    return dict(found)


async def _wbs_list(api: ProcoreApi, path: str, row: Row) -> tuple[str, WbsList]:
    list_id, count = ident(row, "id", LABEL), text(row, "segment_items_count")
    expected = int(count) if count.isdigit() else None
    items = await api.all(
        path,
        lambda item: (ident(item, "id", LABEL), _item(item)),
        {"segment_item_list_id": list_id},
        noun="Procore cost code statuses",
        expected=expected,
    )
    return list_id, WbsList(text(row, "name"), expected, dict(items))


def _item(row: Row) -> ItemFacts:
    status = text(row, "status").casefold()
    return ItemFacts(
        code=text(row, "path_code") or text(row, "code"),
        is_parent=flag(row, "is_parent") is True,
        active={"active": True, "inactive": False}.get(status),
    )


def _compare_lists(codes: CostCodes) -> None:
    """Without the WBS nothing vouches for a list that came empty."""
    filled = {code.list_id for code in codes.codes}
    for one in codes.lists:
        if one.id not in filled:
            raise IncompleteError(f'Procore sent no codes for the list "{one.name}".')


def _joined(codes: CostCodes, wbs: Mapping[str, WbsList]) -> CostCodes:
    """The codes with what the WBS says of each.

    Raises:
        IncompleteError: a list, or a part of one, is missing on one side.
    """
    by_list: dict[str, list[CostCode]] = {one.id: [] for one in codes.lists}
    for code in codes.codes:
        by_list[code.list_id].append(code)
    for list_id, facts in wbs.items():
        _compare(facts, by_list.get(list_id))
    for one in codes.lists:
        if by_list[one.id] and one.id not in wbs:
            raise IncompleteError(f'Procore left out the statuses of the list "{one.name}".')
    joined = [
        code
        for list_id, found in by_list.items()
        if found
        for code in _with_facts(found, wbs[list_id].items)
    ]
    return CostCodes(codes.lists, tuple(joined))


def _compare(facts: WbsList, codes: Sequence[CostCode] | None) -> None:
    expected = max(facts.count or 0, len(facts.items))
    if codes is None:
        if expected:
            raise IncompleteError(f'Procore left out the cost code list "{facts.name}".')
        return
    # More is fine: whether Procore's count includes inactive codes is not documented.
    for what, arrived in (("codes", len(codes)), ("statuses", len(facts.items))):
        if arrived < expected:
            raise IncompleteError(
                f'Procore says the list "{facts.name}" has {expected:,} codes, '
                f"but sent {arrived:,} {what}."
            )


def _with_facts(codes: Sequence[CostCode], items: Mapping[str, ItemFacts]) -> Iterable[CostCode]:
    """Joined by id, else by full code, which is unique within one list."""
    by_code = {item.code: item for item in items.values()}
    for code in codes:
        facts = items.get(code.id) or by_code.get(code.code)
        if facts is None:
            yield code
        else:
            is_parent = code.is_parent or facts.is_parent
            yield replace(code, is_parent=is_parent, active=facts.active)
