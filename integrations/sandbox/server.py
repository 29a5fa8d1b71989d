"""Run one ASGI application on loopback: clean start, clean stop, no noise."""

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "sandbox.transport"
"""Key in an ASGI scope: the connection's asyncio transport, for faults that cut it."""

_STARTUP_SECONDS = 10.0
_GRACE_SECONDS = 1.0


class PortInUseError(RuntimeError):
    """The wanted port is taken; the text says which and what to do."""

    for_people = True

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is already in use. Stop the other program, or choose another port.",
        )
        self.port = port


class _Server(uvicorn.Server):
    """Leaves signals to the program that started it, and stops without uvicorn's naps."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopping = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        """Do nothing until the stop: what uvicorn does here each second is not wanted."""
        await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close idle connections at once, let answers finish for a second, cut the rest."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_SECONDS):
                while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn has no event.
                    await asyncio.sleep(0.002)
        for task in state.tasks:
            task.cancel()
        await asyncio.gather(*state.tasks, return_exceptions=True)
        await self.lifespan.shutdown()


def _protocol(transports: dict[tuple[str, int], asyncio.Transport]) -> type[asyncio.Protocol]:
    """An HTTP protocol that keeps each connection's transport by the client's address."""

    class Protocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if self.client is not None:
                transports[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            if self.client is not None:
                transports.pop(self.client, None)

    return Protocol


def _listen(host: str, port: int) -> socket.socket:
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(port) from error
        raise
    return listener


def _stopping_is_not_an_error(record: logging.LogRecord) -> bool:
    """Drop the complaints about streams that a stop cuts off: they are meant to be cut."""
    return not (record.exc_info and record.exc_info[0] is asyncio.CancelledError)


@contextlib.asynccontextmanager
async def serve(app: ASGIApp, port: int = 0, *, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Serve ``app`` while the block runs and yield its base URL (no trailing slash).

    Args:
        app: The ASGI application. Its scope holds the transport under ``TRANSPORT``.
        port: 0 for any free port.
        host: The address to listen on.

    Raises:
        PortInUseError: Something else listens on ``port``.
    """
    listener = _listen(host, port)
    transports: dict[tuple[str, int], asyncio.Transport] = {}

    async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        scope[TRANSPORT] = transports.get(tuple(client)) if client else None
        await app(scope, receive, send)

    _only_warnings()
    config = uvicorn.Config(
        with_transport,
        http=_protocol(transports),
        ws="websockets-sansio",
        log_config=None,
        log_level=None,  # ``_only_warnings`` did that.
        access_log=False,
        server_header=False,
        date_header=False,  # The world's clock tells the time, in ``control.StandIn``.
        timeout_keep_alive=60,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _until_started(server, task)
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        await _stop(server, task)
        listener.close()


def _only_warnings() -> None:
    """Have uvicorn log only what went wrong.

    Once: whenever a level is set, what every logger of the process has found out is forgotten.
    """
    for name in ("uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        if logger.level != logging.WARNING:
            logger.setLevel(logging.WARNING)


async def _until_started(server: uvicorn.Server, task: asyncio.Task[Any]) -> None:
    async with asyncio.timeout(_STARTUP_SECONDS):
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.001)


async def _stop(server: _Server, task: asyncio.Task[Any]) -> None:
    logger = logging.getLogger("uvicorn.error")
    logger.addFilter(_stopping_is_not_an_error)
    try:
        server.stopping.set()
        await task
    finally:
        logger.removeFilter(_stopping_is_not_an_error)
