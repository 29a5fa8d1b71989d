"""People's choices laid over a finished run, without a new one: what a click needs.

A chosen code depends on nothing but its own target, so the rows of all others stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.matching.costcodes import CostCodeReport, match_cost_codes
from bot.domain.model import MappingMode
from bot.domain.records import Target


def apply_choices(
    base: CostCodeReport,
    targets: Sequence[Target],
    mode: MappingMode,
    choices: Mapping[str, str],
) -> CostCodeReport:
    """``base``, made without choices in ``mode``, as it is with ``choices``.

    The rows are those of ``match_cost_codes`` with the same choices; only a choice that became
    invalid keeps the suggestions that the code had in ``base``.
    """
    chosen = [row.code for row in base.rows if choices.get(row.code.key)]
    wanted = {choices[code.key] for code in chosen}
    few = [target for target in targets if target.key in wanted]
    decided = {
        row.code.key: row for row in match_cost_codes(chosen, few, mode=mode, choices=choices).rows
    }
    rows = []
    for row in base.rows:
        now = decided.get(row.code.key, row)
        rows.append(now if now.ok else replace(now, suggestions=row.suggestions))
    return CostCodeReport(tuple(rows), base.divisions)
