"""The ``onboard`` command. Whatever goes wrong is told in a sentence, never in a traceback."""

import logging
import os
import sys

import typer

from bot.commands import check, customers, database, doctor, match, serve
from bot.services.errors import UserError
from bot.settings import SettingsError
from bot.storage.engine import DatabaseUrlError
from bot.storage.schema import SchemaError
from bot.storage.vault import SecretKeyError
from integrations.sandbox.server import PortInUseError
from integrations.sandbox.world.loader import WorldError

TOLD = (
    UserError,
    SettingsError,
    DatabaseUrlError,
    SchemaError,
    SecretKeyError,
    PortInUseError,
    WorldError,
)
"""Errors whose text is written for the person at the terminal."""
COULD_NOT = 2

app = typer.Typer(
    name="onboard",
    help="Proves that a customer's Procore and QuickBooks Online are ready for OneCore.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(check.check)
app.command()(serve.demo)
app.command()(serve.sandbox)
app.command()(serve.serve)
app.command()(doctor.doctor)
app.add_typer(match.app, name="match")
app.add_typer(customers.app, name="customers")
app.add_typer(database.db, name="db")
app.add_typer(database.keys, name="keys")


def main() -> None:
    """Run the command; exit code 2 when it could not be done."""
    try:
        app()
    except TOLD as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if os.environ.get("LOG_LEVEL", "").upper() == "DEBUG":
            raise
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        _fail(
            f"Something unexpected went wrong: {type(error).__name__}. Nothing was changed on "
            "purpose. Run it again with LOG_LEVEL=DEBUG to see more, and tell us."
        )


def _fail(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    raise SystemExit(COULD_NOT)
