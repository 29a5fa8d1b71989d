"""The three servers together: ports, faults on the wire, the log, a clean stop."""

import socket
from datetime import timedelta
from typing import Any

import httpx
import pytest

from integrations.sandbox.log import HIDDEN, hide_secrets
from integrations.sandbox.runner import run_sandbox
from integrations.sandbox.server import PortInUseError
from integrations.sandbox.world.loader import parse_world
from tests.sandbox.conftest import COMPANY, Box

USERS = f"/rest/v1.3/companies/{COMPANY}/users"
VENDORS = "/rest/v1.0/vendors"


async def test_all_three_answer_and_their_ports_are_free_afterwards():
    async with run_sandbox(parse_world("")) as sandbox, httpx.AsyncClient() as http:
        urls = (sandbox.procore_url, sandbox.qbo_url, sandbox.slack_url)
        for url in urls:
            assert (await http.get(f"{url}/_world")).json()["clients"]
    for url in urls:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(url.rsplit(":", 1)[1]))) != 0


async def test_a_taken_port_is_told_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUseError, match=f"Port {port} is already in use"):
            async with run_sandbox(parse_world(""), qbo_port=port):
                pytest.fail("it must not start")


async def test_the_world_that_was_given_is_never_changed(box: Box):
    vendors = box.live.world.procore.companies[0].vendors
    await box.edit({"op": "remove", "kind": "procore.vendor", "in": COMPANY, "key": "Barron Hire"})
    assert "Barron Hire" in {one.name for one in vendors}
    assert all(one.id is None for one in vendors)


@pytest.mark.parametrize(
    ("system", "fault", "status", "body"),
    [
        ("procore", {"kind": "status", "status": 429}, 429, "You have surpassed"),
        ("procore", {"kind": "status", "status": 503}, 503, "We're sorry"),
        ("procore", {"kind": "status", "status": 404}, 404, "Not found"),
        ("procore", {"kind": "status", "status": 422}, 422, "could not be processed"),
        ("procore", {"kind": "html200"}, 200, "<!doctype html>"),
        ("procore", {"kind": "xml", "status": 500}, 500, "<?xml"),
        ("procore", {"kind": "body", "body": {"errors": {"a": ["b"]}}, "status": 400}, 400, '"a"'),
        ("procore", {"kind": "body", "body": "[1, 2"}, 200, "[1, 2"),
        ("procore", {"kind": "expired_token"}, 401, "Invalid Token"),
        ("qbo", {"kind": "status", "status": 429}, 429, 'code="3001"'),
        ("qbo", {"kind": "status", "status": 403}, 403, "errorCode=003100"),
        ("qbo", {"kind": "status", "status": 500}, 500, '"10000"'),
        ("qbo", {"kind": "status"}, 503, "SystemFault"),
        ("qbo", {"kind": "xml", "status": 401}, 401, "<IntuitResponse"),
        ("qbo", {"kind": "body", "body": {"Fault": {"Error": []}}}, 200, '"Fault"'),
        ("qbo", {"kind": "revoked_token"}, 401, "Token revoked"),
    ],
)
async def test_a_fault_answers_in_the_systems_own_shape_once(
    box: Box, system: str, fault: dict[str, Any], status: int, body: str
):
    ask = (lambda: box.procore(USERS)) if system == "procore" else lambda: box.qbo("preferences")
    assert (await ask()).status_code == 200
    await box.fault(system, fault)
    answer = await ask()
    assert answer.status_code == status
    assert body in answer.text
    token_died = fault["kind"] in {"expired_token", "revoked_token"}
    assert (await ask()).status_code == (401 if token_died else 200)


async def test_headers_of_a_fault_are_sent(box: Box):
    await box.fault("procore", {"kind": "status", "headers": {"Retry-After": "7"}})
    assert (await box.procore(USERS)).headers["retry-after"] == "7"


async def test_connections_are_cut(wired_box: Box):
    await wired_box.procore(USERS)
    await wired_box.fault("procore", {"kind": "reset"}, path="/users$")
    with pytest.raises(httpx.TransportError):
        await wired_box.procore(USERS)
    await wired_box.fault("procore", {"kind": "truncate"}, path="/users$")
    with pytest.raises(httpx.RemoteProtocolError):
        await wired_box.procore(USERS)
    await wired_box.fault("procore", {"kind": "timeout", "seconds": 0.01}, path="/users$")
    with pytest.raises(httpx.TransportError):
        await wired_box.procore(USERS)
    statuses = [one["status"] for one in wired_box.live.procore_log.entries()]
    assert statuses == [200, None, 200, None]


