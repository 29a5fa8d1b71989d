"""Claim ``day``: an hour's life, compressed, of two replicas on PostgreSQL.

People work in two dozen channels all the while: commands, mentions and clicks over signed HTTP
through a balancer. Meanwhile the key is rotated with rolling restarts, Procore, QuickBooks and
Slack fail in turns, the database restarts at the very moment at which reminders are due, and the
next version comes with a schema of its own. Nothing is put right by hand.

``DAY_CUSTOMERS`` (24) and ``DAY_RATE`` (8 a second) are the sizes; ``DAY_PAGE`` (docs/day.md) is
where the report is written, "" for none.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.day.page import write_page
from benchmarks.day.run import Plan, Seen, live

ROOT = Path(__file__).parents[2]


def claim() -> tuple[bool, Mapping[str, Any]]:
    """Live through the day; True if nothing was lost, doubled or leaked, and all came back."""
    plan = Plan(
        customers=int(os.environ.get("DAY_CUSTOMERS", "24")),
        rate=float(os.environ.get("DAY_RATE", "8")),
    )
    print("day: about five minutes ...", file=sys.stderr)
    seen = live(plan)
    wrong = wrongs(seen)
    figures = told(seen) | {name: len(which) for name, which in wrong.items()}
    for name, which in wrong.items():
        for one in which[:20]:
            print(f"day: {name}: {one}", file=sys.stderr)
    total = sum(len(which) for which in wrong.values())
    figures["lost, doubled, leaked or not recovered, in all"] = total
    page = os.environ.get("DAY_PAGE", "docs/day.md")
    if page:
        write_page(plan, seen, figures, ROOT / page)
    return not total, figures


def wrongs(seen: Seen) -> dict[str, list[str]]:
    """Everything that should not have happened."""
    lost = [f"{act.kind} by {act.place.name} while: {act.phase}" for act in seen.acts if act.lost]
    return {
        "interactions taken and never answered": lost,
        "answers doubled": list(seen.doubled),
        "reminders lost": list(seen.reminders_lost),
        "reminders doubled": list(seen.reminders_doubled),
        "hand-offs lost": list(seen.handoffs_lost),
        "hand-offs doubled": list(seen.handoffs_doubled),
        "messages still unsent": list(seen.unsent),
        "other customers' names shown": list(seen.leaked),
        "tokens or keys in logs or database": list(seen.secrets),
        "customers not read again at the end": list(seen.wrong_at_last),
        "replicas that ended badly": [str(code) for code in seen.endings if code],
        "schema not upgraded": [] if seen.revision == "day" else [seen.revision],
    }


def told(seen: Seen) -> dict[str, Any]:
    """The figures that judge nothing."""
    waited = sorted(act.waited for act in seen.acts if act.waited is not None)
    return {
        "seconds": round(seen.seconds),
        "interactions": len(seen.acts),
        "answered": len(waited),
        "of them with an apology": sum(phase.apologies for phase in seen.phases),
        "refused to the face by Slack, and known to the person": sum(
            act.refused for act in seen.acts
        ),
        "median seconds until the answer": round(waited[len(waited) // 2], 2),
        "most seconds until the answer": round(waited[-1], 1),
        "rolling restarts of a replica": len(seen.endings),
        "most seconds until nobody was refused any more": round(
            max(phase.recovered for phase in seen.phases), 1
        ),
    }
