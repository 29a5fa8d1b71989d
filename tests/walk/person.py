"""Somebody at the sandbox's page, doing what people do."""

from collections.abc import Awaitable, Callable
from re import Pattern

from playwright.async_api import Locator, Page, expect
from playwright.async_api import TimeoutError as TooLateError


async def shows(place: Locator, text: str | Pattern[str]) -> None:
    """Wait until ``place`` holds ``text``.

    Each time that `expect` finds it does not, it writes down all that assistive technology would
    read there, for its failure. That took a third of the tab's computing, so it looks last.
    """
    try:
        await place.filter(has_text=text).wait_for()
    except TooLateError:
        await expect(place).to_contain_text(text)


ARRIVED = """(place) => new Promise((done) => {
  if (location.hash === place) return done();
  addEventListener('hashchange', () => done(), {once: true});
  location.hash = place;
})"""


class Person:
    """One browser tab on a demo. ``become`` chooses who sits at it."""

    def __init__(self, page: Page, demo: str) -> None:
        self.page = page
        self._demo = demo

    async def become(self, user_id: str, channel_id: str) -> None:
        """Be this person, in this channel, as one who follows a link to that place.

        Clicking on both draws a channel twice: one walk does so, as `tests/page` does.
        """
        place = f"#/{user_id}/{channel_id}"
        if self.page.url.startswith(self._demo):
            await self.page.evaluate(ARRIVED, place)
        else:
            await self.page.goto(f"{self._demo}/{place}")

    async def becomes_by_clicks(self, user_id: str, channel: str) -> None:
        """Be this person in the channel of this name, as one who clicks on both."""
        await self.page.get_by_test_id(f"persona-{user_id}").click()
        await self.page.get_by_test_id(f"channel-{channel}").click()

    async def say(self, text: str) -> None:
        """Type into the composer and send; until it is sent, the page takes no other."""
        await self.page.get_by_test_id("composer").fill(text)
        # Escape closes the completions, which would take the Enter.
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press("Enter")
        await self._is_done(self.page.get_by_test_id("send"))

    def messages(self) -> Locator:
        """Every message shown."""
        return self.page.get_by_test_id("message")

    def last(self, text: str) -> Locator:
        """The newest message that holds ``text``."""
        return self.messages().filter(has_text=text).last

    async def sees(self, text: str) -> Locator:
        """Wait until some message holds ``text``."""
        message = self.last(text)
        # As in `shows`: what is not there yet would have the whole page written down.
        await message.wait_for()
        return message

    async def changes_the_world(self, action: str) -> None:
        """Press an action of the side panel, and wait for its sentence."""
        button = self.page.get_by_test_id(f"world-action-{action}")
        if not await button.is_visible():
            customer = action.partition(":")[0]
            await self.page.get_by_test_id(f"world-group-{customer}").locator("summary").click()
        await button.click()
        await self._is_done(button)

    async def _is_done(self, control: Locator) -> None:
        # As in `shows`: a look that fails costs more than one that waits.
        await control.and_(self.page.locator(":not([aria-busy=true])")).wait_for()

    async def presses(self, message: Locator, label: str) -> None:
        """Press a message's button by its label."""
        await message.get_by_role("button", name=label, exact=True).first.click()

    async def fills_in(self, do: Callable[[Locator], Awaitable[None]], submit: bool = True) -> None:
        """Fill in the modal that is open, and submit it."""
        modal = self.page.get_by_test_id("modal").last
        await modal.wait_for()
        await do(modal)
        if submit:
            await self.page.get_by_test_id("modal-submit").last.click()
            await modal.wait_for(state="hidden")
