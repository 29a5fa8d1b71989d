"""What signing in needs from the outside, as protocols; ``integrations.signin`` implements it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.customer import Connection, Tokens
from bot.domain.model import System
from bot.domain.records import Identity
from bot.domain.signin import Company, SignIn


class SignInRefusedError(Exception):
    """A system did not go along with a sign-in; the message is a sentence for a person."""


class Gateway(Protocol):
    """The systems' sign-ins. Everything may raise ``SignInRefusedError``."""

    def is_set_up(self, system: System) -> bool:
        """Whether this app has a client id and secret for the system."""
        ...

    async def address(self, system: System, redirect_uri: str, state: str, verifier: str) -> str:
        """Where a person signs in; the PKCE verifier's challenge goes along where it helps."""
        ...

    async def redeem(self, system: System, code: str, redirect_uri: str, verifier: str) -> Tokens:
        """The tokens that a code stands for; a code is good once."""
        ...

    async def service_tokens(self) -> Tokens:
        """An access token of this app's own service account in Procore."""
        ...

    async def whose(self, system: System, tokens: Tokens) -> Identity:
        """Who signed in."""
        ...

    async def companies(
        self, system: System, tokens: Tokens, company_id: str = ""
    ) -> Sequence[Company]:
        """The companies that the tokens open; QuickBooks' are good for ``company_id`` alone."""
        ...

    async def revoke(self, system: System, tokens: Tokens) -> None:
        """End the tokens at the server; tokens that are dead already are no error."""
        ...

    async def keep(self, connection: Connection) -> None:
        """Renew a connection's tokens unless they are fresh."""
        ...


class Signer(Protocol):
    """Signs texts with a key that only this app has."""

    def sign(self, text: str) -> str:
        """The text's signature."""
        ...

    def signed(self, text: str, signature: str) -> bool:
        """Whether we made this signature of this text."""
        ...


class SignIns(Protocol):
    """Sign-ins under way, with their secrets encrypted at rest."""

    async def add(self, signin: SignIn) -> None:
        """Store a new one."""
        ...

    async def get(self, key: str) -> SignIn | None:
        """The one with this hash; its secret is empty once it was used."""
        ...

    async def use(self, key: str, at: datetime) -> bool:
        """Mark it used and forget its secret; False when somebody was first, or there is none."""
        ...

    async def forget_before(self, at: datetime) -> int:
        """Forget those that expired before ``at``; how many there were."""
        ...
