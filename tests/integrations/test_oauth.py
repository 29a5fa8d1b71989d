"""Access tokens: renewed early, once, stored before use, and given up in the right place."""

import asyncio
import logging
from datetime import timedelta

import httpx
import pytest

from bot.domain import facets
from bot.domain.customer import Connection, Grant, Tokens
from bot.domain.model import Cause, Failed, Present, System
from integrations.errors import ReadError
from integrations.oauth import read_tokens
from integrations.snapshot import SystemsReader, make_client
from tests.integrations import worlds
from tests.integrations.systems import (
    NOW,
    Fault,
    Rig,
    always,
    config,
    connection,
    make_rig,
)

HARD = "x_refresh_token_hard_expires_in"
SOON = NOW + timedelta(seconds=100)


async def vendors(rig: Rig) -> Present | Failed:
    return (await rig.reader.read(1, [facets.VENDORS])).get(facets.VENDORS)


async def items(rig: Rig) -> Present | Failed:
    return (await rig.reader.read(1, [facets.ITEMS])).get(facets.ITEMS)


def stored(rig: Rig, system: System) -> Connection:
    return next(one for one in rig.keeper.connections.values() if one.system is system)


async def test_a_token_is_renewed_two_minutes_before_it_ends():
    """The old token is never sent, and the new pair is stored."""
    rig = make_rig(worlds.right(), connection(System.PROCORE, expires_at=SOON))
    assert isinstance(await vendors(rig), Present)
    sent = {r.headers["Authorization"] for r in rig.systems.requests if r.method == "GET"}
    assert sent == {"Bearer renewed-access-token-0001"}
    assert stored(rig, System.PROCORE).tokens.refresh_token == "refresh-1"
    assert stored(rig, System.PROCORE).tokens.expires_at == NOW + timedelta(hours=1)


async def test_a_token_with_time_left_is_not_renewed():
    """Three minutes are enough."""
    rig = make_rig(
        worlds.right(), connection(System.PROCORE, expires_at=NOW + timedelta(minutes=3))
    )
    assert isinstance(await vendors(rig), Present)
    assert rig.systems.renewals == 0


async def test_the_new_pair_is_stored_before_it_is_used():
    """When the store refuses, no request with the new token is made."""
    rig = make_rig(worlds.right(), connection(System.QBO, expires_at=SOON))

    async def refuse(connection: Connection, tokens: Tokens) -> None:
        raise OSError("disk full")

    rig.keeper.store = refuse
    found = await items(rig)
    assert isinstance(found, Failed)
    assert rig.systems.reads() == []


async def test_a_service_account_asks_with_its_own_credentials():
    """No refresh token is sent or expected."""
    rig = make_rig(
        worlds.right(),
        connection(System.PROCORE, grant=Grant.CLIENT_CREDENTIALS, refresh="", expires_at=SOON),
    )
    assert isinstance(await vendors(rig), Present)
    form = next(r for r in rig.systems.requests if r.method == "POST").content.decode()
    assert "grant_type=client_credentials" in form
    assert "refresh_token" not in form
    assert stored(rig, System.PROCORE).tokens.refresh_token == ""


async def test_intuit_is_asked_with_basic_and_found_by_discovery_once():
    """The discovery document is read once for all renewals."""
    rig = make_rig(worlds.right(), connection(System.QBO, expires_at=SOON))
    assert isinstance(await items(rig), Present)
    rig.clock.at += timedelta(hours=2)
    assert isinstance(await items(rig), Present)
    asked = [r for r in rig.systems.requests if r.method == "POST"]
    assert all(r.headers["Authorization"].startswith("Basic ") for r in asked)
    assert len(asked) == 2
    assert sum("well-known" in one for one in rig.systems.log) == 1


