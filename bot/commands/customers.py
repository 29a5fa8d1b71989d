"""``onboard customers``: customers and their connections, from the operator's side."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.clock import SystemClock
from bot.core import Core, NoBoard, NoMessenger, open_core
from bot.domain.customer import Connection, Grant, HistoryEntry, Tokens
from bot.domain.findings import plural
from bot.domain.model import System
from bot.services.hub import Services
from bot.services.purge import Purged, PurgeService
from bot.settings import load_settings
from bot.storage.scrub import scrub

T = TypeVar("T")
OPERATOR = "command line"

app = typer.Typer(help="Customers and their connections.", no_args_is_help=True)


def _shaped(pattern: str, how: str) -> Callable[[str], str]:
    """Refuses what can't be such an id: it would be stored, and found wrong days later."""

    def check(value: str) -> str:
        if value and not re.fullmatch(pattern, value):
            raise typer.BadParameter(f'"{value}" is not {how}')
        return value

    return check


CHANNEL = _shaped(
    r"[CGD][A-Z0-9]+", "a channel's id (C…). It is at the bottom of the channel's details in Slack."
)
TEAM = _shaped(r"[TE][A-Z0-9]+", "a workspace's id (T…).")
COMPANY = _shaped(r"[0-9]+", "a company's id: digits, as in the address of its pages in Procore.")
REALM = _shaped(r"[0-9]+", "a realm id: digits; QuickBooks shows it as the company id.")
Slug = Annotated[str, typer.Argument(help="The customer's short name, e.g. acme.")]


def _with(use: Callable[[Core, Services], Awaitable[T]]) -> T:
    async def run() -> T:
        async with open_core(load_settings(), SystemClock()) as core:
            return await use(core, core.services(NoMessenger(), NoBoard()))

    return asyncio.run(run())


@app.command("list")
def list_() -> None:
    """Every customer with stage and progress."""

    async def use(core: Core, services: Services) -> Table:  # noqa: ARG001 - see _with.
        table = Table()
        for heading in ("Customer", "Name", "Stage", "Required", "Gate", "Channel"):
            table.add_column(heading)
        for row in (await services.portfolio.show()).rows:
            progress = f"{row.required_met} of {row.required_total}"
            cells = (row.customer.slug, row.customer.name, row.customer.stage.label, progress)
            table.add_row(*map(escape, cells), row.gate.value, row.channel_id or "-")
        return table

    Console().print(_with(use))


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The customer's name; its short name is made of it.")],
    channel: Annotated[
        str, typer.Option(help="The shared Slack channel's id (C…).", callback=CHANNEL)
    ] = "",
    team: Annotated[
        str, typer.Option(help="The customer's Slack workspace id (T…).", callback=TEAM)
    ] = "",
) -> None:
    """Start an onboarding."""

    async def use(core: Core, services: Services) -> str:  # noqa: ARG001 - see _with.
        return (await services.customers.create(name, OPERATOR, channel, team)).slug

    typer.echo(f"Started {_with(use)}.")


@app.command()
def link(
    slug: Slug,
    channel: Annotated[str, typer.Argument(help="Channel id (C…).", callback=CHANNEL)],
) -> None:
    """Link a Slack channel to a customer."""

    async def use(core: Core, services: Services) -> None:  # noqa: ARG001 - see _with.
        await services.customers.link(slug, channel, "", OPERATOR)

    _with(use)
    typer.echo(f"Linked {channel} to {slug}.")


@app.command("connect-procore")
def connect_procore(
    slug: Slug,
    company: Annotated[str, typer.Option(help="The Procore company id.", callback=COMPANY)],
) -> None:
    """Read a Procore company through the app's service account (client credentials)."""
    _connect(slug, System.PROCORE, company, Grant.CLIENT_CREDENTIALS, "")


@app.command("connect-quickbooks")
def connect_quickbooks(
    slug: Slug,
    realm: Annotated[str, typer.Option(help="The QuickBooks company's realm id.", callback=REALM)],
    refresh_token: Annotated[
        str,
        typer.Option(
            envvar="QBO_REFRESH_TOKEN",
            help="A refresh token of that company; it is stored encrypted. Left out, it is asked "
            "for, or read from what is piped in.",
        ),
    ] = "",
) -> None:
    """Read a QuickBooks company with a refresh token."""
    _connect(slug, System.QBO, realm, Grant.REFRESH_TOKEN, refresh_token or _secret())


def _secret() -> str:
    """The refresh token, typed without being shown, or the first line of what is piped in."""
    if sys.stdin.isatty():
        return str(typer.prompt("Refresh token", hide_input=True)).strip()
    given = sys.stdin.readline().strip()
    if not given:
        raise typer.BadParameter(
            "no refresh token was given. Pipe it in, or set QBO_REFRESH_TOKEN; nothing was stored."
        )
    return given


def _connect(slug: str, system: System, external_id: str, grant: Grant, refresh: str) -> None:
    async def use(core: Core, services: Services) -> None:
        customer = await services.customers.find(slug)
        now = core.clock.now()
        tokens = Tokens(refresh_token=refresh)
        connection = Connection(
            customer.id,
            system,
            external_id,
            grant,
            tokens,
            connected_by=OPERATOR,
            connected_at=now,
        )
        async with core.store.transaction() as tx:
            await tx.connections.put(connection)
            await tx.history.append(
                HistoryEntry(customer.id, now, OPERATOR, "connect", system.label)
            )

    _with(use)
    typer.echo(f"Connected {slug} to {system.label} company {external_id}.")


@app.command()
def purge(
    slug: Slug,
    yes: Annotated[
        bool, typer.Option("--yes", prompt="Delete this customer and everything stored about it?")
    ],
) -> None:
    """Delete a customer with everything that is stored about it; it can't be undone."""
    if not yes:
        typer.echo("Nothing was deleted.")
        raise typer.Exit(1)

    async def use(core: Core, services: Services) -> tuple[Purged, bool]:
        customer = await services.customers.find(slug)
        gateway = core.systems.get().gateway
        purge_service = PurgeService(core.store, core.clock, gateway, services.hooks)
        purged = await purge_service.purge(customer.id, OPERATOR)
        return purged, await scrub(core.engine)

    purged, clean = _with(use)
    for line in _said(purged, clean=clean):
        typer.echo(line)


def _said(purged: Purged, *, clean: bool) -> Iterator[str]:
    """What is gone, and what somebody else has to see to."""
    slug = purged.customer.slug
    yield f"Deleted {slug}. What stays is one line saying when, and that you did it here."
    if purged.ended:
        yield f"Ended {plural(purged.ended, 'sign-in')} at Procore and QuickBooks."
    for system in purged.untold:
        yield (
            f"{system.label} could not be told that its sign-in ended. Its administrator should "
            "remove the app there."
        )
    if not clean:
        yield (
            "Other processes are reading the database, so its write-ahead log still holds some of "
            "it. Stop them and run `onboard db scrub`."
        )
    yield "Slack keeps the messages in its channels, and backups keep what they hold."
