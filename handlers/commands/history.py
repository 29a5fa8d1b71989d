"""``history [customer] [all]``: who did what; ``history [customer] since 12 Nov``: what changed."""

from datetime import date

from bot import words
from bot.domain.customer import CLICK
from bot.services.changes import Since
from handlers.blocks.base import View
from handlers.blocks.history import build_changes, build_changes_answer, build_history
from handlers.call import Call
from handlers.files import send_files


async def history(call: Call) -> None:
    """The newest entries, for the asker alone; clicks as a number unless all were asked for."""
    if call.asked is not None and call.asked.since is not None:
        await _changed(call, call.asked.since)
        return
    everything = call.asked is not None and bool(call.asked.on)
    customers, customer = call.services.customers, call.customer
    entries = await customers.history(customer.id, without=() if everything else (CLICK,))
    clicks = 0 if everything else await customers.clicks(customer.id)
    await call.tell(build_history(customer, entries, clicks))


async def what_changed(call: Call) -> None:
    """*What changed…*: since the last reminder at first."""
    await call.replies.open(await _view(call, Since.REMINDER))


async def changed_since(call: Call) -> None:
    """Another moment was chosen in the menu."""
    await call.replies.replace(await _view(call, _moment(call.origin.value)))


async def send_picture(call: Call) -> None:
    """The burn-down as a picture, to this person alone."""
    await send_files(call, [await call.services.changes.picture(call.customer.id)])
    view = await _view(call, _moment(call.detail), words.details.EXPORTED)
    await call.replies.replace(view)


async def _changed(call: Call, day: date) -> None:
    if call.origin.trigger_id:
        await call.replies.open(await _view(call, day))
        return
    found = await call.services.changes.since(call.customer.id, day)
    await call.tell(build_changes_answer(call.customer, found))


async def _view(call: Call, since: Since | date, done: str = "") -> View:
    changes, customer = call.services.changes, call.customer
    found = await changes.since(customer.id, since)
    drawn = await changes.burn_down(customer.id)
    chosen = str(since)
    return build_changes(customer, found, drawn, call.sealed(chosen), chosen, done)


def _moment(text: str) -> Since | date:
    """From what the menu or the modal remembers; a day is written as ``2026-11-12``."""
    if text in set(Since):
        return Since(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Since.REMINDER
