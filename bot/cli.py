"""The ``onboard`` command. Whatever goes wrong is told in a sentence, never in a traceback."""

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

COMMANDS = {
    "check": "bot.commands.check:check",
    "demo": "bot.commands.serve:demo",
    "sandbox": "bot.commands.serve:sandbox",
    "serve": "bot.commands.start:serve",
    "doctor": "bot.commands.doctor:doctor",
    "match": "bot.commands.match:app",
    "customers": "bot.commands.customers:app",
    "db": "bot.commands.database:db",
    "keys": "bot.commands.database:keys",
}
"""Each command's place. Only the one that is asked for is imported: Slack's and the databases'
libraries take a second that ``onboard match`` has no use for."""

COULD_NOT = 2


def make_app(names: Sequence[str] = tuple(COMMANDS)) -> "typer.Typer":
    """The command line with these commands; with all of them by default."""
    import typer

    app = typer.Typer(
        name="onboard",
        help="Proves that a customer's Procore and QuickBooks Online are ready for OneCore.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    # Without a callback a single command would be run without being named.
    app.callback()(lambda: None)
    for name in names:
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(import_module(module), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def main() -> None:
    """Run the command; exit code 2 when it could not be done."""
    asked = [one for one in sys.argv[1:2] if one in COMMANDS]
    try:
        with _nothing_to_collect():
            command = (
                _serving() if sys.argv[1:] == ["serve"] else make_app(asked or tuple(COMMANDS))
            )
        command()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if getattr(error, "for_people", False):
            # Such an error's text is a sentence for whoever sits at the terminal.
            _fail(getattr(error, "at_terminal", str(error)))
        if os.environ.get("LOG_LEVEL", "").upper() == "DEBUG":
            raise
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        _fail(
            f"Something unexpected went wrong: {type(error).__name__}. Nothing was changed on "
            "purpose. Run it again with LOG_LEVEL=DEBUG to see more, and tell us."
        )


def _serving() -> Callable[[], None]:
    """``onboard serve``, which takes no options: it starts without what reads a command line.

    A second core reads meanwhile whom Slack's client (aiohttp) trusts over HTTPS: that is a tenth
    of the start, and needs no interpreter. Imports wait for each other where they have to. No
    plug-in of pydantic's is looked for in everything that is installed: the bot has none.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    Thread(target=import_module, args=("aiohttp",)).start()
    serve: Callable[[], None] = import_module("bot.commands.start").serve
    return serve


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """What is imported stays for good; looking for garbage in it is a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _fail(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    raise SystemExit(COULD_NOT)
