"""The worksheets of a hand-off that rest on the systems' lists: the mapping, and what to merge."""

import logging
from collections.abc import Awaitable, Callable

from bot.domain.model import System
from bot.services.duplicates import DuplicateService
from bot.services.errors import UserError
from bot.services.exports import mapping_sheet, merge_sheet
from bot.services.matching import MatchingService
from bot.services.workbook import Sheet

log = logging.getLogger(__name__)


class Worksheets:
    """Makes them as `export cost codes` and `export vendors` do, of what a check just read."""

    def __init__(self, matching: MatchingService, duplicates: DuplicateService) -> None:
        self._matching = matching
        self._duplicates = duplicates

    async def of(self, customer_id: int) -> list[Sheet]:
        """A system that can't be read has no sheet; a hand-off doesn't fail for it."""

        async def mapping() -> Sheet:
            return mapping_sheet(await self._matching.codes(customer_id))

        async def vendors() -> Sheet:
            return merge_sheet(await self._duplicates.look(customer_id, System.PROCORE))

        async def customers() -> Sheet:
            return merge_sheet(await self._duplicates.look(customer_id, System.QBO))

        makers: tuple[Callable[[], Awaitable[Sheet]], ...] = (mapping, vendors, customers)
        made = []
        for make in makers:
            try:
                made.append(await make())
            except UserError as error:
                log.warning("a worksheet of customer %s is left out: %s", customer_id, error)
        return made
