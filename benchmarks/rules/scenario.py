"""What a scenario is: a world for one risk, with the truth beside it.

A scenario is what differs from a small company in order. ``why`` says how the truth is known: it is
written from the rule and from what the stand-in's data say, never from what the check answers.
"""

from dataclasses import dataclass, field
from typing import Any

from bot.domain.model import MappingMode, Verdict

MET, UNMET, UNKNOWN = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN
ADMIN = "dana@acme.example"
SUPPORT = "support@interfy.com.au"
Row = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """One world for one risk. ``procore`` and ``qbo`` replace keys of the two companies."""

    risk: str
    kind: str
    truth: Verdict
    why: str
    procore: Row = field(default_factory=dict)
    qbo: Row = field(default_factory=dict)
    support: bool = False
    mode: MappingMode = MappingMode.EITHER
    timezone: str = "UTC"


def vendors(*names: str, **more: object) -> Row:
    return {"vendors": [{"name": name, **more} for name in names]}


def named(*names: str, **more: object) -> list[Row]:
    return [{"display_name": name, **more} for name in names]


def prefs(**changes: object) -> Row:
    return {"preferences": changes}


def chart(*accounts: Row, **more: object) -> Row:
    return {"accounts": [{"name": f"Account {n}", **one} for n, one in enumerate(accounts)], **more}


def numbered(count: int, **more: object) -> Row:
    """That many accounts, which no cost code is called after."""
    return {"accounts": [{"name": f"Ledger {n}"} for n in range(count)], **more}


def codes(count: int) -> Row:
    rows = [f"{n:02}-{100 + n} Work number {n}" for n in range(1, count + 1)]
    return {"cost_code_lists": [{"name": "Standard", "codes": rows}]}


TWINS = ("Kowalski Plumbing Pty Ltd", "Kowalski Plumbing P/L")
TWIN_CUSTOMERS = ("Marrickville Council", "Marrickville Council.")
JOB = {"display_name": "Stage 2", "parent": TWIN_CUSTOMERS[1]}
LINKED = {"connected_to_company_id": 77}
ITEM = {"name": "Formwork", "expense_account": "Account 0"}
