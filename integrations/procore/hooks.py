"""Procore's Webhooks API: the implementation of ``services.hooks.HookGateway``.

Facts: developers.procore.com, "Using the Webhooks API". A hook is an address with a header; its
triggers name a kind of record and an event each. What a company offers is asked for each time, and
companies differ: ``except`` lists the events that a kind does not have.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from bot.domain.customer import Purpose
from bot.domain.model import System
from bot.domain.tick import resources
from bot.services.hooks import Address, HookRefusedError
from integrations.connector import Connector
from integrations.decode import Row, as_row, as_rows, ident, text
from integrations.errors import BadAnswerError, ReadError
from integrations.http import Answer, Transport

LABEL = "Procore"
NAMESPACE = "onecore-onboarding"
VERSION = "v2"
EVENTS = ("create", "update", "delete")
NAMES = ("name", "resource_name", "tools")
"""Where a row of the resources has its name: Procore's schema and its guides differ."""


class ProcoreHooks:
    """Hooks of our own namespace only; what others have set up is left alone."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def make(self, customer_id: int, address: Address) -> tuple[str, tuple[str, ...]]:
        """See ``HookGateway.make``."""
        async with _in_plain_words():
            api = await self._open(customer_id)
            wanted = _wanted(await api.rows("resources"))
            if not wanted:
                raise HookRefusedError("Procore offers this company none of what we'd listen to.")
            await api.clear(address)
            hook_id = await api.create(address)
            try:
                for kind, event in wanted:
                    await api.listen(hook_id, kind, event)
            except ReadError:
                # Half a hook would count as one that tells of everything.
                await api.clear(address)
                raise
        return hook_id, tuple(dict.fromkeys(kind for kind, _ in wanted))

    async def remove(self, customer_id: int, address: Address) -> None:
        """See ``HookGateway.remove``."""
        async with _in_plain_words():
            await (await self._open(customer_id)).clear(address)

    async def _open(self, customer_id: int) -> "_Api":
        transport, connection = await self._connector.open(
            customer_id, System.PROCORE, Purpose.CUSTOMER
        )
        return _Api(transport, self._connector.config.procore_api_url, connection.external_id)


class _Api:
    """The calls, about one company."""

    def __init__(self, transport: Transport, base_url: str, company_id: str) -> None:
        self._transport = transport
        self._base = f"{base_url.rstrip('/')}/rest/v1.0/webhooks"
        self._company = {"company_id": company_id}
        self._headers = {"Procore-Company-Id": company_id}

    async def rows(self, path: str, **params: str) -> Sequence[Row]:
        """A list; both that are read here are documented without paging."""

        async def unpack(answer: Answer) -> Sequence[Row]:
            return as_rows(answer.body, LABEL)

        asked = {**self._company, **params}
        return await self._transport.get(f"{self._base}/{path}", asked, unpack, self._headers)

    async def clear(self, address: Address) -> None:
        """Delete our hooks that tell this address."""
        for row in await self.rows("hooks", namespace=NAMESPACE):
            if text(row, "destination_url") == address.url:
                path = f"hooks/{ident(row, 'id', LABEL)}"
                await self._write("DELETE", path, self._company, None)

    async def create(self, address: Address) -> str:
        """A hook without triggers; its id."""
        hook = {
            "api_version": VERSION,
            "namespace": NAMESPACE,
            "destination_url": address.url,
            "destination_headers": {"Authorization": address.secret},
        }
        made = await self._write("POST", "hooks", {}, {"hook": hook})
        return ident(as_row(made), "id", LABEL)

    async def listen(self, hook_id: str, kind: str, event: str) -> None:
        """Add a trigger."""
        trigger = {"resource_name": kind, "event_type": event}
        body = {"api_version": VERSION, "trigger": trigger}
        await self._write("POST", f"hooks/{hook_id}/triggers", {}, body)

    async def _write(
        self, method: str, path: str, params: Mapping[str, str], body: Mapping[str, object] | None
    ) -> object:
        whole = None if body is None else {"company_id": self._number(), **body}
        url = f"{self._base}/{path}"
        return await self._transport.write(method, url, params, whole, self._headers)

    def _number(self) -> int:
        company_id = self._company["company_id"]
        if not company_id.isdecimal():
            raise BadAnswerError("the Procore company's id is no number.")
        return int(company_id)


def _wanted(offered: Sequence[Row]) -> list[tuple[str, str]]:
    """The kinds and events that touch an item, of those that the company offers."""
    wanted = set(resources(System.PROCORE))
    found = []
    for row in offered:
        name = next((text(row, key) for key in NAMES if text(row, key)), "")
        if " ".join(name.replace("_", " ").casefold().split()) in wanted:
            excepted = row.get("except")
            lacking = excepted if isinstance(excepted, list) else []
            found += [(name, event) for event in EVENTS if event not in lacking]
    return list(dict.fromkeys(found))


@asynccontextmanager
async def _in_plain_words() -> AsyncIterator[None]:
    try:
        yield
    except ReadError as error:
        raise HookRefusedError(f"{error.detail[:1].upper()}{error.detail[1:]}") from None
