"""What happens to the channels themselves: renamed, archived, shared, moved, the bot put out.

Slack says so once; what follows is written down at once, staff are told through the outbox, and
nothing is said in the channel. Of some things it says nothing to an app that reads no messages (a
channel made private), and an event can be lost: so each channel is looked at once a day, too. A
channel that is closed takes no messages; another one of the same customer stands in for it
meanwhile.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.domain.customer import Channel, Customer, HistoryEntry, News
from bot.services.notices import ChannelNotice, dump
from bot.services.ports import Board, Clock, Outgoing, Rooms, Sight, Store, Transaction

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[int]]
LOOK_EVERY = timedelta(days=1)
LOOKS = 20
"""Channels that one round looks at: Slack lets an app ask about 50 a minute."""
KINDS = {"private": News.PRIVATE, "public": News.PUBLIC}


class ChannelService:
    """Follows what Slack says about channels."""

    def __init__(self, store: Store, clock: Clock, board: Board, support_channel: str) -> None:
        self._store = store
        self._clock = clock
        self._board = board
        self._support_channel = support_channel

    async def renamed(self, channel_id: str, by: str = "bot") -> None:
        """Names differ on each side, so none is kept: only the history knows."""
        async with self._store.transaction() as tx:
            customer = await tx.customers.by_channel(channel_id)
            if customer is not None:
                await self._note(tx, customer, by, "channel renamed", channel_id)

    async def closed(self, channel_id: str, why: News, by: str = "bot") -> None:
        """Nothing can be posted there any more: archived, deleted, or the bot was put out."""
        await self._change(channel_id, why, by, lambda channel: replace(channel, closed=why))

    async def opened(self, channel_id: str, by: str = "bot") -> bool:
        """It takes messages again; False when no customer is linked to it."""
        async with self._store.transaction() as tx:
            if await tx.customers.by_channel(channel_id) is None:
                return False
        await self._change(channel_id, News.OPENED, by, lambda channel: replace(channel, closed=""))
        return True

    async def shared(self, channel_id: str, team_id: str) -> None:
        """Another workspace is in it now."""
        await self._change(
            channel_id, News.SHARED, "bot", lambda channel: replace(channel, team_id=team_id)
        )

    async def unshared(self, channel_id: str, team_id: str) -> None:
        """A workspace is in it no longer."""

        def change(channel: Channel) -> Channel:
            return replace(channel, team_id="") if channel.team_id in ("", team_id) else channel

        await self._change(channel_id, News.UNSHARED, "bot", change)

    async def moved(self, old: str, new: str) -> None:
        """Slack gave it another id: everything that is kept under the old one follows."""
        if old == self._support_channel:
            log.error("the support channel's id changed: set SUPPORT_CHANNEL_ID=%s, restart", new)
        async with self._store.transaction() as tx:
            customer = await tx.customers.by_channel(old)
            if customer is None:
                return
            await tx.customers.move_channel(old, new)
            await self._note(tx, customer, "bot", News.MOVED, f"{old} is {new} now")
            await self._tell(tx, customer, News.MOVED, new)
        await self._board.refresh(customer.id)

    async def look_around(self, rooms: Rooms) -> int:
        """Look at the channels that nobody looked at for a day; the rest of them next time."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            unseen = await tx.customers.channels_unseen(now - LOOK_EVERY, LOOKS)
            for channel in unseen:
                await tx.customers.save_channel(replace(channel, looked_at=now))
        for channel in unseen:
            await self.look_at(rooms, channel.channel_id)
        return 0

    async def look_at(self, rooms: Rooms, channel_id: str) -> None:
        """Ask Slack about a channel that shows a customer, and follow what is new."""
        channel = await self._linked(channel_id)
        sight = await rooms.look(channel_id) if channel is not None else None
        if channel is not None and sight is not None:
            await self._follow(channel, sight)

    async def _follow(self, channel: Channel, sight: Sight) -> None:
        """What events have told already is no news; what the first look sees is none either."""
        name = channel.channel_id
        if sight.closed:
            if not channel.closed:
                await self.closed(name, News(sight.closed))
            return
        if channel.closed:
            await self.opened(name)
        if channel.team_id and channel.team_id not in sight.teams:
            await self.unshared(name, channel.team_id)
        if sight.teams and channel.team_id not in sight.teams:
            await self.shared(name, sight.teams[0])
        if sight.kind != channel.kind:
            news = KINDS[sight.kind] if channel.kind else None
            await self._change(name, news, "bot", lambda one: replace(one, kind=sight.kind))

    async def _linked(self, channel_id: str) -> Channel | None:
        async with self._store.transaction() as tx:
            customer = await tx.customers.by_channel(channel_id)
            channels = await tx.customers.channels(customer.id) if customer is not None else ()
        return next((one for one in channels if one.channel_id == channel_id), None)

    async def _change(
        self, channel_id: str, news: News | None, by: str, change: Callable[[Channel], Channel]
    ) -> None:
        async with self._store.transaction() as tx:
            customer = await tx.customers.by_channel(channel_id)
            if customer is None:
                return
            channels = await tx.customers.channels(customer.id)
            channel = next(one for one in channels if one.channel_id == channel_id)
            changed = change(channel)
            if changed == channel and news is not News.UNSHARED:
                return
            await tx.customers.save_channel(changed)
            if news is None:
                return
            await self._note(tx, customer, by, news, channel_id)
            await self._tell(tx, customer, news, channel_id)
        await self._board.refresh(customer.id)

    async def _note(
        self, tx: Transaction, customer: Customer, by: str, what: str, detail: str
    ) -> None:
        await tx.history.append(HistoryEntry(customer.id, self._clock.now(), by, what, detail))

    async def _tell(self, tx: Transaction, customer: Customer, news: News, channel_id: str) -> None:
        now = self._clock.now()
        notice = ChannelNotice(customer.name, customer.slug, customer.id, news, channel_id)
        key = f"channel:{news}:{channel_id}:{now.isoformat()}"
        out = Outgoing(key, notice.kind, self._support_channel, dump(notice), customer.id)
        await tx.outbox.add(out, now)


class InstallationService:
    """Whether Slack lets the bot in. While it doesn't, nothing is tried and everything is kept."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def removed(self, why: str) -> None:
        """The app was uninstalled, or its tokens were revoked."""
        async with self._store.transaction() as tx:
            if await tx.removals.note(why, self._clock.now()):
                log.warning("Slack removed the app (%s): rounds rest until it is installed", why)

    async def is_installed(self) -> bool:
        """False between a removal and the next installation."""
        async with self._store.transaction() as tx:
            return await tx.removals.since() is None

    async def installed(self) -> None:
        """Slack takes the token: whatever waited goes on."""
        async with self._store.transaction() as tx:
            if await tx.removals.lift():
                log.warning("the app is installed again: rounds go on")

    def while_installed(self, work: Work) -> Work:
        """A round that rests while the app is removed."""

        async def guarded() -> int:
            return await work() if await self.is_installed() else 0

        return guarded
