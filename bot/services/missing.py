"""The accounts or items that are missing for cost codes, as QuickBooks' own import takes them.

An account has a name (at most 100 characters, without ``:`` and ``"``), a type, a detail type and
perhaps a number (20 characters; 7 in the United States), which no other account may have.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, count

from bot.domain.matching.costcodes import CodeMatch, Problem
from bot.domain.matching.trades import Meaning, meaning_of
from bot.domain.matching.usability import is_cost_target
from bot.domain.model import MappingMode
from bot.domain.records import Target, TargetKind
from bot.services.matching import CodesView
from bot.services.workbook import Sheet

MISSING = frozenset({Problem.NO_TARGET, Problem.CONFLICT})
"""Codes for which a new account is a way out; the others have one that has to be mended."""
ACCOUNTS = ("Account number", "Account name", "Type", "Detail type")
ITEMS = ("Product/Service name", "Type", "SKU", "Purchase description", "Expense account")
LONGEST_NAME = 100
LONGEST_NUMBER = {"US": 7}
NUMBER = 20
GOODS, EXPENSE = "goods", "expense"
AMERICAN = frozenset({"US", "CA"})
WORDS = {
    (GOODS, ""): ("Cost of sales", "Cost of Goods Sold"),
    (GOODS, "labour"): ("Cost of labour - COS", "Cost of labor - COS"),
    (GOODS, "equipment"): ("Equipment rental - COS", "Equipment Rental - COS"),
    (GOODS, "freight"): ("Freight and delivery - COS", "Shipping, Freight & Delivery - COS"),
    (GOODS, "material"): ("Supplies and materials - COS", "Supplies & Materials - COGS"),
    (GOODS, "other"): ("Other costs of sales - COS", "Other Costs of Services - COS"),
    (EXPENSE, ""): ("Expenses", "Expenses"),
    (EXPENSE, "insurance"): ("Insurance", "Insurance"),
    (EXPENSE, "travel"): ("Travel expenses - general and admin expenses", "Travel"),
    (EXPENSE, "consultant"): ("Legal and professional fees", "Legal & Professional Fees"),
    (EXPENSE, "overhead"): (
        "Office/General Administrative Expenses",
        "Office/General Administrative Expenses",
    ),
    (EXPENSE, "other"): ("Other Miscellaneous Service Cost", "Other Miscellaneous Service Cost"),
}
"""Type ("") and detail types as QuickBooks Online calls them in Australia and in the United States.

From Intuit's lists for each country, as public programs copy them; "Insurance - General" is an
account of its Australian chart, not a detail type. New Zealand and the United Kingdom are given the
Australian words, Canada the American ones, unproven. The import asks about a word it does not know.
"""
_ONLY_OVERHEAD = frozenset({"overhead", "preliminaries"})


def missing_sheets(view: CodesView, region: str) -> list[Sheet]:
    """A sheet to import, or none where nothing is missing; ``region`` as in ``Customer``."""
    rows = [row for row in view.open_rows if row.problem in MISSING]
    if not rows:
        return []
    named = _named(view, rows, region.partition("-")[0])
    if view.mode is MappingMode.ITEM:
        # Which account an item books its cost to is the bookkeeper's to say.
        items = [(name, "Service", number, name, "") for _, number, name in named]
        return [Sheet("Items", ITEMS, items, exact=True)]
    types = _Types(view, region.partition("-")[0] in AMERICAN)
    accounts = [(number, name, *types.of(row)) for row, number, name in named]
    return [Sheet("Accounts", ACCOUNTS, accounts, exact=True)]


def _named(
    view: CodesView, rows: Sequence[CodeMatch], country: str
) -> list[tuple[CodeMatch, str, str]]:
    """Each code with a number and a name that nothing else in QuickBooks has.

    A number that is taken, or too long, is left out: QuickBooks would refuse the row.
    """
    numbers = {target.number for target in view.targets.values()} | {""}
    names = {_clean(target.name).casefold() for target in view.targets.values()} | {""}
    room = LONGEST_NUMBER.get(country, NUMBER)
    made = []
    # The same code in two lists can have the same account.
    for row in {(_clean(row.code.code), _clean(row.code.name)): row for row in rows}.values():
        code, number = row.code, _clean(row.code.code)
        name = _free(_clean(code.name) or number or f"Cost code {code.id}", number, names)
        names.add(name.casefold())
        if number in numbers or len(number) > room:
            number = ""
        numbers.add(number)
        made.append((row, number, name))
    return made


def _free(name: str, number: str, taken: set[str]) -> str:
    """The name, with the code or a count behind it where it is taken."""
    endings = chain(("", f" ({number})"), (f" ({number} {again})" for again in count(2)))
    cut = (f"{name[: LONGEST_NAME - len(ending)].strip()}{ending}" for ending in endings)
    return next(one for one in cut if one.casefold() not in taken)


def _clean(text: str) -> str:
    """Without what QuickBooks forbids in names, and not like a formula."""
    plain = unicodedata.normalize("NFKC", text)
    spaced = " ".join(plain.replace(":", " - ").replace('"', "'").split())
    return spaced.lstrip("=+-@ ").strip()[:LONGEST_NAME]


class _Types:
    """Which type and detail type a new account gets."""

    def __init__(self, view: CodesView, american: bool) -> None:
        self._view = view
        self._place = int(american)
        accounts = [(row, row.target) for row in view.report.rows if row.ok and row.target]
        self._near: dict[str, Counter[str]] = {}
        for row, target in accounts:
            if target.kind is TargetKind.ACCOUNT and is_cost_target(target):
                near = self._near.setdefault(self._division(row), Counter())
                near[_type_of(target)] += 1
        self._all = sum(self._near.values(), Counter())

    def of(self, row: CodeMatch) -> tuple[str, str]:
        """As the codes of its division are booked; else by what it is; else as most are booked."""
        meaning = meaning_of(row.code.name, row.code.code)
        near = self._near.get(self._division(row)) or Counter()
        kind = _most(near) or _by_meaning(meaning) or _most(self._all) or GOODS
        detail = _goods_detail(meaning) if kind == GOODS else _expense_detail(meaning.trades)
        return WORDS[kind, ""][self._place], WORDS[kind, detail][self._place]

    def _division(self, row: CodeMatch) -> str:
        division = self._view.division_of(row.code)
        return division.key if division is not None else ""


def _type_of(target: Target) -> str:
    return EXPENSE if "expense" in target.type.casefold() else GOODS


def _most(counts: Counter[str]) -> str:
    """What clearly most are; "" where they are divided."""
    ranked: Iterable[tuple[str, int]] = counts.most_common(2)
    (first, most), (_, second) = (*ranked, ("", 0), ("", 0))[:2]
    return first if most > second else ""


def _by_meaning(meaning: Meaning) -> str:
    """The office's costs are no job's costs."""
    office = "overhead" in meaning.trades and meaning.trades <= _ONLY_OVERHEAD
    return EXPENSE if office else ""


def _goods_detail(meaning: Meaning) -> str:
    if meaning.head in ("labour", "equipment", "material"):
        return meaning.head
    trades = {"supervision": "labour", "labour": "labour", "equipment": "equipment"}
    trades["freight"] = "freight"
    return next((kind for trade, kind in trades.items() if trade in meaning.general), "other")


def _expense_detail(trades: frozenset[str]) -> str:
    order = ("insurance", "travel", "consultant", "overhead")
    return next((trade for trade in order if trade in trades), "other")
