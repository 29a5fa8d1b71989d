"""In a browser: what is mended in Procore or QuickBooks ticks the card, and nobody presses."""

import re

from tests.walk.person import Person, shows
from tests.walk.whole_way import ACME, CARD, SAM, row


async def a_change_in_the_side_panel_ticks_the_card(person: Person) -> None:
    """One in Procore, one in QuickBooks; neither posts a message."""
    await person.become(SAM, ACME)
    await person.say("/onboard status acme")
    card = await person.sees(CARD)
    await row(card, r"1 of 5 required items done · not ready yet")
    await row(card, r"of 130 cost codes matched")
    messages = await person.messages().count()
    for action, then in (
        ("acme:procore-company-admin", r"2 of 5 required items done"),
        ("acme:add-accounts", r"126 of 130 cost codes matched"),
    ):
        await person.changes_the_world(action)
        await shows(card, re.compile(then))
    assert await person.messages().count() == messages
