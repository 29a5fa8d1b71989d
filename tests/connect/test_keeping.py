"""Keeping sign-ins: used before they lapse, warned of before they end, asked for once they died."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.domain import facets
from bot.domain.customer import Purpose
from bot.domain.lifecycle import Stage
from bot.domain.model import Cause, Failed, System
from bot.services.errors import UserError
from bot.services.notices import ExpiryNotice, ReconnectNotice
from bot.storage.tables import SignInRow
from tests.connect.rig import ACME, BIG, DANA, HOME, INTERFY, SUPPORT, Rig

TOKEN = "/oauth2/v1/tokens/bearer"
REVOKES = {System.PROCORE: "/oauth/revoke", System.QBO: "/v2/oauth2/tokens/revoke"}


async def tick(rig: Rig) -> None:
    assert rig.services.signing_in is not None
    assert await rig.services.signing_in.keep_alive.tick() == 0


def renewals(rig: Rig) -> int:
    return len([one for one in rig.requests(System.QBO, TOKEN) if one["status"] == 200])


async def kill(rig: Rig, system: System = System.QBO, who: str = DANA) -> None:
    """End a sign-in at the server, as its user can in the system's own settings."""
    live = rig.sandbox.live
    tokens = live.procore_tokens if system is System.PROCORE else live.qbo_tokens
    client = "procore-app" if system is System.PROCORE else "qbo-app"
    realm = "" if system is System.PROCORE else ACME
    assert tokens.revoke_grants(client=client, subject=who, realm=realm)


async def test_a_resting_customers_sign_in_never_lapses(rig: Rig):
    """Half a year in which nobody reads: the refresh token is used each week, and lives."""
    await rig.connected(System.QBO, DANA)
    before = renewals(rig)
    for _day in range(7):
        rig.clock.advance(timedelta(days=1))
        await tick(rig)
    assert renewals(rig) == before
    for _week in range(20):
        rig.clock.advance(timedelta(days=8))
        await tick(rig)
        await tick(rig)
    assert renewals(rig) == before + 20
    await rig.services.checks.run(rig.customer.id, ["qbo-duplicate-customers"], "U0SAM")
    assert await rig.kind("qbo-duplicate-customers") == "verified"


async def test_without_it_the_sign_in_would_have_lapsed(rig: Rig):
    """The counter-proof: 102 idle days, and Intuit refuses."""
    await rig.connected(System.QBO, DANA)
    rig.clock.advance(timedelta(days=102))
    await tick(rig)
    found = await rig.stored(System.QBO)
    assert found is not None
    assert "connect QuickBooks again" in found.broken


async def test_an_archived_customer_and_procore_are_left_alone(rig: Rig):
    await rig.connected(System.QBO, DANA)
    await rig.connected(System.PROCORE, DANA)
    before = renewals(rig), len(rig.requests(System.PROCORE, "/oauth/token"))
    async with rig.core.store.transaction() as tx:
        locked = await tx.customers.lock(rig.customer.id)
        await tx.customers.save(replace(locked, stage=Stage.ARCHIVED))
    rig.clock.advance(timedelta(days=30))
    await tick(rig)
    assert (renewals(rig), len(rig.requests(System.PROCORE, "/oauth/token"))) == before


async def test_a_fault_at_the_server_is_no_end(rig: Rig):
    await rig.connected(System.QBO, DANA)
    rig.clock.advance(timedelta(days=8))
    fault = {"match": {"path": TOKEN}, "fault": {"kind": "status", "status": 503}}
    await rig.browser.post(f"{rig.sandbox.qbo_url}/_world/faults", json=fault)
    await tick(rig)
    found = await rig.stored(System.QBO)
    assert found is not None
    assert found.broken == ""
    assert await rig.said() == []


async def test_the_hard_end_is_warned_of_thirty_and_seven_days_before_once_each(rig: Rig):
    """Every day is looked at, and the server counts the end anew each time it is asked."""
    await rig.connected(System.QBO, DANA)
    found = await rig.stored(System.QBO)
    assert found is not None
    end = found.tokens.hard_expires_at
    assert end is not None
    async with rig.core.store.transaction() as tx:
        soon = replace(found.tokens, hard_expires_at=rig.clock.now() + timedelta(days=33))
        await tx.connections.put(replace(found, tokens=soon))
    told: list[tuple[int, str, int]] = []
    for day in range(1, 33):
        rig.clock.advance(timedelta(days=1))
        async with rig.core.store.transaction() as tx:
            now = await tx.connections.get(rig.customer.id, System.QBO)
            assert now is not None
            fresh = replace(now.tokens, expires_at=rig.clock.now())
            await tx.connections.put(replace(now, tokens=fresh))
        await tick(rig)
        for channel, notice in await rig.said():
            assert isinstance(notice, ExpiryNotice)
            told.append((day, channel, notice.days))
    assert told == [(3, SUPPORT, 30), (3, HOME, 30), (26, SUPPORT, 7), (26, HOME, 7)]


