"""Take the pictures of README and docs from the running demo: ``python docs/pictures.py``."""

import asyncio
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from bot.commands.serve import run_demo
from integrations.sandbox.world.loader import load_demo
from tests.browser import ARGS, required_chromium

HERE = Path(__file__).parent / "pictures"
PATIENCE = 30_000


async def card(page: Page) -> None:
    """The demo's page with Acme's card, as the bookkeeper sees it."""
    await page.get_by_test_id("persona-U0SAM").click()
    await page.get_by_test_id("channel-ext-acme").click()
    box = page.get_by_role("textbox", name="Message").first
    await box.fill("/onboard status acme")
    await box.press("Escape")
    await box.press("Enter")
    await page.get_by_test_id("persona-U0CASEY").click()
    message = page.get_by_test_id("message").filter(has_text="Live card").last
    await expect(message).to_contain_text("cost codes matched", timeout=PATIENCE)
    await message.evaluate("card => card.scrollIntoView({block: 'start'})")
    await page.screenshot(path=HERE / "card.png")


async def home(page: Page) -> None:
    """The staff's Home tab."""
    await page.get_by_test_id("persona-U0SAM").click()
    await page.get_by_test_id("open-home").click()
    await expect(page.get_by_test_id("home-tab")).to_contain_text("Onboardings", timeout=PATIENCE)
    await page.screenshot(path=HERE / "home.png")


async def main() -> None:
    """Both pictures, at 1280 pixels."""
    async with run_demo(0, load_demo()) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(required_chromium()), args=ARGS
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        await page.goto(url)
        await card(page)
        await home(page)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
