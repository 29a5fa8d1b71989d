"""A ListKeeper in memory."""

from collections.abc import Collection, Mapping

from bot.domain.customer import Connection
from bot.domain.kept import KeptList


class MemoryLists:
    """Keeps the lists of one customer; ``saved`` names every list that was kept, in order."""

    def __init__(self) -> None:
        self.lists: dict[str, KeptList] = {}
        self.saved: list[str] = []

    async def load(self, connection: Connection, names: Collection[str]) -> Mapping[str, KeptList]:
        del connection
        return {name: one for name, one in self.lists.items() if name in names}

    async def save(self, connection: Connection, name: str, kept: KeptList) -> None:
        del connection
        self.saved.append(name)
        self.lists[name] = kept
