"""The systems' sign-ins, as the test says they are."""

# ruff: noqa: ARG002 - the port's shape.

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.customer import Connection, Tokens
from bot.domain.model import System
from bot.domain.records import Identity
from bot.domain.signin import Company
from bot.services.gateway import SignInRefusedError


@dataclass
class FakeGateway:
    """``gateway.Gateway``: ``seen`` is what every login sees; ``down`` refuses everything."""

    seen: list[Company] = field(default_factory=lambda: [Company("8089", "Acme & Co")])
    who: Identity = field(
        default_factory=lambda: Identity("1", "dana@acme.example", email_verified=True)
    )
    set_up: bool = True
    down: bool = False
    revoked: list[Tokens] = field(default_factory=list)
    kept: list[Connection] = field(default_factory=list)

    def is_set_up(self, system: System) -> bool:
        return self.set_up

    async def address(self, system: System, redirect_uri: str, state: str, verifier: str) -> str:
        self._answer(system)
        return f"https://{system}.example/authorise?state={state}"

    async def redeem(self, system: System, code: str, redirect_uri: str, verifier: str) -> Tokens:
        self._answer(system)
        return Tokens(f"access {code}", f"refresh {code}")

    async def service_tokens(self) -> Tokens:
        self._answer(System.PROCORE)
        return Tokens("access of the service account")

    async def whose(self, system: System, tokens: Tokens) -> Identity:
        self._answer(system)
        return self.who

    async def companies(
        self, system: System, tokens: Tokens, company_id: str = ""
    ) -> Sequence[Company]:
        self._answer(system)
        return self.seen

    async def revoke(self, system: System, tokens: Tokens) -> None:
        self._answer(system)
        self.revoked.append(tokens)

    async def keep(self, connection: Connection) -> None:
        self._answer(connection.system)
        self.kept.append(connection)

    def _answer(self, system: System) -> None:
        if self.down:
            raise SignInRefusedError(f"{system.label} can't be reached.")
