"""Take the pictures of README and docs from the running demo: ``python docs/pictures.py``."""

import asyncio
from html import escape
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from bot.commands.serve import run_demo
from integrations.sandbox.world.loader import load_demo
from tests.browser import ARGS, required_chromium

HERE = Path(__file__).parent / "pictures"
PATIENCE = 30_000
SOURCES = (
    ("Slack app · Basic Information · App-Level Tokens", "SLACK_APP_TOKEN", "xapp-…"),
    ("Slack app · Basic Information · App Credentials", "SLACK_SIGNING_SECRET", "HTTP only"),
    ("Slack app · OAuth & Permissions", "SLACK_BOT_TOKEN", "xoxb-…"),
    ("Slack · support channel's name · About", "SUPPORT_CHANNEL_ID", "C…"),
    ("Slack · People & user groups · copy group id", "STAFF_USERGROUP_ID", "S…"),
    ("this machine · onboard keys new", "ONBOARD_SECRET_KEY", "44 characters"),
)
"""Where each value is found, the setting that it goes to, and what it looks like."""


async def card(page: Page) -> None:
    """The demo's page with Acme's card, as the bookkeeper sees it."""
    await page.get_by_test_id("persona-U0SAM").click()
    await page.get_by_test_id("channel-ext-acme").click()
    await say(page, "/onboard status acme")
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


async def link_form(page: Page) -> None:
    """Step 5: what ``/onboard new`` asks in a channel that no customer has yet."""
    await page.get_by_test_id("channel-general").click()
    await say(page, "/onboard new")
    modal = page.get_by_test_id("modal").last
    await expect(modal).to_be_visible(timeout=PATIENCE)
    await page.screenshot(path=HERE / "new.png")
    await page.keyboard.press("Escape")


async def first_card(page: Page) -> None:
    """Step 5: the first card, whose button proves that clicks arrive."""
    await page.get_by_test_id("channel-ext-bondi").click()
    await say(page, "/onboard link bondi")
    message = page.get_by_test_id("message").filter(has_text="I check six things").last
    await expect(message).to_be_visible(timeout=PATIENCE)
    await message.scroll_into_view_if_needed()
    await page.screenshot(path=HERE / "first-card.png")


async def doctor(page: Page) -> None:
    """Step 4: what is missing, in words."""
    await page.get_by_test_id("channel-onecore-support").click()
    await say(page, "/onboard doctor")
    message = page.get_by_test_id("message").filter(has_text="things").last
    await expect(message).to_be_visible(timeout=PATIENCE)
    await page.screenshot(path=HERE / "doctor.png")


async def say(page: Page, text: str) -> None:
    """Type into the composer and send."""
    box = page.get_by_role("textbox", name="Message").first
    await box.fill(text)
    await box.press("Escape")
    await box.press("Enter")


def settings_map() -> str:
    """An SVG: where Slack has each value, and which setting takes it."""
    row, wide = 44, 860
    high = row * len(SOURCES) + 40
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
            f'viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="14" role="img">'
        ),
        "<title>Where each value is found, and the setting that takes it</title>",
        f'<rect width="{wide}" height="{high}" fill="#ffffff"/>',
        '<text x="20" y="24" fill="#555555">where it is</text>',
        '<text x="520" y="24" fill="#555555">.env</text>',
    ]
    for number, (place, setting, looks) in enumerate(SOURCES):
        top = 36 + number * row
        middle = top + 21
        parts += [
            f'<rect x="20" y="{top}" width="420" height="34" rx="6" fill="#eef3fb"/>',
            f'<text x="34" y="{middle}" fill="#1b2a3d">{escape(place)}</text>',
            f'<path d="M444 {middle - 4}H508" stroke="#2a6592" stroke-width="2"/>',
            f'<path d="M508 {middle - 9}l8 5-8 5z" fill="#2a6592"/>',
            f'<rect x="520" y="{top}" width="320" height="34" rx="6" fill="#e7f4ec"/>',
            f'<text x="534" y="{middle}" fill="#14452f" font-family="monospace">{setting}</text>',
            f'<text x="828" y="{middle}" text-anchor="end" fill="#555555">{escape(looks)}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


async def main() -> None:
    """Every picture, at 1280 pixels."""
    (HERE / "slack-settings.svg").write_text(settings_map(), encoding="utf-8")
    async with run_demo(0, load_demo()) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(required_chromium()), args=ARGS
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        await page.goto(url)
        await card(page)
        await home(page)
        for picture in (link_form, first_card, doctor):
            await picture(page)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
