"""A day of the bot in bad weather: processes are killed, people press, nine o'clock comes.

The driver holds the Slack stand-in. It looks at the bot's database only to know when a zone's
work is done; what is counted is what the stand-in has.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.chaos.books import Books
from benchmarks.chaos.clocks import FastWorldClock, SharedClock
from benchmarks.chaos.process import nursery
from benchmarks.chaos.town import BOT, DAY, PEOPLE, SUPPORT, Town, make_slack, nine, settle
from benchmarks.chaos.weather import CHANCES, Front, Weather
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.log import RequestLog
from integrations.sandbox.server import serve
from integrations.sandbox.slack.app import create_slack_app
from integrations.sandbox.slack.core import SlackServer
from tests.processes import forked

MOST_ENDINGS = 5
"""Of processes that nobody killed: then the run makes no sense."""


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    processes: int
    kills: int
    rate: float = 15.0
    sick: int = 0
    seed: int = 5
    chances: dict[Weather, float] = field(default_factory=lambda: dict(CHANCES))
    between_kills: tuple[float, float] = (0.1, 1.0)
    patience: float = 120.0
    """Real seconds after which a zone counts as slow. It is waited for all the same."""
    bound: float = 600.0
    """Real seconds after which a zone is given up: what is missing then is not called lost."""
    waits: bool = True
    """Whether reminders that were held back are waited for, by moving the clock on to them."""
    gap: float = 15.0
    """World seconds before nine at which each zone's part begins."""


@dataclass
class Outcome:
    """What was done to the bot."""

    kills: int = 0
    kills_in_between: int = 0
    presses: int = 0
    slow: list[int] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)
    postponed: int = 0
    """How often the clock was moved on to reminders that had been held back."""
    seconds: float = 0.0
    computing: float = 0.0
    """Seconds that the processes have computed which run at the end."""


class Processes:
    """The running bots; one that is killed is replaced at once."""

    def __init__(self, nursery: Connection, order: dict[str, object]) -> None:
        self._nursery = nursery
        self._order = order
        self._next = 0
        self.ended_by_themselves = 0
        self.running: dict[int, int] = {}

    async def start(self) -> None:
        self._next += 1
        environment = dict(self._order["environment"])  # type: ignore[call-overload]
        environment["SLACK_API_URL"] = f"{environment['SLACK_API_URL']}/p/{self._next}/api/"
        self._nursery.send({**self._order, "environment": environment})
        self.running[self._next] = await asyncio.to_thread(self._nursery.recv)

    async def replace(self, process: int) -> None:
        """``kill -9``, and another one."""
        self.kill(process)
        await self.start()

    def computing(self) -> float:
        """Seconds that the running processes have computed (proc_pid_stat(5): utime, stime)."""
        stats = [Path(f"/proc/{number}/stat").read_text() for number in self.running.values()]
        ticks = [int(n) for stat in stats for n in stat.rpartition(")")[2].split()[11:13]]
        return sum(ticks) / os.sysconf("SC_CLK_TCK")

    def kill(self, process: int) -> None:
        number = self.running.pop(process)
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            self.ended_by_themselves += 1

    def kill_all(self) -> None:
        for process in list(self.running):
            self.kill(process)


