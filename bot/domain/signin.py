"""A sign-in under way: from the private link to the company that somebody connected."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.customer import Purpose
from bot.domain.model import System

LIFE = timedelta(minutes=10)
"""How long a private link, and each question on the way, is good."""


class Step(StrEnum):
    """What a stored sign-in waits for."""

    CONSENT = "consent"
    """The system's answer: a person was sent to its sign-in page."""
    COMPANY = "company"
    """A choice: the login sees several companies."""
    REPLACE = "replace"
    """A yes: the customer is connected to another company."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One step of one person's sign-in for one customer.

    ``key`` is the hash of what the person's browser holds, so that the database alone lets nobody
    in. ``secret`` is JSON that is encrypted at rest: the PKCE verifier, later the tokens that wait
    for a choice. ``used_at`` is set by the first who comes with it.
    """

    key: str
    customer_id: int
    system: System
    purpose: Purpose
    by: str
    step: Step
    made_at: datetime
    expires_at: datetime
    secret: str = field(default="", repr=False)
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """A company that a login sees: a Procore company id or a QuickBooks realm id, and its name."""

    id: str
    name: str


def hash_of(token: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
