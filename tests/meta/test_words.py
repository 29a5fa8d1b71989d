"""One place for what people read: ``bot.words`` has the sentences, and nothing else has any."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import words

ROOT = Path(__file__).parents[2]
SENTENCE = 3
"""Words from which on a text is one that somebody reads."""
WORD = re.compile(r"[^\W\d_][^\W\d_'-]+|\b[aAI]\b")
LOGGED = {"debug", "info", "warning", "error", "exception"}
NOT_OURS = {
    "bot/services/missing.py": "names that QuickBooks gives, letter by letter",
    "bot/services/metrics.py": "what each figure is: docs/metrics.md is made of it",
    "handlers/manners.py": "what people say to us, and we pass over",
    "handlers/phrases.py": "what people say to us instead of a command",
}
FOR_THE_LOG = {
    "reopened in this round",
    "the check took too long",
    "the round for customer {}",
    "the look at change {} of customer {}",
    "nothing of ours",
    "only single workspaces can install this app",
    "no bot token",
}
"""Why something was not done, or what was at work: in the log and in figures alone."""
NOT_WORDS = {"{} HttpOnly; SameSite=Lax; Path=/slack/", "{}=deleted;{}; Max-Age=0"}
AMERICAN = re.compile(
    r"\b(?:[Aa]uthoriz|[Oo]rganiz|[Rr]ecogniz|[Cc]olor|[Cc]enter|[Cc]anceled|[Ff]avor|[Ll]abor)"
)
SUBJECTS = [getattr(words, name) for name in words.__all__]


def unread(tree: ast.AST) -> set[int]:
    """The parts that nobody reads: docstrings, types, patterns, the log, our own defects."""
    found = set()
    for node in ast.walk(tree):
        parts: list[ast.AST] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts = [node.value]
        elif isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            parts = [node.annotation]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            parts = [node.returns]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if owner == "re" or (owner == "log" and node.func.attr in LOGGED):
                parts = [node]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "AssertionError":
            parts = [node]
        found |= {id(one) for part in parts for one in ast.walk(part)}
    return found


def texts(path: Path) -> Iterator[str]:
    """Every text that the code of a file has, with ``{}`` where something is put in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skip = unread(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in skip:
            skip |= {id(one) for one in node.values}
            skip |= {id(v.format_spec) for v in node.values if isinstance(v, ast.FormattedValue)}
            parts = (v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
            yield "".join(map(str, parts))
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip
        ):
            yield node.value


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return found


def is_read(text: str) -> bool:
    many = len(WORD.findall(re.sub(r"%[a-zA-Z]", "", text)))
    return many >= SENTENCE and " " in text.strip() and text not in FOR_THE_LOG | NOT_WORDS


def test_no_sentence_stands_outside_the_words():
    """Where three words stand together, somebody reads them; they belong to a subject's module."""
    strays = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in sources("handlers", "bot/services")
        if str(path.relative_to(ROOT)) not in NOT_OURS
        for text in texts(path)
        if is_read(text)
    }
    assert strays == set()


def test_each_exception_still_stands_for_something():
    """An exception that nothing needs any more would let the next sentence through."""
    there = {text for path in sources("handlers", "bot/services") for text in texts(path)}
    assert there >= FOR_THE_LOG | NOT_WORDS
    for path in NOT_OURS:
        assert any(is_read(text) for text in texts(ROOT / path)), path


@pytest.mark.parametrize(
    "text",
    [
        'told(f"I moved {number} codes for {name}.")',
        'raise UserError("Nothing changed here.")',
        'LABELS = {Kind.ONE: "Not a duplicate"}',
    ],
)
def test_a_stray_sentence_would_be_found(tmp_path: Path, text: str):
    file = tmp_path / "stray.py"
    file.write_text(text)
    assert any(map(is_read, texts(file)))


def filled() -> Iterator[tuple[str, str, set[str]]]:
    """Each place where a text of ``bot.words`` is filled: where, which, with what."""
    for path in sources("bot", "handlers"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            which = ast.unparse(node.func.value)
            if node.func.attr == "format" and re.fullmatch(r"words\.\w+\.[A-Z_]+", which):
                given = {keyword.arg or "" for keyword in node.keywords}
                yield f"{path.relative_to(ROOT)}:{node.lineno}", which, given


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_each_text_gets_exactly_what_it_has_room_for():
    wrong = {}
    for place, which, given in filled():
        _, subject, name = which.split(".")
        wanted = fields(getattr(getattr(words, subject), name))
        if wanted != given:
            wrong[f"{place} {which}"] = wanted ^ given
    assert wrong == {}


def test_every_text_is_said_somewhere():
    said = "\n".join(path.read_text(encoding="utf-8") for path in sources("bot", "handlers"))
    unsaid = {
        f"{subject.__name__}.{name}"
        for subject in SUBJECTS
        for name in vars(subject)
        if name.isupper()
        and f"{subject.__name__.rpartition('.')[2]}.{name}" not in said
        and len(re.findall(rf"\b{name}\b", Path(str(subject.__file__)).read_text())) < 2
    }
    assert unsaid == set()


def test_the_spelling_is_australian():
    read = (text for path in sources("bot/words", "bot/domain") for text in texts(path))
    assert [text for text in read if AMERICAN.search(text)] == []