@dataclass
class Day:
    """One run under way."""

    town: Town
    plan: Plan
    slack: SlackServer
    clock: FastWorldClock
    front: Front
    books: Books
    processes: Processes
    page: httpx.AsyncClient
    chance: random.Random
    done: Outcome = field(default_factory=Outcome)

    async def live(self) -> Outcome:
        began = time.monotonic()
        for _ in range(self.plan.processes):
            await self.processes.start()
        for zone in range(len(self.town.zones)):
            await self._zone(zone)
        self.done.seconds = time.monotonic() - began
        self.done.computing = self.processes.computing()
        return self.done

    async def _zone(self, zone: int) -> None:
        wanted = nine(zone) - timedelta(seconds=self.plan.gap)
        self.clock.advance(wanted - self.clock.now())
        quota = self.plan.kills * (zone + 1) // len(self.town.zones)
        killing = asyncio.create_task(self._kill(quota))
        pressing = asyncio.create_task(self._press(zone))
        try:
            await self._until_quiet(zone, killing, pressing)
        finally:
            for task in (killing, pressing):
                task.cancel()
            await asyncio.gather(killing, pressing, return_exceptions=True)

    async def _until_quiet(self, zone: int, *others: asyncio.Task[None]) -> None:
        """Until all that the zone's day brings was done, also what was held back for later."""
        began = time.monotonic()
        while time.monotonic() < began + self.plan.bound:
            await asyncio.sleep(0.3)
            if self.processes.ended_by_themselves > MOST_ENDINGS:
                raise RuntimeError("The processes don't stay alive; set CHAOS_LOG to see why.")
            self.clock.announce()
            quiet = not await self.books.is_busy(self.clock.now()) and self._handed_over(zone)
            if not quiet or not all(task.done() for task in others):
                continue
            later = await self.books.postponed(self.town.zones[zone], DAY)
            if later is None or not self.plan.waits:
                break
            self.done.postponed += 1
            self.clock.advance(max(timedelta(0), later - self.clock.now()))
        else:
            self.done.given_up.append(zone)
        if time.monotonic() > began + self.plan.patience:
            self.done.slow.append(zone)

    async def _kill(self, quota: int) -> None:
        """From nine on; half of the kills hit a process whose post is done and not answered yet."""
        await asyncio.sleep(self.plan.gap / self.plan.rate)
        while self.done.kills < quota:
            await asyncio.sleep(self.chance.uniform(*self.plan.between_kills))
            victim = self.chance.choice(list(self.processes.running))
            if self.chance.random() < 0.5:
                victim = await self._in_between() or victim
            self.done.kills += 1
            self.done.kills_in_between += bool(self.front.held[victim])
            await self.processes.replace(victim)

    async def _in_between(self) -> int | None:
        for _ in range(150):
            waiting = [p for p in self.processes.running if self.front.held[p]]
            if waiting:
                return self.chance.choice(waiting)
            await asyncio.sleep(0.01)
        return None

    async def _press(self, zone: int) -> None:
        """Several people ask for the hand-off of each ready customer, several times.

        A process may be killed after it took a press from Slack and before it acted: whoever
        sees nothing happen asks again, as people do.
        """
        ready = [n for n in self.town.zones[zone] if n in self.town.ready]
        presses = [(n, who) for n in ready for who in PEOPLE for _ in range(2)]
        self.chance.shuffle(presses)
        await asyncio.sleep(self.plan.gap * 2 / self.plan.rate)
        while presses:
            for customer, who in presses:
                await self._ask(customer, who)
                await asyncio.sleep(self.chance.uniform(0.0, 0.1))
            await asyncio.sleep(60 / self.plan.rate)
            over = handed_over(self.slack)
            presses = [(n, PEOPLE[0]) for n in ready if n not in over]

    async def _ask(self, customer: int, who: str) -> None:
        said = {"persona": who, "channel": Town.channel(customer), "text": f"<@{BOT}> handoff"}
        answer = await self.page.post("/_ui/send", json=said)
        answer.raise_for_status()
        self.done.presses += 1

    def _handed_over(self, zone: int) -> bool:
        wanted = self.town.ready & set(self.town.zones[zone])
        return wanted <= handed_over(self.slack)


def handed_over(slack: SlackServer) -> set[int]:
    """The customers whose hand-off support can see."""
    found = set()
    for message in slack.state.channel(SUPPORT).messages.values():
        key = key_of(message.body)
        if key.startswith("handoff:"):
            found.add(int(key.split(":")[1]))
    return found


def key_of(body: dict) -> str:  # type: ignore[type-arg]
    payload = (body.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key", ""))


@asynccontextmanager
async def open_day(town: Town, plan: Plan, database_url: str) -> AsyncIterator[Day]:
    """Everything is there and nothing runs yet."""
    chance = random.Random(plan.seed)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="onboard-chaos-")))
        shared = SharedClock.make(folder / "clock", nine(0) - timedelta(hours=1), plan.rate)
        clock = FastWorldClock(shared)
        log = RequestLog(clock)
        app = create_slack_app(make_slack(town), clock=clock, log=log, faults=FaultBook())
        slack: SlackServer = app.state.slack
        front = Front(app, plan.rate, clock.now, random.Random(plan.seed + 1), plan.chances)
        url = await stack.enter_async_context(serve(front))
        stack.push_async_callback(slack.aclose)
        engine = make_engine(database_url)
        stack.push_async_callback(engine.dispose)
        await schema.upgrade(engine)
        key = Vault.new_key()
        await settle(town, SqlStore(engine, Vault(key)), slack)
        order = {
            "clock": str(folder / "clock"),
            "rate": plan.rate,
            "ready": sorted(town.ready),
            "sick": plan.sick,
            "log": os.environ.get("CHAOS_LOG") or str(folder / "log"),
            "environment": {
                "SLACK_API_URL": url,
                "SLACK_BOT_TOKEN": slack.state.bot_token,
                "SLACK_APP_TOKEN": slack.state.app_token,
                "SUPPORT_CHANNEL_ID": SUPPORT,
                "DATABASE_URL": database_url,
                "ONBOARD_SECRET_KEY": key,
            },
        }
        processes = Processes(await stack.enter_async_context(_nursery()), order)
        stack.callback(processes.kill_all)
        page = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=30))
        yield Day(town, plan, slack, clock, front, Books(engine), processes, page, chance)


@asynccontextmanager
async def _nursery() -> AsyncIterator[Connection]:
    line, theirs = Pipe()
    process = forked(nursery, theirs)
    theirs.close()
    try:
        assert await asyncio.to_thread(line.recv) == "ready"
        yield line
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        process.close()
        line.close()
