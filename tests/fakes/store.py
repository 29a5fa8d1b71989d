"""A real store for the tests of services and handlers: a copy of a file that was migrated once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.store import SqlStore
from bot.storage.vault import Vault

KEY = Vault.new_key()
_template: list[bytes] = []
"""A file with the present schema, so that only the first store of a test run migrates."""


@asynccontextmanager
async def make_store() -> AsyncIterator[SqlStore]:
    """Open a fresh, empty store for an ``async with`` block; it is gone afterwards."""
    with TemporaryDirectory(prefix="onboard-store-") as folder:
        path = Path(folder) / "store.db"
        if not _template:
            await _upgrade(path)
            _template.append(path.read_bytes())
        path.write_bytes(_template[0])
        engine = _hasty_engine(path)
        try:
            yield SqlStore(engine, Vault(KEY))
        finally:
            await engine.dispose()


async def _upgrade(path: Path) -> None:
    engine = _hasty_engine(path)
    await schema.upgrade(engine)
    await engine.dispose()


def _hasty_engine(path: Path) -> AsyncEngine:
    """What a test stores need not survive a power cut."""
    engine = make_engine(f"sqlite:///{path}")

    def hasten(connection: DBAPIConnection, _entry: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.close()

    event.listen(engine.sync_engine, "connect", hasten)
    return engine
