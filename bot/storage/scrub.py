"""Deleted rows leave the database's files, too."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import is_sqlite


async def scrub(engine: AsyncEngine) -> bool:
    """Clear what deleted rows left in free space; False when others kept some of it in use.

    SQLite writes its file anew, without free space, and empties the write-ahead log. PostgreSQL
    frees the space for reuse (VACUUM); its old write-ahead log and its backups go as its operator
    has set up, which no client can change.
    """
    async with engine.connect() as connection:
        raw = await connection.execution_options(isolation_level="AUTOCOMMIT")
        if not is_sqlite(engine):
            await raw.execute(text("VACUUM"))
            return True
        driver = (await raw.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute_fetchall("VACUUM")
        (found,) = await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        return not found[0]
