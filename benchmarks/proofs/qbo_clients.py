r"""The QuickBooks Online stand-in read by other people's clients.

Each client runs in an interpreter of its own and prints every row that it read; this program
compares them, field by field, with the records of the world (not with what the stand-in sent).
A client that is not installed is said to be skipped. From the project's folder::

    python3.12 -m venv /tmp/qbo && /tmp/qbo/bin/pip install \
        python-quickbooks==0.9.12 intuit-oauth==1.2.6 qbo-cli==0.9.0
    python3.12 -m venv /tmp/tap && /tmp/tap/bin/pip install tap-quickbooks==2.5.0
    npm install --prefix /tmp/node node-quickbooks@2.0.50
    .venv/bin/python -m benchmarks.proofs.qbo_clients --python /tmp/qbo/bin/python \
        --tap-python /tmp/tap/bin/python --node-modules /tmp/node/node_modules

Exit code 0: all that ran agree; 1: one does not; 2: nothing could run.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import which
from typing import Any

import httpx

from integrations.sandbox.qbo.store import QboStore, full_name
from integrations.sandbox.runner import Sandbox, run_sandbox
from integrations.sandbox.world.loader import load_demo
from integrations.sandbox.world.model import World
from integrations.sandbox.world.model_qbo import QboAccount, QboContact, QboCustomer, QboItem

READERS = Path(__file__).parent / "readers"
ENTITIES = ("Account", "Item", "Customer", "Vendor")
COMPANIES = ("acme", "cairns", "darwin")
LONGEST = 300.0
"""Seconds that a client may take."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client and how it is started."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""


def world() -> World:
    """The demo's, with a QuickBooks that offers PKCE."""
    demo = load_demo()
    return demo.model_copy(update={"qbo": demo.qbo.model_copy(update={"pkce": True})})


def clients(options: argparse.Namespace) -> list[Client]:
    """Every client of the trial, with the reason where it can't run."""
    python, tap, modules = options.python, options.tap_python, options.node_modules
    node = which("node")
    return [
        _python("python-quickbooks + intuit-oauth", python, "python_quickbooks", "quickbooks"),
        _python("qbo-cli", python, "qbo_cli", "qbo_cli"),
        _python("tap-quickbooks", tap, "tap_quickbooks", "tap_quickbooks"),
        Client(
            "node-quickbooks",
            (node or "node", str(READERS / "node_quickbooks.js")),
            {"NODE_PATH": modules or ""},
            ""
            if node and modules and (Path(modules) / "node-quickbooks").is_dir()
            else "node or the package is not installed (--node-modules)",
        ),
    ]


def _python(name: str, python: str | None, reader: str, module: str) -> Client:
    missing = "no interpreter was named (--python, --tap-python)"
    if python:
        found = list(Path(python).absolute().parent.parent.glob(f"lib/*/site-packages/{module}"))
        missing = "" if found else f"{module} is not installed for {python}"
    # Isolated, so that neither this project nor the reader's own name stands before the package.
    return Client(
        name, (python or "", "-I", "-Wignore", str(READERS / f"{reader}.py")), {}, missing
    )


async def read(client: Client, asked: dict[str, Any]) -> dict[str, Any]:
    """What the client read.

    Raises:
        RuntimeError: it failed or took too long; the message has its last words.
    """
    home = tempfile.mkdtemp()
    # The stand-in is plain http, which the clients' OAuth library refuses unless it is told.
    own = {"PATH": os.environ["PATH"], "HOME": home, "OAUTHLIB_INSECURE_TRANSPORT": "1"}
    process = await asyncio.create_subprocess_exec(
        *client.command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**own, **client.environment},
    )
    told = process.communicate(json.dumps(asked).encode())
    try:
        out, err = await asyncio.wait_for(told, LONGEST)
    except TimeoutError:
        process.kill()
        raise RuntimeError(f"no answer in {LONGEST:.0f} s") from None
    if process.returncode:
        raise RuntimeError(" | ".join(err.decode().strip().splitlines()[-3:]))
    found: dict[str, Any] = json.loads(out)
    return found


def truth(store: QboStore, entity: str) -> dict[str, dict[str, Any]]:
    """The world's records of one entity by id, as the facts that a reader has to arrive at."""
    return {str(one.id): _facts(store, one) for one in store.rows(entity).values()}


def _facts(store: QboStore, one: Any) -> dict[str, Any]:  # noqa: ANN401 - any of four records.
    mark = "" if one.active else " (deleted)"
    facts: dict[str, Any] = {"Active": one.active}
    if isinstance(one, QboContact):
        facts |= {"DisplayName": one.display_name + mark, "CompanyName": one.company_name}
        facts |= {"PrimaryEmailAddr": one.email, "PrimaryPhone": one.phone, "Mobile": one.mobile}
    else:
        facts |= {"Name": one.name + mark, "FullyQualifiedName": full_name(one) + mark}
    if isinstance(one, QboCustomer):
        facts |= {"FullyQualifiedName": full_name(one) + mark, "IsProject": one.is_project}
        facts["ParentRef"] = _id(store, "Customer", one.parent)
    if isinstance(one, QboAccount):
        facts |= {"AcctNum": one.acct_num, "AccountType": one.account_type}
    if isinstance(one, QboItem):
        facts |= {"Type": one.type, "Sku": one.sku}
        facts["ExpenseAccountRef"] = _id(store, "Account", one.expense_account)
    return facts


def _id(store: QboStore, entity: str, key: str | None) -> str | None:
    found = store.find(entity, key) if key else None
    return str(found.id) if found else None


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON.
    """A row's field without the client's own wrapping; empty is None."""
    if isinstance(value, dict):
        keys = ("value", "Address", "FreeFormNumber", "URI")
        return next((value[key] or None for key in keys if key in value), None)
    return None if value == "" else value


def differences(
    rows: Sequence[Mapping[str, Any]], world: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """What a client read differently from what the world holds.

    A field that the client does not know of at all (no row has it) is not compared.
    """
    found = [f"{row['Id']} was read twice" for row in _repeated(rows)]
    by_id = {str(row["Id"]): row for row in rows}
    found += [f"{key} was not read" for key in world.keys() - by_id.keys()]
    found += [f"{key} is not in the world" for key in by_id.keys() - world.keys()]
    known = {name for row in rows for name in row}
    for key in world.keys() & by_id.keys():
        for name, wanted in world[key].items():
            if name not in known:
                continue
            got = plain(by_id[key].get(name))
            if got != (wanted if wanted != "" else None) and (got or wanted):
                found.append(f"{key} {name}: {got!r}, not {wanted!r}")
    return found


def _repeated(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    often = Counter(str(row["Id"]) for row in rows)
    return [row for row in rows if often[str(row["Id"])] > 1]


async def trial(client: Client, slug: str, sandbox: Sandbox) -> bool:
    """One client reads one company; True when everything agrees."""
    customer = next(one for one in sandbox.world.customers if one.slug == slug)
    store = sandbox.live.qbo(customer.qbo_realm or "")
    assert store is not None
    async with httpx.AsyncClient(base_url=sandbox.qbo_url) as web:
        # A client in the same machine is faster than Intuit's ten requests a second.
        quick = {"op": "upsert", "kind": "qbo.settings", "in": store.id}
        await web.post("/_world/edits", json={**quick, "record": {"per_second": 1_000}})
        wanted = {"realm_id": store.id, "email": customer.qbo_authorised_by}
        granted = (await web.post("/_world/grants", json=wanted)).json()
    tops = [one for one in store.customers.values() if one.active and not one.parent]
    named = next(
        (one for one in tops if "'" in one.display_name or "&" in one.display_name), tops[0]
    )
    change = {"op": "upsert", "kind": "qbo.customer", "in": store.id, "key": str(named.id)}
    async with httpx.AsyncClient(base_url=sandbox.qbo_url) as web:
        await web.post("/_world/edits", json={**change, "record": {"notes": "Changed today"}})
    before = len(sandbox.live.qbo_log.entries())
    asked = {
        "url": sandbox.qbo_url,
        "realm": store.id,
        "client_id": sandbox.world.qbo.clients[0].id,
        "client_secret": sandbox.world.qbo.clients[0].secret,
        "refresh_token": granted["refresh_token"],
        "asks": {
            "name": named.display_name,
            "ids": [str(one.id) for one in tops[:3]],
            "since": (sandbox.clock.now() - timedelta(days=1)).isoformat(),
            "email": customer.qbo_authorised_by,
        },
    }
    try:
        answer = await read(client, asked)
    except RuntimeError as error:
        print(f"  {slug:7} FAILED: {error}")
        return False
    calls = len(sandbox.live.qbo_log.entries()) - before
    return _report(slug, store, answer, calls, named.id)


def _report(
    slug: str, store: QboStore, answer: Mapping[str, Any], calls: int, named: str | None
) -> bool:
    counts, wrong = [], []
    for entity in ENTITIES:
        rows = answer["rows"].get(entity, [])
        counts.append(f"{entity} {len(rows)}")
        wrong += [f"{entity} {line}" for line in differences(rows, truth(store, entity))]
    seen = answer["seen"]
    wrong += [
        f"{question}: {seen[question]}, not {wanted}"
        for question, wanted in _expected(store, named).items()
        if question in seen and seen[question] != wanted
    ]
    print(f"  {slug:7} {', '.join(counts)} in {calls} calls: {len(wrong)} differences")
    for line in wrong[:5]:
        print(f"          {line}")
    for question, told in seen.items():
        print(f"          {question}: {told}")
    return not wrong


def _expected(store: QboStore, named: str | None) -> dict[str, Any]:
    """Questions whose answers follow from the world."""
    active = [one for one in store.customers.values() if one.active]
    return {
        "by name": [named],
        "count of customers": len(active),
        "count after refresh": len(active),
        "like": min(1_000, sum(one.display_name.startswith("A") for one in active)),
        "items by Item.all": sum(one.active for one in store.items.values()),
        "changes since yesterday": {"Account": 0, "Customer": 1},
        "company name": store.company.name,
        "realm of the callback": store.id,
        "state is returned": True,
        "PKCE is offered": ["S256"],
        "code with another's verifier": "InvalidGrantError",
        "code with its own verifier": ["access_token"],
        "webhook tells": [["qbo.customer.updated.v1", True]],
        "its signature": True,
        "its signature by another": False,
    }


async def main(arguments: Sequence[str]) -> int:
    """Run every client that is there over the companies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--python", help="interpreter with python-quickbooks and qbo-cli")
    parser.add_argument("--tap-python", help="interpreter with tap-quickbooks")
    parser.add_argument("--node-modules", help="folder with node-quickbooks in it")
    options = parser.parse_args(arguments)
    results = []
    for client in clients(options):
        if client.missing:
            print(f"{client.name}: skipped, {client.missing}")
            continue
        print(client.name)
        # Stand-ins of its own, so that nobody runs into another's rate limit.
        async with run_sandbox(world()) as sandbox:
            results += [await trial(client, slug, sandbox) for slug in COMPANIES]
    if not results:
        return 2
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
