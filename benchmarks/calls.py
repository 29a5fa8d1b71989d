"""How many calls a check makes, counted in the stand-ins' logs: the tables of docs/calls.md.

``python -m benchmarks.calls`` prints them; a test holds the page against them.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from benchmarks.faults import worlds
from benchmarks.faults.rig import PROCORE, QBO, Rig, endpoint_of
from bot.domain.catalogue import catalogue
from bot.domain.model import Facet
from tests.fakes.lists import MemoryLists

PAGE = Path(__file__).parents[1] / "docs" / "calls.md"
_V, _WBS = "/rest/v1.0", "/rest/v1.0/companies/{id}/work_breakdown_structure/segments"
_COMPANY, _QUERY = "/rest/v1.0/companies/{id}", "qbo /v3/company/{id}/query"

_COUNTED = "0 if 50 to 999 and no multiple of 5, else 1"

FORMULAS = {
    "procore /rest/v1.3/companies/{id}/users": "1 (a search by address)",
    "procore /rest/v1.3/companies/{id}/users/{id}": "1 if the user is active",
    f"procore {_COMPANY}/users/inactive": "⌈inactive users ÷ 2,000⌉ if it is not",
    f"procore {_COMPANY}/permission_templates": "1 for company and 1 for project templates",
    f"procore {_COMPANY}/permission_templates/{{id}}": "1 for each without levels in the list",
    f"procore {_V}/me": "1 if only the support user's sign-in can tell",
    f"procore {_V}/settings/permissions": "1 if that sign-in is the support user's",
    f"procore {_COMPANY}/users/{{id}}/project_assignments": "⌈projects ÷ 2,000⌉",
    f"procore {_V}/standard_cost_code_lists": "1",
    f"procore {_V}/standard_cost_codes": "for each list ⌈codes ÷ 2,000⌉",
    f"procore {_WBS}": "1",
    f"procore {_WBS}/{{id}}/lists": "1",
    f"procore {_WBS}/{{id}}/segment_items": "for each list ⌈codes ÷ 2,000⌉",
    f"procore {_V}/vendors": "⌈vendors ÷ 1,000⌉",
    f"procore {_COMPANY}/vendors/inactive": "⌈inactive vendors ÷ 1,000⌉",
    "qbo /v1/openid_connect/userinfo": "1; 2 if a sign-in of the support user proves nothing",
    "qbo /v3/company/{id}/companyinfo/{id}": "1 if the address is the support user's",
    "qbo /v3/company/{id}/preferences": "1",
    f"{_QUERY} Account": "⌈accounts ÷ 1,000⌉",
    f"{_QUERY} Account count": _COUNTED,
    f"{_QUERY} Item": "⌈items ÷ 1,000⌉",
    f"{_QUERY} Item count": _COUNTED,
    f"{_QUERY} Customer": "⌈customers ÷ 1,000⌉",
    f"{_QUERY} Customer count": _COUNTED,
}
"""Calls by the rows that a company has; any list costs at least one. A server that caps pages
below what was asked for makes more of them."""


CDC = "qbo /v3/company/{id}/cdc"
_AGAIN = "as above, with 1 `cdc` instead of QuickBooks' lists"


async def counted(rig: Rig, needs: Sequence[Facet[object]]) -> Counter[str]:
    """The calls of one reading by endpoint, from the stand-ins' logs; tokens are not reads."""
    logs = ((rig.live.procore_log, PROCORE), (rig.live.qbo_log, QBO))
    before = [len(log.entries()) for log, _ in logs]
    async with rig.reading() as reading:
        await reading.read(needs)
        await reading.reader.drain()
    found: Counter[str] = Counter()
    for (log, host), start in zip(logs, before, strict=True):
        for one in log.entries(after=start):
            request = httpx.Request(
                one["method"], f"http://{host}{one['path']}", params=dict(one["query"])
            )
            found[endpoint_of(request)] += 1
    found.pop("qbo /.well-known/openid_configuration", None)
    return found


async def _tables() -> str:
    rigs = {name: worlds.make(name) for name in worlds.MADE}
    for rig in rigs.values():
        rig.kept = MemoryLists()
    every = {facet.name: facet for one in catalogue() for facet in one.needs}
    full = {name: await counted(rig, list(every.values())) for name, rig in rigs.items()}
    again = {name: await counted(rig, list(every.values())) for name, rig in rigs.items()}
    head = f"| {{}} | {' | '.join(rigs)} |\n|{'---|' * 2}{'---:|' * len(rigs)}"
    lines = [head.format("Endpoint | Calls")]
    for endpoint, formula in FORMULAS.items():
        if any(full[name][endpoint] for name in rigs):
            lines.append(_line(f"`{endpoint}`", formula, full, endpoint))
    lines += [_line("**a full check, the first time**", "all of the above", full), ""]
    lines += [head.format("Check | What is asked"), _line("full, the first time", "all", full)]
    lines.append(_line("full again, or daily", _AGAIN, again))
    for one in (one for one in catalogue() if one.needs):
        found = {name: await counted(rig, one.needs) for name, rig in rigs.items()}
        facts = ", ".join(facet.name for facet in one.needs)
        lines.append(_line(f"only `{one.id}`", facts, found))
    seen = {endpoint for found in (*full.values(), *again.values()) for endpoint in found}
    assert seen <= {*FORMULAS, CDC}, f"no formula for {seen - FORMULAS.keys()}"
    return "\n".join(lines)


def _line(
    first: str, second: str, found: Mapping[str, Counter[str]], endpoint: str | None = None
) -> str:
    counts = (one[endpoint] if endpoint else one.total() for one in found.values())
    return f"| {first} | {second} | {' | '.join(map(str, counts))} |"


def tables() -> str:
    """Both tables in Markdown."""
    return asyncio.run(_tables())


if __name__ == "__main__":
    print(tables())
