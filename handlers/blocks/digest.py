"""The weekly digest: numbers first, then the same as bars, then who needs somebody."""

from collections.abc import Sequence
from datetime import date

from bot import words
from bot.services.notices import DigestLine, DigestNotice
from handlers.blocks.base import Message, context, header, section
from handlers.escape import channel_link, short

BAR = "▇"
WIDEST = 20
NAME = 80


def build_digest(notice: DigestNotice) -> Message:
    """Each bar has its word and number before it, so that nothing is said by a picture alone."""
    week = words.amounts.day(date.fromisoformat(notice.week))
    numbers = words.portfolio.DIGEST_NUMBERS.format(
        open=notice.open, stuck=notice.stuck, moved=notice.moved_count
    )
    waiting = ", ".join(f"{number} on {who}" for who, number in notice.waiting if number)
    blocks = [header(f"Onboardings · {week}"), section(numbers), section(_bars(notice.stages))]
    if waiting:
        blocks.append(section(f"*Waiting:* {waiting}."))
    if notice.needy:
        lines = "\n".join(_line(one) for one in notice.needy)
        blocks.append(section(words.portfolio.NEEDY.format(lines=lines)))
    blocks.append(context(_moved(notice)))
    return Message(words.portfolio.DIGEST.format(day=week, numbers=numbers), tuple(blocks))


def _bars(stages: Sequence[tuple[str, int]]) -> str:
    """In letters of one width, so that the bars begin below each other."""
    most = max((number for _, number in stages), default=1)
    wide, long = len(f"{most:,}"), max((len(stage) for stage, _ in stages), default=0)
    lines = [
        f"{stage.capitalize():{long}} {number:>{wide},} "
        f"{BAR * max(1, round(number * WIDEST / most))}"
        for stage, number in stages
    ]
    return "\n".join(["```", *lines, "```"])


def _line(one: DigestLine) -> str:
    """``🔴 stuck · Cairns Civil · preparing · 3 of 6 · waiting on customer · moved today``."""
    state = f"🔴 {words.states.IS_STUCK}" if one.is_stuck else f"🟡 {words.portfolio.UNDER_WAY}"
    waiting = words.portfolio.WAITING_ON.format(who=one.waiting_on) if one.waiting_on else ""
    where = channel_link(one.channel_id)
    numbers = words.states.progress(one.required_met, one.required_total, checked=one.is_checked)
    return (
        f"{state} · *{short(one.name, NAME)}* · {one.stage} · "
        f"{numbers}{waiting} · {words.states.idle(one.idle_days)}"
        + (f" · {where}" if where else "")
    )


def _moved(notice: DigestNotice) -> str:
    if not notice.moved_count:
        return words.portfolio.NOTHING_MOVED
    more = notice.moved_count - len(notice.moved)
    names = ", ".join(short(name, NAME) for name in notice.moved)
    return words.portfolio.MOVED.format(names=names) + (
        words.amounts.AND_MORE.format(more=more) if more else "."
    )
