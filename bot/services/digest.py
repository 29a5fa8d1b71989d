"""The weekly digest to the support channel: what stands where, and what needs somebody."""

import asyncio
import base64
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot import words
from bot.domain.lifecycle import Stage
from bot.domain.reminders import digest_due, local_day
from bot.services.chart import draw, in_words
from bot.services.notices import ChartNotice, DigestLine, DigestNotice, Notice, dump
from bot.services.portfolio import OVER, PortfolioService, Ranked
from bot.services.ports import Clock, Outgoing, Store, Transaction
from bot.services.views import PortfolioRow

log = logging.getLogger(__name__)

WEEK = timedelta(days=7)
MOST_NEEDY = 10
MOST_MOVED = 15


class DigestService:
    """Queues the digest; however many processes ask, a week's key is queued once."""

    def __init__(
        self,
        store: Store,
        portfolio: PortfolioService,
        clock: Clock,
        support_channel: str,
        timezone: str,
    ) -> None:
        self._store = store
        self._portfolio = portfolio
        self._clock = clock
        self._support_channel = support_channel
        self._timezone = timezone
        self._seen: date | None = None

    async def tick(self) -> int:
        """Queue this week's digest when its time has come; 0, because nothing follows at once."""
        due = digest_due(self._clock.now(), self._timezone)
        if due is None or not self._support_channel:
            return 0
        week = local_day(due, self._timezone)
        if week == self._seen:
            return 0
        key = f"digest:{week.isoformat()}"
        async with self._store.transaction() as tx:
            known = await tx.outbox.get(key) is not None
            notice = None if known else await self._notice(tx, week, due)
        if notice is not None:
            await self._queue(key, notice)
        # Only now: a week whose transaction broke is looked at again.
        self._seen = week
        return 0

    async def _queue(self, key: str, notice: DigestNotice) -> None:
        """The text, and under it the picture of whoever queued the text, where it can be drawn."""
        chart = await _chart(notice, key)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            is_ours = await tx.outbox.add(self._to_support(key, notice), now)
            if is_ours and chart is not None:
                await tx.outbox.add(self._to_support(f"{key}:chart", chart), now)

    def _to_support(self, key: str, notice: Notice) -> Outgoing:
        return Outgoing(key, notice.kind, self._support_channel, dump(notice))

    async def _notice(self, tx: Transaction, week: date, due: datetime) -> DigestNotice | None:
        """What there is to say; None when nobody is under way and nothing moved.

        Nor where nobody was there yet when it was ``due``: then none was missed.
        """
        if not await tx.customers.any_since(due):
            return None
        ranked = await self._portfolio.ranked(tx)
        under_way = [one for one in ranked if one.outline.stage not in OVER]
        lately = await tx.customers.moved_since(self._clock.now() - WEEK)
        moved = [one for one in ranked if one.outline.id in lately]
        if not under_way and not moved:
            return None
        rows = await self._portfolio.rows(tx, under_way[:MOST_NEEDY])
        stages = Counter(one.outline.stage for one in ranked)
        ours = sum(_is_ours(one) for one in under_way)
        return DigestNotice(
            week=week.isoformat(),
            open=len(under_way),
            stuck=sum(one.is_stuck for one in under_way),
            stages=tuple((stage.label, stages[stage]) for stage in Stage if stages[stage]),
            waiting=(("customers", len(under_way) - ours), ("Interfy", ours)),
            needy=_lines(rows, under_way),
            moved=tuple(one.outline.name for one in moved[:MOST_MOVED]),
            moved_count=len(moved),
        )


async def _chart(notice: DigestNotice, parent_key: str) -> ChartNotice | None:
    """The same numbers as a picture; None when it can't be drawn, and the text goes alone."""
    title = words.portfolio.CHART
    try:
        picture = await asyncio.to_thread(draw, title, notice.stages, notice.stuck)
    except Exception:
        # Whatever it is (a Pillow without its fonts, no memory): the text says the same.
        log.exception("the picture of %s could not be drawn; the text goes alone", parent_key)
        return None
    told = in_words(title, notice.stages, notice.stuck)
    content = base64.b64encode(picture).decode()
    return ChartNotice(parent_key, f"onboardings-{notice.week}.png", told, told, content)


def _is_ours(one: Ranked) -> bool:
    """Handed over or stuck: then it is Interfy who has to act."""
    return one.outline.is_stuck or one.outline.stage is Stage.HANDED_OFF


def _lines(rows: Sequence[PortfolioRow], ranked: Sequence[Ranked]) -> tuple[DigestLine, ...]:
    return tuple(
        DigestLine(
            row.customer.name,
            row.customer.stage.label,
            row.required_met,
            row.required_total,
            row.waiting_on,
            row.idle_working_days,
            one.is_stuck,
            row.channel_id,
            row.is_checked,
        )
        for row, one in zip(rows, ranked, strict=False)
    )
