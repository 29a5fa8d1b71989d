"""Messages to send, for the tests of the sender."""

from bot.services.notices import AcceptedNotice, dump
from bot.services.ports import (
    Outgoing,
)
from tests.services.world import HOME, World


async def queue(world: World, key: str, channel: str = HOME, customer_id: int | None = 1) -> None:
    payload = dump(AcceptedNotice("Acme", "acme", 1, key))
    async with world.store.transaction() as tx:
        message = Outgoing(key, "accepted", channel, payload, customer_id)
        assert await tx.outbox.add(message, world.clock.now())


async def stored(world: World, key: str) -> Outgoing:
    async with world.store.transaction() as tx:
        message = await tx.outbox.get(key)
    assert message is not None
    return message


async def pump_for(world: World, minutes: int, every: int = 10) -> None:
    """Pump every so many seconds of the clock."""
    for _ in range(minutes * 60 // every):
        await world.do.sender.pump()
        world.clock.move(seconds=every)


def broken() -> object:
    """Instead of a transaction: the database is away."""
    raise ConnectionError("the database is away")
