"""What Procore and Intuit deliver when a record changes: who it is from, and what it says.

Intuit signs the raw body (``intuit-signature``: base64 of HMAC-SHA256 with the app's verifier
token) and sends CloudEvents, a list (Intuit, "Webhooks", in force since 31 July 2026). Procore
documents no signature: it sends the ``Authorization`` header that was set up with the webhook.
Neither says more than which record changed.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.model import System
from bot.services.ticks import TickService, Told

log = logging.getLogger(__name__)

PATHS = {System.PROCORE: "/webhooks/procore", System.QBO: "/webhooks/quickbooks"}
HEADERS = {System.PROCORE: "authorization", System.QBO: "intuit-signature"}


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """What tells that a delivery is theirs; "" where that system's webhooks are not set up."""

    procore: str = field(default="", repr=False)
    qbo: str = field(default="", repr=False)


NO_WEBHOOKS = WebhookSecrets()


def is_from_intuit(raw: bytes, signature: str, verifier: str) -> bool:
    """Whether the signature is the body's."""
    digest = hmac.new(verifier.encode(), raw, hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.encode())


def is_from_procore(_raw: bytes, authorization: str, secret: str) -> bool:
    """Whether the header is the one that was set up."""
    return hmac.compare_digest(secret.encode(), authorization.encode())


def read_intuit(posted: object) -> Iterator[Told]:
    """Its events; ``type`` is like ``qbo.account.created.v1``. What is no event is left out."""
    for one in _objects(posted):
        product, _, rest = str(one.get("type", "")).partition(".")
        if product == "qbo" and one.get("id"):
            entity = rest.partition(".")[0]
            yield Told(_key(one["id"]), str(one.get("intuitaccountid", "")), entity)


def read_procore(posted: object) -> Iterator[Told]:
    """Its events, in the payload's older and newer field names."""
    for one in _objects(posted):
        key = one.get("ulid") or one.get("id")
        if key:
            resource = one.get("resource_name") or one.get("resource_type") or ""
            yield Told(_key(key), str(one.get("company_id", "")), str(resource))


def _objects(posted: object) -> Iterator[Mapping[str, Any]]:
    for one in posted if isinstance(posted, list) else [posted]:
        if isinstance(one, dict):
            yield one


def _key(found: object) -> str:
    """Ids are short; whatever is not is told by its digest."""
    text = str(found)
    return text if len(text) <= 100 else hashlib.sha256(text.encode()).hexdigest()


_GENUINE: Mapping[System, Callable[[bytes, str, str], bool]] = {
    System.PROCORE: is_from_procore,
    System.QBO: is_from_intuit,
}
_READ: Mapping[System, Callable[[object], Iterator[Told]]] = {
    System.PROCORE: read_procore,
    System.QBO: read_intuit,
}


class WebhookService:
    """Takes deliveries; nothing is done, read or stored before it is known whose they are."""

    def __init__(self, ticks: TickService, secrets: WebhookSecrets) -> None:
        self._ticks = ticks
        self._secrets = {System.PROCORE: secrets.procore, System.QBO: secrets.qbo}

    async def receive(self, system: System, raw: bytes, headers: Mapping[str, str]) -> int:
        """The HTTP status to answer: 200 also for companies that nobody here has connected."""
        secret = self._secrets[system]
        if not secret:
            return 404
        if not _GENUINE[system](raw, headers.get(HEADERS[system], ""), secret):
            log.warning("a webhook that is not from %s was refused", system.label)
            return 401
        try:
            posted = json.loads(raw)
        except ValueError:
            log.warning("%s sent a webhook that is no JSON", system.label)
            return 400
        await self._ticks.note(system, list(_READ[system](posted)))
        return 200
