"""Slack's HTTP requests: who sent it first, then its shape, and only then Bolt.

Nothing of a request that is not Slack's is parsed or logged. What comes back is 401 for a signature
that is wrong or old, 400 for a body that Slack would never send, and 5xx only when Slack should
deliver again: see ``registry``.
"""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot import words
from handlers.shapes import is_slacks

log = logging.getLogger(__name__)

MISSHAPEN = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""How parsing ends for a body of a shape that nobody foresaw; bad JSON is a ``ValueError``."""


def is_signed(verifier: SignatureVerifier, body: str, headers: Mapping[str, str]) -> bool:
    """Whether Slack signed this within the last five minutes."""
    stamp = headers.get("x-slack-request-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    return verifier.is_valid(body, stamp, headers.get("x-slack-signature", ""))


def parsed(
    verifier: SignatureVerifier, raw: bytes, headers: Mapping[str, str]
) -> AsyncBoltRequest | BoltResponse:
    """The request for Bolt, or the answer to what is no request of Slack's."""
    try:
        body = raw.decode()
    except UnicodeDecodeError:
        return BoltResponse(status=400, body=words.trouble.NOT_UTF8)
    if not is_signed(verifier, body, headers):
        return BoltResponse(status=401, body=words.trouble.NOT_SIGNED)
    try:
        request = AsyncBoltRequest(body=body, headers=dict(headers))
        known = is_slacks(request.body)
    except MISSHAPEN:
        known = False
    return request if known else BoltResponse(status=400, body=words.trouble.NOT_SLACK)


async def answer_error(error: Exception) -> BoltResponse:
    """What Slack is told when a delivery could not be taken.

    A thing that nobody listens to is 404. Everything else is 500, so that Slack delivers again;
    the error's own text may quote the delivery, so the log's formatter leaves it out.
    """
    if isinstance(error, BoltUnhandledRequestError):
        log.info("nothing listens to a delivery of this kind")
        return BoltResponse(status=404, body="")
    log.error("a delivery could not be taken", exc_info=error)
    return BoltResponse(status=500, body="")


Headers = Mapping[str, str]
Answer = tuple[int, str, Mapping[str, Any]]
"""Status, body and headers."""


def answer_of(response: BoltResponse) -> Answer:
    """A response without Bolt."""
    return response.status, str(response.body), response.first_headers_without_set_cookie()
