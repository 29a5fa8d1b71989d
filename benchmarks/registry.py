"""The claims that can be remade: a name and the module whose ``claim()`` measures it.

``claim()`` returns whether the claim holds and its figures, in the order to print them; the
figure that counts stands last.
"""

import importlib
from collections.abc import Mapping
from typing import Any

CLAIMS = {
    "access": "benchmarks.access",
    "chaos": "benchmarks.chaos",
    "day": "benchmarks.day",
    "faults": "benchmarks.faults",
    "fuzz": "benchmarks.fuzz",
    "load": "benchmarks.load.run",
    "matching": "benchmarks.matching",
    "pack": "benchmarks.pack",
    "reads": "benchmarks.reads",
    "reminders": "benchmarks.reminders",
    "rules": "benchmarks.rules",
}


def run(name: str) -> tuple[bool, Mapping[str, Any]]:
    """Measure one claim.

    Raises:
        KeyError: there is no claim of this name.
    """
    module = importlib.import_module(CLAIMS[name])
    holds, figures = module.claim()
    return bool(holds), figures
