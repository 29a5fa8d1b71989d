"""Writes the pages of requirements, settings and metrics, and the drawing: ``python -m bot.docs``.

Tests compare the committed files with what this makes, so that they cannot drift apart.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.domain.catalogue import catalogue, risks
from bot.domain.model import Grade, Requirement, SupportIdentity
from bot.services.metrics import METRICS
from bot.settings import Settings

FILE = Path(__file__).parent.parent / "docs" / "requirements.md"
SETTINGS_FILE = FILE.with_name("settings.md")
METRICS_FILE = FILE.with_name("metrics.md")
ARCHITECTURE_FILE = FILE.with_name("architecture.md")
DRAWING_BEGINS = "<!-- Drawn by `python -m bot.docs` from the code's own imports. -->"
DRAWING_ENDS = "<!-- The drawing ends. -->"
BOXES = {
    "__main__": "command line",
    "cli": "command line",
    "commands": "command line",
    "docs": "",
    "demo": "demo, serving",
    "serving": "demo, serving",
    "app": "app",
    "installs": "installs",
    "diagnosis": "diagnosis, figures",
    "figures": "diagnosis, figures",
    "core": "core",
    "systems": "core",
    "services": "bot.services",
    "words": "bot.words",
    "domain": "bot.domain",
    "storage": "bot.storage",
}
"""Where a module of ``bot`` stands in the drawing; what is not named stands at the edges."""

SETTINGS_INTRO = """\
# Settings

<!-- Made by `python -m bot.docs` from bot/settings.py. Change it there. -->

Settings are environment variables; `.env` in the working folder is read too, and the environment
wins. Start from `.env.example`. A missing or malformed one is named, with where to get it.

| Setting | Default | What it is and where to get it |
|---|---|---|"""

METRICS_INTRO = """\
# Metrics

<!-- Made by `python -m bot.docs` from bot/services/metrics.py. Change it there. -->

