"""Benchmark ``load``: the bot under interactions, checks and many customers.

The bot is the real ``onboard serve`` over signed HTTP with its database in a SQLite file; Slack is
as quick as can be (``slack.py``); what it is compared with is a bare Bolt echo served the same way
(``echo.py``), in turns with it. An interaction counts when it was acknowledged *and* answered in
Slack. Large companies are the demo world's ``darwin``, whose answers are replayed.

``LOAD_SCALE`` (1.0) scales how often is pressed, ``LOAD_SOAK`` (100,000), ``LOAD_CHECKS`` (50) and
``LOAD_CUSTOMERS`` (10,000) are the sizes of the other parts,
``LOAD_LONGEST`` (240) the seconds that people press beside the checks; what is not checked by then
is waited for five times as long, when nobody presses any more. ``LOAD_PAGE`` (docs/performance.md)
is where the figures are written, with their picture beside it; "" writes none.
"""

import asyncio
import compileall
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.load.bot import Bot, Server, environment, running, settle
from benchmarks.load.echo import WAYS
from benchmarks.load.page import Line, write_page
from benchmarks.load.press import SECRET, Crowd, click, mixed, said
from benchmarks.shared.parts import ROOT, beside
from bot.storage.vault import Vault
from handlers.ids import ActionId
from tests.storage.postgres import create_database, postgres_server

SCALE = float(os.environ.get("LOAD_SCALE", "1"))
SOAK = int(os.environ.get("LOAD_SOAK", "100000"))
CHECKS = int(os.environ.get("LOAD_CHECKS", "50"))
CUSTOMERS = int(os.environ.get("LOAD_CUSTOMERS", "10000"))
PAGE = os.environ.get("LOAD_PAGE", "docs/performance.md")
READY = 100
RATE = 100.0
ROUNDS = 3
STARTS = 5
PARTS = 10
LONGEST_S = float(os.environ.get("LOAD_LONGEST", "240"))
WARM = 2
"""Of the soak's parts these come first and fill caches; flat is what follows."""


@dataclass(frozen=True)
class Round:
    """One go at one server: interactions a second, and milliseconds of computing for each."""

    name: str
    a_second: float
    spent_ms: float


@dataclass(frozen=True)
class Place:
    """Where a run of the bot takes place."""

    folder: Path
    slack: int
    settings: Mapping[str, str]
    ready: Sequence[int]
    large: Sequence[int]


def claim() -> tuple[bool, Mapping[str, Any]]:
    """Measure; True if every line keeps its promise."""
    load = os.getloadavg()[0]
    lines = [*_interactions(), *_customers()]
    if PAGE:
        write_page(lines, ROOT / PAGE, load)
    figures = {line.name: line.told for line in lines}
    kept = sum(line.holds for line in lines)
    figures["promises kept"] = f"{kept} of {len(lines)}"
    return kept == len(lines), figures


def _compiled() -> None:
    """As pip leaves what it installs; a working tree whose modules changed is not."""
    for name in ("bot", "handlers", "integrations"):
        compileall.compile_dir(ROOT / name, quiet=1)


def _interactions() -> list[Line]:
    _compiled()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="onboard-load-")))
        slack = int(stack.enter_context(beside("benchmarks.load.slack")))
        # Reads tell where Procore and QuickBooks are, and how to sign in there.
        places = json.loads(stack.enter_context(beside("benchmarks.reads.stand_ins")))
        settings = environment(folder, slack, Vault.new_key(), places)
        ready, large = asyncio.run(settle(settings, places, READY, CHECKS))
        place = Place(folder, slack, settings, ready, large)
        return [*asyncio.run(_pressed(place)), *asyncio.run(_checked(place))]


async def _started(place: Place) -> list[Line]:
    """The quickest start counts: what else a machine does can only add to it."""
    seconds = []
    for _ in range(STARTS):
        async with running(place.settings) as bot:
            seconds.append(bot.started)
    return [
        Line("start to ready", min(seconds), "s", 2),
        Line(f"start to ready, slowest of {STARTS}", max(seconds), "s"),
    ]


async def _pressed(place: Place) -> list[Line]:
    starts = await _started(place)
    async with running(place.settings) as bot:
        await asyncio.sleep(2)
        lines = [
            *starts,
            Line("resident memory, idle", bot.memory_mb, "MB", 150),
        ]
        return lines + await _against_echo(place, bot) + await _soaked(place, bot)


async def _against_echo(place: Place, bot: Bot) -> list[Line]:
    """By turns, so that whatever else the machine does meets all; the best round of each."""
    # Each kind once, so that the echo knows what to say.
    await Crowd(bot.port, place.slack).as_fast_as_possible(2, mixed(place.ready))
    given = place.folder / "said.json"
    given.write_bytes(await said(place.slack))
    url = f"http://127.0.0.1:{place.slack}/api/"
    with ExitStack() as stack:
        servers = {"bot": bot.server}
        for way in WAYS:
            told = stack.enter_context(beside("benchmarks.load.echo", SECRET, url, str(given), way))
            port, number = told.split()
            servers[way] = Server(int(port), int(number))
        rounds = [await _round(place, *one) for one in list(servers.items()) * ROUNDS]
    best = {name: max(one.a_second for one in rounds if one.name == name) for name in servers}
    spent = {name: min(one.spent_ms for one in rounds if one.name == name) for name in servers}
    ratio = "the bot, as a ratio to Bolt's echo"
    return [
        Line("the bot, interactions a second", best["bot"]),
        Line("Bolt's echo, interactions a second", best["answers"]),
        Line(f"{ratio} that answers the same", best["bot"] / best["answers"], "", 0.6, least=True),
        Line(f"{ratio} with one HTTP session for all answers", best["bot"] / best["shared"]),
        Line(f"{ratio} that only acknowledges", best["bot"] / best["silent"]),
        Line("computing for an interaction, the bot", spent["bot"], "ms"),
        Line("computing for an interaction, Bolt's echo", spent["answers"], "ms"),
    ]


