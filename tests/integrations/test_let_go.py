"""What a read took is let go when it ends, without the garbage collector."""

import asyncio
import gc
from collections import Counter

from bot.domain.catalogue import catalogue
from bot.domain.records import Party
from bot.services.checks import facets_of
from tests.integrations import worlds
from tests.integrations.systems import make_rig


def held() -> Counter[str]:
    """The readings and records that are in memory."""
    kinds = Counter(type(one).__name__ for one in gc.get_objects())
    return Counter({name: kinds[name] for name in ("_Reading", "Once", Party.__name__)})


async def test_after_a_read_nothing_has_its_lists_but_who_asked():
    """While much is unpacked the collector is kept away: a company's lists would pile up."""
    rig = make_rig(worlds.right())
    gc.collect()
    before = held()
    snapshot = await rig.reader.read(1, facets_of(catalogue()))
    await rig.reader.drain()
    assert held()[Party.__name__] > before[Party.__name__]
    del snapshot
    # Whoever finished is told in the loop's next turn.
    await asyncio.sleep(0)
    assert held() - before == Counter()
