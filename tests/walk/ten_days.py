"""In a browser: the clock is moved through ten days, and the page shows what came when."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from integrations.sandbox.world.model import World
from tests.small_world import acme_alone
from tests.walk.person import Person
from tests.walk.whole_way import ACME, SAM, SUPPORT

MONDAY = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Australia/Sydney"))
FIFTH_IDLE_DAY = date(2026, 11, 30)


def on_a_monday() -> World:
    """One customer is enough: ten days of four customers' checks would take their time."""
    return acme_alone().model_copy(update={"clock": MONDAY})


async def ten_days_bring_a_reminder_each_working_day_and_what_else_is_due(person: Person) -> None:
    """One reminder a working day and none at the weekend; then the first step.

    And two digests: this Monday's is caught up, because the clock jumps over its nine o'clock.
    """
    await person.become(SAM, ACME)
    # What was found on this Monday is the last movement; from here on nothing moves.
    reminders = person.messages().filter(has_text="Good morning")
    asked = person.messages().filter(has_text="what is in the way?")
    wanted = 0
    for day in (MONDAY.date() + timedelta(days=n) for n in range(1, 11)):
        await person.changes_the_world("clock:tomorrow-0900")
        wanted += day.weekday() < 5
        # As in `shows`: what is not there yet would have the whole page written down.
        await reminders.nth(wanted - 1).wait_for()
        await expect(reminders).to_have_count(wanted)
        if day >= FIFTH_IDLE_DAY:
            await asked.wait_for()
        await expect(asked).to_have_count(int(day >= FIFTH_IDLE_DAY))
    assert wanted == 8
    await person.become(SAM, SUPPORT)
    digest = person.messages().filter(has_text="Most in need of somebody")
    await digest.nth(1).wait_for()
    await expect(digest).to_have_count(2)