async def test_fifty_tasks_make_one_refresh():
    """Readers of two processes share the store's lock; only the first asks for a new pair."""
    rig = make_rig(worlds.right(), connection(System.QBO, expires_at=SOON))
    others = [
        SystemsReader(
            keeper=rig.keeper,
            clock=rig.clock,
            config=config(),
            client=rig.client,
            timing=rig.clock.timing(),
        )
        for _ in range(2)
    ]
    readers = [rig.reader, *others]
    snapshots = await asyncio.gather(
        *(readers[n % 3].read(1, [facets.AUTHORISER]) for n in range(50))
    )
    assert all(isinstance(s.get(facets.AUTHORISER), Present) for s in snapshots)
    assert rig.systems.renewals == 1


async def test_a_refused_token_is_renewed_once_for_all_that_were_refused():
    """Eight requests in flight with the same dead token cause one renewal."""
    world = worlds.right()
    world.procore_cap = 2
    rig = make_rig(world)
    rig.systems.tokens.clear()
    assert isinstance(await vendors(rig), Present)
    assert rig.systems.renewals == 1


async def test_a_pair_that_another_process_renewed_is_used_without_asking():
    """The store is read again before anything is sent."""
    rig = make_rig(worlds.right(), connection(System.PROCORE))
    old = stored(rig, System.PROCORE)
    rig.systems.tokens = {"fresh-from-elsewhere"}
    rig.systems.faults.append(Fault("/vendors", _renew_elsewhere(rig, old), times=1))
    assert isinstance(await vendors(rig), Present)
    assert rig.systems.renewals == 0


def _renew_elsewhere(rig: Rig, old: Connection):
    def make(request, answer):
        rig.keeper.connections[(1, old.system, old.purpose)] = connection(
            old.system, access="fresh-from-elsewhere", refresh="refresh-9"
        )
        return answer()

    return make


async def test_invalid_grant_that_turned_stale_meanwhile_is_forgiven():
    """If the stored pair changed since it was read, the new one is tried once."""
    rig = make_rig(worlds.right(), connection(System.PROCORE, expires_at=SOON))
    good = connection(System.PROCORE, access="good", refresh="refresh-9", expires_at=None)

    def late(request, answer):
        rig.systems.tokens.add("good")
        rig.keeper.connections[(1, good.system, good.purpose)] = good
        return httpx.Response(400, json={"error": "invalid_grant"})

    rig.systems.faults.append(Fault("/oauth/token", late))
    assert isinstance(await vendors(rig), Present)
    assert rig.keeper.broken == []


@pytest.mark.parametrize("system", System)
async def test_invalid_grant_marks_the_connection_broken_and_asks_to_reconnect(system):
    """Said once; the next reading does not ask the server again."""
    rig = make_rig(worlds.right(), connection(system, refresh="dead", expires_at=SOON))
    read = vendors if system is System.PROCORE else items
    for _ in range(2):
        found = await read(rig)
        assert isinstance(found, Failed)
        assert found.cause is Cause.RECONNECT
        assert f"connect {system.label} again" in found.reason
    assert len(rig.keeper.broken) == 1
    assert sum(r.method == "POST" for r in rig.systems.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (401, {"error": "invalid_client"}, Cause.SERVER_ERROR),
        (500, "oops", Cause.SERVER_ERROR),
        (429, "", Cause.RATE_LIMITED),
        (200, "<html>", Cause.BAD_ANSWER),
        (400, {"error": "invalid_request"}, Cause.BAD_ANSWER),
    ],
)
async def test_a_token_endpoint_in_trouble_breaks_nothing(status, body, cause):
    """A refresh is never repeated, the pair is kept, and the cause is named."""
    rig = make_rig(worlds.right(), connection(System.PROCORE, expires_at=SOON))
    rig.systems.faults.append(always("/oauth/token", status, body))
    found = await vendors(rig)
    assert isinstance(found, Failed)
    assert found.cause is cause
    assert rig.keeper.broken == []
    assert len(rig.systems.log) == 1
    rig.systems.faults.clear()
    rig.clock.at += timedelta(minutes=2)
    assert isinstance(await vendors(rig), Present)


