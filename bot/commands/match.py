"""``onboard match``: the matching kernels over files, before anything is connected."""

import atexit
import gc
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import words
from bot.commands.forked import hands
from bot.domain.matching.collector import collector_paused
from bot.domain.matching.duplicates import Band, DuplicateReport, find_duplicates
from bot.domain.model import MappingMode
from bot.domain.records import Target, TargetKind
from bot.services.match_files import load_codes, load_parties, load_targets
from bot.services.match_tables import TableError

if TYPE_CHECKING:
    from bot.domain.matching.costcodes import CodeMatch, CostCodeReport

app = typer.Typer(
    help="Match cost codes to accounts and items, or find duplicates, in exported files.",
    no_args_is_help=True,
)

_FAILED = 2
_NOTES = 50
"""A file can be odd in every row; nobody reads more than this."""
_LONG = 20_000
"""Records from which on a person waits and wants to see that something is done."""
_MAP_HELP = "FIELD=COLUMN: which column holds a field, where its name is not recognised."


def _mapping(pairs: Iterable[str], file: str = "") -> dict[str, str]:
    """``FIELD=COLUMN`` pairs for one file; ``items.name=…`` is for the items file only."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals or not column.strip():
            raise TableError(f"--map wants FIELD=COLUMN, not {pair!r}.")
        of_file, dot, field = name.strip().rpartition(".")
        if of_file == file or not dot:
            found[field] = column.strip()
    return found


def _say_notes(notes: Sequence[str]) -> None:
    for note in notes[:_NOTES]:
        typer.echo(f"note: {note}", err=True)
    if len(notes) > _NOTES:
        typer.echo(f"note: and {len(notes) - _NOTES:,} more like these.", err=True)


def _dump(answer: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False))


def _target_json(target: Target) -> dict[str, Any]:
    return {"kind": target.kind.value, "id": target.id, "name": target.full_name or target.name}


def _row_json(row: "CodeMatch") -> dict[str, Any]:
    return {
        "id": row.code.id,
        "code": row.code.code,
        "name": row.code.name,
        "target": _target_json(row.target) if row.target else None,
        "how": row.how.value,
        "usable": row.ok,
        "problem": row.problem.value if row.problem else None,
        "reason": row.reason,
        "suggestions": [
            {"target": _target_json(each.target), "score": each.score, "reason": each.reason}
            for each in row.suggestions
        ],
    }


def _summary(report: "CostCodeReport") -> dict[str, int]:
    return {
        "total": report.total,
        "matched": report.matched,
        "no_target": report.no_target,
        "conflicts": report.conflicts,
        "inactive": report.inactive,
        "no_expense_account": report.no_expense_account,
        "other_unusable": report.other_unusable,
        "divisions": len(report.divisions),
    }


def _show_codes(report: "CostCodeReport") -> None:
    for row in sorted(report.rows, key=lambda row: row.ok):
        mark = "ok " if row.ok else "-- "
        typer.echo(f"{mark}{row.code.code}  {row.code.name}: {row.reason}")
        for each in row.suggestions:
            name = each.target.full_name or each.target.name
            number = f"{each.target.number} " if each.target.number else ""
            typer.echo(f"     {each.score:.2f}  {each.target.kind} {number}{name} ({each.reason})")
    parts = [f"{count} {name.replace('_', ' ')}" for name, count in _summary(report).items()][2:]
    typer.echo(f"{report.matched} of {report.total} cost codes matched · {' · '.join(parts)}")


def _end_at_once() -> None:
    """The process ends with its command: spare it the collector's last walks over all it loaded."""
    atexit.register(gc.freeze)


def _is_for(pair: str, file: str) -> bool:
    """Whether a ``--map`` speaks of this file: by its prefix, and without one of the codes."""
    prefix, dot, _ = pair.partition("=")[0].rpartition(".")
    return prefix.strip() == file if dot else file == "codes"


