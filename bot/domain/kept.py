"""A list of a system as it was last read, so that the next check need not read it all again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.records import Party, Target

MOST_ROWS = 20_000
"""A longer list is read in full each time: keeping it would cost more than it saves."""


@dataclass(frozen=True, slots=True)
class KeptList:
    """The records of a list by id, which nobody may be shown before the system confirmed them.

    ``as_of`` is a moment by the system's own clock: what changed later may not be in here.
    ``whole_at`` is when the list was last read from end to end. ``form`` names what made the
    records; a list that was made otherwise is of no use.
    """

    rows: Mapping[str, Target | Party]
    as_of: datetime
    whole_at: datetime
    form: str
