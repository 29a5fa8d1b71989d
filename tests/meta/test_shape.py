"""The shape of the code: what the documents and the house rules say about it, held true."""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bot import docs
from bot.docs import statements
from bot.domain import requirements
from bot.domain.catalogue import catalogue
from bot.domain.model import Requirement, SupportIdentity
from tests.meta.code import ROOT, every_part, name, read, sources, tree

PRODUCT = ("bot", "handlers", "integrations")
EVERYTHING = (*PRODUCT, "tests", "benchmarks")
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
# What the pure code may import besides the standard library and itself.
MATCHING_LIBRARIES = {"anyascii", "numpy", "phonenumbers", "rapidfuzz", "tldextract"}
LOADED_LATER = {
    "alembic",
    "apscheduler",
    "httpx",
    "integrations",
    "multiprocessing",
    "smtplib",
    "typer",
}
LOADED_WHEN_USED = MATCHING_LIBRARIES | {"PIL", "openpyxl"}
SERVICE_LIBRARIES = {"PIL", "openpyxl", "pydantic"}
CLOCKS = re.compile(r"(?:\w+\.)*(?:date|datetime|time)\.(?:now|utcnow|today|time|monotonic)")
UNFIT_FOR_THE_DOMAIN = {"asyncio", "logging", "os", "random", "socket", "sqlite3", "subprocess"}


def imported(path: Path) -> Iterator[str]:
    for node in statements(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)} imports relatively"
            yield node.module or ""


def at_load(module: str) -> set[str]:
    """What a module imports as soon as it is imported itself."""
    path = ROOT / (module.replace(".", "/") + ".py")
    path = path if path.exists() else ROOT / module.replace(".", "/") / "__init__.py"
    if not path.exists():
        return set()
    found = {module.rpartition(".")[0]} - {""}
    for node in tree(path).body:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def loaded_with(*modules: str) -> set[str]:
    """These, and all that comes with them; of what is not ours the names alone."""
    told, left = set(), list(modules)
    while left:
        module = left.pop()
        if module not in told:
            told.add(module)
            left.extend(at_load(module))
    return told


def test_a_start_waits_for_nothing_that_no_press_of_a_button_needs():
    """`onboard serve` loads these once it is ready, or when they are needed."""
    told = loaded_with("bot.cli", "bot.commands.start")
    assert {"bot.serving", "handlers.listeners", "bot.storage.tables", "uvicorn"} <= told
    assert {module.partition(".")[0] for module in told} & LOADED_LATER == set()


def test_the_matching_libraries_are_loaded_when_used():
    """Nothing that starts, serves or answers loads them before there is something to match."""
    told = loaded_with("bot.cli", "bot.app", "bot.serving", "bot.commands.match")
    assert "bot.services.duplicates" in told
    assert "handlers.actions.match" in told
    assert {module.partition(".")[0] for module in told} & LOADED_WHEN_USED == set()


def test_the_page_of_requirements_is_what_the_catalogue_says():
    assert docs.FILE.read_text(encoding="utf-8") == docs.render(SupportIdentity()), (
        "run: python -m bot.docs"
    )


def test_the_page_names_every_requirement_with_its_grade_and_steps():
    page = docs.FILE.read_text(encoding="utf-8")
    for known in catalogue():
        assert f"## {known.id}\n" in page
        assert f"| {known.grade.value} |" in page
    assert "{" not in page


def test_a_requirements_module_holds_exactly_one_and_is_named_after_it():
    modules = [module.name for module in pkgutil.iter_modules(requirements.__path__)]
    assert len(modules) > len(catalogue())
    for module in modules:
        loaded = importlib.import_module(f"{requirements.__name__}.{module}")
        found = [value for value in vars(loaded).values() if isinstance(value, Requirement)]
        assert found == [loaded.REQUIREMENT], module
        assert module == loaded.REQUIREMENT.id.replace("-", "_"), module
        assert loaded.__doc__, module
        assert loaded.check.__doc__, module


def test_no_file_is_longer_than_four_hundred_lines():
    lengths = {p: len(read(p).splitlines()) for p in sources(*EVERYTHING)}
    assert {name(path): n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_longer_than_sixty_lines():
    long = {}
    for path in sources(*PRODUCT):
        for node in statements(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{name(path)}:{node.name}"] = length
    assert long == {}


def strangers(folder: str, fits: Callable[[Path, str], bool]) -> list[str]:
    """What the files of a folder import besides what they may."""
    paths = sources(folder)
    return [
        f"{name(path)}: {one}" for path in paths for one in imported(path) if not fits(path, one)
    ]


def test_the_domain_is_pure():
    """The standard library without the outside world, itself, and in the kernels arithmetic."""
    pure = set(sys.stdlib_module_names) - UNFIT_FOR_THE_DOMAIN
    kernels = pure | MATCHING_LIBRARIES

    def fits(path: Path, module: str) -> bool:
        allowed = kernels if "matching" in path.parts else pure
        return module.partition(".")[0] in allowed or module.startswith("bot.domain")

    assert strangers("bot/domain", fits) == []


def test_the_services_import_domain_and_ports_only():
    allowed = set(sys.stdlib_module_names) | SERVICE_LIBRARIES

    def fits(_: Path, module: str) -> bool:
        ours = module.startswith(("bot.domain", "bot.services", "bot.words")) or module == "bot"
        return module.partition(".")[0] in allowed or ours

    assert strangers("bot/services", fits) == []


def test_nobody_asks_the_machine_for_the_time():
    """Time is passed in; only the composition root knows a real clock."""
    suspects = [p for p in sources("bot/domain", "bot/services") if CLOCKS.search(read(p))]
    asked = [
        (name(path), ast.unparse(one))
        for path in suspects
        for one in every_part(path)
        if isinstance(one, ast.Attribute)
    ]
    assert [one for one in asked if CLOCKS.fullmatch(one[1])] == []
