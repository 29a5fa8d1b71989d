"""The stand-ins tell of changes as Procore and Intuit do."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.sandbox.runner import Sandbox, run_sandbox
from integrations.sandbox.server import serve
from integrations.sandbox.world.loader import parse_world

WORLD = """
procore:
  companies:
    - {id: 7001, name: Kiama, cost_code_lists: [{name: Standard, codes: [03-300 Footings]}],
       vendors: [{name: ABC Plumbing}, {name: A.B.C. Plumbing}]}
qbo:
  companies:
    - realm_id: "4620816365000000777"
      name: Kiama
      users: [{email: ann@kiama.example, given_name: Ann, family_name: C, role: primary_admin}]
      customers: [{display_name: Kiama Council}, {display_name: Kiama Councl}]
"""
REALM = "4620816365000000777"


class Ear:
    """Takes deliveries."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple[str, bytes, Request]] = asyncio.Queue()

    async def take(self, request: Request) -> Response:
        await self.heard.put((request.url.path, await request.body(), request))
        return Response(status_code=200)

    async def next(self) -> tuple[str, bytes, Request]:
        return await asyncio.wait_for(self.heard.get(), 60)


@asynccontextmanager
async def told() -> AsyncIterator[tuple[Sandbox, Ear, httpx.AsyncClient]]:
    """A sandbox whose stand-ins were asked, at their own addresses, to tell of changes."""
    ear = Ear()
    app = Starlette(routes=[Route("/{which}", ear.take, methods=["POST"])])
    async with (
        serve(app) as url,
        run_sandbox(parse_world(WORLD)) as box,
        httpx.AsyncClient() as client,
    ):
        for at, which in ((box.procore_url, "procore"), (box.qbo_url, "qbo")):
            hook = {"url": f"{url}/{which}", "secret": f"secret of {which}"}
            answer = await client.post(f"{at}/_world/hooks", json=hook)
            assert answer.json()["hooks"] == [{"url": hook["url"], "status": None}]
        yield box, ear, client


async def edit(box: Sandbox, client: httpx.AsyncClient, *edits: dict[str, Any]) -> None:
    answer = await client.post(f"{box.qbo_url}/_world/edits", json={"edits": edits})
    assert answer.json()["ok"], answer.text


async def test_intuits_are_gathered_signed_cloud_events_and_procores_come_one_by_one() -> None:
    accounts = [
        {"op": "upsert", "kind": "qbo.account", "in": REALM, "record": {"name": f"A{n}"}}
        for n in range(3)
    ]
    merge = {"op": "merge", "kind": "qbo.customer", "in": REALM, "key": "Kiama Council"}
    people = {"op": "upsert", "kind": "qbo.user", "in": REALM, "key": "ann@kiama.example"}
    async with told() as (box, ear, client):
        await edit(box, client, *accounts, {**merge, "keys": ["Kiama Councl"]}, people)
        path, raw, request = await ear.next()
        digest = hmac.new(b"secret of qbo", raw, hashlib.sha256).digest()
        assert request.headers["intuit-signature"] == base64.b64encode(digest).decode()
        events = json.loads(raw)
        kinds = [event["type"] for event in events]
        # QuickBooks tells nothing about users: they are no records of its accounting API.
        assert (path, kinds) == (
            "/qbo",
            ["qbo.account.created.v1"] * 3 + ["qbo.customer.merged.v1"],
        )
        assert {event["intuitaccountid"] for event in events} == {REALM}
        assert len({event["id"] for event in events}) == 4

        code = {"code": "03-310", "name": "Slabs"}
        vendors = {"op": "merge", "kind": "procore.vendor", "in": "7001", "key": "ABC Plumbing"}
        await edit(
            box,
            client,
            {"op": "upsert", "kind": "procore.cost_code", "in": "7001", "record": code},
            {**vendors, "keys": ["A.B.C. Plumbing"]},
            {"op": "upsert", "kind": "procore.settings", "in": "7001", "record": {"totals": False}},
        )
        heard = [await ear.next() for _ in range(2)]
        bodies = [json.loads(raw) for _, raw, _ in heard]
        assert [(one["resource_name"], one["event_type"]) for one in bodies] == [
            ("Standard Cost Codes", "create"),
            ("Company Vendors", "update"),
        ]
        assert {one["company_id"] for one in bodies} == {7001}
        assert heard[0][2].headers["authorization"] == "secret of procore"


async def test_who_unsubscribed_is_told_nothing_and_a_bad_address_is_refused() -> None:
    async with told() as (box, ear, client):
        cleared = await client.delete(f"{box.qbo_url}/_world/hooks")
        assert cleared.json() == {"ok": True, "cleared": 1}
        bad = await client.post(f"{box.qbo_url}/_world/hooks", json={"url": "file:///etc"})
        assert (bad.status_code, bad.json()["error"]) == (400, "invalid_hook")
        record = {"name": "Formwork"}
        await edit(box, client, {"op": "upsert", "kind": "qbo.item", "in": REALM, "record": record})
        assert box.live.hooks.listing("qbo") == []
        await edit(
            box, client, {"op": "upsert", "kind": "procore.vendor", "in": "7001", "record": record}
        )
        assert (await ear.next())[0] == "/procore"
