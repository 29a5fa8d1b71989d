"""People who press: signed requests over kept-alive connections, and how long each waits."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.load.slack import HOME, STAFF, length_of
from bot.web import SLACK_PATH
from handlers.ids import COMMAND, ActionId
from integrations.sandbox.slack.delivery import sign

SECRET = "the signing secret"
ITEM = "qbo-support-user"
AT_ONCE = 32
AGAIN_S = 0.2
GIVE_UP_S = 10
PATIENCE_S = 30
NUMBERS = itertools.count(1)


def channel_of(customer: int) -> str:
    """The channel that is linked to a customer."""
    return f"C{customer:06d}"


def command(customer: int) -> bytes:
    """``/onboard status`` in a customer's channel."""
    number = next(NUMBERS)
    return _signed(
        {
            "command": COMMAND,
            "text": "status",
            "user_id": STAFF,
            "team_id": HOME,
            "channel_id": channel_of(customer),
            "trigger_id": f"{number}.command",
        }
    )


def click(customer: int, action: ActionId = ActionId.HOW_TO_FIX, item: str = ITEM) -> bytes:
    """A click on a button of a customer's card; each is a card of its own."""
    number = next(NUMBERS)
    value = f"{customer}:{item}" if item else str(customer)
    payload = {
        "type": "block_actions",
        "user": {"id": STAFF, "team_id": HOME},
        "team": {"id": HOME},
        "channel": {"id": channel_of(customer)},
        "container": {"message_ts": f"{number}.000200", "channel_id": channel_of(customer)},
        "trigger_id": f"{number}.click",
        "actions": [{"action_id": str(action), "block_id": "b", "type": "button", "value": value}],
    }
    return _signed({"payload": json.dumps(payload)})


def _signed(form: dict[str, str]) -> bytes:
    body, now = urlencode(form).encode(), int(time.time())
    head = (
        f"POST {SLACK_PATH} HTTP/1.1\r\nhost: bot\r\ncontent-length: {len(body)}\r\n"
        "content-type: application/x-www-form-urlencoded\r\n"
        f"x-slack-request-timestamp: {now}\r\nx-slack-signature: {sign(SECRET, now, body)}\r\n\r\n"
    )
    return head.encode() + body


def mixed(customers: Sequence[int]) -> Callable[[], bytes]:
    """Commands and clicks by turns, over all customers."""
    turns = itertools.cycle([(make, one) for one in customers for make in (command, click)])

    def make() -> bytes:
        how, customer = next(turns)
        return how(customer)

    return make


class TurnedAwayError(RuntimeError):
    """The bot had no room and did nothing; who presses again is let in as soon as there is some."""


@dataclass
class Line:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer.

        Raises:
            TurnedAwayError: it was a sentence that says to try again, or 503.
            RuntimeError: it was not 200.
        """
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        body = await self.reader.readexactly(length_of(head))
        status = head.split(" ", 2)[1]
        if status == "503" or b"ephemeral" in body:
            raise TurnedAwayError(f"{status}: {body[:200]!r}")
        if status != "200":
            raise RuntimeError(f"{status}: {body[:200]!r}")
        return body

    async def get(self, path: str) -> bytes:
        """The body of a page."""
        return await self.ask(f"GET {path} HTTP/1.1\r\nhost: here\r\n\r\n".encode())


@asynccontextmanager
async def line(port: int) -> AsyncIterator[Line]:
    """A connection to a server on this machine."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


@dataclass
class Crowd:
    """People at one server; ``waited`` is the seconds until each acknowledgement."""

    port: int
    slack: int
    waited: list[float] = field(default_factory=list)

    async def as_fast_as_possible(
        self, number: int, make: Callable[[], bytes], *, silent: bool = False
    ) -> float:
        """Seconds until so many were acknowledged and, unless ``silent``, answered in Slack.

        Raises:
            RuntimeError: answers are missing, and none has come for a while.
        """
        async with line(self.slack) as slack:
            wanted = await _answers(slack) + (0 if silent else number)
            began = time.perf_counter()
            left = iter(range(number))
            await asyncio.gather(*(self._one_after_another(left, make) for _ in range(AT_ONCE)))
            await _until(slack, wanted)
            return time.perf_counter() - began

    async def _one_after_another(self, left: Iterator[int], make: Callable[[], bytes]) -> None:
        async with line(self.port) as own:
            for _ in left:
                began = time.perf_counter()
                await _let_in(own, make)
                self.waited.append(time.perf_counter() - began)

    async def once_each(self, requests: Sequence[Callable[[], bytes]]) -> None:
        """Press each until it is acknowledged; what comes of it is not waited for."""
        async with line(self.port) as own:
            for request in requests:
                await _let_in(own, request)

    async def at_a_rate(self, rate: float, make: Callable[[], bytes], stop: asyncio.Event) -> int:
        """Press ``rate`` times a second, whatever is answered, until ``stop``.

        How many were turned away, or gave up waiting.

        Who comes while all lines are busy waits, and that counts.
        """
        free: asyncio.Queue[Line] = asyncio.Queue()

        async def press(request: bytes, due: float) -> None:
            own = None
            try:
                own = await free.get()
                await own.ask(request)
            finally:
                if own is not None:
                    free.put_nowait(own)
                # Also of whoever gave up: that is how long they waited.
                self.waited.append(time.perf_counter() - due)

        async with _lines(self.port, free):
            began = time.perf_counter()
            tasks = set()
            for number in itertools.count():
                due = began + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                if stop.is_set():
                    break
                tasks.add(asyncio.create_task(press(make(), due)))
            _, left = await asyncio.wait(tasks, timeout=GIVE_UP_S)
            for task in left:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        return sum(isinstance(one, BaseException) for one in ended)

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share was acknowledged."""
        ordered = sorted(self.waited)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def _let_in(own: Line, make: Callable[[], bytes]) -> None:
    """Press until it is taken in; for Slack each press is another one."""
    while True:
        try:
            await own.ask(make())
        except TurnedAwayError:
            await asyncio.sleep(AGAIN_S)
        else:
            return


@asynccontextmanager
async def _lines(port: int, free: "asyncio.Queue[Line]") -> AsyncIterator[None]:
    opened = [line(port) for _ in range(4 * AT_ONCE)]
    for one in opened:
        free.put_nowait(await one.__aenter__())
    try:
        yield
    finally:
        for one in opened:
            await one.__aexit__(None, None, None)


async def _until(slack: Line, wanted: int) -> None:
    """Wait for so many answers; Slack is another process, and tells only when it is asked."""
    last, since = -1, time.perf_counter()
    while (now := await _answers(slack)) < wanted:
        if now > last:
            last, since = now, time.perf_counter()
        if time.perf_counter() > since + PATIENCE_S:
            raise RuntimeError(f"{wanted - now} interactions were not answered")
        await asyncio.sleep(0.01)


async def _answers(slack: Line) -> int:
    return int(json.loads(await slack.get("/answers"))["answers"])


async def said(slack: int) -> bytes:
    """What was last said in Slack, by method, as JSON."""
    async with line(slack) as own:
        return await own.get("/said")
