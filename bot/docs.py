"""Writes the pages of requirements, settings and metrics: ``python -m bot.docs``.

Tests compare the committed files with what this makes, so that they cannot drift apart.
"""

from pathlib import Path

from bot.domain.catalogue import catalogue
from bot.domain.model import Grade, Requirement, SupportIdentity
from bot.services.metrics import METRICS
from bot.settings import Settings

FILE = Path(__file__).parent.parent / "docs" / "requirements.md"
SETTINGS_FILE = FILE.with_name("settings.md")
METRICS_FILE = FILE.with_name("metrics.md")

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
    Grade.HAND_OFF: "What the others open the way to.",
}


def render(support: SupportIdentity) -> str:
    """The whole page as Markdown."""
    weights = [f"- **{grade.value}**: {text}" for grade, text in WEIGHTS.items()]
    table = [
        "| Item | Grade | What must be true | Who can fix it |",
        "|---|---|---|---|",
        *(_row(requirement, support) for requirement in catalogue()),
    ]
    sections = [_section(requirement, support) for requirement in catalogue()]
    return "\n".join([INTRO, *weights, "", *table, "", *sections])


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


if __name__ == "__main__":
    FILE.write_text(render(SupportIdentity()), encoding="utf-8")
    SETTINGS_FILE.write_text(render_settings(), encoding="utf-8")
    METRICS_FILE.write_text(render_metrics(), encoding="utf-8")
