"""What Slack's errors mean for a message that must arrive exactly once.

Three answers are possible: it was certainly not posted and may be tried again
(``RetryLaterError``), it may have been posted (``UncertainDeliveryError``), it never will be
(``UndeliverableError``). Error codes: docs.slack.dev/reference/methods/chat.postMessage and
files.completeUploadExternal.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot import words
from bot.services.ports import RetryLaterError, UncertainDeliveryError, UndeliverableError

SOON = 5.0
"""Seconds to wait when nothing reached Slack."""
LATER = 300.0
"""Seconds to wait while an operator has to act, e.g. on a revoked token."""
DEFAULT_RETRY_AFTER = 30.0
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds between tries of what somebody waits for, while Slack is unwell; two minutes in all."""
UNREACHABLE = (aiohttp.ClientError, OSError, TimeoutError)
"""What is raised where no answer of Slack's came."""

GONE = {
    "channel_not_found": words.delivery.NO_CHANNEL,
    "not_in_channel": words.delivery.PUT_OUT,
    "is_archived": words.delivery.ARCHIVED,
    "channel_is_archived": words.delivery.ARCHIVED,
    "restricted_action": words.delivery.RESTRICTED,
    "restricted_action_read_only_channel": words.delivery.READ_ONLY,
    "restricted_action_thread_only_channel": words.delivery.THREADS_ONLY,
    "user_not_found": words.delivery.NO_PERSON,
    "cannot_dm_bot": words.delivery.TO_A_BOT,
    "msg_too_long": words.delivery.TOO_LONG,
    "msg_blocks_too_long": words.delivery.BLOCKS_TOO_LONG,
    "invalid_blocks": words.delivery.BLOCKS_REFUSED,
    "invalid_blocks_format": words.delivery.BLOCKS_REFUSED,
    "invalid_metadata_format": words.delivery.METADATA_REFUSED,
    "metadata_too_large": words.delivery.METADATA_TOO_LARGE,
    "no_text": words.delivery.NO_TEXT,
    "file_upload_size_restricted": words.delivery.FILE_TOO_LARGE,
}
OPERATOR = frozenset(
    {
        "account_inactive",
        "app_missing_action_url",
        "invalid_auth",
        "missing_scope",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_added_to_org",
        "token_expired",
        "token_revoked",
    }
)
LOST = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})


def code_of(error: SlackApiError) -> str:
    """Slack's error code, or "" where the answer was none of Slack's."""
    return str(_answer(error).get("error") or "")


def _answer(error: SlackApiError) -> dict[str, object]:
    data = getattr(error.response, "data", error.response)
    return data if isinstance(data, dict) else {}


def status_of(error: SlackApiError) -> int:
    """The answer's HTTP status."""
    response = error.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def retry_after(error: SlackApiError) -> float:
    """Seconds that Slack asks for."""
    headers = getattr(error.response, "headers", None) or {}
    try:
        return float(headers.get("Retry-After", DEFAULT_RETRY_AFTER))
    except ValueError:
        return DEFAULT_RETRY_AFTER


def is_rate_limit(error: SlackApiError) -> bool:
    """True when Slack asks to slow down."""
    return status_of(error) == 429 or code_of(error) in ("ratelimited", "rate_limited")


def is_outage(error: SlackApiError) -> bool:
    """True when Slack did not say yes or no: it is unwell, or something before it is."""
    code = code_of(error)
    return status_of(error) >= 500 or code in LOST or not code


def translated(error: SlackApiError) -> Exception:
    """The port's error that says what Slack's means."""
    code = code_of(error)
    if is_rate_limit(error):
        return RetryLaterError(words.delivery.SLOW_DOWN, retry_after(error))
    if is_outage(error):
        return UncertainDeliveryError(words.delivery.ANSWERED.format(code=code or status_of(error)))
    if code in OPERATOR:
        return RetryLaterError(words.delivery.NOT_LET_IN.format(code=code), LATER)
    reason = GONE.get(code, words.delivery.REFUSED)
    return UndeliverableError(f"{reason} ({code})")


@asynccontextmanager
async def delivering() -> AsyncIterator[None]:
    """Every way in which a delivery fails, as the port's three errors.

    Raises:
        RetryLaterError: certainly not posted.
        UncertainDeliveryError: perhaps posted.
        UndeliverableError: will never be posted.
    """
    try:
        yield
    except SlackApiError as error:
        raise translated(error) from error
    except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
        raise RetryLaterError(
            words.delivery.OUT_OF_REACH.format(why=type(error).__name__), SOON
        ) from error
    except (aiohttp.ClientError, SlackRequestError, OSError, TimeoutError) as error:
        raise UncertainDeliveryError(
            words.delivery.ANSWER_LOST.format(why=type(error).__name__)
        ) from error


@asynccontextmanager
async def asking() -> AsyncIterator[None]:
    """Every way in which a look-up fails: it changes nothing, so it may be made again.

    Raises:
        RetryLaterError: the look-up could not be made.
    """
    try:
        yield
    except SlackApiError as error:
        seconds = retry_after(error) if is_rate_limit(error) else SOON
        raise RetryLaterError(
            words.delivery.NO_LOOK_UP.format(why=code_of(error)), seconds
        ) from error
    except (aiohttp.ClientError, SlackRequestError, OSError, TimeoutError) as error:
        raise RetryLaterError(
            words.delivery.OUT_OF_REACH.format(why=type(error).__name__), SOON
        ) from error


async def is_taken(client: AsyncWebClient, token: str | None = None) -> bool:
    """Whether Slack takes a token, by default the client's own."""
    try:
        await client.auth_test(token=token or client.token)
    except SlackApiError as error:
        if code_of(error) in OPERATOR:
            return False
        raise
    return True
