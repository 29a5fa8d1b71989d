"""Finds every requirement: a module in ``requirements/`` with a ``REQUIREMENT`` is enough."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from functools import cache

from bot.domain import requirements
from bot.domain.model import Grade, Requirement


@cache
def _all() -> tuple[Requirement, ...]:
    """Everything that is found, in order.

    Raises:
        ValueError: two requirements share an id.
    """
    found = [
        importlib.import_module(f"{requirements.__name__}.{module.name}").REQUIREMENT
        for module in pkgutil.iter_modules(requirements.__path__)
    ]
    found.sort(key=lambda requirement: (requirement.order, requirement.id))
    ids = [requirement.id for requirement in found]
    if len(set(ids)) != len(ids):
        raise ValueError(f"Two requirements share an id: {sorted(ids)}")
    return tuple(found)


@cache
def catalogue() -> tuple[Requirement, ...]:
    """The requirements that decide the gate or are shown beside it, in their order."""
    return tuple(found for found in _all() if found.grade is not Grade.ADVISORY)


@cache
def risks() -> tuple[Requirement, ...]:
    """The advisory requirements, in their order."""
    return tuple(found for found in _all() if found.grade is Grade.ADVISORY)


def requirement(requirement_id: str) -> Requirement:
    """One requirement, or one risk.

    Raises:
        KeyError: no requirement has this id.
    """
    for known in _all():
        if known.id == requirement_id:
            return known
    raise KeyError(requirement_id)


@cache
def short_names() -> Mapping[str, str]:
    """What each requirement and each risk is called in a few words, by id."""
    named = {one.id: one.short for one in catalogue()}
    return named | {one.id: f"risk: {one.short}" for one in risks()}


@cache
def _ids() -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, short_names()), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])")


def with_names(text: str) -> str:
    """A line of history as people read it: it is stored with ids, which no new wording breaks."""
    return _ids().sub(lambda found: short_names()[found[0]], text)
