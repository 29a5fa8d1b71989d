"""The report as docs/day.md."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.day.run import Plan, Seen
from benchmarks.shared.machine import machine

HEAD = """# A day in the life

Made by `make claim NAME=day`: an hour's life, compressed into {minutes:.0f} minutes, of two
replicas of the real `onboard serve` on PostgreSQL, behind a balancer, on the project's own
stand-ins. In {customers} shared channels Interfy's and the customers' people ask, mention and press
over signed HTTP, {rate:g} times a second together; each waits for the answer before doing the next
thing. The stand-in's rate limits are off but for the hour in which Slack answers 429: so many
people would meet them all day. Nothing is mended by hand.

{when}, {cores} processor cores for everything, Python {python}; load at the end {load:.1f}.

| meanwhile | lasted s | things done | refused by Slack | apologies | never answered | """
HEAD += """median s | slowest s | whole again after s |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
"""
BETWEEN = """
*Refused by Slack* is what the person sees when the bot does not answer within three seconds: they
know, and try again. *Never answered* is what was taken and then forgotten; there may be none.
*Whole again* is the time from the end of the trouble until the last refusal or apology. *Slowest*
is often a mention that Slack brings again a minute later, because nobody took it before.

| what | |
|---|--:|
"""
TAIL = """
Answers are counted from the Slack stand-in's record; names of other customers are looked for in
everything that a customer's people were shown; tokens and keys in every line of the logs and every
row of the database. The next version is this one with one revision more, which adds a column to two
busy tables, an index and a table while the older replica goes on.

The load is smaller than what `make claim NAME=load` puts on one process, because here stand-ins,
people, balancer, database and both replicas share the same {cores} cores.
"""


def write_page(plan: Plan, seen: Seen, figures: Mapping[str, Any], page: Path) -> None:
    """Write the report."""
    head = HEAD.format(
        minutes=seen.seconds / 60,
        customers=plan.customers,
        rate=plan.rate,
        **machine(),
    )
    rows = [
        f"| {one.name} | {one.lasted:.0f} | {one.acts} | {one.refused} | {one.apologies} "
        f"| {one.lost} | {one.median:.2f} | {one.slowest:.1f} | {one.recovered:.1f} |\n"
        for one in seen.phases
    ]
    sums = [f"| {name} | {value} |\n" for name, value in figures.items()]
    text = head + "".join(rows) + BETWEEN + "".join(sums) + TAIL.format(**machine())
    page.write_text(text, encoding="utf-8")
