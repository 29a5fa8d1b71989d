"""Whether an account or item can carry a job cost, and why not."""

import re
from enum import StrEnum
from functools import lru_cache

from bot.domain.model import MappingMode
from bot.domain.records import Target, TargetKind


class Problem(StrEnum):
    """What keeps a cost code from being matched."""

    NO_TARGET = "no_target"
    CONFLICT = "conflict"
    AMBIGUOUS = "ambiguous"
    INACTIVE = "inactive"
    CATEGORY = "category"
    BUNDLE = "bundle"
    NO_EXPENSE_ACCOUNT = "no_expense_account"
    ACCOUNT_TYPE = "account_type"
    INVALID_CHOICE = "invalid_choice"


# QuickBooks names its account types differently in the API and, by country, in its exports.
_COST_TYPES = frozenset(
    {
        "costofgoodssold",
        "costofsales",
        "cogs",
        "directcosts",
        "expense",
        "expenses",
        "otherexpense",
        "otherexpenses",
    }
)
_BALANCE_TYPES_WITH_COSTS = frozenset(
    {
        "currentasset",
        "currentassets",
        "fixedasset",
        "fixedassets",
        "noncurrentasset",
        "noncurrentassets",
        "otherasset",
        "otherassets",
        "othercurrentasset",
        "othercurrentassets",
        "othercurrentliability",
        "othercurrentliabilities",
    }
)
_NOT_LETTERS = re.compile(r"[^a-z]+")


@lru_cache(maxsize=256)
def _type_key(text: str) -> str:
    return _NOT_LETTERS.sub("", text.casefold())


def is_cost_target(target: Target) -> bool:
    """True for an item, and for an account on the profit-and-loss side of costs."""
    key = _type_key(target.type)
    return target.kind is TargetKind.ITEM or not key or key in _COST_TYPES


def in_mode(target: Target, mode: MappingMode) -> bool:
    """Whether the customer maps to targets of this kind at all."""
    return mode is MappingMode.EITHER or mode.value == target.kind.value


def target_problem(target: Target) -> Problem | None:
    """Why a cost cannot be booked to ``target``; None when it can.

    Billable purchase lines take expense, other expense, cost of goods sold, other current asset
    and liability, other asset and fixed asset accounts; a purchased item needs an expense account.
    """
    if not target.active:
        return Problem.INACTIVE
    key = _type_key(target.type)
    if target.kind is TargetKind.ACCOUNT:
        takes_cost = not key or key in _COST_TYPES or key in _BALANCE_TYPES_WITH_COSTS
        return None if takes_cost else Problem.ACCOUNT_TYPE
    if key == "category":
        return Problem.CATEGORY
    if key in ("group", "bundle"):
        return Problem.BUNDLE
    return Problem.NO_EXPENSE_ACCOUNT if target.has_expense_account is False else None


def target_label(target: Target) -> str:
    """``account 5010 Sub - Concrete``."""
    number = f"{target.number} " if target.number else ""
    return f"{target.kind} {number}{target.full_name or target.name}"


def problem_words(target: Target, problem: Problem) -> str:
    """The reason as a sentence part: "item Concrete has no expense account"."""
    label = f"{target.kind} {target.full_name or target.name}"
    if problem is Problem.INACTIVE:
        return f"{label} is inactive"
    if problem is Problem.CATEGORY:
        return f"{label} is a category, which cannot carry a cost"
    if problem is Problem.BUNDLE:
        return f"{label} is a bundle, which cannot carry a cost"
    if problem is Problem.NO_EXPENSE_ACCOUNT:
        return f"{label} has no expense account"
    return f"{label} is of type {target.type}, which cannot take a cost"
