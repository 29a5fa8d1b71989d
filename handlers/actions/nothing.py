"""A link was opened, or a menu asks for its entries: the click itself needs no answer."""

from handlers.call import Call


async def nothing(_call: Call) -> None:
    """Slack tells us, and there is nothing to do."""