async def test_a_cancelled_reading_does_not_lose_the_new_pair():
    """The exchange goes on to the store although nobody waits for it any more."""
    asked, go_on = asyncio.Event(), asyncio.Event()
    rig = make_rig(worlds.right(), connection(System.PROCORE, expires_at=SOON))

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            asked.set()
            await go_on.wait()
        return await rig.systems(request)

    async with make_client(httpx.MockTransport(slow)) as client:
        reader = SystemsReader(
            keeper=rig.keeper,
            clock=rig.clock,
            config=config(),
            client=client,
            timing=rig.clock.timing(),
        )
        task = asyncio.create_task(reader.read(1, [facets.VENDORS]))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        async with asyncio.timeout(60):
            await rig.keeper.was_stored.wait()
    assert rig.keeper.stored[0].refresh_token == "refresh-1"


def test_tokens_live_by_our_clock_and_keep_what_the_answer_leaves_out():
    """Every life counts from when we asked; an answer without a hard end leaves the known one."""
    answer = {
        "access_token": "a",
        "expires_in": 3600,
        "x_refresh_token_expires_in": 8726400,
        "x_refresh_token_hard_expires_in": 157680000,
        "created_at": 1,
    }
    found = read_tokens(answer, Tokens("x", "old"), NOW, "QuickBooks")
    assert found.refresh_token == "old"
    assert found.expires_at == NOW + timedelta(hours=1)
    assert found.refresh_expires_at == NOW + timedelta(days=101)
    assert found.hard_expires_at == NOW + timedelta(days=1825)
    later = read_tokens({"access_token": "b"}, found, NOW + timedelta(days=1), "QuickBooks")
    assert later.hard_expires_at == found.hard_expires_at
    with pytest.raises(ReadError):
        read_tokens({"error": "x"}, Tokens(), NOW, "QuickBooks")


@pytest.mark.parametrize("life", [1e300, -5, float("inf"), "9" * 400, 10**400, "soon", None])
def test_no_number_keeps_a_new_pair_from_being_stored(life):
    """The server has moved on with its answer, whatever nonsense stands beside the tokens."""
    row = {"access_token": "a", "refresh_token": "b", "expires_in": life, HARD: life}
    found = read_tokens(row, Tokens(), NOW, "QuickBooks")
    assert found.refresh_token == "b"
    assert found.expires_at is not None
    assert found.expires_at > NOW


async def test_no_secret_is_ever_said_or_logged(caplog):
    """Whatever breaks, reasons and logs hold no token, secret or Authorization header."""
    caplog.set_level(logging.DEBUG)
    secrets = ["qbo-customer-token-0", "qbo-customer-refresh-0", "client-secret-value"]
    for status in (200, 400, 401, 403, 429, 500):
        rig = make_rig(worlds.right(), connection(System.QBO))
        echo = f"Token expired: {secrets[0]} Bearer {secrets[0]} {secrets[1]} {secrets[2]}-000001"
        rig.systems.faults.append(always("query|token", status, {"message": echo, "detail": echo}))
        found = await items(rig)
        assert isinstance(found, Failed)
        for secret in secrets:
            assert secret not in found.reason
            assert secret not in caplog.text
    assert "Bearer" not in caplog.text


async def test_a_refusal_is_logged_with_intuits_own_number(caplog):
    """Their support finds an answer by it, and their review asks for it."""
    caplog.set_level(logging.INFO, "integrations")
    for place, life in (("query", timedelta(hours=1)), ("token", timedelta())):
        rig = make_rig(worlds.right(), connection(System.QBO, expires_at=NOW + life))
        answer = httpx.Response(403, headers={"intuit_tid": f"1-{place}"})
        rig.systems.faults.append(Fault(place, lambda *_, told=answer: told))
        await items(rig)
        assert f"QuickBooks refused with 403 (intuit_tid 1-{place})" in caplog.text


def test_configuration_and_connections_never_print_secrets():
    """A repr is what ends up in logs by accident."""
    shown = f"{config()!r} {connection(System.QBO)!r}"
    assert "secret-value" not in shown
    assert "token-0" not in shown
