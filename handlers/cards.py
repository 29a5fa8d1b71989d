"""Posting the living card, and retiring the one before it."""

import logging
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from bot.domain.customer import CardRef, home_channel
from bot.services.views import CustomerView
from handlers.blocks.card import build_card, build_retired
from handlers.call import Call
from handlers.slack_errors import code_of

log = logging.getLogger(__name__)


def home_of(view: CustomerView, here: str) -> str:
    """Where the customer's card belongs: this channel if it is linked, else the first one."""
    linked = [channel.channel_id for channel in view.channels]
    if here in linked:
        return here
    return home_channel(view.channels)


async def post_card(call: Call, view: CustomerView, channel_id: str) -> CustomerView:
    """Post the card at the bottom of ``channel_id``, make it the living one; what it shows."""
    customers, customer_id = call.services.customers, call.customer.id
    ts = await call.at_home.post_to(channel_id, build_card(view, call.support))
    old = await customers.set_card(customer_id, channel_id, ts)
    # What changed before this was the living card went to the old one, or to none.
    after = await customers.view(customer_id)
    if after != replace(view, now=after.now):
        now = build_card(after, call.support)
        await call.tools.client.chat_update(channel=channel_id, ts=ts, **now.arguments())
    if old is not None and old.ts and old.ts != ts:
        await _retire(call, old, channel_id, ts)
    return after


async def _retire(call: Call, old: CardRef, channel_id: str, ts: str) -> None:
    """One line is left of the old card; that it is gone already is no harm."""
    url = await call.tools.permalinks.of(channel_id, ts)
    message = build_retired(call.customer.name, url)
    try:
        await call.tools.client.chat_update(
            channel=old.channel_id, ts=old.ts, **message.arguments()
        )
    except SlackApiError as error:
        log.info("an old card was not retired: %s", code_of(error))


async def first_check(call: Call, view: CustomerView) -> None:
    """A customer that was never checked is checked now; the card shows how it goes."""
    if view.report.checked_at is None:
        await call.services.checks.run(call.customer.id, None, call.user)
