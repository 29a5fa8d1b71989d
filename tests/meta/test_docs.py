"""Commands, settings, metrics, links and error sentences in the documents are held to the code."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import typer

from benchmarks.registry import CLAIMS
from bot import docs
from bot.cli import make_app
from bot.services.metrics import METRICS, Kind
from bot.settings import Settings
from handlers.ids import Verb
from tests.meta.code import ROOT, every_part, name, read, sources

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
OTHERS_SETTINGS = {"POSTGRES_PASSWORD", "CHANGE_DATA"}
"""Names in capitals that belong to others."""
FOLDERS = "bot|handlers|integrations|tests|docs|deploy|benchmarks"
SLACKS_OWN = "is not a valid command"
LIKELY = 20
"""Letters of a sentence that stand in one line of the code, as a rule."""
SENTENCES = {
    "operations.md": "By symptom",
    "slack.md": "When something does not work",
}


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def code_in(page: Path) -> list[str]:
    return CODE.findall(text_of(page))


def in_code(pattern: str, pages: Iterable[Path] = PAGES) -> Iterator[tuple[str, str]]:
    """What stands in the code of the pages, each with where."""
    for page in pages:
        for code in code_in(page):
            for found in re.findall(pattern, code):
                yield f"{name(page)}: {code[:80]}", found


@cache
def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    found = set()
    for heading in re.findall(r"(?m)^#+ (.+)$", text_of(page)):
        plain = re.sub(r"[^\w\s-]", "", heading.lower().replace("`", ""))
        found.add(plain.strip().replace(" ", "-"))
    return found


def leads_somewhere(page: Path, target: str) -> bool:
    """Whether a link's file is there, and the heading in it."""
    path, _, anchor = target.partition("#")
    where = (page.parent / path).resolve() if path else page
    return where.exists() and (not anchor or where.suffix != ".md" or anchor in anchors(where))


def test_each_link_leads_somewhere():
    links = [
        (page, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)\s]+)\)", CODE.sub("", text_of(page)))
        if not target.startswith(("http://", "https://", "mailto:"))
    ]
    assert len(links) > len(PAGES)
    assert [(name(page), to) for page, to in links if not leads_somewhere(page, to)] == []


def commands(app: typer.Typer, prefix: str = "onboard") -> Iterator[tuple[str, set[str]]]:
    """Every command with its options."""
    group = typer.main.get_command(app)

    def walk(command: object, path: str) -> Iterator[tuple[str, set[str]]]:
        for child_name, child in getattr(command, "commands", {}).items():
            yield from walk(child, f"{path} {child_name}")
        if not getattr(command, "commands", None):
            yield path, {o for p in command.params for o in (*p.opts, *p.secondary_opts)}

    yield from walk(group, prefix)


@cache
def known_commands() -> dict[str, set[str]]:
    return dict(commands(make_app()))


def test_each_command_exists_with_its_options():
    known = known_commands()
    groups = {command.rsplit(" ", 1)[0] for command in known} | {"onboard"}
    for where, line in in_code(r"(?<![/\w.=-])onboard((?: [a-z][a-z-]*)+[^`\n#]*)"):
        words = ["onboard", *line.split()]
        length = max((n for n in (1, 2, 3) if " ".join(words[:n]) in known), default=0)
        command = " ".join(words[:length])
        assert command or " ".join(words[:2]) in groups, (where, line)
        options = set(re.findall(r"(?<!\S)\[?(--[a-z-]+)", line))
        assert options <= known.get(command, set()) | {"--help"}, (where, line)


def test_each_setting_exists():
    settings = {one.upper() for one in Settings.model_fields} | OTHERS_SETTINGS
    unknown = [
        (where, word)
        for where, word in in_code(r"(?<![\w.$])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w-])")
        if not is_a_world(where) and word not in settings and is_ours(word)
    ]
    assert unknown == []


def test_each_metric_exists():
    metrics = {m.name for m in METRICS}
    metrics |= {f"{m.name}_bucket" for m in METRICS if m.kind is Kind.HISTOGRAM}
    named = [one for one in in_code(r"\bonboard_[a-z_]+\b") if not is_a_world(one[0])]
    assert [(where, word) for where, word in named if word not in metrics] == []


def is_a_world(where: str) -> bool:
    """The example files in the pages about worlds have names of their own."""
    return where.startswith("docs/worlds") and "```" in where


def is_ours(word: str) -> bool:
    """A name that begins as one of our settings does, and is none, is a slip."""
    ours = {one.upper().partition("_")[0] for one in Settings.model_fields}
    return word.partition("_")[0] in ours


def test_each_file_and_each_make_target_exists():
    folders = r"`((?:bot|handlers|integrations|tests|docs|deploy)/[\w./-]+)`"
    assert [(where, path) for where, path in in_code(folders) if not (ROOT / path).exists()] == []
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    made = in_code(r"(?:^|`|\n)make ([a-z]+)")
    assert [(where, target) for where, target in made if target not in targets] == []
    claimed = in_code(r"NAME=([a-z]+)")
    assert [(where, claim) for where, claim in claimed if claim not in CLAIMS] == []


def test_each_word_to_the_bot_is_in_the_table_and_no_other():
    page = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    spoken = {word for row in rows for word in re.findall(r"`([a-z]+)", row.split("|")[1])}
    assert {str(verb) for verb in Verb} <= spoken | {"undo"}
    assert spoken - {str(verb) for verb in Verb} <= {"not", "onboard"}


@cache
def said(path: Path) -> list[str]:
    """Every text in a file of the code, with a hole wherever something is put in."""
    texts = []
    for node in every_part(path):
        if isinstance(node, ast.JoinedStr):
            held = (getattr(part, "value", "{}") for part in node.values)
            texts.append("".join(p if isinstance(p, str) else "{}" for p in held))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node.value)
    return [re.sub(r"\{[^}]*\}|%[sdgr]", "{}", text) for text in texts]


def is_said(phrase: str) -> bool:
    """Whether some text has it; looked for first where it begins, which spares most of the code."""
    beginning = phrase.partition("{}")[0][:LIKELY]
    files = sources("bot", "handlers", "integrations")
    files.sort(key=lambda path: beginning not in read(path))
    return any(phrase in text for path in files for text in said(path))


@pytest.mark.parametrize("page", SENTENCES)
def test_each_sentence_that_people_look_up_is_one_that_the_code_says(page: str):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").split(f"## {SENTENCES[page]}")[1]
    rows = [row for row in text.split("\n## ")[0].splitlines() if row.startswith("| ")][1:]
    quoted = [q for row in rows for q in re.findall(r'"([^"]+)"|`([^`]+)`', row.split(" | ")[0])]
    assert len(quoted) >= 3
    for one in quoted:
        phrase = re.sub(r"\b(?=\w*\d)\w+\b|…", "{}", "".join(one))
        assert SLACKS_OWN in phrase or is_said(phrase), phrase


def test_the_drawing_is_what_the_code_imports_and_has_no_circle():
    page = docs.ARCHITECTURE_FILE.read_text(encoding="utf-8")
    assert page == docs.with_drawing(page), "run: python -m bot.docs"
    order = TopologicalSorter(docs.imports())
    assert next(iter(order.static_order())) in ("bot.domain", "integrations.sandbox")
