"""In a browser: a suggestion is accepted, and two vendors are called different."""

import re

from tests.walk.person import Person, shows
from tests.walk.whole_way import ACME, CARD, CASEY


async def a_suggestion_accepted_and_not_a_duplicate(person: Person) -> None:
    """By somebody of the customer, from the card that is there; the card follows both."""
    await person.become(CASEY, ACME)
    card = await person.sees(CARD)

    await person.presses(card, "Match them…")
    modal = person.page.get_by_test_id("modal").last
    await shows(modal, "of 130 cost codes matched")
    before = await modal.get_by_text(re.compile(r"\d+ of 130")).first.inner_text()
    await modal.get_by_role("button", name=re.compile("^Use (account|item) ")).first.click()
    await shows(modal, "→")
    after = await modal.get_by_text(re.compile(r"\d+ of 130")).first.inner_text()
    matched = [int(text.split()[0]) for text in (before, after)]
    assert matched[1] == matched[0] + 1
    await person.page.get_by_test_id("modal").last.get_by_role("button", name="Close").last.click()
    await shows(card, f"{matched[1]} of 130")

    await person.presses(card, "Review…")
    modal = person.page.get_by_test_id("modal").last
    await shows(modal, "that look alike")
    await modal.get_by_role("button", name="Not a duplicate").first.click()
    await shows(modal, "Remembered as different")
    await modal.get_by_role("button", name="Close").last.click()
    await modal.wait_for(state="hidden")
