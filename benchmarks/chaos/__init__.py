"""Claim ``chaos``: reminders and hand-offs arrive exactly once, whatever dies meanwhile.

See docs/exactly-once.md. ``CHAOS_SCALE`` (1.0) scales customers and kills; ``CHAOS_AT_ONCE`` is
how many are due in the same minute in the slow part.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.chaos.count import Tally, count, lateness
from benchmarks.chaos.day import Day, Outcome, Plan, open_day
from benchmarks.chaos.story import tell
from benchmarks.chaos.town import Town, make_town
from tests.storage.postgres import create_database, postgres_server

Figures = dict[str, Any]
MOST_LATE = 60.0


async def run_day(town: Town, plan: Plan, database_url: str) -> "Lived":
    """Live through the day, count in the stand-in's log, and ask about what is wrong."""
    async with open_day(town, plan, database_url) as day:
        outcome = await day.live()
        answer = await day.page.get("/_world/log")
        entries = answer.json()["entries"]
        lived = Lived(day, outcome, count(day.slack, entries))
        for customer in sorted({one for ones in lived.wrong().values() for one in ones}):
            lived.stories += await tell(day, customer, entries)
    return lived


@dataclass
class Lived:
    """A day that is over."""

    day: Day
    outcome: Outcome
    tally: Tally
    stories: list[str] = field(default_factory=list)

    def wrong(self) -> dict[str, list[int]]:
        """What was lost or doubled, and whose it was."""
        return what_is_wrong(self.day.town, self.outcome, self.tally)


def what_is_wrong(town: Town, outcome: Outcome, tally: Tally) -> dict[str, list[int]]:
    """What was lost or doubled, and whose it was.

    Nothing is called lost in a zone that was given up: there it was perhaps only not sent yet.
    """
    wrong = {}
    over = {n for zone in outcome.given_up for n in town.zones[zone]}
    ready = set(town.ready)
    for what, wanted in {
        "reminders": set(town.everybody) - ready,
        "handoffs": ready,
        "packs": ready,
        "confirmations": ready,
    }.items():
        wrong[f"{what} lost"] = tally.missing(what, wanted - over)
        wrong[f"{what} doubled"] = tally.doubled(what)
    return wrong


def judge(lived: Lived) -> tuple[int, Figures]:
    """How many things are wrong, and the figures; the story of what is wrong goes to stderr."""
    day, outcome, tally, town = lived.day, lived.outcome, lived.tally, lived.day.town
    wrong = {NAMES.get(name, name): len(whose) for name, whose in lived.wrong().items()}
    wrong["processes that ended by themselves"] = day.processes.ended_by_themselves
    weather = ", ".join(f"{kind}: {day.front.seen[kind]}" for kind in day.plan.chances)
    figures = {
        "customers, time zones": f"{len(town.everybody)}, {len(town.zones)}",
        "processes": day.plan.processes,
        "kill -9": outcome.kills,
        "of them between a post and its record": outcome.kills_in_between,
        "what Slack's stand-in did to calls": weather,
        "customers ready, presses for them": f"{len(town.ready)}, {outcome.presses}",
        "reminders that arrived": sum(tally.reminders.values()),
        f"zones that took longer than {day.plan.patience:g} s": len(outcome.slow),
        "reminders held back and waited for": outcome.postponed,
        "zones given up, so that nothing is known": len(outcome.given_up),
        "seconds": round(outcome.seconds, 1),
        **wrong,
    }
    for line in lived.stories:
        print(line, file=sys.stderr)
    return sum(wrong.values()) + len(outcome.given_up), figures


NAMES = {"handoffs lost": "hand-offs lost", "handoffs doubled": "hand-offs doubled"}


def _scaled(number: int) -> int:
    return max(5, round(number * float(os.environ.get("CHAOS_SCALE", "1"))))


def on_postgres(town: Town, plan: Plan) -> tuple[int, Figures]:
    """Live through the day on a real PostgreSQL; how many things are wrong, and the figures."""
    with postgres_server() as server:
        return on_database(town, plan, create_database(server, "chaos"))


def on_sqlite(town: Town, plan: Plan) -> tuple[int, Figures]:
    """The same on SQLite in a file."""
    with TemporaryDirectory(prefix="onboard-chaos-") as folder:
        return on_database(town, plan, f"sqlite:///{Path(folder) / 'chaos.db'}")


def on_database(town: Town, plan: Plan, url: str) -> tuple[int, Figures]:
    """The same on an empty database that is there."""
    return judge(asyncio.run(run_day(town, plan, url)))


def among_the_sick(customers: int) -> tuple[int, Figures]:
    """A tenth of the systems slow or dead, nobody killed: how late the others are reminded.

    Time runs as it does, because here it is what is measured; all are due in the same minute.
    """
    town = make_town(customers, 0, zones=1)
    plan = Plan(processes=3, kills=0, rate=1, sick=1, chances={}, gap=5, waits=False)
    with postgres_server() as server:
        url = create_database(server, "sick")
        lived = asyncio.run(run_day(town, plan, url))
    sick = {one for one in town.everybody if one % 10 == 0}
    late = lateness(lived.tally, town, sick)
    healthy = len(town.everybody) - len(sick)
    missing = healthy - len(late)
    too_late = sum(seconds > MOST_LATE for seconds in late)
    doubled = len(lived.tally.doubled("reminders"))
    figures = {
        "customers due at once, their systems slow (30 s) or dead": f"{customers}, {len(sick)}",
        "computing of the bot's processes, ms a customer": round(
            lived.outcome.computing / customers * 1000, 1
        ),
        "the others' reminders, median seconds late": round(late[len(late) // 2], 1),
        "the others' reminders, most seconds late": round(late[-1], 1),
        "the others without a reminder": missing,
        "the others more than a minute late": too_late,
        "doubled": doubled,
    }
    return missing + too_late + doubled + len(lived.outcome.given_up), figures


def claim() -> tuple[bool, Mapping[str, Any]]:
    """Remake the claim; True if nothing was lost and nothing was doubled."""
    customers = _scaled(1000)
    print("chaos: three processes on PostgreSQL ...", file=sys.stderr)
    town = make_town(customers, customers // 20)
    wrong, figures = on_postgres(town, Plan(processes=3, kills=_scaled(200)))
    shown = {f"PostgreSQL: {name}": value for name, value in figures.items()}
    print("chaos: one process on SQLite ...", file=sys.stderr)
    fewer = _scaled(200)
    town = make_town(fewer, fewer // 20)
    wrong_too, figures = on_sqlite(town, Plan(processes=1, kills=_scaled(40)))
    shown |= {f"SQLite: {name}": value for name, value in figures.items()}
    print("chaos: a tenth of the systems slow or dead ...", file=sys.stderr)
    at_once = int(os.environ.get("CHAOS_AT_ONCE", customers // 5))
    wrong_at_last, figures = among_the_sick(at_once)
    shown |= {f"Slow: {name}": value for name, value in figures.items()}
    total = wrong + wrong_too + wrong_at_last
    shown["lost, doubled or late, in all"] = total
    return not total, shown
