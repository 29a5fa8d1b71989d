"""Closing date, invoice numbers, currency, expense forms."""

from benchmarks.rules.scenario import (
    MET,
    UNKNOWN,
    UNMET,
    Scenario,
    chart,
    prefs,
)
from bot.domain.model import MappingMode


def scenarios() -> list[Scenario]:
    """Clean, broken and deceptive worlds."""
    return [*_closing_date(), *_transaction_numbers(), *_currency(), *_expense_columns()]


def _closing_date() -> list[Scenario]:
    closing = "risk-closing-date"
    return [
        Scenario(closing, "clean", MET, "no closing date"),
        Scenario(closing, "broken", UNMET, "next year", qbo=prefs(book_close_date="2099-06-30")),
        Scenario(closing, "deceptive", MET, "long ago", qbo=prefs(book_close_date="2020-06-30")),
        Scenario(
            closing,
            "broken: today",
            UNMET,
            "what is dated today is refused",
            qbo=prefs(book_close_date="2026-11-23"),
        ),
        Scenario(
            closing,
            "deceptive: yesterday there",
            MET,
            "in Samoa the day after has begun",
            qbo=prefs(book_close_date="2026-11-23"),
            timezone="Pacific/Apia",
        ),
    ]


def _transaction_numbers() -> list[Scenario]:
    numbers = "risk-transaction-numbers"
    return [
        Scenario(numbers, "clean", MET, "off"),
        Scenario(numbers, "broken", UNMET, "on", qbo=prefs(custom_transaction_numbers=True)),
        Scenario(
            numbers,
            "deceptive",
            MET,
            "account numbers are another thing",
            qbo=prefs(use_account_numbers=True, custom_transaction_numbers=False),
        ),
    ]


def _currency() -> list[Scenario]:
    money = "risk-currency"
    both = ({"account_type": "Accounts Receivable"}, {"account_type": "Accounts Payable"})
    dollars = tuple({**one, "currency": "USD"} for one in both)
    several = prefs(multi_currency=True)
    return [
        Scenario(money, "clean", MET, "one currency"),
        Scenario(
            money,
            "broken",
            UNMET,
            "A/R and A/P in US dollars only",
            qbo={**several, **chart(*dollars)},
        ),
        Scenario(
            money,
            "broken: inactive",
            UNMET,
            "the one in AUD is inactive",
            qbo={**several, **chart(*dollars, {**both[0], "active": False}, both[1])},
        ),
        Scenario(
            money,
            "deceptive: none yet",
            UNKNOWN,
            "QuickBooks makes them with the first invoice and the first bill",
            qbo={**several, **chart({})},
        ),
        Scenario(
            money,
            "deceptive",
            MET,
            "US dollars beside Australian ones",
            qbo={**several, **chart(*dollars, *both)},
        ),
    ]


def _expense_columns() -> list[Scenario]:
    forms = "risk-expense-columns"
    return [
        Scenario(forms, "clean", MET, "all on"),
        Scenario(
            forms, "broken: items", UNMET, "no items table", qbo=prefs(items_on_expenses=False)
        ),
        Scenario(
            forms,
            "broken: customer",
            UNMET,
            "no customer column",
            qbo=prefs(track_by_customer=False),
        ),
        Scenario(
            forms, "broken: projects", UNMET, "no projects", qbo=prefs(projects_enabled=False)
        ),
        Scenario(
            forms,
            "deceptive: mode",
            MET,
            "no items table, but costs go to accounts",
            qbo=prefs(items_on_expenses=False),
            mode=MappingMode.ACCOUNT,
        ),
    ]
