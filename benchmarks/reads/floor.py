"""How quickly a client without any work of its own could have had the same answers.

It starts each call as soon as the API lets it know what to ask (a list's second page when the first
has come, the third when a COUNT said that there is one), as soon as the limits of
``integrations/limits.py`` leave it a turn (so many under way at once, so many a second and a
minute, counted from the answers, because a request is counted at some time before its answer), and
has its answer one latency later. All calls take equally long, so that starting them in the order in
which they may start is the best that anybody can do.
"""

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from integrations.limits import Limits

AFTER = (
    (r"/users/(inactive|\d+)$", 1),  # When the search has not found an active user, or has.
    (r"/project_assignments$", 2),
    (r"/permission_templates", 2),
    (r"/standard_cost_codes$", 1),
    (r"/segments/\d+/lists$", 1),
    (r"/segment_items$", 2),
)
"""How many answers one after the other have to be there before a path can be asked."""
FULL = 1000


def waits_for(target: str) -> int:
    """How many answers, one after the other, have to be there before this can be asked."""
    url = urlsplit(target)
    asked = {key: values[0] for key, values in parse_qs(url.query).items()}
    if "query" in asked:
        start = re.search(r"STARTPOSITION (\d+)", asked["query"])
        if start is None:
            return 1
        return min(int(start.group(1)) // FULL, 2)
    before = next((steps for pattern, steps in AFTER if re.search(pattern, url.path)), 0)
    return before + (int(asked.get("page", "1")) > 1)


def seconds(asked: Sequence[str], limits: Limits, latency: float, *, guessing: bool) -> float:
    """When the last of these calls is answered; ``guessing`` knows what to ask from the start."""
    may = sorted(0.0 if guessing else waits_for(one) * latency for one in asked)
    starts: list[float] = []
    waits = [(limits.concurrency, latency)]
    # Only the answer tells that a request has been counted, so its place is free a window later.
    waits += [(window.requests, latency + window.seconds) for window in limits.windows]
    for moment in may:
        turns = [starts[-many] + long for many, long in waits if len(starts) >= many]
        starts.append(max([moment, *turns]))
    return starts[-1] + latency if starts else 0.0
