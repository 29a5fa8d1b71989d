"""The onboarding bot: domain, services, storage, and the composition root."""

import sys
from typing import Any, cast

# httpx looks for what its own command line needs, and so loads a terminal's colours and grammars
# for whoever imports it. Where that is not to be had it goes without (``httpx/__init__.py``).
cast("dict[str, Any]", sys.modules).setdefault("httpx._main", None)
