"""What SQLAlchemy compiled and prepared for one engine serves every engine of a test run.

An engine keeps its compiled statements, and a dialect how it reads each type, as long as they
live; in the product that is as long as the process, in a test as long as the test. Nearly every
test makes an engine, so that they would spend more time on compiling than on what they show.
"""

from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(2_000)
_DIALECTS: dict[str, Dialect] = {}
"""By driver: the dialect of the first engine that was connected."""


def make_sparing_engine(url: URL, **options: Any) -> AsyncEngine:
    """As ``create_async_engine``, with what others of the same driver have prepared."""
    options["execution_options"] = {"compiled_cache": _COMPILED}
    engine = create_async_engine(url, **options)
    one, sync = _DIALECTS.get(url.drivername), engine.sync_engine
    if one is not None:
        # At its first connection, too, an engine asks what that one knows of the database.
        sync.dialect.initialize = _nothing  # type: ignore[method-assign]
        sync.dialect = sync.pool._dialect = one
        return engine

    @event.listens_for(sync, "connect")
    def keep(*_connected: object) -> None:
        _DIALECTS.setdefault(url.drivername, sync.dialect)

    return engine


def _nothing(_connection: Connection) -> None:
    """Ask nothing."""
