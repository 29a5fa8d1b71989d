"""``onboard doctor``: what is wrong with this installation, and what to do about it."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.clock import SystemClock
from bot.diagnosis import diagnose
from bot.services.health import Line, State, exit_code
from bot.settings import load_settings

MARKS = {
    State.PASS: "[green]✔ pass[/]",
    State.WARN: "[yellow]! warn[/]",
    State.FAIL: "[red]✘ fail[/]",
    State.UNKNOWN: "[yellow]? unknown[/]",
}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look at what it all rests on. Exit 0: well, 1: something fails, 2: could not tell."""
    lines = asyncio.run(diagnose(load_settings(), SystemClock()))
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines], indent=2, ensure_ascii=False))
    else:
        Console().print(_table(lines))
    raise typer.Exit(exit_code(lines))


def _table(lines: list[Line]) -> Table:
    table = Table()
    for heading in ("", "What", "How it is", "What to do"):
        table.add_column(heading, overflow="fold")
    for line in lines:
        table.add_row(MARKS[line.state], *map(escape, (line.name, line.text, line.remedy)))
    return table
