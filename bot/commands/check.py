"""``onboard check CUSTOMER``: the same check as in Slack, for scripts and for people."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.clock import SystemClock
from bot.commands.output import EXIT_CODES, as_json, print_report
from bot.core import NoBoard, NoMessenger, open_core
from bot.demo import Down, demo_core
from bot.domain.model import SupportIdentity
from bot.services.hub import Services
from bot.services.views import CustomerView
from bot.settings import load_settings


def check(
    customer: Annotated[str, typer.Argument(help="The customer's short name, e.g. acme.")],
    as_json_: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Use freshly started stand-ins; needs no set-up.")
    ] = False,
    world: Annotated[
        Path | None, typer.Option("--world", help="With --demo: the world to use (YAML or JSON).")
    ] = None,
    down: Annotated[
        Down | None, typer.Option("--down", help="With --demo: a system that doesn't answer.")
    ] = None,
) -> None:
    """Check a customer now. Exit code 0: ready, 1: not ready, 2: could not tell."""
    if (world or down) and not demo:
        raise typer.BadParameter("--world and --down go with --demo")
    if demo:
        view, support = asyncio.run(_demo(customer, world, down))
    else:
        view, support = asyncio.run(_live(customer))
    if as_json_:
        typer.echo(json.dumps(as_json(view, support), indent=2, ensure_ascii=False))
    else:
        print_report(Console(), view, support)
    raise typer.Exit(EXIT_CODES[view.report.gate])


async def _live(slug: str) -> tuple[CustomerView, SupportIdentity]:
    settings = load_settings()
    async with open_core(settings, SystemClock()) as core:
        return await _run(core.services(NoMessenger(), NoBoard()), slug)


async def _demo(
    slug: str, world: Path | None, down: Down | None
) -> tuple[CustomerView, SupportIdentity]:
    async with demo_core(world, down=down) as core:
        return await _run(core.services(NoMessenger(), NoBoard()), slug)


async def _run(services: Services, slug: str) -> tuple[CustomerView, SupportIdentity]:
    customer = await services.customers.find(slug)
    outcome = await services.checks.run(customer.id, None, "command line")
    # What goes on by itself after a full check must not outlive the database's connections.
    await services.stop()
    return outcome.view, services.support
