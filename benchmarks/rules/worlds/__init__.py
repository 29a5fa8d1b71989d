"""Worlds for each risk with the truth beside them; a module with ``scenarios()`` is enough."""

import importlib
import pkgutil

from benchmarks.rules.scenario import Scenario


def scenarios() -> list[Scenario]:
    """All of them."""
    modules = [
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    ]
    return [one for module in modules for one in module.scenarios()]
