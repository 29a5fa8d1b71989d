"""``disconnect procore|quickbooks [as support]``: end a connection there and here."""

from bot import words
from bot.domain.access import Action
from bot.domain.customer import Purpose
from handlers.call import Call
from handlers.escape import escape
from handlers.private_link import must_be_allowed


async def disconnect(call: Call) -> None:
    """Revoke it at the server, delete it here, and say whether the server could be told."""
    request = call.request
    assert request.system is not None
    if request.as_support:
        must_be_allowed(call, Action.PROVE)
    purpose = Purpose.SUPPORT if request.as_support else Purpose.CUSTOMER
    settled = await call.services.connect.disconnect(
        call.customer.id, request.system, purpose, call.user
    )
    name = escape(settled.was.account_name or settled.was.external_id)
    text = words.connections.DISCONNECTED if settled.told else words.connections.DISCONNECTED_HERE
    text = words.connections.DISCONNECTED_SHARED if settled.shared else text
    await call.say(text.format(label=request.system.label, name=name))
