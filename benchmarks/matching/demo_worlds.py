"""The demo worlds' cost codes and targets as the bot reads them, and their labels."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.records import CostCode, Target
from integrations.qbo.rows import account, item
from integrations.sandbox.procore.store import ProcoreStore
from integrations.sandbox.qbo.shapes import render
from integrations.sandbox.qbo.store import QboStore
from integrations.sandbox.world.loader import load_demo

_LABELS = Path(__file__).parent / "labelled" / "demo.worlds.txt"
WORLDS = ("acme", "bondi", "cairns", "darwin")


@dataclass(frozen=True)
class DemoWorld:
    """One customer's codes and targets."""

    codes: tuple[CostCode, ...]
    targets: tuple[Target, ...]


def _codes(store: ProcoreStore) -> tuple[CostCode, ...]:
    return tuple(
        CostCode(
            str(row.id),
            str(number),
            row.full_code,
            row.name,
            str(row.parent_id or "") or None,
            row.is_parent,
            row.active,
        )
        for number in store.lists
        for row in store.tree(number)
    )


def _targets(store: QboStore) -> tuple[Target, ...]:
    accounts = (account(render(store, "Account", each)) for each in store.accounts.values())
    items = (item(render(store, "Item", each)) for each in store.items.values())
    return (*accounts, *items)


@cache
def demo_worlds() -> dict[str, DemoWorld]:
    """Every demo world that has cost codes on one side and a chart on the other."""
    world = load_demo()
    return {
        name: DemoWorld(_codes(ProcoreStore(procore)), _targets(QboStore(qbo)))
        for name, procore, qbo in zip(
            WORLDS, world.procore.companies, world.qbo.companies, strict=False
        )
    }


_LINE = re.compile(r"^(?P<code>\S+) (?P<name>.+?) = (?P<right>.+?)(?:  # .*)?$")


@cache
def _labels() -> dict[tuple[str, str, str], frozenset[str]]:
    """(world, code, name) → full names of the targets that take it; empty where none does.

    Raises:
        ValueError: a line says nothing.
    """
    found: dict[tuple[str, str, str], frozenset[str]] = {}
    world = ""
    for line in _LABELS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            world = line.strip("[]")
        elif line and not line.startswith("#"):
            m = _LINE.match(line)
            if m is None:
                raise ValueError(line)
            names = frozenset(m["right"].split("; ")) - {"-"}
            found[world, m["code"], m["name"]] = names
    return found


def _made(code: CostCode, names: frozenset[str]) -> frozenset[str]:
    """What darwin's generator means: the code's own account, else its work as a whole.

    "Louvres - Design" is a share of "Louvres", so that account takes it; no other share of the
    work does, and a whole is not booked to one of its shares.
    """
    work = code.name.partition(" - ")[0]
    for wanted in (code.name, work):
        own = {wanted, f"{code.code} {wanted}"} & names
        if own:
            return frozenset(own)
    return frozenset()


def right_in_world(world: str, code: CostCode) -> frozenset[str]:
    """Full names of the targets that take a demo world's code; empty where none does.

    Raises:
        KeyError: nobody has labelled it.
    """
    if world == "darwin":
        return _made(code, frozenset(each.full_name for each in demo_worlds()[world].targets))
    return _labels()[world, code.code, code.name]
