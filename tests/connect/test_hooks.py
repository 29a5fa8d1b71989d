"""Procore's webhooks: made when a customer is connected, taken away before it is not."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.diagnosis.systems import connection_lines
from bot.domain.customer import Purpose
from bot.domain.model import System
from bot.services.health import State
from bot.services.purge import PurgeService
from bot.services.webhooks import PATHS
from integrations.procore.hooks import NAMESPACE, _wanted
from integrations.sandbox.world.hooks import Hook
from integrations.signin import SignInGateway
from tests.connect.rig import BIG, DANA, LIAM, SMALL, Rig

PROCORE = System.PROCORE
TRIGGERS = {
    ("Company Users", "create"),
    ("Company Users", "update"),
    ("Company Vendors", "create"),
    ("Company Vendors", "update"),
    ("Projects", "create"),
    ("Projects", "update"),
    ("Standard Cost Code Lists", "create"),
    ("Standard Cost Codes", "create"),
    ("Standard Cost Codes", "delete"),
    ("Standard Cost Codes", "update"),
}


def hooks(rig: Rig, company: int = BIG) -> list[Hook]:
    return rig.sandbox.live.hooks.made(str(company))


async def fault(rig: Rig, method: str, path: str, status: int, nth: int = 1) -> None:
    rule = {
        "match": {"method": method, "path": path, "nth": nth},
        "fault": {"kind": "status", "status": status},
    }
    async with httpx.AsyncClient() as web:
        answer = await web.post(f"{rig.sandbox.procore_url}/_world/faults", json=rule)
    assert answer.status_code == 200, answer.text


async def connected(rig: Rig) -> None:
    await rig.connected(PROCORE, DANA)
    assert await rig.services.hooks.tend() == 1


async def test_it_is_made_once_for_what_the_company_offers_with_our_header(rig: Rig) -> None:
    await connected(rig)
    (hook,) = hooks(rig)
    assert hook.url == rig.url + PATHS[PROCORE]
    assert hook.secret == rig.core.settings.procore_webhook_secret.get_secret_value()
    assert (hook.namespace, hook.triggers) == (NAMESPACE, TRIGGERS)
    assert await rig.history("webhook") == [
        "Company Users, Company Vendors, Projects, Standard Cost Code Lists, Standard Cost Codes"
    ]
    assert await rig.services.hooks.tend() == 0
    assert len(rig.requests(PROCORE, "/rest/v1.0/webhooks/resources")) == 1


async def test_it_goes_before_the_connection_does(rig: Rig) -> None:
    await connected(rig)
    await rig.connect.disconnect(rig.customer.id, PROCORE, Purpose.CUSTOMER, "U0DANA")
    assert hooks(rig) == []
    assert await rig.services.hooks.tend() == 0
    await rig.services.drain()


async def test_the_diagnosis_says_who_does_not_tell(rig: Rig) -> None:
    async def said() -> list[tuple[State, str]]:
        lines = await connection_lines(rig.core, [rig.customer])
        return [(one.state, one.text) for one in lines if one.name == "webhooks"]

    assert await said() == []
    await rig.connected(PROCORE, DANA)
    silent = "Procore tells of changes in 0 of 1 company"
    assert await said() == [(State.WARN, silent)]
    await rig.services.hooks.tend()
    assert await said() == [(State.PASS, silent.replace("0", "1", 1))]


async def test_it_goes_with_a_customer_that_is_deleted(rig: Rig) -> None:
    await connected(rig)
    gateway = SignInGateway(rig.core.reader.connector)
    purging = PurgeService(rig.core.store, rig.clock, gateway, rig.services.hooks)
    await purging.purge(rig.customer.id, "operator")
    assert hooks(rig) == []


async def test_a_procore_that_cannot_be_asked_holds_no_disconnect_up(rig: Rig) -> None:
    await connected(rig)
    await fault(rig, "DELETE", "/webhooks/hooks/", 500)
    await rig.connect.disconnect(rig.customer.id, PROCORE, Purpose.CUSTOMER, "U0DANA")
    await rig.services.drain()
    assert await rig.stored(PROCORE) is None
    assert len(hooks(rig)) == 1


async def test_another_company_gets_its_own_and_the_former_one_loses_it(rig: Rig) -> None:
    await connected(rig)
    page = await rig.sign_in(PROCORE, LIAM)
    await rig.press(page, "yes")
    await rig.services.drain()
    assert hooks(rig) == []
    assert await rig.services.hooks.tend() == 1
    assert len(hooks(rig, SMALL)) == 1


async def test_a_login_that_may_not_is_said_once_and_tried_again_tomorrow(rig: Rig) -> None:
    await rig.connected(PROCORE, DANA)
    for _ in range(2):
        await fault(rig, "GET", "webhooks/resources", 403)
        assert await rig.services.hooks.tend() == 1
        assert await rig.services.hooks.tend() == 0
        rig.clock.advance(timedelta(days=1, seconds=1))
    (line,) = await rig.history("no webhook")
    assert line.startswith("Procore doesn't let this login see it")
    assert await rig.services.hooks.tend() == 1
    assert len(hooks(rig)) == 1


@pytest.mark.parametrize("nth", [1, 4])
async def test_half_a_webhook_is_taken_away_again(rig: Rig, nth: int) -> None:
    """It would count as one that tells of everything, and the night would not look."""
    await rig.connected(PROCORE, DANA)
    await fault(rig, "POST", "/triggers", 422, nth)
    await rig.services.hooks.tend()
    assert hooks(rig) == []
    assert len(await rig.history("no webhook")) == 1


async def test_what_a_crash_left_is_replaced_and_others_are_left_alone(rig: Rig) -> None:
    await connected(rig)
    url = rig.url + PATHS[PROCORE]
    others = [
        Hook(url, "theirs", company=str(BIG), namespace="procore"),
        Hook("https://other.example", "theirs", company=str(BIG), namespace=NAMESPACE),
    ]
    for one in others:
        rig.sandbox.live.hooks.add(one)
    async with rig.core.store.transaction() as tx:
        await tx.hooks.delete(rig.customer.id)
    await rig.services.hooks.tend()
    assert next(one for one in hooks(rig) if one not in others).triggers == TRIGGERS
    assert len(hooks(rig)) == 3


async def test_a_new_sign_in_makes_it_anew_and_another_process_leaves_it_alone(rig: Rig) -> None:
    await connected(rig)
    (before,) = hooks(rig)
    rig.clock.advance(timedelta(hours=1))
    await rig.sign_in(PROCORE, DANA)
    twin = rig.core.services(rig.messenger, rig.board)
    assert sorted([await rig.services.hooks.tend(), await twin.hooks.tend()]) == [0, 1]
    (after,) = hooks(rig)
    assert after.id != before.id


async def test_without_a_secret_nothing_is_written_into_anybodys_procore(rig: Rig) -> None:
    plain = replace(rig.core, settings=rig.core.settings.model_copy(
        update={"procore_webhook_secret": type(rig.core.settings.procore_webhook_secret)("")}
    ))  # fmt: skip
    await rig.connected(PROCORE, DANA)
    assert await plain.services(rig.messenger, rig.board).hooks.tend() == 0
    assert hooks(rig) == []


def test_names_are_found_wherever_a_row_has_them() -> None:
    rows = [
        {"name": "company_vendors", "except": ["create", "delete"]},
        {"resource_name": "Projects", "except": None},
        {"tools": "RFIs", "except": []},
        {},
    ]
    assert _wanted(rows) == [
        ("company_vendors", "update"),
        ("Projects", "create"),
        ("Projects", "update"),
        ("Projects", "delete"),
    ]