def _load_targets(
    accounts: Path | None, items: Path | None, maps: Sequence[str]
) -> tuple[list[Target], list[str]]:
    if accounts is None and items is None:
        raise TableError("Give the file to match to with --accounts, --items or both.")
    targets: list[Target] = []
    notes: list[str] = []
    files = (("accounts", accounts, TargetKind.ACCOUNT), ("items", items, TargetKind.ITEM))
    for name, path, kind in files:
        if path is not None:
            mine = _mapping((pair for pair in maps if _is_for(pair, name)), name)
            found = load_targets(path, kind, mine)
            targets += found.records
            notes += found.notes
    return targets, notes


@app.command("cost-codes")
@collector_paused()
def cost_codes(
    codes: Annotated[Path, typer.Option(help="Procore's cost codes, CSV or XLSX.")],
    accounts: Annotated[
        Path | None, typer.Option(help="QuickBooks' chart of accounts, CSV or XLSX.")
    ] = None,
    items: Annotated[
        Path | None, typer.Option(help="QuickBooks' products and services, CSV or XLSX.")
    ] = None,
    mode: Annotated[MappingMode, typer.Option(help="What may be mapped to.")] = MappingMode.EITHER,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    map_columns: Annotated[
        list[str] | None,
        typer.Option("--map", help=_MAP_HELP + " Begin with accounts. or items. for those files."),
    ] = None,
) -> None:
    """Match cost codes to accounts and items."""
    # Loaded when used, as the other command has no use for it.
    from bot.domain.matching.costcodes import match_cost_codes

    _end_at_once()
    try:
        maps = map_columns or ()
        loaded = load_codes(codes, _mapping((m for m in maps if _is_for(m, "codes")), "codes"))
        targets, notes = _load_targets(accounts, items, maps)
    except TableError as exc:
        typer.echo(str(exc), err=True)
        raise typer.Exit(_FAILED) from exc
    report = match_cost_codes(loaded.records, targets, mode=mode)
    _say_notes([*loaded.notes, *notes])
    if as_json:
        _dump({"codes": [_row_json(row) for row in report.rows], "summary": _summary(report)})
    else:
        _show_codes(report)


def _duplicates_json(report: DuplicateReport) -> dict[str, Any]:
    return {
        "groups": [
            {
                "ids": list(group.ids),
                "band": group.band.value,
                "confidence": group.confidence,
                "keep": group.keep,
                "reasons": list(group.reasons),
            }
            for group in report.groups
        ],
        "pairs": [
            {"a": pair.a, "b": pair.b, "confidence": pair.confidence, "band": pair.band.value}
            for pair in report.pairs
        ],
    }


def _show_duplicates(report: DuplicateReport, names: Mapping[str, str], possible: bool) -> None:
    bands = tuple(Band) if possible else (Band.SURE, Band.LIKELY)
    groups = report.in_bands(*bands)
    for group in groups:
        typer.echo(f"{group.band} ({group.confidence:.2f}), keep {group.keep}")
        for each in group.ids:
            typer.echo(f"     {each}  {names[each]}")
        for reason in group.reasons:
            typer.echo(f"     because {reason}")
    counted = Counter(group.band for group in groups)
    told = " · ".join(f"{counted[band]} {band}" for band in bands)
    records = f"{len(names):,} record{'' if len(names) == 1 else 's'}"
    typer.echo(f"{records}, groups: {told}")


@app.command("duplicates")
@collector_paused()
def duplicates(
    file: Annotated[Path, typer.Argument(help="Vendors or customers, CSV or XLSX.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    possible: Annotated[
        bool, typer.Option("--possible", help="List the merely possible groups as well.")
    ] = False,
    map_columns: Annotated[list[str] | None, typer.Option("--map", help=_MAP_HELP)] = None,
) -> None:
    """Find records that are the same vendor or customer."""
    _end_at_once()
    try:
        loaded = load_parties(file, _mapping(map_columns or ()))
    except TableError as exc:
        typer.echo(str(exc), err=True)
        raise typer.Exit(_FAILED) from exc
    if len(loaded.records) > _LONG:
        typer.echo(words.tables.COMPARING.format(count=len(loaded.records)), err=True)
    report = find_duplicates(loaded.records, hands=hands(len(loaded.records)))
    _say_notes(loaded.notes)
    if as_json:
        _dump(_duplicates_json(report))
    else:
        _show_duplicates(report, {party.id: party.name for party in loaded.records}, possible)
