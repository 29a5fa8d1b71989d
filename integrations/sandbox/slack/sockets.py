"""Socket Mode: open connections, envelopes, acknowledgements."""

import asyncio
import contextlib
import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

Json = dict[str, Any]

MAX_CONNECTIONS = 10


@dataclass(frozen=True, slots=True)
class Ack:
    """How a delivery ended.

    Args:
        ok: The app acknowledged in time.
        payload: What it sent along, empty if nothing.
        error: Slack's word for what went wrong, e.g. `operation_timeout`.
    """

    ok: bool
    payload: Json = field(default_factory=dict)
    error: str = ""


@dataclass(eq=False, slots=True)
class Connection:
    """One open socket and the envelopes that wait for its acknowledgement."""

    socket: WebSocket
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    deaf: bool = False


class SocketHub:
    """All Socket Mode connections of the app. Each payload goes to exactly one of them.

    Args:
        app_id: The app's id, for `hello`.
        seed: Decides which connection gets which payload.
    """

    def __init__(self, app_id: str, seed: int = 7) -> None:
        self._app_id = app_id
        self._connections: list[Connection] = []
        self._retired: list[Connection] = []
        self._tickets: set[str] = set()
        self._random = random.Random(seed)  # noqa: S311 - spreads load, guards nothing.
        self.late_acks = 0
        self.on_change: Callable[[], None] = lambda: None

    @property
    def connected(self) -> int:
        """How many sockets are open."""
        return len(self._connections)

    def issue_ticket(self) -> str:
        """Return a ticket that opens one socket."""
        ticket = str(uuid.UUID(int=self._random.getrandbits(128)))
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Serve one socket until it closes."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4000, "invalid ticket")
            return
        self._tickets.discard(ticket)
        await socket.accept()
        if len(self._connections) >= MAX_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close(1000)
            return
        connection = Connection(socket)
        try:
            await socket.send_json(self._hello())
            self._connections.append(connection)
            self.on_change()
            while True:
                self._take_ack(connection, await socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._forget(connection)

    async def deliver(
        self,
        kind: str,
        payload: Json,
        *,
        seconds: float,
        accepts_response: bool,
        retry: tuple[int, str] | None = None,
    ) -> Ack:
        """Send one envelope to one connection and wait for its acknowledgement.

        Args:
            kind: `events_api`, `interactive` or `slash_commands`.
            payload: What Slack would post over HTTP.
            seconds: How long the app has.
            accepts_response: Whether the acknowledgement may carry a payload.
            retry: Attempt number and reason, for events.
        """
        if not self._connections:
            return Ack(ok=False, error="dispatch_failed")
        connection = self._random.choice(self._connections)
        envelope_id = str(uuid.UUID(int=self._random.getrandbits(128)))
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": accepts_response,
        }
        if kind == "events_api":
            attempt, reason = retry or (0, "")
            envelope.update(retry_attempt=attempt, retry_reason=reason)
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = waiting
        try:
            if not connection.deaf:
                await connection.socket.send_json(envelope)
            answer = await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return Ack(ok=False, error="operation_timeout")
        except (ConnectionError, RuntimeError, WebSocketDisconnect):
            # Starlette raises RuntimeError for a socket that has closed meanwhile.
            return Ack(ok=False, error="dispatch_failed")
        finally:
            connection.waiting.pop(envelope_id, None)
        body = answer.get("payload")
        return Ack(ok=True, payload=body if isinstance(body, dict) else {})

    async def disconnect(self, reason: str) -> int:
        """Ask every connection to go, as Slack does every few hours.

        Args:
            reason: After `warning` nothing changes yet; after `refresh_requested` a socket gets
                nothing more and may still acknowledge until its client closes it;
                `link_disabled` closes it at once.

        Returns:
            How many connections were told.
        """
        told = list(self._connections)
        for connection in told:
            notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.socket.send_json(notice)
                if reason == "link_disabled":
                    await connection.socket.close(1000)
            if reason != "warning" and connection in self._connections:
                self._connections.remove(connection)
                self._retired.append(connection)
                self.on_change()
        return len(told)

    def set_deaf(self, *, deaf: bool) -> None:
        """Make the open sockets swallow what they are sent, or hear again."""
        for connection in self._connections:
            connection.deaf = deaf

    async def close(self) -> None:
        """Close every socket."""
        for connection in [*self._connections, *self._retired]:
            self._forget(connection)
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.socket.close(1001)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections) + 1,
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self._app_id},
        }

    def _take_ack(self, connection: Connection, text: str) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            return
        if not isinstance(answer, dict):
            return
        waiting = connection.waiting.get(str(answer.get("envelope_id")))
        if waiting is None or waiting.done():
            self.late_acks += 1
        else:
            waiting.set_result(answer)

    def _forget(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            self.on_change()
        if connection in self._retired:
            self._retired.remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the socket closed"))
