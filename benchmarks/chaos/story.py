"""The story of a customer with whom something went wrong, so that nobody has to guess."""

from collections.abc import Iterable
from typing import Any

from benchmarks.chaos.day import Day, key_of


async def tell(day: Day, customer: int, log: Iterable[dict[str, Any]]) -> list[str]:
    """Every try to post, what Slack's stand-in showed, and what the bot's database says."""
    tries = [
        f"{key}: tried {told}"
        for key, all_told in sorted(day.front.tries.items())
        if _is_about(customer, key)
        for told in all_told
    ]
    shown = [
        f"{key_of(entry)}: shown {entry['at']} as {entry['ts']}"
        for entry in log
        if entry["kind"] == "message"
        and entry["op"] == "post"
        and _is_about(customer, key_of(entry))
    ]
    known = await day.books.story(customer)
    return [f"customer {customer}: {line}" for line in (*tries, *shown, *known)]


def _is_about(customer: int, key: str) -> bool:
    """``reminder:7:2026-11-23`` is about customer 7."""
    return key.split(":")[1:2] == [str(customer)]
