"""Opens a customer's stored connections: tokens, budgets and transport put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from bot.domain.customer import Connection, Purpose
from bot.domain.model import System
from bot.services.ports import Clock, TokenKeeper
from integrations.http import Authority, Dialect, Transport
from integrations.limits import Budget, Timing, Turns
from integrations.oauth import Renewer, Session, TokenEndpoint
from integrations.procore.dialect import ProcoreDialect, ProcoreTokens
from integrations.qbo.dialect import QboDialect, QboEndpoints, QboTokens


@dataclass(frozen=True, slots=True)
class SystemsConfig:
    """Where the systems are and who we are there. Secrets are never in its ``repr``.

    ``qbo_auth_url`` is one of Intuit's hosts or the base URL of a stand-in that serves
    ``/.well-known/openid_configuration``; ``qbo_userinfo_url`` "" means: where that says.
    """

    procore_api_url: str
    procore_auth_url: str
    procore_client_id: str
    procore_client_secret: str = field(repr=False)
    qbo_api_url: str
    qbo_auth_url: str
    qbo_client_id: str
    qbo_client_secret: str = field(repr=False)
    qbo_userinfo_url: str
    support_email: str


class Connector:
    """Opens connections; what must be shared between reads lives here.

    A budget is shared by everything that asks the same company, because the systems count
    requests that way (QuickBooks: per realm and app).
    """

    def __init__(
        self,
        keeper: TokenKeeper,
        clock: Clock,
        config: SystemsConfig,
        client: httpx.AsyncClient,
        timing: Timing,
    ) -> None:
        self.config = config
        self.endpoints = QboEndpoints(
            client, config.qbo_auth_url, config.qbo_api_url, config.qbo_userinfo_url
        )
        self.procore = ProcoreTokens(
            config.procore_auth_url, config.procore_client_id, config.procore_client_secret
        )
        self.qbo = QboTokens(self.endpoints, config.qbo_client_id, config.qbo_client_secret)
        self.client = client
        self.clock = clock
        self._timing = timing
        endpoints: Mapping[System, TokenEndpoint] = {
            System.PROCORE: self.procore,
            System.QBO: self.qbo,
        }
        self._renewer = Renewer(keeper, clock, client, endpoints)
        self._dialects: Mapping[System, Dialect] = {
            System.PROCORE: ProcoreDialect(),
            System.QBO: QboDialect(),
        }
        self._unpacking = Turns(1)
        self._budgets: dict[tuple[System, str], Budget] = {}

    async def open(
        self, customer_id: int, system: System, purpose: Purpose
    ) -> tuple[Transport, Connection]:
        """A stored connection, ready to be used.

        Raises:
            NotConnectedError: there is none.
            ReconnectError: it is known to be dead.
        """
        connection = await self._renewer.load(customer_id, system, purpose)
        session = Session(self._renewer, connection)
        return self.transport(system, connection.external_id, session), connection

    def transport(self, system: System, external_id: str, authority: Authority) -> Transport:
        """A transport to one company, whoever gives the tokens for it."""
        dialect = self._dialects[system]
        budget = self._budget(dialect, (system, external_id))
        return Transport(self.client, dialect, budget, authority, self._timing, self._unpacking)

    async def renewed(self, connection: Connection) -> Connection:
        """The connection with a usable access token; see ``Renewer.renewed``."""
        return await self._renewer.renewed(connection)

    def left(self, system: System, external_id: str) -> int | None:
        """How many requests a company may still get; None where nobody has said."""
        budget = self._budgets.get((system, external_id))
        return budget.left() if budget else None

    def least_left(self) -> Mapping[System, int]:
        """The same for the company of each system that has the least."""
        found: dict[System, int] = {}
        for (system, _), budget in self._budgets.items():
            left = budget.left()
            if left is not None:
                found[system] = min(left, found.get(system, left))
        return found

    def _budget(self, dialect: Dialect, key: tuple[System, str]) -> Budget:
        found = self._budgets.get(key)
        if found is None:
            found = Budget(dialect.limits, self._timing, dialect.label)
            self._budgets[key] = found
        return found
