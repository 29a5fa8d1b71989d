"""One small question through a stored connection: does it still open, and what may it still ask."""

from dataclasses import dataclass

from bot.domain.customer import Connection
from bot.domain.model import Cause, System
from integrations.connector import Connector
from integrations.errors import ReadError
from integrations.procore.api import ProcoreApi
from integrations.qbo.api import QboApi
from integrations.signin import SignInGateway


@dataclass(frozen=True, slots=True)
class Probe:
    """How a connection is. ``cause`` and ``detail`` say why it could not be used, if so.

    ``left`` is how many requests the company may still get: Procore says so with each answer, for
    QuickBooks it is what our own minute still holds. None: nobody has said.
    """

    cause: Cause | None = None
    detail: str = ""
    left: int | None = None


class Prober:
    """Asks each system for the one record that any good sign-in may read: one request each."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self.is_set_up = SignInGateway(connector).is_set_up

    async def probe(self, connection: Connection) -> Probe:
        """Use the connection once, as a check would; never raises."""
        system, company = connection.system, connection.external_id
        try:
            await self._ask(connection)
        except ReadError as error:
            return Probe(error.cause, error.detail, self._connector.left(system, company))
        return Probe(left=self._connector.left(system, company))

    async def _ask(self, connection: Connection) -> None:
        connector, config = self._connector, self._connector.config
        transport, stored = await connector.open(
            connection.customer_id, connection.system, connection.purpose
        )
        if stored.system is System.PROCORE:
            api = ProcoreApi(transport, config.procore_api_url, stored.external_id, _untold)
            await api.one("v1.0/me")
        else:
            await QboApi(transport, config.qbo_api_url, stored.external_id, _untold).company_info()


async def _untold(_phrase: str) -> None:
    """One record has no progress to tell of."""
