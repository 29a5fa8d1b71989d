"""Every Procore standard cost code has an equivalent QuickBooks account or item: the key one."""

from collections.abc import Iterator

from bot.domain.facets import ACCOUNTS, COST_CODES, ITEMS
from bot.domain.findings import listing, met, unknown, unmet, unread
from bot.domain.matching.costcodes import (
    CodeMatch,
    CostCodeReport,
    Problem,
    match_cost_codes,
)
from bot.domain.model import (
    CheckContext,
    Evidence,
    Failed,
    Finding,
    Grade,
    Link,
    MappingMode,
    Read,
    Requirement,
    Role,
    Snapshot,
)
from bot.domain.records import Accounts, Target

HEADINGS = {
    Problem.CONFLICT: "Same number, another name: you decide",
    Problem.AMBIGUOUS: "Several are equally good: you decide",
    Problem.INVALID_CHOICE: "The one that was chosen is gone",
    Problem.INACTIVE: "Inactive in QuickBooks",
    Problem.NO_EXPENSE_ACCOUNT: "Item without an expense account",
    Problem.CATEGORY: "A category can't take a cost",
    Problem.BUNDLE: "A bundle can't take a cost",
    Problem.ACCOUNT_TYPE: "This type of account can't take a cost",
    Problem.NO_TARGET: "No account or item with this number or name",
}
"""What people read above the codes, the questions for them first."""

REMEDY = (
    "Add the missing accounts or items in QuickBooks, make the inactive ones active, and give "
    "items an expense account; then press Re-check."
)


def check(snapshot: Snapshot, context: CheckContext) -> Finding:
    """Match every leaf code, and count what is left for people."""
    codes = snapshot.get(COST_CODES)
    accounts, items = snapshot.get(ACCOUNTS), snapshot.get(ITEMS)
    if isinstance(codes, Failed):
        return unread(codes)
    if isinstance(accounts, Failed) and context.mode is not MappingMode.ITEM:
        return unread(accounts)
    if isinstance(items, Failed) and context.mode is not MappingMode.ACCOUNT:
        return unread(items)
    report = match_cost_codes(
        codes.value.codes, targets_of(accounts, items), mode=context.mode, choices=context.choices
    )
    return judge_report(report, codes.scope)


def targets_of(accounts: Read[Accounts], items: Read[tuple[Target, ...]]) -> list[Target]:
    """Everything that a code could be mapped to; what could not be read is left out."""
    found: list[Target] = []
    if not isinstance(accounts, Failed):
        found.extend(accounts.value.rows)
    if not isinstance(items, Failed):
        found.extend(items.value)
    return found


def judge_report(report: CostCodeReport, scope: str) -> Finding:
    """Met when every code has a usable target beyond doubt."""
    if report.total == 0:
        return unknown(
            "I found no standard cost codes in Procore: either none are set up, or the connected "
            "login can't see them.",
            "Set up the standard cost codes, or connect a login that sees them.",
            scope=scope,
        )
    counts = _counts(report)
    if report.matched == report.total:
        many = report.total > 1
        they_have = f"All {report.total:,} cost codes have" if many else "The one cost code has"
        return met(f"{they_have} a QuickBooks account or item.", scope=scope, counts=counts)
    left = listing(
        [
            _left(report.no_target, "has no target", "have no target"),
            _left(report.conflicts, "needs your decision", "need your decision"),
            _left(report.inactive, "inactive", "inactive"),
            _left(
                report.no_expense_account,
                "item without an expense account",
                "items without an expense account",
            ),
            _left(report.other_unusable, "can't take a cost", "can't take a cost"),
            _left(report.invalid_choice, "chosen target is gone", "chosen targets are gone"),
        ]
    )
    summary = f"{report.matched:,} of {report.total:,} cost codes matched · {left}"
    if all(row.code.active is None for row in report.rows if not row.ok):
        # Procore hid which codes are inactive, and an inactive one needs no partner.
        return unknown(
            f"{summary}. Procore doesn't show us which codes are inactive.",
            f"Let the connected login read the work breakdown structure. {REMEDY}",
            _evidence(report),
            scope=scope,
        )
    return unmet(summary, REMEDY, _evidence(report), scope=scope, counts=counts)


def _left(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}" if count else ""


def _counts(report: CostCodeReport) -> dict[str, int]:
    return {
        "total": report.total,
        "matched": report.matched,
        "no_target": report.no_target,
        "conflicts": report.conflicts,
        "inactive": report.inactive,
        "no_expense_account": report.no_expense_account,
        "other_unusable": report.other_unusable,
        "invalid_choice": report.invalid_choice,
        "divisions": len(report.divisions),
    }


def _evidence(report: CostCodeReport) -> Iterator[Evidence]:
    """Every code without a partner, under a heading per kind of problem."""
    left = [row for row in report.rows if not row.ok]
    order = list(HEADINGS)
    for row in sorted(left, key=lambda row: order.index(row.problem or Problem.NO_TARGET)):
        yield Evidence(
            f"{row.code.code} {row.code.name}".strip(),
            _detail(row),
            ref=row.code.key,
            group=HEADINGS[row.problem or Problem.NO_TARGET],
        )


def _detail(row: CodeMatch) -> str:
    reason = f"{row.reason[:1].upper()}{row.reason[1:]}".rstrip(".") + "."
    if not row.suggestions:
        return reason
    best = row.suggestions[0].target
    number = f"{best.number} " if best.number else ""
    return f"{reason} Perhaps {best.kind.value} {number}{best.name}?"


REQUIREMENT = Requirement(
    id="cost-code-coverage",
    order=60,
    grade=Grade.REQUIRED,
    title="Cost codes need a QuickBooks account or item",
    short="cost codes",
    why="OneCore books every Procore cost to the account or item of its cost code; one without "
    "a partner stops the transaction.",
    who=Role.QBO_ADMIN,
    steps=(
        "Press Match them to see which cost codes have no partner, and to choose one for each.",
        (
            "In QuickBooks, add an account (Settings > Chart of accounts) or an item (Settings > "
            "Products and services) with the same number and name."
        ),
        "Make inactive ones active, and give each item an expense account.",
        "Press Re-check here.",
    ),
    links=(Link("Interfy's guide", "{guide_url}"),),
    needs=(COST_CODES, ACCOUNTS, ITEMS),
    check=check,
    known_by="Every active leaf of every standard cost code list is matched by number and name; "
    "what is not beyond doubt is a question for a person.",
)
