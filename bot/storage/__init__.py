"""The database: SQLite for one process, PostgreSQL for several, behind ``bot.services.ports``."""
