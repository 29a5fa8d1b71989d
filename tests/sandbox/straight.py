"""Slack's client asks the stand-in's application straight, with no socket in between.

A socket costs three times what the stand-in takes to answer, and nearly every test of the handlers
asks dozens of things. The client on real sockets, and all that can happen to it there, is shown by
the tests of the stand-in, of the poster, the board and the people, and by the walk.
"""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

Json = dict[str, Any]


class StraightSession:
    """In place of ``aiohttp.ClientSession``, as far as Slack's client asks of it: no wire."""

    closed = False

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @contextlib.asynccontextmanager
    async def request(
        self,
        verb: str,
        url: str,
        *,
        headers: Json,
        params: Json | None = None,
        data: Json | None = None,
        json: Json | None = None,
        **_wire: object,
    ) -> AsyncIterator["StraightAnswer"]:
        yield StraightAnswer(
            await self._http.request(
                verb, url, headers=headers, params=params, data=data, json=json
            )
        )

    @contextlib.asynccontextmanager
    async def post(
        self, url: str, *, data: bytes, **_wire: object
    ) -> AsyncIterator["StraightAnswer"]:
        """Take the bytes of an upload."""
        yield StraightAnswer(await self._http.post(url, content=data))


class StraightAnswer:
    """In place of ``aiohttp.ClientResponse``."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer
        self.status = answer.status_code
        self.headers = answer.headers
        self.content_type = answer.headers.get("Content-Type", "").partition(";")[0]

    def raise_for_status(self) -> None:
        """As aiohttp does.

        Raises:
            aiohttp.ClientResponseError: The request was refused.
        """
        if self._answer.is_error:
            raise aiohttp.ClientResponseError(self._about, (), status=self.status)

    async def read(self) -> bytes:
        return self._answer.content

    async def text(self) -> str:
        return self._answer.text

    async def json(self) -> Json:
        """As aiohttp reads it: of no other type than JSON.

        Raises:
            aiohttp.ContentTypeError: It is of another type.
        """
        if self.content_type != "application/json":
            raise aiohttp.ContentTypeError(self._about, (), status=self.status)
        result: Json = self._answer.json()
        return result

    @property
    def _about(self) -> aiohttp.RequestInfo:
        asked = self._answer.request
        headers = CIMultiDictProxy(CIMultiDict(asked.headers))
        return aiohttp.RequestInfo(URL(str(asked.url)), asked.method, headers, URL(str(asked.url)))
