"""One place for what people read: ``bot.words`` has the sentences, and nothing else has any."""

import ast
import re
import string
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from bot import words
from tests.meta.code import ROOT, every_part, name, parts, read, sources

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
SUBJECTS = [getattr(words, subject) for subject in words.__all__]


def unread(node: ast.AST) -> Sequence[ast.AST]:
    """What of a part nobody reads: docstring, type, pattern, the log, our own defects."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return [node.value]
    if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
        return [node.annotation]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
        return [node.returns]
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
            return [node]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=attr)) if attr in LOGGED:
            return [node]
        case ast.Call(func=ast.Name(id="AssertionError")):
            return [node]
    return []


@cache
def texts(path: Path) -> list[str]:
    """Every text that the code of a file has, with ``{}`` where something is put in."""
    every = every_part(path)
    skip = {id(one) for node in every for part in unread(node) for one in parts(part)}
    found = []
    for node in every:
        if isinstance(node, ast.JoinedStr):
            held = (v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
            if id(node) not in skip:
                found.append("".join(map(str, held)))
                skip |= {id(one) for one in node.values}
                formats = (v.format_spec for v in node.values if isinstance(v, ast.FormattedValue))
                skip |= {id(one) for one in formats}
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip
        ):
            found.append(node.value)
    return found


def is_read(text: str) -> bool:
    many = len(WORD.findall(re.sub(r"%[a-zA-Z]", "", text)))
    return many >= SENTENCE and " " in text.strip() and text not in FOR_THE_LOG | NOT_WORDS


def test_no_sentence_stands_outside_the_words():
    """Where three words stand together, somebody reads them; they belong to a subject's module."""
    strays = {
        f"{name(path)}: {text}"
        for path in sources("handlers", "bot/services")
        if name(path) not in NOT_OURS
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
        if ".format(" not in read(path):
            continue
        for node in every_part(path):
            match node:
                case ast.Call(func=ast.Attribute(value=which, attr="format"), keywords=keywords):
                    text = ast.unparse(which)
                    if re.fullmatch(r"words\.\w+\.[A-Z_]+", text):
                        yield f"{name(path)}:{node.lineno}", text, {k.arg or "" for k in keywords}


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_each_text_gets_exactly_what_it_has_room_for():
    wrong = {}
    for place, which, given in filled():
        _, subject, constant = which.split(".")
        wanted = fields(getattr(getattr(words, subject), constant))
        if wanted != given:
            wrong[f"{place} {which}"] = wanted ^ given
    assert wrong == {}


def test_every_text_is_said_somewhere():
    said = "\n".join(read(path) for path in sources("bot", "handlers"))
    unsaid = {
        f"{subject.__name__}.{constant}"
        for subject in SUBJECTS
        for constant in vars(subject)
        if constant.isupper()
        and f"{subject.__name__.rpartition('.')[2]}.{constant}" not in said
        and len(re.findall(rf"\b{constant}\b", Path(str(subject.__file__)).read_text())) < 2
    }
    assert unsaid == set()


def test_the_spelling_is_australian():
    there = (text for path in sources("bot/words", "bot/domain") for text in texts(path))
    assert [text for text in there if AMERICAN.search(text)] == []
