"""The modals with long lists at their largest: 2,000 codes, 1,000 groups, the worst of names."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.domain.customer import DEFAULT_TIMEZONE
from bot.domain.matching.costcodes import CodeMatch, CostCodeReport, How, Problem, Suggestion
from bot.domain.matching.duplicates import Band, DuplicateGroup
from bot.domain.model import MappingMode
from bot.domain.records import Address, CostCode, Party, Target, TargetKind
from bot.services.duplicates import SIDES, DuplicatesView, SaidApart
from bot.services.matching import CodesView
from handlers.blocks import lists as parts
from handlers.blocks import matching, review
from handlers.values import FormState, ListState, Sealer
from tests.handlers.worlds import LONG, NOW

STATE = ListState(9_999, "1" * 20 + "/" + "2" * 20, "no_expense_account", "3" * 41)
SEALED = Sealer("x").seal(FormState("C" * 20, "U" * 20, 10**17, "q" * 40, "1" * 20, STATE.encode()))
BIG = 10**17
TARGETS = [
    Target(TargetKind.ITEM, str(BIG + n), LONG, LONG, number=LONG, has_expense_account=True)
    for n in range(3)
]


def codes_view(count: int, name: str = LONG) -> CodesView:
    """``count`` codes in 120 divisions, of every kind of problem; every tenth is chosen."""
    divisions = [CostCode(str(n), "1", name, name, is_parent=True) for n in range(120)]
    problems = list(Problem)
    rows = []
    for n in range(count):
        code = CostCode(str(BIG + n), "1", name, name, parent_id=str(n % 120))
        if n % 10 == 9:
            rows.append(CodeMatch(code, TARGETS[0], How.CHOSEN, None, name))
            continue
        suggestions = tuple(
            Suggestion(one, 0.99 - 0.2 * place, name) for place, one in enumerate(TARGETS)
        )
        problem = problems[n % len(problems)]
        rows.append(CodeMatch(code, None, How.NONE, problem, name, suggestions))
    return CodesView(
        CostCodeReport(tuple(rows), tuple(divisions)),
        {one.key: one for one in TARGETS},
        MappingMode.EITHER,
        {"1": name, "2": name},
        name,
        NOW,
    )


def groups_view(count: int, size: int, name: str = LONG) -> DuplicatesView:
    """``count`` groups of ``size`` records each."""
    parties: dict[str, Party] = {}
    groups = []
    bands = list(Band)
    for g in range(count):
        ids = tuple(str(BIG + g * size + n) for n in range(size))
        for one in ids:
            parties[one] = Party(
                one,
                name,
                tax_id=name,
                emails=(name,),
                phones=(name,),
                address=Address(city=name),
                blockers=(name,),
            )
        groups.append(DuplicateGroup(ids, bands[g % 3], 0.9, ids[-1], (name,) * 4, ()))
    kind = SIDES["procore-duplicate-vendors"]
    kept = frozenset(group.keep for group in groups[::2])
    said = tuple(SaidApart(group.ids, "U" * 20, NOW, frozenset()) for group in groups)
    return DuplicatesView(kind, tuple(groups), parties, kept, said, name, NOW)


@cache
def lists() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Name and view."""
    return tuple(_lists())


def _lists() -> Iterator[tuple[str, dict[str, Any]]]:
    for count in (0, 1, 20, 2_000):
        view = codes_view(count)
        for state in (
            ListState(),
            ListState(2),
            ListState(9_999),
            ListState(1, "7", "conflict"),
            ListState(1, "1/7"),
            ListState(1, "", matching.CHOSEN),
        ):
            page = matching.page_of(view, state)
            yield f"match {count} {state}", matching.build_match(view, page, SEALED, LONG)
        if view.open_rows:
            yield f"division {count}", matching.build_division(view, SEALED, "1/3")
            yield f"suggested {count}", matching.build_suggested(view, SEALED)
            yield f"pick {count}", matching.build_pick(view, view.open_rows[0], SEALED)
    for count, size in ((0, 2), (1, 2), (1_000, 2), (9, 150)):
        found = groups_view(count, size)
        for state in (
            ListState(),
            ListState(2),
            ListState(77, only=review.POSSIBLE),
            ListState(2, only=review.APART),
        ):
            built = review.build_review(
                found, review.page_of(found, state), SEALED, DEFAULT_TIMEZONE, LONG
            )
            yield f"review {count} of {size} {state}", built
    yield "working", parts.build_working(review.TITLE, LONG, SEALED)
    yield "failed", parts.build_failed(matching.TITLE, LONG, SEALED)