`GET /metrics` on `HOST`:`PORT` answers in Prometheus' text format, in every process for itself.
What is in the database (customers, the outbox, connections) is the same in each of them. No label
names a customer, a person or a company. With `METRICS_TOKEN` set it asks for a bearer token. The
process's own figures (`process_*`: CPU seconds, memory, open files) come on top.
[operations.md](operations.md#alarms) says which of them to raise an alarm on.

| Metric | Kind | Labels | What it is |
|---|---|---|---|"""

INTRO = """\
# Requirements

<!-- Made by `python -m bot.docs` from bot/domain/requirements/. Change it there. -->

What a customer must have in order before OneCore is switched on, and how the bot knows. A check
says *met*, *unmet* or *unknown*; what could not be read is unknown, never met and never unmet. The
support address, the names and the guide's links below are the defaults; settings can replace them.
"""

WEIGHTS = {
    Grade.REQUIRED: "While one is unmet the customer is *not ready*; while one is unknown or not "
    "checked we *cannot tell*.",
    Grade.RECOMMENDED: "One that is unmet or unknown makes the customer *ready with risks*.",
    Grade.OPTIONAL: "Shown, and never in the way.",
    Grade.ADVISORY: "A risk: it never changes the gate, see [below](#risks).",
    Grade.HAND_OFF: "What the others open the way to.",
}


RISKS_INTRO = """\
# Risks

What an experienced consultant looks at besides, because each costs a week later. Risks never open
or close the gate, nobody is reminded of them, and the card has one line for all of them. They are
read after a full check (the daily one, *Re-check everything*), once the card shows what it found;
what that check has read already is not read again. `risks` shows them; Interfy staff switch them
off and on with `risks off` and `risks on`, or one by one: `risks off plan`. Switched off they are
neither read nor shown.
"""


def render(support: SupportIdentity) -> str:
    """The whole page as Markdown."""
    weights = [f"- **{grade.value}**: {text}" for grade, text in WEIGHTS.items()]
    table = [
        "| Item | Grade | What must be true | Who can fix it |",
        "|---|---|---|---|",
        *(_row(requirement, support) for requirement in catalogue()),
    ]
    sections = [_section(requirement, support) for requirement in catalogue()]
    advice = [
        "| Risk | What should be true | Who can fix it |",
        "|---|---|---|",
        *(_risk_row(risk, support) for risk in risks()),
        "",
        *(_section(risk, support) for risk in risks()),
    ]
    return "\n".join([INTRO, *weights, "", *table, "", *sections, RISKS_INTRO, *advice])


def _risk_row(risk: Requirement, support: SupportIdentity) -> str:
    title = risk.filled(risk.title, support).replace("|", r"\|")
    return f"| [`{risk.id}`](#{risk.id}) | {title} | {risk.who.value} |"


def _row(requirement: Requirement, support: SupportIdentity) -> str:
    title = requirement.filled(requirement.title, support).replace("|", r"\|")
    link = f"[`{requirement.id}`](#{requirement.id})"
    return f"| {link} | {requirement.grade.value} | {title} | {requirement.who.value} |"


def _section(requirement: Requirement, support: SupportIdentity) -> str:
    def fill(text: str) -> str:
        return requirement.filled(text, support)

    reads = ", ".join(_as_object(facet.label) for facet in requirement.needs)
    word = "counts while a check cannot tell" if requirement.attestable else "does not count"
    steps = [f"{number}. {fill(step)}" for number, step in enumerate(requirement.steps, start=1)]
    links = [f"- [{fill(link.text)}]({fill(link.url)})" for link in requirement.links]
    return "\n".join(
        [
            f"## {requirement.id}",
            "",
            f"**{fill(requirement.title)}** ({requirement.grade.value})",
            "",
            fill(requirement.why),
            "",
            f"- How it is known: {fill(requirement.known_by)}",
            f"- Reads: {reads or 'nothing from outside'}.",
            f"- Who can fix it: {requirement.who.value}.",
            f"- A person's word: {word}.",
            "",
            *steps,
            "",
            *links,
            "",
        ]
    )


def _as_object(label: str) -> str:
    return label[0].lower() + label[1:]


def render_settings() -> str:
    """The page of settings as Markdown, in the order of ``bot.settings``."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        cell = f"`{shown}`" if str(shown) else ""
        rows.append(f"| `{name.upper()}` | {cell} | {field.description} |")
    return "\n".join([SETTINGS_INTRO, *rows, ""])


def render_metrics() -> str:
    """The page of metrics as Markdown."""
    rows = [
        f"| `{m.name}` | {m.kind} | {', '.join(f'`{one}`' for one in m.labels)} | {m.help} |"
        for m in METRICS
    ]
    return "\n".join([METRICS_INTRO, *rows, ""])


@cache
def imports() -> dict[str, set[str]]:
    """Which part of the code imports which other parts, read from the code itself."""
    found: dict[str, set[str]] = {}
    for folder in ("bot", "handlers", "integrations"):
        for path in (FILE.parent.parent / folder).rglob("*.py"):
            importer = part_of(".".join(path.relative_to(FILE.parent.parent).with_suffix("").parts))
            for node in statements(tree(path)):
                if isinstance(node, ast.ImportFrom) and node.module:
                    parts = {part_of(f"{node.module}.{alias.name}") for alias in node.names}
                    if importer:
                        found.setdefault(importer, set()).update(parts - {"", importer})
    return found


@cache
def tree(path: Path) -> ast.Module:
    """A file of the code as a tree; whoever asks again gets the same one."""
    return ast.parse(path.read_text(encoding="utf-8"))


def statements(within: ast.AST) -> Iterator[ast.AST]:
    """Every statement however deep; expressions, most of a tree, are left alone."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for one in getattr(within, field, ()):
            yield one
            yield from statements(one)


def shortest(parts: dict[str, set[str]]) -> dict[str, set[str]]:
    """Without the arrows that a way over other parts implies."""

    def reached(name: str) -> set[str]:
        direct = parts.get(name, set())
        return direct.union(*(reached(one) for one in direct)) if direct else set()

    return {
        name: {one for one in direct if not any(one in reached(way) for way in direct - {one})}
        for name, direct in parts.items()
    }


def part_of(module: str) -> str:
    """The box of the drawing that a module belongs to; "" for other people's."""
    if module.startswith("integrations.sandbox"):
        return "integrations.sandbox"
    first, _, rest = module.partition(".")
    if first in ("handlers", "integrations"):
        return first
    if first != "bot":
        return ""
    second = rest.partition(".")[0]
    return BOXES.get(second, "edges")


def render_drawing() -> str:
    """The parts and who imports whom, as a Mermaid drawing."""
    parts = shortest(imports())
    names = sorted(parts.keys() | {one for many in parts.values() for one in many})
    boxes = [f'    {_box(name)}["{name}"]' for name in names]
    arrows = [
        f"    {_box(importer)} --> {_box(imported)}"
        for importer in sorted(parts)
        for imported in sorted(parts[importer])
    ]
    drawn = ["```mermaid", "graph TD", *boxes, *arrows, "```"]
    return "\n".join([DRAWING_BEGINS, *drawn, DRAWING_ENDS])


def _box(name: str) -> str:
    return name.replace(".", "_").replace(" ", "_").replace(",", "")


def with_drawing(page: str) -> str:
    """The page with the drawing as it is now between its two marks."""
    before, _, rest = page.partition(DRAWING_BEGINS)
    return f"{before}{render_drawing()}{rest.partition(DRAWING_ENDS)[2]}"


if __name__ == "__main__":
    FILE.write_text(render(SupportIdentity()), encoding="utf-8")
    SETTINGS_FILE.write_text(render_settings(), encoding="utf-8")
    METRICS_FILE.write_text(render_metrics(), encoding="utf-8")
    ARCHITECTURE_FILE.write_text(
        with_drawing(ARCHITECTURE_FILE.read_text(encoding="utf-8")), encoding="utf-8"
    )
