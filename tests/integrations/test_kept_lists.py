"""Lists that are kept and confirmed by change data capture: the same facts, in fewer calls."""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.faults.kinds import KINDS
from benchmarks.faults.matrix import Matrix
from benchmarks.faults.rig import Rig, endpoint_of
from bot.domain import facets
from bot.domain.catalogue import requirement
from bot.domain.model import Facet, Present, Snapshot
from integrations.sandbox.world.edits import Edit, EditError, apply
from integrations.sandbox.world.loader import load_demo
from integrations.sandbox.world.model import World
from integrations.sandbox.world.model_procore import ProcoreCostCode, ProcoreCostCodeList
from integrations.sandbox.world.model_qbo import QboAccount, QboCustomer, QboItem
from tests.fakes.lists import MemoryLists

LISTS = (facets.ACCOUNTS, facets.ITEMS, facets.CUSTOMERS)
REALM = "4620816365000000001"
CDC = "qbo /v3/company/{id}/cdc"


FEW: dict[str, object] = {
    "chart": "none",
    "accounts": [
        QboAccount(name="Costs", acct_num="5000"),
        QboAccount(name="Concrete", acct_num="5100", parent="Costs"),
        QboAccount(name="Footings", acct_num="5110", parent="Costs:Concrete"),
        QboAccount(name="Steel", acct_num="5200"),
    ],
    "items": [
        QboItem(name="Work", type="Category"),
        QboItem(name="Pouring", parent="Work", expense_account="Footings"),
        QboItem(name="Welding", expense_account="Steel"),
    ],
    "customers": [
        QboCustomer(display_name="Amy"),
        QboCustomer(display_name="Shed", parent="Amy"),
        QboCustomer(display_name="Ben"),
        QboCustomer(display_name="Cal"),
    ],
}


CODES = [
    ProcoreCostCode(code="03", name="Concrete"),
    ProcoreCostCode(code="03-100", name="Footings"),
    ProcoreCostCode(code="03-200", name="Formwork"),
    ProcoreCostCode(code="05-100", name="Steel"),
]


@cache
def world() -> World:
    """Acme with so few records that any edit meets its relatives; a rig copies what it changes."""
    demo = load_demo()
    company, books = demo.procore.companies[0], demo.qbo.companies[0]
    lists = [ProcoreCostCodeList(name="Building", codes=CODES)]
    few = {"cost_code_lists": lists, "vendors": company.vendors[:3], "generate": None}
    company = company.model_copy(update=few)
    procore = demo.procore.model_copy(update={"companies": [company]})
    qbo = demo.qbo.model_copy(update={"companies": [books.model_copy(update=FEW)]})
    return demo.model_copy(update={"procore": procore, "qbo": qbo})


def make_rig(kept: MemoryLists | None = None) -> Rig:
    """Acme's reader, over nothing that another rig has."""
    return Rig(world(), "acme", support=False, kept=kept)


async def read(rig: Rig, needs: Sequence[Facet] = LISTS) -> Snapshot:
    rig.wire.asked.clear()
    async with rig.reading() as reading:
        found = await reading.read(needs)
        await reading.reader.drain()
        return found


async def test_whoever_asks_for_lists_in_full_gets_no_kept_one() -> None:
    """The hand-off rests on nothing that was read before; what it read is kept again."""
    rig, kept = await warm()
    rig.wire.asked.clear()
    async with rig.reading() as reading:
        await reading.reader.read(1, LISTS, in_full=True)
        await reading.reader.drain()
    assert not any("/cdc" in str(one) for one in rig.wire.asked)
    assert sorted(kept.saved) == ["Account", "Customer", "Item"]


async def warm() -> tuple[Rig, MemoryLists]:
    kept = MemoryLists()
    rig = make_rig(kept)
    await read(rig)
    assert sorted(kept.saved) == ["Account", "Customer", "Item"]
    kept.saved.clear()
    return rig, kept


