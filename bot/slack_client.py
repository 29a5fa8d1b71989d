"""Slack's Web API client: patient with rate limits, and every request of it is counted."""

import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.services.metrics import API_CALLS, NO_METER, Meter
from bot.settings import Settings, SettingsError

log = logging.getLogger(__name__)

Identity = Mapping[str, str]
"""Who the bot is: ``team_id``, ``user_id``, ``bot_id``."""

ADVICE = {
    "SLACK_BOT_TOKEN": "Copy the Bot User OAuth Token again, or reinstall the app into the "
    "workspace.",
    "SLACK_APP_TOKEN": "Make a new App-Level Token with the scope connections:write, on the Slack "
    "app's Basic Information page.",
}


class SlackUnreachableError(SettingsError):
    """Slack does not answer; nothing is wrong with the token as far as anybody knows."""


class CountingClient(AsyncWebClient):
    """A client that tells a meter how each request ended."""

    meter: Meter = NO_METER

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:  # noqa: ANN401
        """Slack's answer, as the parent has it."""
        status = "unreachable"
        if "auth" in options:
            # The parent would use aiohttp's BasicAuth, which goes with aiohttp 4.
            options["headers"] = {"Authorization": _basic(options.pop("auth"))}
        try:
            answer = await super().api_call(api_method, **options)
            status = str(answer.status_code)
        except SlackApiError as error:
            code = getattr(error.response, "status_code", 200)
            if api_method.startswith("oauth."):
                # Whoever installs reads no more than that it failed; the operator needs the reason.
                log.warning("Slack refuses %s: %s", api_method, error.response.get("error"))
            status = "refused" if code == 200 else str(code)
            raise
        else:
            return answer
        finally:
            self.meter.count(API_CALLS, "slack", status)


def _basic(auth: Mapping[str, str]) -> str:
    """An app's credentials as a header (RFC 7617)."""
    pair = f"{auth['client_id']}:{auth['client_secret']}".encode()
    return f"Basic {b64encode(pair).decode()}"


def make_web_client(settings: Settings, meter: Meter = NO_METER) -> CountingClient:
    """The client of this installation's bot, patient with Slack's rate limits."""
    return _patient(
        CountingClient(
            token=settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url
        ),
        meter,
    )


def with_token(client: CountingClient, token: str) -> CountingClient:
    """The same client for another installation of the app."""
    other = CountingClient(token=token, base_url=client.base_url, session=client.session)
    return _patient(other, client.meter)


def _patient(client: CountingClient, meter: Meter) -> CountingClient:
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=2))
    client.meter = meter
    return client


@asynccontextmanager
async def open_web_client(
    settings: Settings, meter: Meter = NO_METER
) -> AsyncIterator[CountingClient]:
    """The same client for many calls: connections to Slack are kept and used again.

    Without a session slack_sdk makes a connection for each call. As there, no cookie is kept and
    nobody waits for a free connection: what posts slowly must not hold up a click.
    """
    client = make_web_client(settings, meter)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=client.timeout),
    ) as client.session:
        yield client


@asynccontextmanager
async def _in_words(client: AsyncWebClient, setting: str) -> AsyncIterator[None]:
    try:
        yield
    except SlackApiError as error:
        reason = error.response.get("error", "no reason")
        raise SettingsError(f"Slack refuses {setting} ({reason}). {ADVICE[setting]}") from None
    except (OSError, TimeoutError) as error:
        raise SlackUnreachableError(
            f"Slack can't be reached at {client.base_url} ({type(error).__name__}). Check the "
            "network and SLACK_API_URL."
        ) from None


async def who_am_i(client: AsyncWebClient) -> Identity:
    """The bot's own identity.

    Raises:
        SettingsError: Slack refuses the bot token.
        SlackUnreachableError: Slack can't be reached.
    """
    async with _in_words(client, "SLACK_BOT_TOKEN"):
        answer = await client.auth_test()
    return {key: str(answer.get(key) or "") for key in ("team_id", "user_id", "bot_id")}


async def check_app_token(client: AsyncWebClient, app_token: str) -> None:
    """Make sure that a socket may be opened; Slack's client would try a wrong token for ever.

    Raises:
        SettingsError: Slack refuses the app-level token.
        SlackUnreachableError: Slack can't be reached.
    """
    async with _in_words(client, "SLACK_APP_TOKEN"):
        await client.apps_connections_open(app_token=app_token)
