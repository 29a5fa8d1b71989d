"""Alembic's environment and the revisions, shipped with the package; see ``bot.storage.schema``."""
