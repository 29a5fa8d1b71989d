"""Block Kit on the page: what is drawn, what cannot be smuggled in, what a click sends."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.page.conftest import Sams
from tests.page.fake_world import BOT, actions, button, mrkdwn, section
from tests.page.fake_zoo import BLOCKS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ONECORE = BOT["user_id"]


async def zoo(sams: Sams) -> Page:
    sams.slack.say("C0GENERAL", ONECORE, "A zoo", blocks=BLOCKS)
    await expect(sams.page.get_by_test_id("message")).to_have_count(1)
    return sams.page


async def test_every_block_is_drawn(sams: Sams) -> None:
    page = await zoo(sams)
    message = page.get_by_test_id("message")
    await expect(message.get_by_role("heading", name="A header 🚀")).to_be_visible()
    await expect(message.locator("[data-block-id=fields] .field-text")).to_have_count(2)
    await expect(message.get_by_role("img", name="A tick")).to_be_visible()
    await expect(message.get_by_role("link", name="Image: A chart")).to_be_visible()
    await expect(message.get_by_role("columnheader", name="Matches")).to_be_visible()
    await expect(message.locator("[data-block-id=rich] li")).to_have_text(["first", "second"])
    await expect(message.locator("[data-block-id=md] ol > li")).to_have_count(2)
    await expect(message.locator("[data-block-id=md] pre")).to_have_text("raw <b>")
    await expect(message.get_by_text("[unsupported block: hologram]")).to_be_visible()


async def test_mrkdwn_reads_as_in_slack(sams: Sams) -> None:
    page = await zoo(sams)
    text = page.locator("[data-block-id=text]")
    await expect(text.locator("strong")).to_have_text(["bold"])
    await expect(text.locator("em")).to_have_text(["italic"])
    await expect(text.locator("s")).to_have_text(["strike"])
    await expect(text.locator("blockquote")).to_have_text("quoted & escaped <b>")
    await expect(text.locator("pre")).to_have_text("if a < b:\n  *not bold*")
    await expect(text.get_by_role("link", name="the guide")).to_have_attribute(
        "href", "https://example.com/a?b=1&c=2"
    )
    for shown in (
        "@Dana Okafor",
        "#general",
        "@here",
        "22 Nov 2025 at 10:00 am",
        ":no_such_emoji:",
    ):
        await expect(text).to_contain_text(shown)
    await expect(text).to_contain_text("snake_case_name 2*3*4")
    await expect(text.get_by_role("img", name="tada")).to_have_text("🎉")
    await expect(text.locator("b")).to_have_count(0)


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<javascript:alert(1)|click me>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<https://example.com/"onmouseover="alert(1)|*x*>',
    "`<script>alert(1)</script>`",
    "<@U0SAM|<img src=x>>",
    "[x](javascript:alert(1))",
]


async def test_text_from_outside_stays_text(sams: Sams) -> None:
    for text in HOSTILE:
        blocks = [section("s", text), {"type": "markdown", "block_id": "m", "text": text}]
        sams.slack.say("C0GENERAL", "U0SAM", text)
        sams.slack.say("C0GENERAL", ONECORE, text, blocks=blocks)
    page = sams.page
    await expect(page.get_by_test_id("message")).to_have_count(2 * len(HOSTILE))
    found = await page.evaluate(
        "() => [...document.querySelectorAll('.messages *')].filter((node) =>"
        " ['IMG', 'SCRIPT'].includes(node.tagName)"
        " || [...node.attributes].some((one) => one.name.startsWith('on'))"
        " || String(node.href ?? '').startsWith('javascript:')).length"
    )
    assert found == 0


async def test_a_click_sends_what_slack_would(sams: Sams) -> None:
    page = await zoo(sams)
    await page.locator("[data-action-id=go]").click()
    await expect(page.locator("[data-action-id=go]")).not_to_have_class("is-busy")
    (call,) = sams.slack.called("action")
    ts = sams.slack.messages["C0GENERAL"][0]["ts"]
    assert call["persona"] == "U0SAM"
    assert call["source"] == {"type": "message", "channel": "C0GENERAL", "ts": ts}
    assert (call["block_id"], call["action_id"]) == ("acts", "go")
    assert call["value"]["type"] == "button"
    assert call["value"]["value"] == "v"
    assert call["state"]["when"]["day"] == {"type": "datepicker", "selected_date": "2025-11-24"}


async def test_a_button_is_busy_until_answered_and_takes_one_click(sams: Sams) -> None:
    page = await zoo(sams)
    sams.slack.hold = asyncio.Event()
    button_ = page.locator("[data-action-id=plain]")
    await button_.click()
    await expect(button_).to_have_attribute("aria-busy", "true")
    await button_.click(force=True)
    sams.slack.hold.set()
    await expect(button_).not_to_have_attribute("aria-busy", "true")
    assert len(sams.slack.called("action")) == 1


async def test_a_confirm_dialog_can_be_refused(sams: Sams) -> None:
    page = await zoo(sams)
    drop = page.locator("[data-action-id=drop]")
    await drop.click()
    dialog = page.get_by_role("alertdialog", name="Drop it?")
    await expect(dialog.locator("strong")).to_have_text("cannot")
    await expect(page.get_by_test_id("confirm-no")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(drop).to_be_focused()
    assert sams.slack.called("action") == []
    await drop.click()
    await page.get_by_test_id("confirm-yes").click()
    await expect(dialog).to_have_count(0)
    await expect(drop).not_to_have_attribute("aria-busy", "true")
    assert [one["action_id"] for one in sams.slack.called("action")] == ["drop"]


async def test_menus_work_from_the_keyboard(sams: Sams) -> None:
    page = await zoo(sams)
    menu = page.locator("[data-action-id=more]")
    await menu.focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="One")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(menu).to_be_focused()
    fruit = page.locator("[data-action-id=fruit]")
    await fruit.focus()
    await page.keyboard.type("plu")
    await expect(page.get_by_role("option")).to_have_text(["Plum"])
    await page.keyboard.press("Enter")
    await expect(fruit).to_have_value("Plum")
    await expect(fruit).not_to_have_attribute("aria-busy", "true")
    chosen = [one["value"]["selected_option"]["value"] for one in sams.slack.called("action")]
    assert chosen == ["two", "plum"]


async def test_a_link_button_opens_and_tells_the_app(sams: Sams) -> None:
    go = button("connect", "Connect", url=sams.slack.url + "static/favicon.svg")
    sams.slack.say("C0GENERAL", ONECORE, "Connect", blocks=[actions("a", go)])
    page = sams.page
    async with page.context.expect_page() as opened:
        await page.locator("[data-action-id=connect]").click()
    beside = await opened.value
    assert beside.url.endswith("favicon.svg")
    await beside.close()
    await expect(page.locator("[data-action-id=connect]")).not_to_have_attribute(
        "aria-busy", "true"
    )
    assert [one["action_id"] for one in sams.slack.called("action")] == ["connect"]


async def test_a_redraw_under_the_cursor_keeps_the_focus(sams: Sams) -> None:
    blocks = [section("s", "Working"), actions("a", button("check", "Re-check"))]
    ts = sams.slack.say("C0GENERAL", ONECORE, "Card", blocks=blocks)
    page = sams.page
    await page.locator("[data-action-id=check]").focus()
    sams.slack.edit("C0GENERAL", ts, blocks=[{**blocks[0], "text": mrkdwn("Checked")}, blocks[1]])
    await expect(page.get_by_text("Checked", exact=True)).to_be_visible()
    await expect(page.locator("[data-action-id=check]")).to_be_focused()


async def test_a_button_for_others_is_not_shown(sams: Sams) -> None:
    mine = button("mine", "For Sam", visible_to_user_ids=["U0SAM"])
    theirs = button("theirs", "For Priya", visible_to_user_ids=["U0PRIYA"])
    sams.slack.say("C0GENERAL", ONECORE, "Card", blocks=[actions("a", mine, theirs)])
    page = sams.page
    await expect(page.locator("[data-action-id=mine]")).to_be_visible()
    await expect(page.locator("[data-action-id=theirs]")).to_have_count(0)


async def test_a_failure_is_a_toast(sams: Sams) -> None:
    page = await zoo(sams)
    sentence = "This app didn't respond. Please try again."

    def fail(_: dict[str, object]) -> dict[str, object]:
        sams.slack.publish({"kind": "toast", "text": sentence}, "U0SAM")
        return {"ok": False, "error": "operation_timeout", "message": sentence}

    sams.slack.reactions["action"] = fail
    await page.locator("[data-action-id=plain]").click()
    await expect(page.get_by_test_id("toast")).to_have_text(f"{sentence}✕")
    await page.get_by_role("button", name="Dismiss this notice").click()
    await expect(page.get_by_test_id("toast")).to_have_count(0)
