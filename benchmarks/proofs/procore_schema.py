"""The Procore stand-in's answers against Procore's own published schema.

Every call that a full check of a demo customer makes is made again, and those that other sign-ins
and companies lead to (``OTHERS``), and each answer is validated against the OpenAPI document that
is named (Procore publishes one per API version; any subset with these paths will do)::

    .venv/bin/python -m benchmarks.proofs.procore_schema openapi.json

Exit code 0: every answer satisfies its schema; 1: one does not; 2: there is no document.
"""

import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from bot.core import NoBoard, NoMessenger, open_core
from bot.demo import demo_settings, read_world, seed
from integrations.sandbox.runner import Sandbox, run_sandbox

CUSTOMERS = ("acme", "bondi", "cairns")
OTHERS = (
    "/rest/v1.0/me",
    "/rest/v1.0/companies",
    "/rest/v1.0/settings/permissions?company_id={company}",
    "/rest/v1.0/companies/{company}/users/inactive?page=1&per_page=2000",
    "/rest/v1.0/companies/{company}/permission_templates/{template}",
)
"""Signing in, the support user's own sign-in, a company without it, templates without levels."""
_LEVEL = re.compile(r"tools/\[\]/user_access_level/(id|name): .* is not of type 'object'")
"""The document calls a level's number and name objects; its own example has 4 and "Admin"."""


def plain(schema: Any) -> Any:  # noqa: ANN401 - JSON.
    """OpenAPI 3.0's ``nullable`` as JSON Schema's own null."""
    if isinstance(schema, list):
        return [plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: plain(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") is True else made


def template_of(path: str, document: Mapping[str, Any]) -> str | None:
    """The document's path that this path is one of."""
    for template in document["paths"]:
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path):
            return str(template)
    return None


def faults(body: object, template: str, document: Mapping[str, Any]) -> Iterator[str]:
    """Where an answer breaks its schema."""
    answer = document["paths"][template]["get"]["responses"]["200"]
    schema = plain(answer["content"]["application/json"]["schema"])
    whole = {**schema, "components": plain(document["components"])}
    for error in Draft202012Validator(whole).iter_errors(body):
        place = "/".join("[]" if isinstance(part, int) else str(part) for part in error.path)
        line = f"{place}: {error.message[:160]}"
        if not _LEVEL.fullmatch(line):
            yield line


async def calls_of(slug: str, sandbox: Sandbox) -> list[tuple[str, dict[str, str]]]:
    """The Procore reads of a full check, each once: path and query."""
    before = len(sandbox.live.procore_log.entries())
    async with open_core(demo_settings(sandbox, "sqlite://"), sandbox.clock) as core:
        await seed(core, sandbox)
        services = core.services(NoMessenger(), NoBoard())
        customer = await services.customers.find(slug)
        await services.checks.run(customer.id, None, "trial")
    made = sandbox.live.procore_log.entries(after=before)
    reads = [one for one in made if one.get("method") == "GET" and one["status"] == 200]
    return [(one["path"], dict(one["query"])) for one in reads]


async def others(web: httpx.AsyncClient, company: str) -> list[tuple[str, dict[str, str]]]:
    """``OTHERS`` for one company: path and query."""
    listed = await web.get(f"/rest/v1.0/companies/{company}/permission_templates")
    urls = [
        httpx.URL(one.format(company=company, template=listed.json()[0]["id"])) for one in OTHERS
    ]
    return [(url.path, dict(url.params)) for url in urls]


async def trial(slug: str, sandbox: Sandbox, document: Mapping[str, Any]) -> int:
    """Validate one customer's answers; how many rows of complaint there are."""
    known = next(one for one in sandbox.world.customers if one.slug == slug)
    wanted = {"company_id": known.procore_company, "email": known.procore_authorised_by}
    found: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    async with httpx.AsyncClient(base_url=sandbox.procore_url) as web:
        token = (await web.post("/_world/grants", json=wanted)).json()["access_token"]
        web.headers["Authorization"] = f"Bearer {token}"
        web.headers["Procore-Company-Id"] = str(known.procore_company)
        calls = await others(web, str(known.procore_company))
        for path, query in [*await calls_of(slug, sandbox), *calls]:
            template = template_of(path, document)
            if template is None:
                found[f"{path}: not in the document"] += 1
                continue
            body = (await web.get(path, params=query)).json()
            answers[template] += len(body) if isinstance(body, list) else 1
            found.update(f"{template} {line}" for line in faults(body, template, document))
    print(f"{slug}: {sum(answers.values())} records of {len(answers)} endpoints")
    for template, count in sorted(answers.items()):
        print(f"  {count:5} {template}")
    for line, count in found.most_common():
        print(f"  WRONG {count} x {line}")
    return len(found)


async def main(arguments: list[str]) -> int:
    """Validate every customer's answers."""
    try:
        document = json.loads(Path(arguments[0]).read_text())  # noqa: ASYNC240 - nothing else runs.
    except (IndexError, OSError):
        print("Name Procore's OpenAPI document (JSON).")
        return 2
    async with run_sandbox(read_world(None)) as sandbox:
        wrong = [await trial(slug, sandbox, document) for slug in CUSTOMERS]
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
