"""The HTTP client that both systems are read with, one for all customers."""

from collections.abc import Callable
from typing import Any

import httpx

from integrations.absent import know_what_is_absent
from integrations.trust import trusted

_RELEASE = "2026.11"

Told = Callable[[httpx.URL, str], None]
"""Called with each request's address and how it ended: its status, or "unreachable"."""


class _NoCookies(httpx.Cookies):
    """Keeps nothing: one client reads for every customer, and none of them gets another's cookie.

    To look for cookies costs a tenth of what a request costs here.
    """

    def extract_cookies(self, response: httpx.Response) -> None:
        """Nothing."""


class _TellingClient(httpx.AsyncClient):
    """A client that keeps no cookie, and tells how each request ended."""

    told: Told = staticmethod(lambda _url, _status: None)

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as the parent has them.
        super().__init__(**options)
        self._cookies = _NoCookies()

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401
        """The answer, as the parent has it."""
        status = "unreachable"
        try:
            response = await (
                super().send(request, **options) if options else self._plainly(request)
            )
            status = str(response.status_code)
        finally:
            self.told(request.url, status)
        return response

    async def _plainly(self, request: httpx.Request) -> httpx.Response:
        """What the parent comes to without redirects, sign-ins, hooks and cookies.

        This client has none of them, and to look for them costs more than to hand a request on.
        """
        if self.is_closed or request.url.userinfo:
            return await super().send(request)
        response = await self._transport_for_url(request.url).handle_async_request(request)
        response.request = request
        try:
            await response.aread()
        except BaseException:
            await response.aclose()
            raise
        return response


def make_client(
    transport: httpx.AsyncBaseTransport | None = None, told: Told | None = None
) -> httpx.AsyncClient:
    """The HTTP client that both systems are read with; ``told`` hears of every request.

    Redirects are not followed: a token must not travel to a host that nobody configured. Every
    time-out is explicit; ``read`` covers QuickBooks' slow pages and is still well under its own
    120 seconds.
    """
    know_what_is_absent()
    client = _TellingClient(
        timeout=httpx.Timeout(connect=5.0, read=30.0, write=10.0, pool=30.0),
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30),
        headers={"User-Agent": f"onecore-onboarding-bot/{_RELEASE} (+https://interfy.com.au)"},
        follow_redirects=False,
        verify=trusted(),
        transport=transport,
    )
    if told is not None:
        client.told = told
    return client
