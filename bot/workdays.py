"""Public holidays by region, from the ``holidays`` library."""

from collections.abc import Callable
from datetime import date
from functools import cache

REGIONS_HINT = 'a country with an optional subdivision, like "AU-NSW", "NZ" or "US-CA"'


class UnknownRegionError(Exception):
    """The region has no calendar; the message says how to write one."""

    for_people = True


@cache
def holidays_of(region: str) -> Callable[[date], bool]:
    """The test whether a day is a public holiday in ``region`` (ISO 3166: "AU-NSW").

    Raises:
        UnknownRegionError: the library has no calendar for it.
    """
    import holidays  # Loaded when first used: it is large.

    country, _, subdivision = region.partition("-")
    try:
        calendar = holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        message = f'I have no calendar for the region "{region}"; write {REGIONS_HINT}.'
        raise UnknownRegionError(message) from None
    return calendar.__contains__
