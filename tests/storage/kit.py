"""What the storage tests share besides fixtures."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.domain.customer import Customer
from bot.storage.vault import Vault

AddCustomer = Callable[[], Awaitable[Customer]]
NOW = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
KEY = Vault.new_key()
FILE_AND_POSTGRES = ("file", "postgres")
# In memory is the same SQLite: it only takes part where a test asks for it.
EVERY_DATABASE = FILE_AND_POSTGRES


class FixedClock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)
