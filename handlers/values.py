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

from bot.services.views import Filter


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


def page_of(value: str) -> int:
    """The page that a button leads to; the first where its value is none of ours."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else 1


def message_of(value: str) -> int:
    """The message of the outbox that a button is about; 0, which is none's, where it isn't ours."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else 0


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


@dataclass(frozen=True, slots=True)
class HomeState:
    """What of the portfolio the Home tab shows."""

    only: Filter = Filter.ALL
    page: int = 1

    def encode(self) -> str:
        """As the view's ``private_metadata``; it decides nothing, so it isn't sealed."""
        return f"{self.only}:{self.page}"


def home_state(text: str) -> HomeState:
    """What a Home tab remembers; everything from the beginning where that is none of ours."""
    only, _, page = text.partition(":")
    return HomeState(Filter(only), page_of(page)) if only in set(Filter) else HomeState()


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
