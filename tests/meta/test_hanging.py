"""A test that hangs does not hang the run."""

import os
import subprocess
import sys
from pathlib import Path

CONFTEST = """
from tests.hanging import Alarm

def pytest_configure(config):
    config.pluginmanager.register(Alarm(0.2))
"""
MODULE = """
import asyncio, pytest

async def deep():
    await asyncio.Event().wait()

async def generator():
    yield
    await deep()

async def step(one):
    await anext(one)

@pytest.fixture
def opened():
    with asyncio.Runner() as runner:
        one = generator()
        runner.run(step(one))
        yield
        runner.run(step(one))

def test_that_fails(opened):
    assert False
"""


def test_a_failed_test_whose_teardown_waits_for_ever_is_ended_and_says_where(tmp_path: Path):
    """Watched as each phase is: where other watches stop, and within a loop, which hides it."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_hangs.py").write_text(MODULE)
    options = ("-q", "-p", "no:cacheprovider", "-c", "/dev/null")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=Path(__file__).parents[2],
        # No plugin has a part in this, and each takes a while to load.
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "hangs: tearing down of test_hangs.py::test_that_fails" in run.stderr
    assert "line 5 in deep" in run.stderr