def values(snapshot: Snapshot) -> dict[str, object]:
    assert all(isinstance(one, Present) for one in snapshot.reads.values()), snapshot.reads
    return {name: one.value for name, one in snapshot.reads.items() if isinstance(one, Present)}


async def whole(rig: Rig, needs: Sequence[Facet] = LISTS) -> dict[str, object]:
    """What a reader finds that keeps nothing."""
    kept, rig.kept = rig.kept, None
    try:
        return values(await read(rig, needs))
    finally:
        rig.kept = kept


def edit(rig: Rig, op: str, kind: str, **more: object) -> bool:
    """Make a change in QuickBooks; False where QuickBooks does not let anybody make it."""
    try:
        apply(rig.live, Edit.model_validate({"op": op, "kind": f"qbo.{kind}", "in": REALM, **more}))
    except EditError:
        return False
    return True


async def test_a_record_that_says_the_same_is_not_held_twice() -> None:
    """Of what is held already only the renamed customer is made anew, in a full reading too."""
    rig = make_rig()
    wanted = (facets.VENDORS, facets.ITEMS, facets.CUSTOMERS)
    async with rig.reading() as reading:
        first = await reading.reader.read(1, wanted)
        assert edit(rig, "upsert", "customer", key="Ben", record={"display_name": "Benno"})
        again = await reading.reader.read(1, wanted, in_full=True, known=first)
    made = [
        other.name
        for facet in wanted
        for one, other in zip(first.get(facet).value, again.get(facet).value, strict=True)
        if one is not other
    ]
    # Amy has a job below her, which is marked after each reading.
    assert made == ["Amy", "Benno"]


NAMES = st.sampled_from([f"{word} {n}" for word in ("Concrete", "Steel", "Fees") for n in range(4)])
ENTITIES = {"account": "Account", "item": "Item", "customer": "Customer"}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["create", "child", "rename", "toggle", "remove", "merge", "numbering", "expense"]
        ),
        st.sampled_from(sorted(ENTITIES)),
        st.integers(0, 10_000),
        NAMES,
        st.sampled_from([0, 1, 240, 3_600, 86_400, 86_400 * 8]),
    ),
    min_size=1,
    max_size=8,
)


