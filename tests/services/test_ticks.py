"""The checklist ticks itself: deliveries, what they touch, and the checks that follow."""

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain import facets, tick
from bot.domain.customer import Connection, Grant
from bot.domain.lifecycle import Stage
from bot.domain.model import System
from bot.domain.records import Accounts
from bot.domain.tick import Tick, resources, touched
from bot.services.notices import ReadyNotice
from bot.services.webhooks import WebhookSecrets, WebhookService, is_from_intuit
from bot.storage.store import SqlStore
from tests.services.world import CASEY, CODES, HOME, World

REALM, COMPANY = "4620816365000000001", "562949953441378"
VERIFIER, HEADER = "verifier-token", "Bearer shared-by-both"


@pytest.fixture
def hooks(world: World) -> WebhookService:
    return WebhookService(world.do.ticks, WebhookSecrets(HEADER, VERIFIER))


async def begin(world: World) -> None:
    """Acme, connected in both systems, was checked: one code is open."""
    acme = await world.customer()
    async with world.store.transaction() as tx:
        await tx.connections.put(Connection(acme.id, System.QBO, REALM, Grant.REFRESH_TOKEN))
        await tx.connections.put(
            Connection(acme.id, System.PROCORE, COMPANY, Grant.CLIENT_CREDENTIALS)
        )
    world.break_codes()
    await world.do.checks.run(acme.id, None, CASEY)


@pytest.fixture(autouse=True)
def codes_broken(world: World) -> None:
    """As they were when ``begin`` checked them."""
    world.break_codes()


def cloud_event(number: int = 1, realm: str = REALM, kind: str = "account") -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"88cd52aa-{number}",
        "source": "intuit.abc",
        "type": f"qbo.{kind}.created.v1",
        "time": "2026-11-22T22:00:00.000Z",
        "intuitentityid": "95",
        "intuitaccountid": realm,
        "data": {},
    }


def procore_event(number: int = 1, resource: str = "Company Vendors") -> dict[str, Any]:
    return {
        "id": number,
        "ulid": f"01HZX{number}",
        "resource_name": resource,
        "resource_id": 5,
        "event_type": "update",
        "company_id": int(COMPANY),
    }


def signed(raw: bytes, token: str = VERIFIER) -> dict[str, str]:
    digest = hmac.new(token.encode(), raw, hashlib.sha256).digest()
    return {"intuit-signature": base64.b64encode(digest).decode()}


async def from_intuit(hooks: WebhookService, *events: dict[str, Any]) -> int:
    raw = json.dumps(events).encode()
    return await hooks.receive(System.QBO, raw, signed(raw))


async def from_procore(hooks: WebhookService, event: dict[str, Any]) -> int:
    raw = json.dumps(event).encode()
    return await hooks.receive(System.PROCORE, raw, {"authorization": HEADER})


async def rounds(world: World, seconds: float = 2) -> int:
    """How many reads a round makes that comes so much later."""
    world.clock.move(seconds=seconds)
    before = len(world.source.calls)
    await world.do.ticks.tick()
    return len(world.source.calls) - before


def test_a_signature_is_hmac_sha256_of_the_raw_body_in_base64():
    """The value is what `openssl dgst -sha256 -hmac verifier-token -binary | base64` prints."""
    value = "M7XXPk19H8zCP+PWdwTDTM4HuXeW6QJewDlvI15QIVg="
    assert is_from_intuit(b'[{"id":"1"}]', value, VERIFIER)
    assert not is_from_intuit(b'[{"id": "1"}]', value, VERIFIER)


async def test_a_change_ticks_the_card_and_only_what_rests_on_it_is_read(
    world: World, hooks: WebhookService
):
    world.fill_chart()
    assert await from_intuit(hooks, cloud_event()) == 200
    assert await rounds(world, 0.5) == 0
    assert await rounds(world, 0.5) == 1
    assert set(world.source.calls[-1].facets) == {
        facets.COST_CODES.name,
        facets.ACCOUNTS.name,
        facets.ITEMS.name,
    }
    assert await world.kind(CODES) == "verified"
    assert await rounds(world, 3600) == 0


async def test_a_flock_of_changes_is_one_check_and_a_repeated_delivery_is_none(
    world: World, hooks: WebhookService
):
    await from_intuit(hooks, *(cloud_event(n) for n in range(100)))
    await from_procore(hooks, procore_event())
    assert await rounds(world) == 1
    for _ in range(3):
        await from_intuit(hooks, cloud_event(7))
        await from_procore(hooks, procore_event())
    assert await rounds(world) == 0


@pytest.mark.parametrize("headers", [{}, {"intuit-signature": "x"}, signed(b"[]")])
async def test_nothing_is_done_before_the_signature_holds(
    world: World, hooks: WebhookService, headers: dict[str, str]
):
    raw = json.dumps([cloud_event()]).encode()
    assert await hooks.receive(System.QBO, raw, headers) == 401
    assert await hooks.receive(System.PROCORE, raw, {"authorization": f"{HEADER}x"}) == 401
    assert await rounds(world) == 0


