"""``python -m bot`` is the ``onboard`` command."""

from bot.cli import main

main()
