"""Messages: order, marks, threads, ephemerals, and news as it comes."""

import pytest
from playwright.async_api import expect

from tests.page.conftest import Sams
from tests.page.fake_api import demo, until
from tests.page.fake_world import BOT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ONECORE = BOT["user_id"]


@pytest.fixture(scope="module")
def channel() -> str:
    """Where Sam talks with somebody of a customer."""
    return "C0ACME"


async def test_who_said_what_and_when(sams: Sams) -> None:
    sams.slack.say("C0ACME", "U0DANA", "Yesterday's news", ts="1763690000.000100")
    ts = sams.slack.say("C0ACME", ONECORE, "Checked.", ts="1763770000.000100")
    sams.slack.edit("C0ACME", ts, edited={"user": ONECORE, "ts": "1763770001.000000"})
    await sams.come_back()
    page = sams.page
    await expect(page.locator(".day-label")).to_have_text(["Yesterday", "Today"])
    first, second = page.get_by_test_id("message").nth(0), page.get_by_test_id("message").nth(1)
    await expect(first).to_contain_text("Dana Okafor")
    await expect(first).to_contain_text("Acme Constructions")
    await expect(second.locator(".tag")).to_have_text("APP")
    await expect(second).to_contain_text("Checked. (edited)")


async def test_replies_are_folded_and_open_in_place(sams: Sams) -> None:
    ts = sams.slack.say("C0ACME", "U0SAM", "Parent")
    sams.slack.say("C0ACME", "U0DANA", "first reply", thread_ts=ts)
    await sams.come_back()
    page = sams.page
    toggle = page.get_by_test_id("thread-toggle")
    await expect(toggle).to_contain_text("1 reply")
    await expect(page.get_by_text("first reply")).to_have_count(0)
    await toggle.click()
    await expect(page.get_by_text("first reply")).to_be_visible()
    composer = page.get_by_test_id("thread-composer")
    await expect(composer).to_be_focused()
    await page.keyboard.type("second reply")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("thread").get_by_test_id("message")).to_have_count(2)
    await expect(toggle).to_contain_text("2 replies")
    assert sams.slack.called("send")[-1]["thread_ts"] == ts
    await toggle.click()
    sams.slack.say("C0ACME", "U0DANA", "third", thread_ts=ts)
    await expect(toggle).to_contain_text("3 replies")
    await expect(toggle).to_contain_text("new")


async def test_a_thread_can_be_started_on_any_message(sams: Sams) -> None:
    ts = sams.slack.say("C0ACME", "U0DANA", "Is this right?")
    page = sams.page
    await page.get_by_test_id("message").hover()
    await page.get_by_role("button", name="Reply in thread").click()
    await page.get_by_test_id("thread-composer").fill("/onboard status")
    await page.get_by_test_id("thread-send").click()
    notice = page.get_by_test_id("thread").get_by_test_id("composer-notice")
    await expect(notice).to_contain_text("not supported in threads")
    await page.get_by_test_id("thread-composer").fill("Yes.")
    await page.get_by_test_id("thread-send").click()
    await until(lambda: sams.slack.called("send")[-1:] != [])
    assert [one["thread_ts"] for one in sams.slack.called("send")] == [ts]


async def test_a_broadcast_reply_shows_in_both_places(sams: Sams) -> None:
    ts = sams.slack.say("C0ACME", ONECORE, "Card")
    sams.slack.say("C0ACME", ONECORE, "Good morning", thread_ts=ts, subtype="thread_broadcast")
    await sams.come_back()
    page = sams.page
    await expect(page.get_by_text("Good morning")).to_have_count(1)
    await expect(page.get_by_text("Also sent to the channel from a thread")).to_be_visible()
    await page.get_by_test_id("thread-toggle").get_by_text("1 reply").click()
    await expect(page.get_by_text("Good morning")).to_have_count(2)


async def test_an_ephemeral_message_is_marked_and_private(sams: Sams) -> None:
    sams.slack.say("C0ACME", ONECORE, "Just for Sam", ephemeral_to="U0SAM")
    page = sams.page
    message = page.get_by_test_id("message")
    await expect(message).to_contain_text("Only visible to you")
    await page.get_by_test_id("persona-U0DANA").click()
    await expect(page.get_by_text("Nothing has been said here yet.")).to_be_visible()
    await expect(message).to_have_count(0)


async def test_an_ephemeral_answer_in_a_thread_opens_it(sams: Sams) -> None:
    ts = sams.slack.say("C0ACME", "U0SAM", "Parent")
    page = sams.page
    await expect(page.get_by_text("Parent")).to_be_visible()
    sams.slack.say("C0ACME", ONECORE, "Psst", thread_ts=ts, ephemeral_to="U0SAM")
    await expect(page.get_by_test_id("thread").get_by_text("Psst")).to_be_visible()


async def test_news_is_announced_to_screen_readers(sams: Sams) -> None:
    page = sams.page
    await expect(page.get_by_text("Nothing has been said here yet.")).to_be_visible()
    sams.slack.say("C0ACME", ONECORE, "Acme is *ready* for <@U0SAM>.")
    announcer = page.get_by_test_id("announcer")
    await expect(announcer).to_have_text("OneCore: Acme is ready for @Sam Whitfield.")
    await expect(announcer).to_have_attribute("aria-live", "polite")


async def test_an_edit_changes_the_message_in_place(sams: Sams) -> None:
    demo(sams.slack)
    page = sams.page
    card = page.locator(f'[data-ts="{sams.slack.messages["C0ACME"][1]["ts"]}"]')
    await expect(card).to_contain_text("4 of 6")
    await card.evaluate("(node) => { node.dataset.same = 'yes'; }")
    sams.slack.edit("C0ACME", sams.slack.messages["C0ACME"][1]["ts"], blocks=[], text="5 of 6 done")
    await expect(card).to_contain_text("5 of 6 done")
    await expect(card).to_have_attribute("data-same", "yes")
    sams.slack.messages["C0ACME"].pop(1)
    sams.slack.publish({"kind": "message", "channel": "C0ACME"})
    await expect(card).to_have_count(0)


async def test_a_reader_of_old_messages_is_not_pulled_away(sams: Sams) -> None:
    for number in range(40):
        sams.slack.say("C0ACME", "U0DANA", f"line {number}")
    await sams.come_back()
    page = sams.page
    await expect(page.get_by_text("line 39")).to_be_in_viewport()
    await page.locator(".scroller").evaluate("(node) => { node.scrollTop = 0; }")
    sams.slack.say("C0ACME", "U0DANA", "the newest")
    more = page.get_by_role("button", name="New messages")
    await expect(more).to_be_visible()
    await expect(page.get_by_text("line 0", exact=True)).to_be_in_viewport()
    await more.click()
    await expect(page.get_by_text("the newest", exact=True)).to_be_in_viewport()
    await expect(more).to_be_hidden()


async def test_arrow_keys_walk_through_messages(sams: Sams) -> None:
    for text in ("one", "two", "three"):
        sams.slack.say("C0ACME", "U0DANA", text)
    page = sams.page
    messages = page.get_by_test_id("message")
    await messages.nth(2).focus()
    await page.keyboard.press("ArrowUp")
    await expect(messages.nth(1)).to_be_focused()
    await page.keyboard.press("Home")
    await expect(messages.nth(0)).to_be_focused()
    await expect(messages.nth(0)).to_have_attribute("tabindex", "0")
    await expect(messages.nth(2)).to_have_attribute("tabindex", "-1")


async def test_files_and_reactions_hang_on_the_message(sams: Sams) -> None:
    pack = {"id": "F1", "name": "acme-handoff.xlsx", "filetype": "xlsx", "size": 20480}
    reaction = {"name": "tada", "count": 2, "users": ["U0SAM", "U0DANA"]}
    sams.slack.say("C0ACME", ONECORE, "The pack", files=[pack], reactions=[reaction])
    page = sams.page
    chip = page.get_by_test_id("file")
    await expect(chip).to_contain_text("XLSX · 20 kB")
    async with page.expect_download() as download:
        await chip.click()
    assert (await download.value).suggested_filename == "acme-handoff.xlsx"
    await expect(page.locator(".reaction")).to_have_text("🎉 2")
