"""Bringing payloads to the app: over a socket if one is open, else signed over HTTP.

Interactions get one try and three seconds. Events are retried at once, after one minute and after
five (docs.slack.dev/apis/events-api); those minutes are the world's, so moving the clock brings
the retry forward.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.slack.sockets import Ack, SocketHub

Json = dict[str, Any]

ACK_SECONDS = 3.0
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
_RETRY_REASONS = {
    "operation_timeout": "http_timeout",
    "dispatch_failed": "connection_failed",
}


@dataclass(frozen=True, slots=True)
class Done:
    """One finished delivery: what, how it ended, over what, in how many real seconds."""

    payload: Json
    ack: Ack
    over: str
    seconds: float
    attempt: int = 0


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Return Slack's v0 request signature."""
    base = b"v0:%d:%s" % (timestamp, body)
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Delivery:
    """Sends what people do to the app.

    Args:
        hub: Socket Mode connections; they win over HTTP, as with Slack.
        clock: The world's time, for the retry schedule.
        signing_secret: Signs HTTP requests.

    `request_url` is where the app takes HTTP, None until it is known; `ack_seconds` is how long
    it has to answer, in real seconds.
    """

    def __init__(
        self,
        hub: SocketHub,
        clock: WorldClock,
        *,
        signing_secret: str,
    ) -> None:
        self.hub = hub
        self.signing_secret = signing_secret
        self.request_url: str | None = None
        self.ack_seconds = ACK_SECONDS
        self._clock = clock
        self.on_done: Callable[[Done], None] = lambda _done: None
        self._http: httpx.AsyncClient | None = None
        self._running: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether there is anybody to deliver to."""
        return self.hub.connected > 0 or self.request_url is not None

    async def interactive(self, payload: Json) -> Ack:
        """Deliver a click, a submission or a closed view."""
        return await self._once("interactive", payload, lambda: {"payload": json.dumps(payload)})

    async def command(self, payload: Json) -> Ack:
        """Deliver a slash command."""
        return await self._once("slash_commands", payload, lambda: payload)

    def event(self, payload: Json) -> None:
        """Deliver an event in the background, with retries."""
        task = asyncio.create_task(self._with_retries(payload))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Stop retries and close connections."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.hub.close()
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def _once(self, kind: str, payload: Json, form: Callable[[], dict[str, str]]) -> Ack:
        if not self.connected:
            return Ack(ok=False, error="dispatch_failed")
        started = time.monotonic()
        over = "socket" if self.hub.connected else "http"
        if self.hub.connected:
            ack = await self.hub.deliver(
                kind, payload, seconds=self.ack_seconds, accepts_response=True
            )
        else:
            body = urlencode(form()).encode()
            ack = await self._post(body, "application/x-www-form-urlencoded", {})
        self.on_done(Done(payload, ack, over, time.monotonic() - started))
        return ack

    async def _with_retries(self, payload: Json) -> None:
        ack = await self._send_event(payload, None)
        for number, wait in enumerate(RETRY_AFTER, start=1):
            if ack.ok or ack.error == "no_retry":
                return
            await self._until(self._clock.now() + wait)
            ack = await self._send_event(payload, (number, ack.error))

    async def _until(self, due: datetime) -> None:
        moved = asyncio.Event()
        end = self._clock.subscribe(lambda _now: moved.set())
        try:
            while (left := (due - self._clock.now()).total_seconds()) > 0:
                moved.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(moved.wait(), left)
        finally:
            end()

    async def _send_event(self, payload: Json, retry: tuple[int, str] | None) -> Ack:
        if not self.connected:
            return Ack(ok=False, error="dispatch_failed")
        started = time.monotonic()
        over = "socket" if self.hub.connected else "http"
        ack = await self._try_event(payload, retry)
        attempt = retry[0] if retry else 0
        self.on_done(Done(payload, ack, over, time.monotonic() - started, attempt))
        return ack

    async def _try_event(self, payload: Json, retry: tuple[int, str] | None) -> Ack:
        if self.hub.connected:
            reason = (retry[0], "timeout") if retry else None
            return await self.hub.deliver(
                "events_api",
                payload,
                seconds=self.ack_seconds,
                accepts_response=False,
                retry=reason,
            )
        headers: dict[str, str] = {}
        if retry is not None:
            headers["x-slack-retry-num"] = str(retry[0])
            headers["x-slack-retry-reason"] = _RETRY_REASONS.get(retry[1], "http_error")
        return await self._post(json.dumps(payload).encode(), "application/json", headers)

    async def _post(self, body: bytes, content_type: str, headers: dict[str, str]) -> Ack:
        if self.request_url is None:
            return Ack(ok=False, error="dispatch_failed")
        # Bolt refuses a signature that is more than five real minutes old, so this one time is
        # the machine's and not the world's.
        now = int(time.time())
        signed = {
            **headers,
            "content-type": content_type,
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "x-slack-request-timestamp": str(now),
            "x-slack-signature": sign(self.signing_secret, now, body),
        }
        if self._http is None:
            self._http = httpx.AsyncClient(trust_env=False)
        try:
            answer = await self._http.post(
                self.request_url, content=body, headers=signed, timeout=self.ack_seconds
            )
        except httpx.TimeoutException:
            return Ack(ok=False, error="operation_timeout")
        except httpx.TransportError:
            return Ack(ok=False, error="dispatch_failed")
        return _read_answer(answer)


def _read_answer(answer: httpx.Response) -> Ack:
    if answer.is_success:
        return Ack(ok=True, payload=_answer_payload(answer))
    if answer.headers.get("x-slack-no-retry") == "1":
        return Ack(ok=False, error="no_retry")
    error = "http_client_error" if answer.is_client_error else "http_service_error"
    return Ack(ok=False, error=error)


def _answer_payload(answer: httpx.Response) -> Json:
    if not answer.content:
        return {}
    if answer.headers.get("content-type", "").startswith("application/json"):
        try:
            body = answer.json()
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}
    return {"text": answer.text}
