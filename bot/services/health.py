"""What can be told of this installation's health from the database alone, line by line.

Each line passes, warns, fails or stays unknown, and says what to do. What nobody can know counts
as unknown, as with a check of a customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot import words
from bot.domain.beat import Beat
from bot.domain.findings import plural
from bot.services.ports import Backlog, Clock, Outgoing, Store
from bot.services.pulse import MISSED

SLOW = timedelta(minutes=5)
"""A message that waits longer than this is held up by something."""
QUIET = timedelta(days=7)
"""After so long without a click it is worth a look whether clicks still arrive."""


class State(StrEnum):
    """How one line of the diagnosis stands."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password.
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at."""

    name: str
    state: State
    text: str
    remedy: str = ""
    message: int = 0
    """The message in the outbox that somebody must decide about; 0 where it isn't about one."""


def exit_code(lines: Sequence[Line]) -> int:
    """0 all is well (warnings allowed), 1 something fails, 2 something could not be told."""
    states = {line.state for line in lines}
    return 1 if State.FAIL in states else 2 if State.UNKNOWN in states else 0


async def stored_lines(store: Store, clock: Clock) -> list[Line]:
    """The processes, the clicks that reached them, and the messages that wait."""
    now = clock.now()
    async with store.transaction() as tx:
        beats = await tx.beats.all()
        backlog = await tx.outbox.backlog()
        parked = await tx.outbox.parked()
    return [
        processes(beats, now),
        clicks(beats, now),
        outbox(backlog, now),
        *(given_up(message) for message in parked),
    ]


def processes(beats: Sequence[Beat], now: datetime) -> Line:
    """Whether the schedulers beat: each writes its sign of life every few seconds."""
    name = "scheduler"
    alive = [b for b in beats if b.ended_at is None and now - b.at <= MISSED]
    lost = [b for b in beats if b.ended_at is None and MISSED < now - b.at <= timedelta(days=1)]
    if not alive:
        if lost:
            last = max(lost, key=lambda beat: beat.at)
            text = words.health.STOPPED.format(process=last.owner, ago=_ago(last.at, now))
            remedy = words.health.ALL_STOPPED
            return Line(name, State.FAIL, text, remedy)
        return Line(name, State.WARN, words.health.NONE_RUNS, words.health.START)
    newest = max(beat.at for beat in alive)
    text = words.health.BEATS.format(
        processes=plural(len(alive), "process", "processes"), ago=_ago(newest, now)
    )
    if lost:
        owners = ", ".join(beat.owner for beat in lost)
        remedy = words.health.OTHERS_WORK
        return Line(
            name, State.WARN, words.health.ONE_STOPPED.format(beats=text, process=owners), remedy
        )
    return Line(name, State.PASS, text)


def clicks(beats: Sequence[Beat], now: datetime) -> Line:
    """Whether buttons reach us: only a click that did can say so."""
    name = "interactivity"
    seen = [beat.clicked_at for beat in beats if beat.clicked_at is not None]
    if not seen:
        remedy = words.health.PRESS_HELLO
        return Line(name, State.UNKNOWN, words.health.NO_CLICK, remedy)
    text = words.health.LAST_CLICK.format(ago=_ago(max(seen), now))
    if now - max(seen) > QUIET:
        return Line(name, State.WARN, text, words.health.PRESS_ANY)
    return Line(name, State.PASS, text)


def outbox(backlog: Backlog, now: datetime) -> Line:
    """How much is still to be sent, and since when."""
    text = words.health.TO_SEND.format(messages=plural(backlog.waiting, "message"))
    if backlog.oldest_at is None:
        return Line("outbox", State.PASS, text)
    text = words.health.OLDEST.format(waiting=text, ago=_ago(backlog.oldest_at, now))
    if now - backlog.oldest_at > SLOW:
        remedy = words.health.SEE_IT_RUNS
        return Line("outbox", State.WARN, text, remedy)
    return Line("outbox", State.PASS, text)


def given_up(message: Outgoing) -> Line:
    """A message that nobody will send any more."""
    return Line(
        f"message {message.key}",
        State.WARN,
        words.health.UNDELIVERED.format(where=message.channel, why=message.last_error),
        words.health.GIVEN_UP,
        message.id,
    )


def _ago(moment: datetime, now: datetime) -> str:
    seconds = max(0, int((now - moment).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
