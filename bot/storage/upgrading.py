"""Runs the revisions that a database lacks.

Alembic and all that comes with it takes a tenth of the bot's start, and most starts find nothing to
upgrade: only ``schema.upgrade`` imports this, when there is something to do.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config() -> Config:
    """Alembic's settings for the installed package; there is no ``alembic.ini``."""
    made = Config()
    # A percent sign in the path would otherwise be taken for interpolation.
    folder = str(Path(__file__).parent / "migrations").replace("%", "%%")
    made.set_main_option("script_location", folder)
    return made


def to_the_newest(connection: Connection) -> None:
    """Run them, within the connection's transaction."""
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
