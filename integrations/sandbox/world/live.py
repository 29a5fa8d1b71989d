"""A world while it runs: what the stand-ins, the edits and the side panel share."""

from datetime import timedelta

from integrations.sandbox.clock import WorldClock
from integrations.sandbox.faults import FaultBook
from integrations.sandbox.log import RequestLog
from integrations.sandbox.procore.store import ProcoreStore
from integrations.sandbox.qbo.store import QboStore
from integrations.sandbox.tokens import TokenBook
from integrations.sandbox.world.hooks import Hooks
from integrations.sandbox.world.model import World

PROCORE_ACCESS = timedelta(seconds=5400)
QBO_ACCESS = timedelta(seconds=3600)
QBO_REFRESH = timedelta(seconds=8_726_400)
QBO_HARD = timedelta(days=1825)


class LiveWorld:
    """The running state of one sandbox. The ``World`` it came from is never changed.

    Companies are copied, and their bulk data made, when somebody first asks for them.
    """

    def __init__(self, world: World, clock: WorldClock | None = None) -> None:
        self.world = world
        self.clock = clock or WorldClock(world.clock)
        self.procore_log = RequestLog(self.clock)
        self.procore_faults = FaultBook()
        self.procore_tokens = TokenBook(self.clock, PROCORE_ACCESS)
        self.qbo_log = RequestLog(self.clock)
        self.qbo_faults = FaultBook()
        self.qbo_tokens = TokenBook(
            self.clock,
            QBO_ACCESS,
            refresh_life=QBO_REFRESH,
            hard_life=QBO_HARD,
        )
        self.hooks = Hooks(self.clock)
        self._procore: dict[int, ProcoreStore] = {}
        self._qbo: dict[str, QboStore] = {}

    @property
    def procore_ids(self) -> list[int]:
        """The ids of the Procore companies."""
        return [one.id for one in self.world.procore.companies]

    @property
    def qbo_realms(self) -> list[str]:
        """The realm ids of the QuickBooks companies."""
        return [one.realm_id for one in self.world.qbo.companies]

    def procore(self, company_id: int) -> ProcoreStore | None:
        """A Procore company, or None where there is none of that id."""
        if company_id not in self._procore:
            found = (one for one in self.world.procore.companies if one.id == company_id)
            company = next(found, None)
            if company is None:
                return None
            self._procore[company_id] = ProcoreStore(company)
        return self._procore[company_id]

    def qbo(self, realm_id: str) -> QboStore | None:
        """A QuickBooks company, or None where there is none of that realm id."""
        if realm_id not in self._qbo:
            found = (one for one in self.world.qbo.companies if one.realm_id == realm_id)
            company = next(found, None)
            if company is None:
                return None
            self._qbo[realm_id] = QboStore(company)
        return self._qbo[realm_id]
