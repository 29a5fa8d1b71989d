"""``risks [customer] [on|off [risk]]``: what else could cost a week later."""

from bot import words
from bot.domain.access import Action
from bot.domain.catalogue import risks as every_risk
from bot.domain.risk import ALL
from bot.services.errors import UserError
from handlers.blocks.risks import build_risks, risks_line
from handlers.call import Call
from handlers.gate import allow
from handlers.ids import Verb
from handlers.spoken import open_or_say


async def risks(call: Call) -> None:
    """Show them; staff switch them on and off."""
    asked = call.asked
    if asked is not None and asked.on is not None:
        await _switch(call, asked.note, on=asked.on)
        return
    view = await call.services.customers.view(call.customer.id)
    shown = build_risks(view, call.support, call.sealed())
    await open_or_say(call, shown, risks_line(view.report), Verb.RISKS)


async def _switch(call: Call, name: str, *, on: bool) -> None:
    allow(call.actor, Action.RISKS, call.customer.id)
    item = f"risk-{name}" if name else ALL
    known = [risk.id for risk in every_risk()]
    if item not in (ALL, *known):
        names = ", ".join(one.removeprefix("risk-") for one in known)
        raise UserError(words.risks.NO_SUCH.format(names=names))
    await call.services.risks.switch(call.customer.id, call.user, item, on=on)
    what = words.risks.ONE_IS.format(risk=name) if name else words.risks.ALL_ARE
    await call.say(words.risks.RISKS_SWITCHED.format(what=what, word="on" if on else "off"))
