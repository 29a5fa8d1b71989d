"""The far-away stand-ins, in a process of their own: ``python -m benchmarks.reads.stand_ins``.

The first line on standard output says where they are and how to sign in. Each line on standard
input is answered with what was asked of each since the line before. It ends with its input.
"""

import asyncio
import json
import sys
from typing import Any

import httpx

from benchmarks.reads.company import BOOKKEEPER, BUILDER, COMPANY, REALM
from benchmarks.reads.distance import Distance, far_away
from integrations.sandbox.runner import run_sandbox
from integrations.sandbox.world.loader import load_demo


async def sign_in(web: httpx.AsyncClient, far: Distance, **who: str) -> dict[str, Any]:
    """Fresh tokens, the app that they were given to, and where to use them."""
    world = (await web.get(f"{far.there}/_world")).json()
    tokens = (await web.post(f"{far.there}/_world/grants", json=who)).json()
    return {"url": far.url, "there": far.there, "client": world["clients"][0], **tokens}


async def main() -> None:
    """Serve until standard input ends."""
    async with (
        run_sandbox(load_demo()) as sandbox,
        far_away(sandbox.procore_url) as procore,
        far_away(sandbox.qbo_url) as qbo,
        httpx.AsyncClient(timeout=60) as web,
    ):
        places = {
            "procore": await sign_in(web, procore, company_id=COMPANY, email=BUILDER),
            "qbo": await sign_in(web, qbo, realm_id=REALM, email=BOOKKEEPER),
        }
        print(json.dumps(places), flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            both = {"procore": procore, "qbo": qbo}
            counted = {name: {"asked": one.asked, "most": one.most} for name, one in both.items()}
            print(json.dumps(counted), flush=True)
            for one in both.values():
                one.begin()


if __name__ == "__main__":
    asyncio.run(main())
