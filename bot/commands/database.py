"""``onboard db`` and ``onboard keys``: the database's schema, and the keys that protect it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.core import open_core
from bot.domain.findings import plural
from bot.settings import load_settings
from bot.storage import schema
from bot.storage.backup import backup_to
from bot.storage.engine import make_engine
from bot.storage.scrub import scrub
from bot.storage.vault import Vault

db = typer.Typer(help="The database's schema.", no_args_is_help=True)
keys = typer.Typer(help="The keys that encrypt stored tokens.", no_args_is_help=True)


@db.command()
def upgrade() -> None:
    """Bring the database to this version's schema; makes it when there is none."""

    async def run() -> None:
        engine = make_engine(load_settings().database_url)
        try:
            await schema.upgrade(engine)
        finally:
            await engine.dispose()

    asyncio.run(run())
    typer.echo(f"The database is at revision {schema.head()}.")


@db.command()
def current() -> None:
    """Say which revision the database has, and which one this version needs."""

    async def run() -> str | None:
        engine = make_engine(load_settings().database_url)
        try:
            return await schema.current(engine)
        finally:
            await engine.dispose()

    found = asyncio.run(run())
    typer.echo(
        f"The database is at {found or 'no revision yet'}; this version needs {schema.head()}."
    )


@db.command("scrub")
def scrub_() -> None:
    """Clear what deleted rows left in the database's free space; stop the bot before."""

    async def run() -> bool:
        engine = make_engine(load_settings().database_url)
        try:
            await schema.check(engine)
            return await scrub(engine)
        finally:
            await engine.dispose()

    if not asyncio.run(run()):
        typer.echo("Other processes are reading the database. Stop them, and run it again.")
        raise typer.Exit(1)
    typer.echo("The database's free space holds nothing any more.")


@db.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
) -> None:
    """Copy an SQLite database while it is in use (PostgreSQL has pg_dump)."""
    copied = asyncio.run(_backup(load_settings().database_url, file))
    typer.echo(f"Copied the database to {file} ({copied:,} bytes). It holds encrypted tokens; keep")
    typer.echo("ONBOARD_SECRET_KEY elsewhere. docs/operations.md says how to restore it.")


async def _backup(database_url: str, file: Path) -> int:
    engine = make_engine(database_url)
    try:
        await schema.check(engine)
        return backup_to(engine, file)
    finally:
        await engine.dispose()


@keys.command()
def new() -> None:
    """Print a new key for ONBOARD_SECRET_KEY."""
    typer.echo(Vault.new_key())


@keys.command()
def rotate() -> None:
    """Encrypt every stored token again with the first key of ONBOARD_SECRET_KEY."""

    async def run() -> int:
        async with open_core(load_settings(), SystemClock()) as core:
            return await core.store.rotate_keys()

    count = asyncio.run(run())
    typer.echo(
        f"Encrypted {plural(count, 'connection')} with the first key. The other keys can go now."
    )
