"""A consistent copy of an SQLite database that is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import is_sqlite

STEP = 256
"""Pages copied at a time; between two steps others may write."""


class BackupError(Exception):
    """No copy was made; the message says why, and what to do."""

    for_people = True


def backup_to(engine: AsyncEngine, file: Path) -> int:
    """Copy the database to ``file`` by SQLite's online backup; its size in bytes.

    Raises:
        BackupError: the database is not SQLite's, the file is there already or can't be written.
    """
    if not is_sqlite(engine):
        raise BackupError(
            "This database is PostgreSQL's. Copy it with its own tool: "
            'pg_dump --format=custom --file=onboard.dump "$DATABASE_URL"'
        )
    if file.exists():
        raise BackupError(f"{file} is there already. Nothing was copied; name a new file.")
    if not file.parent.is_dir():
        raise BackupError(f"The folder {file.parent} does not exist. Nothing was copied; make it.")
    assert engine.url.database is not None
    return _copy(engine.url.database, file)


def _copy(database: str, file: Path) -> int:
    try:
        # Nobody but its owner may read it: it holds what the database holds.
        file.touch(mode=0o600, exist_ok=False)
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target, pages=STEP)
            (answer,) = target.execute("PRAGMA integrity_check").fetchone()
    except (sqlite3.Error, OSError) as error:
        file.unlink(missing_ok=True)
        raise BackupError(
            f"{file} could not be made ({error}), so what there was of it was removed. The "
            "database is as it was. Make room, or name a file in another place."
        ) from None
    if answer != "ok":
        file.unlink()
        raise BackupError(f"The copy is not sound ({answer}), so it was removed. Copy it again.")
    return file.stat().st_size
