"""Alembic's entry: runs the revisions over the connection that ``schema.upgrade`` hands in."""

from alembic import context

from bot.storage.rows import tell_postgresql
from bot.storage.tables import Row

tell_postgresql(Row.metadata)
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    # SQLite cannot alter a column; batch mode makes the table anew instead.
    render_as_batch=True,
    # True of SQLite too, because the engine begins its transactions itself.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
