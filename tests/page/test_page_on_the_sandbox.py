"""The page on the real stand-in: both sides of the `/_ui` contract at once."""

import pytest
from playwright.async_api import expect

from integrations.sandbox.runner import run_sandbox
from integrations.sandbox.world.loader import load_demo
from tests.browser import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_demo_world_can_be_used_from_the_page(open_page: OpenPage) -> None:
    """A message resolves its mentions, an external's command is refused, the world changes."""
    async with run_sandbox(load_demo()) as sandbox:
        # Chromium itself notes the refusal's HTTP status on its console.
        page = await open_page(f"{sandbox.slack_url}/#/U0DANA/C0ACME", expect_problems=True)
        await expect(page.get_by_test_id("current-persona")).to_contain_text("Dana Okafor")
        await expect(page.get_by_test_id("banner")).to_contain_text("isn't connected yet")
        composer = page.get_by_test_id("composer")
        await composer.fill("@OneCore hello <b>")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("message").last).to_contain_text("@OneCore hello <b>")
        await composer.fill("/onboard status")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("composer-notice")).to_contain_text("not a valid command")
        group = page.get_by_test_id("world-group-acme")
        action = group.locator(".world-action:not(:disabled):not(.is-done)").first
        await action.click()
        await expect(page.get_by_test_id("world-message")).to_be_visible()
        before = await page.get_by_test_id("clock").inner_text()
        await page.locator(".clock-actions button").last.click()
        await expect(page.get_by_test_id("clock")).not_to_have_text(before)
        await expect(page.get_by_test_id("clock")).to_contain_text("9:00 am")
        await page.goto("about:blank")
