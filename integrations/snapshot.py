"""Reads a customer's systems into a snapshot: the implementation of ``SnapshotSource``."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from bot.domain import facets
from bot.domain.customer import Connection, Grant, Purpose
from bot.domain.model import Facet, Failed, Present, Snapshot, System
from bot.services.ports import NOTHING_KNOWN, Clock, ListKeeper, Progress, TokenKeeper
from bot.services.way import Way
from integrations.abreast import Abreast
from integrations.client import make_client
from integrations.connector import Connector, SystemsConfig
from integrations.errors import BadAnswerError, ReadError
from integrations.http import Transport
from integrations.limits import Timing
from integrations.once import Once
from integrations.procore.api import ProcoreApi
from integrations.procore.reader import ProcoreReader
from integrations.qbo import lists
from integrations.qbo.api import QboApi
from integrations.qbo.lists import KeptUnder, QboLists
from integrations.qbo.reader import QboReader
from integrations.same import Same, same

__all__ = ["SystemsConfig", "SystemsReader", "make_client"]

_log = logging.getLogger(__name__)

Value = Awaitable[tuple[object, str]]

_LISTS = {
    facets.ACCOUNTS.name: lists.ACCOUNTS.entity,
    facets.ITEMS.name: lists.ITEMS.entity,
    facets.CUSTOMERS.name: lists.CUSTOMERS.entity,
    facets.SUPPLIERS.name: lists.SUPPLIERS.entity,
    facets.EMPLOYEES.name: lists.EMPLOYEES.entity,
}


class SystemsReader:
    """Reads facets from Procore and QuickBooks Online.

    Args:
        keeper: the stored connections.
        clock: the time that people see.
        config: addresses and credentials.
        client: from :func:`make_client`; closed by whoever made it.
        timing: sleeping, monotonic time and jitter; tests replace them.
        kept: where lists are kept between two readings; None reads them in full each time.
        way: whom the decoding lets pass.
    """

    def __init__(
        self,
        *,
        keeper: TokenKeeper,
        clock: Clock,
        config: SystemsConfig,
        client: httpx.AsyncClient,
        timing: Timing | None = None,
        kept: ListKeeper | None = None,
        way: Way | None = None,
    ) -> None:
        self._clock = clock
        self._way = way or Way()
        self._kept = kept
        self._aside: set[asyncio.Task[None]] = set()
        self._abreast = Abreast()
        self._connector = Connector(keeper, clock, config, client, timing or Timing(clock))

    @property
    def connector(self) -> Connector:
        """What opens connections; signing in shares its budgets and its renewer."""
        return self._connector

    async def read(
        self,
        customer_id: int,
        facets: Sequence[Facet[object]],
        progress: Progress | None = None,
        *,
        in_full: bool = False,
        known: Snapshot = NOTHING_KNOWN,
    ) -> Snapshot:
        """Every facet asked for, each present or failed with its reason; never raises.

        Facets are read side by side within what each system allows; what they share is read once.
        """
        wanted = {facet.name: facet for facet in facets}
        confirmed = frozenset() if in_full else _confirmed(wanted)
        lists = _Lists(confirmed, self._kept, self._put_aside, known)
        reading = _Reading(self._connector, self._clock, customer_id, progress, lists)
        try:
            async with self._abreast.read(customer_id) as place:
                with self._way.given():
                    asked = [reading.read(facet) for facet in wanted.values()]
                    reads = await asyncio.gather(*asked)
                snapshot = Snapshot(dict(zip(wanted, reads, strict=True)))
                place.until_gone(snapshot)
        finally:
            await reading.close()
        return snapshot

    async def drain(self) -> None:
        """Let what was put aside come to its end: lists that are being packed away."""
        while self._aside:
            await asyncio.gather(*self._aside, return_exceptions=True)

    def _put_aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)


def _confirmed(wanted: Collection[str]) -> frozenset[str]:
    """The lists of a snapshot that change data capture may confirm.

    Whoever asks for the customers alone has just merged some, and whether a merge is told at once
    is documented nowhere: they are read in full.
    """
    if facets.CUSTOMERS.name in wanted and len(wanted) == 1:
        return frozenset()
    return frozenset(entity for name, entity in _LISTS.items() if name in wanted)


@dataclass(frozen=True, slots=True)
class _Lists:
    """Which lists may be confirmed, where they are kept, how they get there, what is held."""

    confirmed: Collection[str]
    keeper: ListKeeper | None
    aside: Callable[[Coroutine[Any, Any, None]], None]
    known: Snapshot

    @property
    def held(self) -> Mapping[str, Same]:
        """What the asker holds of QuickBooks' lists, by Intuit's name of each."""
        return {
            lists.ITEMS.entity: same(self.known, facets.ITEMS),
            lists.CUSTOMERS.entity: same(self.known, facets.CUSTOMERS),
        }

    def under(self, connection: Connection) -> KeptUnder | None:
        """Where the lists of this connection are kept."""
        return None if self.keeper is None else KeptUnder(self.keeper, connection, self.aside)


class _Reading:
    """One snapshot in the making."""

    def __init__(
        self,
        connector: Connector,
        clock: Clock,
        customer_id: int,
        progress: Progress | None,
        lists: _Lists,
    ) -> None:
        self._connector = connector
        self._lists = lists
        self._clock = clock
        self._customer_id = customer_id
        self._once = Once()
        self._teller = _Teller(progress)
        self._readers: Mapping[str, Callable[[], Value]] = {
            facets.SUPPORT_USER.name: self._procore(ProcoreReader.support_user),
            facets.COMPANY_ACCESS.name: self._procore(ProcoreReader.company_access),
            facets.PROJECT_ACCESS.name: self._procore(ProcoreReader.project_access),
            facets.COST_CODES.name: self._procore(ProcoreReader.cost_codes),
            facets.VENDORS.name: self._procore(ProcoreReader.vendors),
            facets.AUTHORISER.name: self._qbo(QboReader.authoriser),
            facets.ACCOUNTS.name: self._qbo(QboReader.accounts),
            facets.ITEMS.name: self._qbo(QboReader.items),
            facets.CUSTOMERS.name: self._qbo(QboReader.customers),
            facets.SUPPLIERS.name: self._qbo(QboReader.suppliers),
            facets.EMPLOYEES.name: self._qbo(QboReader.employees),
            facets.COMPANY.name: self._qbo(QboReader.company),
            facets.PREFERENCES.name: self._qbo(QboReader.preferences),
        }

    async def read(self, facet: Facet[object]) -> Present[object] | Failed:
        """One facet."""
        try:
            value, scope = await self._readers[facet.name]()
        except ReadError as error:
            return error.failed(facet, self._clock.now())
        except Exception as error:  # noqa: BLE001 - The port promises never to raise.
            # Only the kind is logged: an unforeseen error's text may quote what was sent.
            _log.error("reading %s failed: %s", facet.name, type(error).__name__)
            unforeseen = BadAnswerError("something went wrong on our side; support can see it.")
            return unforeseen.failed(facet, self._clock.now())
        return Present(value, self._clock.now(), scope)

    async def close(self) -> None:
        """End whatever still runs, and let go of what was read; see ``Once.close``."""
        self._readers = {}
        await self._once.close()
        await self._teller.close()

    def _procore(
        self, fact: Callable[[ProcoreReader], Awaitable[tuple[object, str]]]
    ) -> Callable[[], Value]:
        async def read() -> tuple[object, str]:
            return await fact(await self._once.get("procore reader", self._procore_reader))

        return read

    def _qbo(
        self, fact: Callable[[QboReader], Awaitable[tuple[object, str]]]
    ) -> Callable[[], Value]:
        async def read() -> tuple[object, str]:
            return await fact(await self._once.get("qbo reader", self._qbo_reader))

        return read

    async def _procore_reader(self) -> ProcoreReader:
        transport, connection = await self._open(System.PROCORE, Purpose.CUSTOMER)
        config, company_id = self._connector.config, connection.external_id

        async def support_api() -> ProcoreApi:
            own, _ = await self._open(System.PROCORE, Purpose.SUPPORT)
            return ProcoreApi(own, config.procore_api_url, company_id, self._teller.tell)

        return ProcoreReader(
            api=ProcoreApi(transport, config.procore_api_url, company_id, self._teller.tell),
            support_api=support_api,
            service_account=connection.grant is Grant.CLIENT_CREDENTIALS,
            support_email=config.support_email,
            once=self._once,
            vendors=same(self._lists.known, facets.VENDORS),
        )

    async def _qbo_reader(self) -> QboReader:
        config = self._connector.config

        async def opened(purpose: Purpose) -> tuple[QboApi, Connection]:
            transport, connection = await self._open(System.QBO, purpose)
            realm_id = connection.external_id
            api = QboApi(transport, config.qbo_api_url, realm_id, self._teller.tell)
            return api, connection

        async def support_api() -> QboApi:
            return (await opened(Purpose.SUPPORT))[0]

        api, connection = await opened(Purpose.CUSTOMER)
        kept = self._lists.under(connection)
        return QboReader(
            api=api,
            support_api=support_api,
            lists=QboLists(
                api, kept, self._lists.confirmed, self._clock, self._once, self._lists.held
            ),
            endpoints=self._connector.endpoints,
            support_email=config.support_email,
            once=self._once,
        )

    async def _open(self, system: System, purpose: Purpose) -> tuple[Transport, Connection]:
        return await self._connector.open(self._customer_id, system, purpose)


class _Teller:
    """Passes progress on without slowing the reading: phrases that come too fast are dropped."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._running: asyncio.Task[None] | None = None

    async def tell(self, phrase: str) -> None:
        """Pass ``phrase`` on, unless the one before is still under way."""
        if self._progress is None or (self._running and not self._running.done()):
            return
        self._running = asyncio.create_task(self._pass_on(self._progress, phrase))

    async def close(self) -> None:
        """Let the last phrase arrive."""
        if self._running:
            await self._running

    @staticmethod
    async def _pass_on(progress: Progress, phrase: str) -> None:
        try:
            await progress(phrase)
        except Exception as error:  # noqa: BLE001 - Telling must never break the reading.
            _log.warning("progress could not be shown: %s", type(error).__name__)
