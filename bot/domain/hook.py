"""A webhook that the bot set up in a customer's Procore."""

from dataclasses import dataclass
from datetime import datetime

BEING_MADE = "being set up"


@dataclass(frozen=True, slots=True)
class Hook:
    """What came of setting it up through the connection of ``connected_at``.

    ``problem`` says why it doesn't tell, "" while it does; ``told`` is what the history says last.
    """

    customer_id: int
    connected_at: datetime | None
    tried_at: datetime
    hook_id: str = ""
    problem: str = BEING_MADE
    told: str = ""

    @property
    def is_live(self) -> bool:
        """Whether Procore tells of changes."""
        return not self.problem
