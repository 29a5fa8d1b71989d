"""The labelled cost codes: lists and charts written by hand, joined by what each line is."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.matching.codes import division_of
from bot.domain.records import CostCode, Target, TargetKind

_FOLDER = Path(__file__).parent / "labelled"
_ITEMS = frozenset({"items", "services"})
_CODE = re.compile(r"^(?P<number>\d[\d\s-]*\d|\d)\s+(?P<name>\D.*?)\s*=\s*(?P<is>.*)$")
_TARGET = re.compile(
    r"^(?:(?P<number>\d{4})\s+)?(?P<name>.*?)\s*\[(?P<type>.*?)\]\s*=\s*(?P<is>.*)$"
)


@dataclass(frozen=True)
class Labelled:
    """A cost code or target, and what it is: ``trade`` or ``trade/part``; "" for neither."""

    record: CostCode | Target
    label: str


def _lines(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def code_lists() -> dict[str, list[Labelled]]:
    """Each list's codes, with the divisions as parents where the numbers tell them."""
    lists = {}
    for file in sorted(_FOLDER.glob("*.codes.txt")):
        name = file.name.partition(".")[0]
        found = [_CODE.match(line) for line in _lines(file)]
        lists[name] = [
            Labelled(CostCode(m["number"], name, m["number"], m["name"]), m["is"])
            for m in found
            if m
        ]
    return lists


@cache
def charts(*, numbered: bool = True) -> dict[str, list[Labelled]]:
    """Each chart's targets, with or without their numbers."""
    found = {}
    for file in sorted(_FOLDER.glob("*.chart.txt")):
        chart = file.name.partition(".")[0]
        kind = TargetKind.ITEM if chart in _ITEMS else TargetKind.ACCOUNT
        targets = []
        for place, line in enumerate(_lines(file)):
            m = _TARGET.match(line)
            if m is None:
                raise ValueError(line)
            number = (m["number"] or "") if numbered else ""
            name = m["name"].rpartition(":")[2]
            target = Target(kind, f"{chart}{place}", name, m["name"], number, type=m["type"])
            targets.append(Labelled(target, m["is"]))
        found[chart] = targets
    return found


def right_targets(label: str, chart: list[Labelled]) -> set[str]:
    """Keys of the targets that take ``label``: the finest that the chart has."""
    for wanted in (label, label.partition("/")[0]):
        keys = {each.record.key for each in chart if each.label == wanted}
        if keys:
            return keys
    return set()


def divisions(codes: list[Labelled]) -> set[str]:
    """The divisions that the numbers of a list tell."""
    return {division_of(each.record.code) for each in codes if isinstance(each.record, CostCode)}