def take(rig: Rig, step: tuple[str, str, int, str, int]) -> None:
    """One change that a person could make in QuickBooks' pages, if the company allows it."""
    what, kind, number, name, seconds = step
    store = rig.live.qbo(REALM)
    assert store is not None
    rows = list(store.rows(ENTITIES[kind]).values())
    if not rows:
        return
    one, other = rows[number % len(rows)], rows[(number // 7) % len(rows)]
    label = "display_name" if kind == "customer" else "name"
    full = [getattr(row, "parent", None) for row in rows]
    own = getattr(one, label)
    path = f"{one.parent}:{own}" if getattr(one, "parent", None) else own
    if what == "create":
        edit(rig, "upsert", kind, record={label: name})
    elif what == "child":
        edit(rig, "upsert", kind, record={label: name, "parent": path})
    elif what == "rename":
        edit(rig, "upsert", kind, key=one.id, record={label: name})
    elif what == "toggle":
        edit(rig, "upsert", kind, key=one.id, record={"active": not one.active})
    elif what == "remove" and path not in full:
        edit(rig, "remove", kind, key=one.id)
    elif what == "merge":
        edit(rig, "merge", kind, key=one.id, keys=[other.id])
    elif what == "numbering":
        edit(rig, "upsert", "preferences", record={"use_account_numbers": bool(number % 2)})
    elif what == "expense" and kind == "item":
        accounts = list(store.accounts.values())
        account = accounts[number % len(accounts)].name if accounts else None
        edit(rig, "upsert", kind, key=one.id, record={"expense_account": account})
    rig.live.clock.advance(timedelta(seconds=seconds))


@settings(max_examples=25)
@given(st.lists(STEPS, min_size=1, max_size=3))
def test_after_any_edits_kept_lists_give_the_facts_of_a_full_reading(batches):
    """Create, rename, move, inactivate, delete, merge, switch numbering, over any time."""

    async def run() -> None:
        rig, _ = await warm()
        for steps in batches:
            for step in steps:
                take(rig, step)
            assert values(await read(rig)) == await whole(rig)

    asyncio.run(run())


async def test_an_unchanged_company_costs_one_call_for_all_lists():
    """The call that confirms them; numbering is a preference and asked for each time."""
    rig, kept = await warm()
    first = await whole(rig)
    assert values(await read(rig)) == first
    asked = {one for one in rig.wire.asked if "well-known" not in one}
    assert asked == {CDC, "qbo /v3/company/{id}/preferences"}
    assert kept.saved == []


async def test_the_facts_are_as_old_as_the_confirmation():
    """Not as old as the list that was kept."""
    rig, _ = await warm()
    rig.live.clock.advance(timedelta(days=2))
    before = rig.live.clock.now()
    found = (await read(rig)).get(facets.CUSTOMERS)
    assert isinstance(found, Present)
    assert found.read_at >= before


async def test_customers_alone_are_read_in_full():
    """Whoever re-checks them has merged some, and nobody knows whether that is told at once."""
    rig, _ = await warm()
    await read(rig, [facets.CUSTOMERS])
    assert CDC not in rig.wire.asked


async def test_a_list_that_was_read_long_ago_is_read_again():
    """Also when it was confirmed every day since."""
    rig, kept = await warm()
    for _ in range(6):
        rig.live.clock.advance(timedelta(days=1))
        await read(rig)
        assert "qbo /v3/company/{id}/query Customer" not in rig.wire.asked
    rig.live.clock.advance(timedelta(days=1))
    await read(rig)
    assert CDC not in rig.wire.asked
    rig.live.clock.advance(timedelta(days=31))
    await read(rig)
    assert CDC not in rig.wire.asked
    assert kept.saved.count("Customer") > 6


async def test_a_list_of_another_version_is_read_again():
    """Its records may lack what a check of today needs."""
    rig, kept = await warm()
    kept.lists = {
        name: type(one)(one.rows, one.as_of, one.whole_at, "another")
        for name, one in kept.lists.items()
    }
    found = values(await read(rig))
    assert found == await whole(rig)
    assert sorted(kept.saved) == ["Account", "Customer", "Item"]


class Told:
    """Changes what change data capture answers."""

    def __init__(self, rig: Rig, change: Callable[[dict], object]) -> None:
        self._plain, self._change = rig.wire.handle_async_request, change
        self.calls = 0
        rig.wire.handle_async_request = self  # type: ignore[method-assign]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        response = await self._plain(request)
        if endpoint_of(request) != CDC:
            return response
        self.calls += 1
        body = self._change(json.loads(await response.aread()))
        if isinstance(body, httpx.Response):
            return body
        return httpx.Response(200, json=body)


def parts(body: dict) -> list[dict]:
    return body["CDCResponse"][0]["QueryResponse"]


def put(body: dict, entity: str, rows: list[dict], **more: object) -> dict:
    parts(body)[:] = [{entity: rows, "startPosition": 1, **more}]
    return body


def customer(number: int) -> dict:
    return {"Id": str(9_000 + number), "DisplayName": f"New {number}", "Active": True}


UNBELIEVABLE: dict[str, Callable[[dict], object]] = {
    "as many as there ever are": lambda b: put(b, "Customer", [customer(n) for n in range(1000)]),
    "more than it sent": lambda b: put(b, "Customer", [customer(1)], totalCount=2),
    "a deleted row": lambda b: put(b, "Customer", [{"Id": "1", "status": "Deleted"}]),
    "a row without a name": lambda b: put(b, "Customer", [{"Id": "1"}]),
    "a row without an id": lambda b: put(b, "Customer", [{"DisplayName": "New"}]),
    "no answer to speak of": lambda b: {"time": b["time"]},
    "nobody answered": lambda b: {**b, "CDCResponse": []},
    "a fault of one entity": lambda b: put(b, "Fault", []),
    "no time": lambda b: {k: v for k, v in b.items() if k != "time"},
    "an answer from last year": lambda b: {**b, "time": "2025-01-01T00:00:00-08:00"},
    "refused": lambda _: httpx.Response(400, json={"Fault": {"Error": [{"code": "2040"}]}}),
    "forbidden": lambda _: httpx.Response(403, json={}),
    "broken": lambda _: httpx.Response(500, text="no"),
    "a web page": lambda _: httpx.Response(200, text="<html>"),
}


async def test_changes_that_cannot_be_believed_cost_a_full_reading():
    """And nothing else: the facts are those of a full reading, which leaves kept lists again."""
    rig, _ = await warm()
    wanted = [facets.CUSTOMERS, facets.ITEMS]
    truth = await whole(rig, wanted)
    for name, change in UNBELIEVABLE.items():
        told = Told(rig, change)
        found = values(await read(rig, wanted))
        del rig.wire.handle_async_request
        assert told.calls, name
        assert "qbo /v3/company/{id}/query Customer" in rig.wire.asked, name
        assert found == truth, name


async def test_a_thousand_changes_in_the_stand_in_are_not_believed():
    """It cuts at a thousand without a word, as Intuit does; one below is told whole."""
    rig, _ = await warm()
    store = rig.live.qbo(REALM)
    assert store is not None

    def add(first: int, number: int) -> None:
        for n in range(first, first + number):
            new = QboCustomer(id=str(n), display_name=f"New {n}")
            store.put("Customer", new, rig.live.clock.now())

    add(50_000, 999)
    found = values(await read(rig))
    assert "qbo /v3/company/{id}/query Customer" not in rig.wire.asked
    assert found == await whole(rig)
    add(60_000, 1_000)
    found = values(await read(rig))
    assert "qbo /v3/company/{id}/query Customer" in rig.wire.asked
    assert {one.id for one in found.pop("qbo.customers")} == set(store.customers)
    assert found == await whole(rig, [facets.ACCOUNTS, facets.ITEMS])


async def test_what_was_written_while_quickbooks_answered_is_not_missed():
    """The window overlaps, so a row that changed just before the last answer is asked for again."""
    rig, kept = await warm()
    store = rig.live.qbo(REALM)
    assert store is not None
    moment = kept.lists["Customer"].as_of
    late = next(iter(store.customers.values()))
    late = late.model_copy(update={"display_name": "Changed late"})
    store.put("Customer", late, moment - timedelta(minutes=4))
    assert values(await read(rig)) == await whole(rig)
    assert re.search("Changed late", str(kept.lists["Customer"].rows))


async def test_numbering_switched_off_is_seen_though_no_account_counts_as_changed():
    """Account numbers are shown or not by a preference of the company."""
    rig, _ = await warm()
    assert edit(rig, "upsert", "preferences", record={"use_account_numbers": False})
    found = values(await read(rig))
    assert found == await whole(rig)
    assert not any(one.number for one in found["qbo.accounts"].rows)


async def test_no_fault_of_change_data_capture_makes_a_wrong_verdict():
    """As for every other endpoint: the true verdict, or *unknown* with a reason that names it."""
    coverage = requirement("cost-code-coverage")
    rig, _ = await warm()
    cells = Matrix("acme", rig)
    truth = await cells.truth(coverage)
    assert CDC in truth.endpoints
    for kind in KINDS:
        judged = await cells.judge(coverage, truth, CDC, kind, "always")
        assert judged is not None, kind.name
        assert not judged.wrong, kind.name
