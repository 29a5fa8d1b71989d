"""The second process of ``onboard match``, started for real."""

import json
import os
import subprocess
import sys

from bot.commands.forked import hands
from bot.domain.matching.duplicates import find_duplicates
from bot.domain.matching.hands import ALONE
from bot.services.match_files import load_parties

_SPLIT = """
from bot.commands import forked
from bot.commands.match import app
forked.LARGE = 2
forked.os.sched_getaffinity = lambda _: {0, 1}
assert isinstance(forked.hands(2), forked.Forked)
app()
"""
_DIES = """
import os
from bot.commands.forked import Forked
first = os.getpid()
print(Forked().do([lambda: 1, lambda: 2 if os.getpid() == first else os._exit(9)]))
"""


def _run(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_two_processes_answer_as_one(tmp_path):
    """The command in two processes prints the groups and pairs of a run in this one."""
    file = tmp_path / "vendors.csv"
    names = [f"{brand} {end}" for brand in ("Acme", "Dunmore", "Farrow") for end in ("Pty Ltd", "")]
    file.write_text("id,name\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names)))
    report = find_duplicates(load_parties(file).records)
    answer = json.loads(_run(_SPLIT, "duplicates", str(file), "--json"))
    assert [tuple(group["ids"]) for group in answer["groups"]] == [g.ids for g in report.groups]
    assert [each["confidence"] for each in answer["pairs"]] == [p.confidence for p in report.pairs]
    assert len(answer["groups"]) == 3


def test_the_work_of_a_killed_copy_is_done_all_the_same():
    """Where the second process dies, the first does its part; nobody sees a traceback."""
    assert _run(_DIES) == "[1, 2]\n"


def test_small_lists_and_single_cores_stay_in_one_process(monkeypatch):
    """A process more is for large lists on two cores."""
    assert hands(1_999) is ALONE
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert hands(100_000) is ALONE