async def test_a_late_answer_is_right(box: Box):
    await box.fault("qbo", {"kind": "latency", "seconds": 0.01})
    assert (await box.qbo("preferences")).status_code == 200


async def test_faults_match_by_method_path_and_count(box: Box):
    match = {"method": "get", "path": "/vendors$", "nth": 2, "times": 2}
    await box.fault("procore", {"kind": "status"}, **match)
    seen = [(await box.procore(VENDORS, company_id=COMPANY)).status_code for _ in range(4)]
    assert seen == [200, 503, 503, 200]
    assert (await box.procore(USERS)).status_code == 200


async def test_faults_are_listed_and_cleared(box: Box):
    url = f"{box.procore_url}/_world/faults"
    await box.fault("procore", {"kind": "status"}, times=None)
    assert (await box.procore(USERS)).status_code == 503
    listed = (await box.http.get(url)).json()["faults"]
    assert [(one["fault"], one["used"], one["spent"]) for one in listed] == [
        ({"kind": "status"}, 1, False)
    ]
    assert (await box.http.delete(url)).json() == {"ok": True, "cleared": 1}
    assert (await box.procore(USERS)).status_code == 200


async def test_a_fault_that_makes_no_sense_is_refused_with_reasons(box: Box):
    url = f"{box.qbo_url}/_world/faults"
    answer = await box.http.post(url, json={"match": {"path": "("}, "fault": {"kind": "status"}})
    assert answer.status_code == 400
    assert "not a regular expression" in answer.json()["message"]
    answer = await box.http.post(url, content="{")
    assert answer.json()["error"] == "invalid_json"


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("page_cap", ["A.B.C. Plumbing P/L"]),
        ("repeat_page", ["ABC Plumbing Pty Ltd", "A.B.C. Plumbing P/L"]),
        ("empty_page", []),
    ],
)
async def test_pages_go_wrong_on_demand_in_procore(box: Box, kind: str, found: list[str]):
    await box.fault("procore", {"kind": kind})
    rows = (await box.procore(VENDORS, company_id=COMPANY, page=2)).json()
    assert [one["name"] for one in rows] == found


@pytest.mark.parametrize(
    ("kind", "found"), [("page_cap", ["3"]), ("repeat_page", ["1", "2"]), ("empty_page", [])]
)
async def test_pages_go_wrong_on_demand_in_quickbooks(box: Box, kind: str, found: list[str]):
    await box.fault("qbo", {"kind": kind})
    text = "select * from Customer orderby Id startposition 3 maxresults 2"
    rows = (await box.query(text))["QueryResponse"].get("Customer", [])
    assert [one["Id"] for one in rows] == found


async def test_a_skewed_clock_shows_in_the_headers(box: Box):
    await box.fault("procore", {"kind": "clock_skew", "seconds": 600})
    answer = await box.procore(USERS)
    assert answer.headers.get_list("date") == ["Mon, 23 Nov 2026 01:10:00 GMT"]
    straight = await box.procore(USERS)
    resets = [int(one.headers["x-rate-limit-reset"]) for one in (answer, straight)]
    assert resets[0] - resets[1] == 600


async def test_the_log_can_be_read_from_where_one_left_off(box: Box):
    await box.procore(USERS)
    await box.procore(USERS)
    url = f"{box.procore_url}/_world/log"
    entries = (await box.http.get(url, params={"after": 1})).json()["entries"]
    assert [one["n"] for one in entries] == [2]


def test_no_secret_stays_in_what_is_logged():
    shown = hide_secrets(
        {"code": "c", "deep": [{"refresh_token": "r"}], "text": "use xoxb-1-abc now", "n": 1}
    )
    assert shown == {
        "code": HIDDEN,
        "deep": [{"refresh_token": HIDDEN}],
        "text": f"use {HIDDEN} now",
        "n": 1,
    }


async def test_the_three_share_one_clock(box: Box):
    box.live.clock.advance(timedelta(days=1))
    for url in (box.procore_url, box.qbo_url):
        clock = (await box.http.get(f"{url}/_world")).json()["clock"]
        assert clock == box.live.clock.now().isoformat()
