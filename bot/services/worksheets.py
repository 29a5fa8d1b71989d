"""The worksheets of a hand-off that rest on the systems' lists: the mapping, and what to merge.

And the names in those lists, for the sheets in which people's decisions are stored by id.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot import words
from bot.domain.facets import ACCOUNTS, COST_CODES, ITEMS
from bot.domain.matching.usability import target_label
from bot.domain.model import Facet, Failed, Snapshot, System
from bot.domain.requirements.cost_code_coverage import targets_of
from bot.services.duplicates import DuplicateService, side_of
from bot.services.errors import UserError
from bot.services.exports import mapping_sheet, merge_sheet
from bot.services.facts import FactKeeper
from bot.services.matching import CODES_ITEM, MatchingService
from bot.services.workbook import Cell, Sheet

log = logging.getLogger(__name__)


class Worksheets:
    """Makes them as `export cost codes` and `export vendors` do, of what a check just read."""

    def __init__(
        self, matching: MatchingService, duplicates: DuplicateService, facts: FactKeeper
    ) -> None:
        self._matching = matching
        self._duplicates = duplicates
        self._facts = facts

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

    async def named(self, customer_id: int, sheets: Sequence[Sheet]) -> list[Sheet]:
        """The same with codes, targets and records by name beside their ids.

        A name that can't be read, or whose record is gone, stays empty: the id is there.
        """
        fill = {
            words.exports.CHOSEN_TARGETS: self._chosen,
            words.exports.RECORDS_TO_KEEP: self._kept,
        }
        return [
            replace(one, rows=await fill[one.name](customer_id, one.rows))
            if one.rows and one.name in fill
            else one
            for one in sheets
        ]

    async def _chosen(
        self, customer_id: int, rows: Sequence[Sequence[Cell]]
    ) -> list[Sequence[Cell]]:
        read = await self._read(customer_id, CODES_ITEM, (COST_CODES, ACCOUNTS, ITEMS))
        codes = read.get(COST_CODES)
        known = () if isinstance(codes, Failed) else codes.value.codes
        names: dict[Cell, str] = {one.key: f"{one.code} {one.name}".strip() for one in known}
        for target in targets_of(read.get(ACCOUNTS), read.get(ITEMS)):
            names[target.key] = target_label(target)
        return [
            (names.get(code, ""), code, names.get(target, ""), target)
            for _, code, _, target in rows
        ]

    async def _kept(self, customer_id: int, rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
        names: dict[tuple[str, str], str] = {}
        for system in (one for one in System if any(row[0] == one.label for row in rows)):
            kind = side_of(system)
            found = (await self._read(customer_id, kind.item, (kind.facet,))).get(kind.facet)
            if not isinstance(found, Failed):
                names |= {(system.label, one.id): one.name for one in found.value}
        return [(label, names.get((str(label), str(one)), ""), one) for label, _, one in rows]

    async def _read(self, customer_id: int, item: str, needs: Sequence[Facet[object]]) -> Snapshot:
        try:
            return await self._facts.get(customer_id, item, needs)
        except UserError as error:
            log.warning("an export of customer %s has ids without names: %s", customer_id, error)
            return Snapshot()
