"""The figures as docs/performance.md: a table, and a picture drawn beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from benchmarks.shared.machine import machine

HEAD = """# Performance

Made by `make claim NAME=load`, which measures the real `onboard serve` over signed HTTP with its
database in a SQLite file, and what many customers cost on both databases. An interaction is
`/onboard status` or *How to fix*, by turns, on a hundred customers that are connected, checked and
ready; it counts when it was acknowledged *and* answered in Slack.

**What it is compared with.** Bolt's own `AsyncApp`, served by the same uvicorn and Starlette in one
process, by turns with the bot in the same run. It verifies Slack's signature, acknowledges, and
answers with what it was given: the very card (`say`) and modal (`views_open`) that the bot answered
with. It looks nobody up, stores nothing, draws nothing, and makes an HTTP connection for each
answer, as Bolt does. The promise of 0.6 is judged by this one, because an echo echoes. Two more are
told beside it: an echo that keeps one HTTP session for all answers, as the bot does, and one that
only acknowledges, which nobody would ever see. For each interaction the bot writes the delivery's
key to the disk before it acknowledges, asks whose channel it is and what may be done, reads the
customer's state, and writes the click into the history; for `status` it also retires the card
before, which is a second call of Slack. Slack is a stand-in that answers at once. *Computing* is
processor time of the serving process; unlike interactions a second it hardly depends on what else
the machine does. Its modules are compiled before the start, as pip leaves what it installs; it is
started five times, and the quickest start is judged.

**Under too much.** At most 500 deliveries are under way at once; who presses faster waits, and
after 1.5 seconds a command is answered with a sentence and everything else with 503, before
anything of it was taken in (`onboard_interactions_total`, outcome `busy`). Those count as turned
away below. Lists of more than one page are read for one company after another, and the first pages
of no more than six are in memory at once, so that memory is bounded too. Decoding, packing and
pickling give way to whoever is not acknowledged yet, and the comparing process has a lower priority
(nice 10).

**Beside the checks.** All fifty are asked for at once, and people press a hundred times a second
for four minutes. How many are done by then is a matter of cores (comparing has the lower priority);
the others are waited for with nobody pressing, and none may be lost.

**Memory** is that of the bot and its helper processes together: everything that is no file's for
each of them, and of each file (Python itself, libraries) as much as the process with the most of
it has resident, because those pages are there once.

{when}, {cores} processor cores, Python {python}. {busy}

![Each figure as a share of its bound](pictures/performance.svg)

| what | measured | promised | kept |
|---|---|---|---|
"""
ROW, LEFT, WIDE, RIGHT = 26, 470, 300, 130
MOST = 2.0
"""Bars end at twice the bound; the number beside them tells the rest."""
QUIET = "Nothing else ran on the machine."
BUSY = (
    "The machine had other work as well (a load of\n{load:.1f} before it began): whatever is told "
    "by the clock is worse than on a quiet one."
)
GOOD, BAD = "#2e7d4f", "#b3382c"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure; ``bound`` is what it may be at most, or with ``least`` at least."""

    name: str
    value: float
    unit: str = ""
    bound: float | None = None
    least: bool = False

    @property
    def holds(self) -> bool:
        """Whether its promise is kept; what promises nothing always does."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.least else self.value < self.bound

    @property
    def told(self) -> str:
        """The figure with its unit."""
        return f"{_number(self.value)} {self.unit}".strip()

    @property
    def promised(self) -> str:
        """The bound in words; "" where there is none."""
        if self.bound is None:
            return ""
        way = "at least" if self.least else "under"
        return f"{way} {_number(self.bound)} {self.unit}".strip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def write_page(lines: Sequence[Line], page: Path, load: float) -> None:
    """Write the page, and its picture into the folder ``pictures`` beside it.

    ``load`` is what the machine had to do before anything was measured.
    """
    busy = QUIET if load < 0.5 else BUSY.format(load=load)
    head = HEAD.format(**machine(), busy=busy)
    rows = [
        f"| {one.name} | {one.told} | {one.promised} | "
        f"{'' if one.bound is None else 'yes' if one.holds else '**no**'} |\n"
        for one in lines
    ]
    page.write_text(head + "".join(rows), encoding="utf-8")
    picture = page.parent / "pictures" / "performance.svg"
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(draw([one for one in lines if one.bound]), encoding="utf-8")


def draw(lines: Sequence[Line]) -> str:
    """A bar for each figure, its bound as one upright line through all of them."""
    high = ROW * (len(lines) + 2)
    at = LEFT + WIDE / MOST
    parts = [
        (
            '<svg xmlns="http://www.w3.org/2000/svg" '
            f'width="{LEFT + WIDE + RIGHT}" height="{high}" '
            'font-family="sans-serif" font-size="13" role="img">'
        ),
        "<title>Each figure as a share of its bound</title>",
        f'<rect width="100%" height="{high}" fill="#ffffff"/>',
        f'<text x="{at}" y="17" text-anchor="middle" fill="#444444">the bound</text>',
    ]
    for number, one in enumerate(lines, 1):
        assert one.bound
        top, share = number * ROW, min(MOST, one.value / one.bound)
        long = share * WIDE / MOST
        colour, word = (GOOD, "") if one.holds else (BAD, " (not kept)")
        parts += [
            (
                f'<text x="{LEFT - 8}" y="{top + 14}" text-anchor="end" fill="#222222">'
                f"{escape(one.name)}</text>"
            ),
            f'<rect x="{LEFT}" y="{top}" width="{long:.1f}" height="{ROW - 8}" fill="{colour}"/>',
            (
                f'<text x="{LEFT + long + 6:.1f}" y="{top + 14}" fill="{colour}">'
                f"{escape(one.told + word)}</text>"
            ),
        ]
    bottom = high - ROW
    parts.append(f'<path d="M{at} 22V{bottom}" stroke="#444444" stroke-dasharray="4 3"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"