async def test_without_a_secret_there_is_no_such_address(world: World):
    empty = b"[]"
    # An empty secret signs as well as any other, so it must never be compared with.
    assert await world.do.webhooks.receive(System.QBO, empty, signed(empty, "")) == 404
    assert await world.do.webhooks.receive(System.PROCORE, empty, {"authorization": ""}) == 404


@pytest.mark.parametrize("body", [b"", b"{", b"\xff"])
async def test_what_is_no_json_is_refused(hooks: WebhookService, body: bytes):
    assert await hooks.receive(System.QBO, body, signed(body)) == 400


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "7",
        '["x"]',
        "{}",
        '[{"id": null}]',
        json.dumps([cloud_event(realm="999")]),
        json.dumps([cloud_event(kind="invoice")]),
        json.dumps([{**cloud_event(), "type": "gopayment.account.created.v1"}]),
        json.dumps([{**cloud_event(), "type": 5}]),
    ],
)
async def test_what_is_nothing_of_ours_is_answered_and_dropped(
    world: World, hooks: WebhookService, body: str
):
    assert await hooks.receive(System.QBO, body.encode(), signed(body.encode())) == 200
    assert await rounds(world) == 0


async def test_what_changes_while_it_is_looked_at_is_looked_at_again(
    world: World, hooks: WebhookService
):
    await from_intuit(hooks, cloud_event(1))
    world.clock.move(seconds=2)
    world.source.gate.clear()
    before = len(world.source.calls)
    looking = asyncio.create_task(world.do.ticks.tick())
    await world.source.called(before + 1)
    world.fill_chart()
    await from_intuit(hooks, cloud_event(2))
    world.clock.move(seconds=2)
    world.source.gate.set()
    await looking
    await world.do.ticks.tick()
    assert await world.kind(CODES) == "verified"
    assert await rounds(world, 3600) == 0


async def test_a_customer_has_so_many_checks_an_hour_and_then_one_at_its_end(
    world: World, hooks: WebhookService, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tick, "MOST_AN_HOUR", 3)
    reads = 0
    for number in range(5):
        await from_intuit(hooks, cloud_event(number))
        reads += await rounds(world)
    assert reads == 3
    world.fill_chart()
    assert await rounds(world, 3600) == 1
    assert await world.kind(CODES) == "verified"


async def test_a_clock_that_was_set_back_locks_nobody_out(world: World):
    now = world.clock.now()
    used_up = Tick(1, frozenset(), now, 1, world.clock.move(hours=5), tick.MOST_AN_HOUR)
    assert used_up.spent(now) == replace(used_up, since=now, runs=1)


@pytest.mark.parametrize("stage", [Stage.ACCEPTED, Stage.PAUSED, Stage.ARCHIVED])
async def test_nobody_looks_where_nobody_waits(world: World, hooks: WebhookService, stage: Stage):
    await world.change(stage=stage)
    await from_intuit(hooks, cloud_event())
    assert await rounds(world) == 0
    await world.change(stage=Stage.PREPARING)
    assert await rounds(world, 3600) == 0


async def test_a_tick_posts_nothing_and_the_opening_of_the_gate_is_told_once_each_time(
    world: World, hooks: WebhookService
):
    await world.said()
    await from_procore(hooks, procore_event())
    assert await rounds(world) == 1
    assert await world.said() == []
    world.fill_chart()
    for number in range(2, 5):
        await from_intuit(hooks, cloud_event(number))
        await rounds(world)
    (told,) = await world.said()
    assert isinstance(told, ReadyNotice)
    assert (await world.get()).stage is Stage.READY
    world.source.put(facets.ACCOUNTS, Accounts(()))
    await from_intuit(hooks, cloud_event(5))
    await rounds(world)
    world.fill_chart()
    await from_intuit(hooks, cloud_event(6))
    await rounds(world)
    assert len(await world.said(HOME)) == 1


async def test_whoever_presses_is_told_by_the_answer(world: World):
    await world.said()
    world.fill_chart()
    await world.do.checks.run(1, None, CASEY)
    assert (await world.get()).stage is Stage.READY
    assert await world.said() == []


async def test_nothing_is_lost_where_a_delivery_cannot_be_stored(
    world: World, hooks: WebhookService, store: SqlStore, monkeypatch: pytest.MonkeyPatch
):
    """Its key is not remembered either, so the sender's next try counts."""
    async with store.transaction() as tx:
        ticks = type(tx.ticks)

    async def broken(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(ticks, "note", broken)
        with pytest.raises(OSError, match="disk"):
            await from_intuit(hooks, cloud_event())
    assert await from_intuit(hooks, cloud_event()) == 200
    assert await rounds(world) == 1


@pytest.mark.parametrize("system", list(System))
def test_every_resource_that_is_named_touches_an_item(system: System):
    assert all(touched(system, one) for one in resources(system))
    assert touched(system, "Correspondence Items") == frozenset()


async def test_procores_older_and_newer_names_say_the_same(world: World, hooks: WebhookService):
    newer = {"id": "a", "resource_type": "Standard_Cost_Codes", "company_id": COMPANY}
    assert await from_procore(hooks, newer) == 200
    assert await rounds(world) == 1
    assert facets.COST_CODES.name in world.source.calls[-1].facets
