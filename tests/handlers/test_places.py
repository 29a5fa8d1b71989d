"""What is seen of a channel that a customer may be given."""

from typing import Any

from handlers.places import _seen
from tests.each import each


@each(
    [
        ({"is_ext_shared": True}, "a public channel that is shared with 1 workspace outside"),
        (
            {"is_ext_shared": True, "is_private": True, "teams": ["T1", "T2"]},
            "a private channel that is shared with 2 workspaces outside",
        ),
        ({"is_pending_ext_shared": True}, "a public channel whose invitation to the customer's"),
        ({"is_shared": True, "is_private": True}, "a private channel that isn't shared"),
    ],
)
def test_what_is_seen_of_a_channel(channel: dict[str, Any], told: str) -> None:
    """Shared with the customer, still pending, or only within the organisation."""
    assert told in _seen(channel, channel.get("teams", ()))
