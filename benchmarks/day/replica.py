"""One replica: ``onboard serve`` as it is, by the clock of the run.

``DAY_NEXT`` makes it the next version: the same code with one revision more, made by
``next_version``, so that a schema upgrade can be lived through.
"""

import os
import sys
from pathlib import Path
from unittest.mock import patch

from alembic.config import Config

from benchmarks.chaos.clocks import SharedClock
from bot import serving
from bot.cli import main
from bot.storage import schema, upgrading

NEXT = Path(__file__).parent / "next_version"
NEXT_REVISION = "day"


def run() -> None:
    """Serve until asked to stop."""
    clock = SharedClock(Path(os.environ["DAY_CLOCK"]))
    # The next version's folder is not the product's affair.
    ours, known = upgrading.config, schema._revisions()  # noqa: SLF001

    def config() -> Config:
        made = ours()
        if os.environ.get("DAY_NEXT"):
            folder = Path(made.get_main_option("script_location") or "") / "versions"
            made.set_main_option("path_separator", "os")
            made.set_main_option("version_locations", f"{folder}{os.pathsep}{NEXT}")
        return made

    def revisions() -> tuple[str, ...]:
        return (*known, NEXT_REVISION) if os.environ.get("DAY_NEXT") else known

    sys.argv = ["onboard", "serve"]
    with (
        patch.object(serving, "SystemClock", lambda: clock),
        patch.object(upgrading, "config", config),
        patch.object(schema, "_revisions", revisions),
    ):
        main()


if __name__ == "__main__":
    run()