async def _round(place: Place, name: str, server: Server) -> Round:
    number = max(100, round(2000 * SCALE))
    _say(f"{number} interactions, {name}")
    crowd, before = Crowd(server.port, place.slack), server.processor_s
    silent = name == "silent"
    seconds = await crowd.as_fast_as_possible(number, mixed(place.ready), silent=silent)
    return Round(name, number / seconds, 1000 * (server.processor_s - before) / number)


async def _soaked(place: Place, bot: Bot) -> list[Line]:
    """Memory after each tenth of many interactions, from when it is warm."""
    memory, began = [], time.monotonic()
    for part in range(PARTS):
        _say(f"soak, part {part + 1} of {PARTS}")
        crowd = Crowd(bot.port, place.slack)
        await crowd.as_fast_as_possible(max(1, SOAK // PARTS), mixed(place.ready))
        memory.append(bot.memory_mb)
    flat = memory[WARM:]
    middle = sum(flat) / len(flat)
    off = 100 * max(abs(one - middle) for one in flat) / middle
    pace = PARTS * max(1, SOAK // PARTS) / (time.monotonic() - began)
    return [
        Line(f"the bot, interactions a second through {SOAK:,} of them", pace),
        Line(f"memory after {SOAK:,} interactions", memory[-1], "MB"),
        Line("memory during the soak, away from its mean", off, "%", 5),
    ]


async def _checked(place: Place) -> list[Line]:
    """A process of its own: what the checks leave in memory is none of the soak's."""
    async with running(place.settings) as bot:
        return await _beside_checks(place, bot)


async def _beside_checks(place: Place, bot: Bot) -> list[Line]:
    """People press a hundred times a second while large companies are checked."""
    _say(f"{len(place.large)} checks beside {RATE:g} interactions a second")
    first, *others = place.large
    asker, crowd, stop = Crowd(bot.port, place.slack), Crowd(bot.port, place.slack), asyncio.Event()
    # The stand-ins answer the first check themselves; from then on answers are replayed.
    await asker.once_each([partial(click, first, ActionId.RECHECK_ALL, "")])
    await _until_checked(bot, 1)
    pressing = asyncio.create_task(crowd.at_a_rate(RATE, mixed(place.ready), stop))
    began = time.monotonic()
    try:
        await asker.once_each([partial(click, one, ActionId.RECHECK_ALL, "") for one in others])
        peak, done = await _until_checked(bot, len(place.large))
    finally:
        stop.set()
        given_up = await pressing
    pressed = time.monotonic() - began
    _say(f"{len(place.large) - done} of them have still to be checked")
    after, ended = await _until_checked(bot, len(place.large), 5 * LONGEST_S)
    peak, took = max(peak, after), time.monotonic() - began
    beside_it = f"while {len(others)} large companies were checked"
    return [
        Line(f"{RATE:g} interactions a second beside the checks, for", pressed, "s"),
        Line("large companies that were checked by then", done, ""),
        Line("all checks, the rest with nobody pressing", took, "s"),
        Line("large companies whose check did not end", len(place.large) - ended, "", 1),
        Line(f"interactions beside them, at {RATE:g} a second", len(crowd.waited)),
        Line("interactions turned away or without an acknowledgement", given_up, "", 1),
        Line(f"acknowledgement, median, {beside_it}", crowd.quantile(0.5), "ms"),
        Line(f"acknowledgement, p99, {beside_it}", crowd.quantile(0.99), "ms", 300),
        Line(f"resident memory, most, {beside_it}", peak, "MB", 400),
    ]


async def _until_checked(bot: Bot, wanted: int, longest: float = LONGEST_S) -> tuple[float, int]:
    """Until so many checks have ended, or it takes too long; the most memory, and how many."""
    peak, done, began = bot.memory_mb, await bot.checks(), time.monotonic()
    while done < wanted and time.monotonic() < began + longest:
        peak = max(peak, bot.memory_mb)
        # Each look costs the bot some milliseconds, for what an operator asks once a minute.
        await asyncio.sleep(1)
        done = await bot.checks()
    return peak, done


def _customers() -> list[Line]:
    """``many.py`` on both databases."""
    lines = []
    with postgres_server() as server, TemporaryDirectory(prefix="onboard-many-") as folder:
        urls = {
            "SQLite": f"sqlite:///{Path(folder) / 'many.db'}",
            "PostgreSQL": create_database(server, "many"),
        }
        for database, url in urls.items():
            _say(f"{CUSTOMERS} customers on {database}")
            found = json.loads(
                subprocess.run(
                    [sys.executable, "-m", "benchmarks.load.many", url, str(CUSTOMERS)],
                    cwd=ROOT,
                    stdout=subprocess.PIPE,
                    check=True,
                    text=True,
                ).stdout
            )
            for name, (clock, _computing) in found.items():
                lines.append(Line(f"{name}, {CUSTOMERS:,} customers, {database}", clock, "ms", 300))
    return lines


def _say(what: str) -> None:
    print(f"load: {what} ...", file=sys.stderr)
