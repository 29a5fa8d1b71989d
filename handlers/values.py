"""What our buttons carry, and what our forms remember between opening and pressing Save.

A button's value says which customer and item it is about. It decides nothing: the registry
authorises the customer in it against the channel in which the click took place.

A modal has no channel, so its ``private_metadata`` keeps the one where it was opened. It is
sealed (HMAC-SHA256) and bound to the person, so that no other channel can be put in its place.
"""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """Customer and item (requirement id, or "")."""

    customer_id: int
    item: str = ""

    def encode(self) -> str:
        """As a button's value."""
        return f"{self.customer_id}:{self.item}" if self.item else str(self.customer_id)


def decode(value: str) -> Target | None:
    """A button's value; None when it is none of ours."""
    number, _, item = value.partition(":")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return None
    return Target(int(number), item)


@dataclass(frozen=True, slots=True)
class FormState:
    """Where a form was opened, and about what."""

    channel_id: str
    user_id: str
    customer_id: int = 0
    item: str = ""
    thread_ts: str = ""
    detail: str = ""
    """What else a form remembers, e.g. the page and filters of a list."""


@dataclass(frozen=True, slots=True)
class ListState:
    """What of a list is shown; ``about`` is what a form on top of it decides."""

    page: int = 1
    division: str = ""
    only: str = ""
    about: str = ""

    def encode(self) -> str:
        """As a form's ``detail``."""
        return json.dumps([self.page, self.division, self.only, self.about])


def list_state(detail: str) -> ListState:
    """What a form's ``detail`` says; the beginning of the list where it says nothing."""
    return ListState(*json.loads(detail)) if detail else ListState()


class Sealer:
    """Seals and opens what forms remember; every process with the same secret understands it."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"onecore form state\x00" + secret.encode()).digest()

    def seal(self, state: FormState) -> str:
        """The state as text for ``private_metadata``."""
        body = json.dumps(asdict(state), separators=(",", ":"))
        return f"{self._sign(body)}.{body}"

    def unseal(self, sealed: str, user_id: str) -> FormState | None:
        """The state, or None when it was not sealed by us for this person."""
        signature, _, body = sealed.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(body).encode()):
            return None
        state = FormState(**json.loads(body))
        return state if state.user_id == user_id else None

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest()
