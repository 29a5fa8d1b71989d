"""Spare each request a search for a package that is not there."""

import sys
from importlib.util import find_spec
from typing import Any, cast


def know_what_is_absent() -> None:
    """Say once that there is no ``sniffio``, for which httpcore looks in every request.

    It asks several times a request which event loop it runs on, with an import that may fail
    (``httpcore/_synchronization.py``). Python remembers no failed import, so each time it would
    look through every folder of packages: a third of all that a request takes.
    """
    if "sniffio" not in sys.modules and find_spec("sniffio") is None:
        absent: dict[str, Any] = cast("dict[str, Any]", sys.modules)
        absent["sniffio"] = None
