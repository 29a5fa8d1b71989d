"""What the doctor found, for staff: what needs somebody first, then how much is well."""

from collections.abc import Sequence

from bot import words
from bot.services.health import Line, State
from handlers.blocks.base import MESSAGE_CHARACTERS, Block, Message, context, section, weight
from handlers.blocks.undelivered import undelivered_buttons
from handlers.escape import clip, escape, sentence, short

MARKS = {
    State.PASS: ("✅", "pass"),
    State.WARN: ("⚠️", "warn"),
    State.FAIL: ("❌", "fail"),
    State.UNKNOWN: ("❔", "unknown"),
}
ORDER = (State.FAIL, State.UNKNOWN, State.WARN)
MOST = 30
MOST_TO_DECIDE = 8
"""Each takes two blocks; when some are decided, the next ones are shown."""
ROOM = 350
ONE_SECTION = 2_500
FOOT = 1_500
"""Characters for what stands below the rows, as JSON."""


def build_diagnosis(lines: Sequence[Line]) -> Message:
    """Fails first, then what nobody could tell, then warnings; what is well is one line."""
    troubles = sorted(
        (one for one in lines if one.state in ORDER), key=lambda one: ORDER.index(one.state)
    )
    well = [line for line in lines if line.state is State.PASS]
    text = words.details.DIAGNOSED.format(
        count=words.amounts.count(len(troubles), "thing"), total=len(lines)
    )
    head: list[Block] = [section(f"*{text}*")]
    shown = [(line, _row(line)) for line in _most(troubles)]
    blocks = head + _rows(shown)
    while weight(blocks) > MESSAGE_CHARACTERS - FOOT:
        shown.pop()
        blocks = head + _rows(shown)
    if len(troubles) > len(shown):
        blocks.append(context(words.details.DOCTOR_MORE.format(count=len(troubles) - len(shown))))
    if well:
        names = short(", ".join(line.name for line in well), ROOM)
        blocks.append(context(f"✅ {words.amounts.count(len(well), 'pass', 'passes')}: {names}"))
    return Message(text, tuple(blocks))


def _most(troubles: Sequence[Line]) -> list[Line]:
    """As many as one looks through, and of those that somebody decides about as many as fit."""
    to_decide = [line for line in troubles if line.message]
    left_out = {id(line) for line in to_decide[MOST_TO_DECIDE:]}
    return [line for line in troubles if id(line) not in left_out][:MOST]


def _rows(lines: Sequence[tuple[Line, str]]) -> list[Block]:
    """What only has to be read shares sections; what is decided about stands with its buttons."""
    blocks: list[Block] = [
        section(chunk) for chunk in _chunks([row for line, row in lines if not line.message])
    ]
    for line, row in lines:
        if line.message:
            blocks += [section(row), undelivered_buttons(line.message)]
    return blocks


def _row(line: Line) -> str:
    symbol, word = MARKS[line.state]
    said = short(line.text, ROOM)
    remedy = f"\n→ {sentence(clip(line.remedy, ROOM))}" if line.remedy else ""
    return f"{symbol} {word} · *{escape(line.name)}* {said}{remedy}"


def _chunks(rows: Sequence[str]) -> list[str]:
    """As many rows to a section as Slack takes."""
    chunks: list[str] = []
    for row in rows:
        if chunks and len(chunks[-1]) + len(row) < ONE_SECTION:
            chunks[-1] += f"\n{row}"
        else:
            chunks.append(row)
    return chunks
