"""The whole way once, in a browser: from `/onboard status acme` to the accepted hand-off."""

import re

from playwright.async_api import Locator, expect

from tests.walk.person import Person, shows

SAM, PRIYA, CASEY = "U0SAM", "U0PRIYA", "U0CASEY"
ACME, SUPPORT = "C0ACME", "C0SUPPORT"
CARD = "Live card · I remind"
REQUIRED = (
    "acme:procore-company-admin",
    "acme:add-accounts",
    "acme:activate-accounts",
    "acme:item-expense-accounts",
)
REPAIRS = ("acme:merge-vendors:all", "acme:merge-customers:all", *REQUIRED)


async def row(card: Locator, text: str) -> None:
    await shows(card, re.compile(text))


async def attest_next(person: Person, card: Locator) -> None:
    """Press the first *Mark as done…* of the card, with a note."""

    async def note(modal: Locator) -> None:
        await modal.get_by_role("textbox").first.fill("Looked it up under Manage users.")

    await person.presses(card, "Mark as done…")
    await person.fills_in(note)


async def from_status_to_the_accepted_hand_off(person: Person) -> None:
    """Status, repairs, re-check, tomorrow's reminder, ready, contact support, accepted, silence."""
    await person.become(SAM, ACME)
    await person.say("/onboard status acme")
    card = await person.sees(CARD)
    await row(card, r"1 of 5 required items done · not ready yet")
    await row(card, r"of 130 cost codes matched")

    # Somebody of the customer's own people tries too early, and is told what is left.
    await person.become(CASEY, ACME)
    card = await person.sees(CARD)
    await person.presses(card, "Contact Interfy support")
    await person.sees("Before Interfy can start, these are left")

    # Casey can't type the command, and is told so as Slack tells it; the mention works.
    await person.say("/onboard status")
    await expect(person.page.get_by_test_id("composer-notice")).to_contain_text("not a valid")
    await person.say("@OneCore help")
    await person.sees("status")

    for action in REPAIRS:
        await person.changes_the_world(action)
    card = await person.sees(CARD)
    await person.presses(card, "Re-check everything")
    await row(card, r"All 1\d\d cost codes|3 of 5 required items done")

    # The next morning only what is left is named, with the thanks for what was done.
    await person.changes_the_world("clock:tomorrow-0900")
    reminder = await person.sees("Good morning")
    await shows(reminder, "QuickBooks support user")
    await expect(reminder).not_to_contain_text("cost codes matched")

    # QuickBooks can't show its users: two items rest on a person's word.
    await person.become(CASEY, ACME)
    card = person.last(CARD)
    await attest_next(person, card)
    await row(card, r"4 of 5 required items done")
    await attest_next(person, card)
    await row(card, r"5 of 5 required items done · ready")

    await person.presses(card, "Contact Interfy support")
    await person.sees("over to Interfy support at")

    await person.becomes_by_clicks(PRIYA, "onecore-support")
    handoff = await person.sees("is ready for OneCore")
    await shows(handoff, "5 of 5 required · 3 verified live, 2 attested")
    await person.presses(handoff, "Accept")
    await person.become(CASEY, ACME)
    await person.sees("at Interfy accepted the hand-off of")

    # Two mornings later nobody was reminded again: the answer shows that the bot is awake.
    reminders = await person.messages().filter(has_text="Good morning").count()
    for _ in range(2):
        await person.changes_the_world("clock:tomorrow-0900")
        await person.say("@OneCore history")
        await person.sees("accept")
    assert await person.messages().filter(has_text="Good morning").count() == reminders