async def test_the_end_that_intuit_tells_stays_the_same_end(rig: Rig):
    """Renewed eight days later, it ends on the same day as before."""
    await rig.connected(System.QBO, DANA)
    first = await rig.stored(System.QBO)
    rig.clock.advance(timedelta(days=8))
    await tick(rig)
    second = await rig.stored(System.QBO)
    assert first is not None
    assert second is not None
    assert second.tokens.access_token != first.tokens.access_token
    assert second.tokens.hard_expires_at == first.tokens.hard_expires_at


@pytest.mark.parametrize("system", System)
async def test_a_dead_sign_in_is_asked_for_once_per_break(rig: Rig, system: System):
    """Two checks and a round find it dead; the customer's channel hears of it once."""
    await rig.connected(system, DANA)
    await kill(rig, system)
    rig.clock.advance(timedelta(hours=3))
    item = "procore-support-user" if system is System.PROCORE else "qbo-duplicate-customers"
    for _time in range(2):
        await rig.services.checks.run(rig.customer.id, [item], "U0SAM")
    await tick(rig)
    said = await rig.said()
    assert [channel for channel, _ in said] == [HOME]
    assert isinstance(said[0][1], ReconnectNotice)
    assert said[0][1].system == system.value
    view = await rig.services.customers.view(rig.customer.id)
    finding = view.report.status(item).finding
    assert finding is not None
    assert finding.cause is Cause.RECONNECT
    await rig.sign_in(system, DANA)
    assert await rig.kind(item) == "verified"
    await kill(rig, system)
    rig.clock.advance(timedelta(hours=3))
    await rig.services.checks.run(rig.customer.id, [item], "U0SAM")
    assert len(await rig.said()) == 1


async def test_the_support_users_dead_sign_in_is_staffs_matter(rig: Rig):
    await rig.connected(System.QBO, DANA)
    await rig.connected(System.QBO, INTERFY, Purpose.SUPPORT)
    await kill(rig, who=INTERFY)
    rig.clock.advance(timedelta(hours=3))
    await rig.services.checks.run(rig.customer.id, ["qbo-support-user"], "U0SAM")
    assert [channel for channel, _ in await rig.said()] == [SUPPORT]


@pytest.mark.parametrize("system", System)
@pytest.mark.parametrize("state", ["live", "dead", "unreachable"])
async def test_disconnecting_ends_it_there_and_deletes_it_here(
    rig: Rig, system: System, state: str
):
    """Even when the server says that the token is dead, or says nothing."""
    await rig.connected(system, DANA)
    url = rig.sandbox.procore_url if system is System.PROCORE else rig.sandbox.qbo_url
    if state == "dead":
        await kill(rig, system)
    if state == "unreachable":
        fault = {"match": {"method": "POST"}, "fault": {"kind": "status", "status": 503}}
        await rig.browser.post(f"{url}/_world/faults", json=fault)
    settled = await rig.connect.disconnect(rig.customer.id, system, Purpose.CUSTOMER, "U0DANA")
    assert settled.told is (state != "unreachable")
    assert settled.was.external_id == (str(BIG) if system is System.PROCORE else ACME)
    assert await rig.stored(system) is None
    assert len(await rig.history("disconnect")) == 1
    await rig.services.drain()
    facet = facets.SUPPORT_USER if system is System.PROCORE else facets.CUSTOMERS
    read = (await rig.core.reader.read(rig.customer.id, [facet])).get(facet)
    assert isinstance(read, Failed)
    assert read.cause is Cause.NOT_CONNECTED
    assert len(rig.requests(system, REVOKES[system])) == 1
    with pytest.raises(UserError, match="nothing changed"):
        await rig.connect.disconnect(rig.customer.id, system, Purpose.CUSTOMER, "U0DANA")


@pytest.mark.parametrize(("system", "own"), [(System.QBO, DANA), (System.PROCORE, INTERFY)])
async def test_disconnecting_spares_what_would_end_with_it(rig: Rig, system: System, own: str):
    """QuickBooks knows one connection of an app to a company, Procore the sign-ins of a person."""
    await rig.connected(system, own)
    await rig.connected(system, INTERFY, Purpose.SUPPORT)
    settled = await rig.connect.disconnect(rig.customer.id, system, Purpose.SUPPORT, "U0SAM")
    assert (settled.told, settled.shared) == (False, True)
    last = await rig.connect.disconnect(rig.customer.id, system, Purpose.CUSTOMER, "U0DANA")
    assert (last.told, last.shared) == (True, False)
    assert len(rig.requests(system, REVOKES[system])) == 1


async def test_old_sign_ins_are_forgotten_and_hold_no_secret_once_used(rig: Rig):
    """The tokens of a choice that was made are nowhere but in the connection."""
    page = await rig.sign_in(System.PROCORE, INTERFY)
    await rig.press(page, str(BIG))
    async with rig.core.store.transaction() as tx:
        secrets = (await tx.database.scalars(select(SignInRow.secret))).all()
        assert list(secrets) == ["", ""]
        assert await tx.signins.forget_before(rig.clock.now() + timedelta(days=1)) == 2
