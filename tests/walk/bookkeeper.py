"""A bookkeeper who can type nothing but a mention: from the first card to the hand-off."""

from playwright.async_api import expect

from tests.walk.person import Person
from tests.walk.whole_way import ACME, CARD, CASEY, REQUIRED, SAM, row


async def a_mention_is_enough_for_everything(person: Person) -> None:
    """Staff link the channel; from there on Casey mentions the bot and presses one button."""
    await person.become(SAM, ACME)
    await person.say("/onboard link acme")
    await person.sees("shared with 1 workspace outside yours")

    await person.become(CASEY, ACME)
    first = await person.sees("I check six things")
    await person.presses(first, "Try the button: say hello")
    await person.sees("your click reached me")

    await person.say("@OneCore status please")
    card = await person.sees(CARD)
    await row(card, r"1 of 5 required items done · not ready yet")
    await person.say("@OneCore waive cost codes we do not need them")
    await person.sees("Only Interfy staff can do that")
    await person.say("@OneCore match")
    await person.sees("93 of 130 cost codes matched")
    await person.say("@OneCore match 03-300 to 03300")
    await person.sees("94 of 130 matched")

    # What is only recommended is left: a risk does not stop the hand-off.
    for action in REQUIRED:
        await person.changes_the_world(action)
    await person.say("@OneCore “check”")
    await row(card, r"3 of 5 required items done")
    for item in ("qbo support user", "qbo-company-admin"):
        await person.say(f"@OneCore done {item} I looked it up under Manage users")
    await row(card, r"5 of 5 required items done · ready, with risks")

    await person.say("@OneCore handoff")
    await person.sees("over to Interfy support at")
    await expect(person.last("Interfy support has everything")).to_be_visible()
