"""A balancer before the replicas, as any deployment has one: by turns, among those that are ready.

A request goes to another replica only when the first could not be connected to: what may have been
received is never sent twice.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

EACH_S = 0.5
"""Between two looks at who is ready."""
PASSED_ON = ("content-type", "x-slack-signature", "x-slack-request-timestamp", "x-slack-retry-num")


@dataclass
class Balancer:
    """An ASGI application. ``members`` are the replicas' addresses; ``ready`` is seen to."""

    client: httpx.AsyncClient
    members: list[str] = field(default_factory=list)
    ready: set[str] = field(default_factory=set)
    _turn: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        request = Request(scope, receive)
        await (await self._answer(request, await request.body()))(scope, receive, send)

    async def _answer(self, request: Request, body: bytes) -> Response:
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        for address in self._order():
            try:
                got = await self.client.request(
                    request.method, f"{address}{request.url.path}", content=body, headers=headers
                )
            except httpx.ConnectError:
                continue
            except httpx.TransportError:
                break
            kept = {k: v for k, v in got.headers.items() if k != "content-length"}
            return Response(got.content, got.status_code, kept)
        return Response("no replica", 502)

    def _order(self) -> list[str]:
        """Whom to try, in turn. Where nobody is ready everybody is tried, as nginx does."""
        able = [one for one in self.members if one in self.ready] or self.members
        self._turn += 1
        at = self._turn % len(able) if able else 0
        return [*able[at:], *able[:at]]

    async def watch(self) -> None:
        """See who is ready, for ever."""
        while True:
            for address in tuple(self.members):
                await self._look(address)
            await asyncio.sleep(EACH_S)

    async def _look(self, address: str) -> None:
        try:
            able = (await self.client.get(f"{address}/readyz", timeout=2)).is_success
        except httpx.HTTPError:
            able = False
        (self.ready.add if able else self.ready.discard)(address)

    async def until_ready(self, address: str) -> None:
        """Until this replica takes requests."""
        while address not in self.ready:  # noqa: ASYNC110 - it is seen to at a pace anyway.
            await asyncio.sleep(0.05)


@asynccontextmanager
async def make_balancer() -> AsyncIterator[Balancer]:
    """A balancer that nobody is behind yet."""
    async with httpx.AsyncClient(trust_env=False, timeout=15) as client:
        balancer = Balancer(client)
        watching = asyncio.create_task(balancer.watch())
        try:
            yield balancer
        finally:
            watching.cancel()
