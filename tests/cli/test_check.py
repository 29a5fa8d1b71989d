"""`onboard check`: exit codes, JSON, and sentences for every mistake."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.catalogue import catalogue
from tests.cli.conftest import Onboard, Result
from tests.connect.rig import database_of_its_own

DOCS = Path(__file__).parents[2] / "docs" / "command-line.md"
_checked: dict[str, Result] = {}
"""By customer; each is a whole demo that starts, is read, and ends."""


@pytest.fixture
def demo(onboard: Onboard) -> Iterator[Onboard]:
    """The same; the demo has its database at once."""
    with database_of_its_own():
        yield onboard


def check_as_json(demo: Onboard, customer: str) -> Result:
    if customer not in _checked:
        _checked[customer] = demo("check", customer, "--demo", "--json")
    return _checked[customer]


@pytest.mark.parametrize(
    ("customer", "code", "gate"), [("acme", 1, "not ready"), ("bondi", 0, "ready")]
)
def test_the_exit_code_is_the_gate(demo: Onboard, customer: str, code: int, gate: str):
    result = check_as_json(demo, customer)
    assert (result.code, result.json()["gate"]) == (code, gate)


@pytest.mark.parametrize("down", ["procore", "quickbooks"])
def test_with_a_system_down_it_could_not_tell(demo: Onboard, down: str):
    result = demo("check", "bondi", "--demo", "--json", "--down", down)
    assert result.code == 2
    report = result.json()
    assert report["gate"] == "cannot tell"
    unknown = [r for r in report["requirements"] if r["status"] == "unknown"]
    assert {r["cause"] for r in unknown} == {"unreachable"}
    verified = [r["id"] for r in report["requirements"] if r["status"] == "verified"]
    assert verified, "what needs only the other system is still verified"


def test_the_json_is_as_documented(demo: Onboard):
    report = check_as_json(demo, "acme").json()
    documented = re.search(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert documented is not None
    keys = set(re.findall(r'"(\w+)":', documented[1]))
    assert {*report, *report["requirements"][0], *report["required"]} <= keys
    assert [r["id"] for r in report["requirements"]] == [r.id for r in catalogue()]
    evidence = [row for r in report["requirements"] for row in r["evidence"]]
    assert all(set(row) == {"subject", "detail", "group", "ref"} for row in evidence)
    assert len(evidence) > 30


def test_people_get_a_table_and_the_gate_in_words(demo: Onboard):
    result = demo("check", "bondi", "--demo")
    assert "✔ verified" in result.out
    assert "5 of 5 required items done · ready" in result.out


def test_a_typing_error_gets_the_nearest_customer(demo: Onboard):
    result = demo("check", "acmee", "--demo")
    assert (result.code, result.out) == (2, "")
    assert result.err == 'I don\'t know "acmee". Did you mean acme?\n'


def test_a_world_with_a_mistake_is_told_by_line(onboard: Onboard, tmp_path: Path):
    world = tmp_path / "world.yaml"
    world.write_text("customers:\n  - slug: acme\n    nmae: Acme\n", encoding="utf-8")
    result = onboard("check", "acme", "--demo", "--world", str(world))
    assert result.code == 2
    assert re.search(r"world\.yaml:3: customers\[0\].nmae: ", result.err)


def test_without_a_secret_key_it_says_how_to_make_one(onboard: Onboard):
    result = onboard("check", "acme")
    assert result.code == 2
    assert "ONBOARD_SECRET_KEY" in result.err
    assert "onboard keys new" in result.err


def test_a_customer_that_is_not_connected_cannot_be_told(set_up: Onboard):
    assert set_up("customers", "add", "Acme Constructions").code == 0
    result = set_up("check", "acme-constructions", "--json")
    assert result.code == 2
    causes = {r["cause"] for r in result.json()["requirements"] if r["cause"]}
    assert causes == {"not connected"}


def test_a_port_in_use_is_named(onboard: Onboard):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = onboard("demo", "--port", str(port), "--no-open")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"Port {port} is already in use.")
