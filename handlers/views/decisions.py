"""Submitted forms that decide something about one item."""

from handlers import words
from handlers.call import Call
from handlers.escape import mention
from handlers.ids import Field


async def done_submitted(call: Call) -> None:
    """Mark as done."""
    note = call.entry(Field.NOTE)
    await call.services.decisions.attest(call.customer.id, call.item, call.user, note)
    item = words.short_title(await call.status(), call.support)
    await call.say(words.ATTESTED.format(item=item))


async def assign_submitted(call: Call) -> None:
    """Assign."""
    owner, due = call.entered_person(Field.OWNER), call.entered_day(Field.DUE)
    await call.services.decisions.assign(call.customer.id, call.item, call.user, owner, due)
    item = words.short_title(await call.status(), call.support)
    by_day = f", due {words.day(due)}" if due else ""
    await call.say(words.ASSIGNED.format(item=item, owner=mention(owner), due=by_day))


async def waive_submitted(call: Call) -> None:
    """Waive."""
    why, until = call.entry(Field.WHY), call.entered_day(Field.UNTIL)
    await call.services.decisions.waive(call.customer.id, call.item, call.user, why, until)
    item = words.short_title(await call.status(), call.support)
    last = f" until {words.full_day(until)}" if until else ""
    await call.say(words.WAIVED.format(item=item, until=last))
