"""Where figures come from, for the head of a page."""

import os
import platform
from datetime import UTC, datetime
from typing import Any


def machine() -> dict[str, Any]:
    """The day, the processor cores, Python, and how busy the machine is."""
    return {
        "when": datetime.now(UTC).strftime("%-d %B %Y"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }
