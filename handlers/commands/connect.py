"""``connect procore|quickbooks [as support]``: a private link to sign in with."""

from bot import words
from bot.domain.access import Action
from bot.domain.customer import Purpose
from handlers.call import Call
from handlers.escape import escape
from handlers.private_link import give_link, must_be_allowed


async def connect(call: Call) -> None:
    """Give the link to this person alone; staff may name a service account's company instead."""
    request = call.request
    assert request.system is not None
    if request.company or request.as_support:
        must_be_allowed(call, Action.PROVE)
    if request.company:
        made = await call.services.connect.service_account(
            call.customer.id, request.company, call.user, replace=bool(request.on)
        )
        name = escape(made.account_name or made.external_id)
        await call.say(words.connections.SERVICE_CONNECTED.format(name=name))
        return
    purpose = Purpose.SUPPORT if request.as_support else Purpose.CUSTOMER
    await give_link(call, request.system, purpose)
