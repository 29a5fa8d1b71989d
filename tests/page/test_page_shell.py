"""The page around the messages: people, channels, composer, Home, the world, staying live."""

import pytest
from playwright.async_api import Request, expect

from tests.browser import PHONE
from tests.page.conftest import Sams
from tests.page.fake_api import demo, until
from tests.page.fake_world import BOT
from tests.page.fake_zoo import BLOCKS, HOME, form

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def channel() -> str:
    """Where Sam talks with somebody of a customer."""
    return "C0ACME"


async def test_a_persona_sees_their_own_channels(sams: Sams) -> None:
    page = sams.page
    await expect(page.get_by_test_id("channel-onecore-support")).to_be_visible()
    await page.get_by_test_id("persona-U0DANA").click()
    me = page.get_by_test_id("current-persona")
    await expect(me).to_contain_text("Dana Okafor")
    await expect(me).to_contain_text("Acme Constructions")
    await expect(page.get_by_test_id("external-tag")).to_be_visible()
    await expect(page.get_by_test_id("channel-ext-acme")).to_be_visible()
    await expect(page.get_by_test_id("channel-onecore-support")).to_have_count(0)
    await expect(page.get_by_test_id("persona-U0DANA")).to_be_focused()
    await page.get_by_test_id("persona-U0STRAY").click()
    await expect(page.get_by_text("Toni Walsh is in no channel of this workspace.")).to_be_visible()
    await expect(page.get_by_test_id("composer")).to_be_hidden()


async def test_a_persona_reads_their_own_clock(sams: Sams) -> None:
    """Casey sits in Perth, three hours behind Sydney in November."""
    fake, page = sams.slack, sams.page
    ts = fake.say("C0ACME", "U0SAM", "Hello", ts="1763766060.000100")
    time = page.locator(f'[data-ts="{ts}"] time')
    await expect(time).to_have_text("10:01 am")
    await page.get_by_test_id("persona-U0CASEY").click()
    await expect(time).to_have_text("7:01 am")


async def test_unread_channels_are_marked_until_opened(sams: Sams) -> None:
    fake, page = sams.slack, sams.page
    support = page.get_by_test_id("channel-onecore-support")
    await expect(support).not_to_have_attribute("data-unread", "true")
    fake.say("C0SUPPORT", "U0PRIYA", "Who has Cairns?")
    await expect(support).to_have_attribute("data-unread", "true")
    await support.click()
    await expect(page.get_by_text("Who has Cairns?")).to_be_visible()
    await expect(support).not_to_have_attribute("data-unread", "true")
    await expect(page.get_by_test_id("composer")).to_be_focused()


async def test_enter_sends_and_shift_enter_makes_a_line(sams: Sams) -> None:
    fake, page = sams.slack, sams.page
    composer = page.get_by_test_id("composer")
    await composer.click()
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("message")).to_contain_text("one")
    await expect(composer).to_have_value("")
    sent = {"persona": "U0SAM", "channel": "C0ACME", "text": "one\ntwo"}
    assert fake.called("send") == [sent]


async def test_hints_complete_commands_and_people(sams: Sams) -> None:
    fake, page = sams.slack, sams.page
    composer = page.get_by_test_id("composer")
    await composer.click()
    await page.keyboard.type("/on")
    hint = page.get_by_test_id("completion-option")
    await expect(hint).to_contain_text("Start, check and hand over onboardings")
    await page.keyboard.press("Enter")
    await expect(composer).to_have_value("/onboard ")
    await composer.fill("")
    await page.keyboard.type("@")
    await expect(hint.first).to_contain_text("OneCore")
    await expect(hint).to_have_count(5)
    await page.keyboard.type("ca")
    await expect(hint).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(composer).to_have_value("@casey ")
    assert fake.called("send") == []


async def test_an_externals_command_is_refused_in_place(sams: Sams) -> None:
    page = sams.page
    await page.get_by_test_id("persona-U0DANA").click()
    composer = page.get_by_test_id("composer")
    await composer.fill("/onboard status")
    await page.get_by_test_id("send").click()
    notice = page.get_by_test_id("composer-notice")
    await expect(notice).to_contain_text("/onboard is not a valid command")
    await expect(notice).to_contain_text("Only visible to you")
    await expect(composer).to_have_value("/onboard status")
    await composer.fill("@OneCore status")
    await page.keyboard.press("Enter")
    await expect(notice).to_be_hidden()
    await expect(page.get_by_test_id("message")).to_contain_text("@OneCore status")


async def test_drafts_stay_with_their_channel_and_person(sams: Sams) -> None:
    page = sams.page
    composer = page.get_by_test_id("composer")
    await composer.fill("half a thought")
    await page.get_by_test_id("channel-general").click()
    await expect(composer).to_have_value("")
    await page.get_by_test_id("channel-ext-acme").click()
    await expect(composer).to_have_value("half a thought")
    await page.get_by_test_id("persona-U0PRIYA").click()
    await expect(composer).to_have_value("")


async def test_the_home_tab_opens_once_and_follows_what_is_published(sams: Sams) -> None:
    """Asking again after each publish would make the app publish for ever."""
    fake, page = sams.slack, sams.page
    fake.homes["U0SAM"] = HOME
    await page.get_by_test_id("open-home").click()
    home = page.get_by_test_id("home-tab")
    await expect(home).to_contain_text("Cairns Civil")
    await home.locator("[data-action-id=open]").first.click()
    await until(lambda: bool(fake.called("action")))
    assert fake.called("action")[0]["source"]["type"] == "home"
    later = {**HOME, "blocks": HOME["blocks"][:2]}
    fake.publish({"kind": "home", "view": later}, "U0SAM")
    await expect(home).not_to_contain_text("Cairns Civil")
    assert len(fake.called("home")) == 1
    await page.get_by_test_id("persona-U0DANA").click()
    await expect(home).to_contain_text("Work in progress")


async def test_the_world_changes_from_the_side_panel(sams: Sams) -> None:
    page = sams.page
    action = page.get_by_test_id("world-action-acme:admin")
    await action.click()
    await expect(page.get_by_test_id("world-message")).to_have_text("Done: acme:admin.")
    await expect(action).to_have_attribute("data-done", "true")
    await expect(action).to_be_focused()
    await expect(page.get_by_test_id("world-action-acme:accept")).to_be_disabled()
    await page.get_by_test_id("channel-ext-bondi").click()
    await expect(page.get_by_test_id("world-action-bondi:support-user")).to_be_visible()
    await expect(action).to_be_hidden()


async def test_the_clock_shows_the_worlds_time(sams: Sams) -> None:
    fake, page = sams.slack, sams.page
    clock = page.get_by_test_id("clock")
    await expect(clock).to_contain_text("Sat, 22 Nov 2025")
    fake.clock = "2025-11-23T22:00:00+00:00"
    fake.publish({"kind": "clock"})
    await expect(clock).to_contain_text("Mon, 24 Nov 2025")
    await expect(clock).to_contain_text("9:00 am AEDT")


async def test_a_lost_stream_is_shown_and_what_was_missed_is_fetched(sams: Sams) -> None:
    fake, page = sams.slack, sams.page
    banner = page.get_by_test_id("banner")
    await expect(banner).to_be_hidden()
    opens = fake.stream_opens
    await page.evaluate(
        "() => { const banner = document.querySelector('.banner'); window.seen = [];"
        " new MutationObserver(() => window.seen.push(banner.textContent))"
        ".observe(banner, {attributes: true, childList: true}); }"
    )
    fake.cut_streams()
    fake.streams.clear()
    fake.say("C0ACME", "U0DANA", "said meanwhile")
    await expect(page.get_by_text("said meanwhile", exact=True)).to_be_visible()
    await expect(banner).to_be_hidden()
    assert fake.stream_opens == opens + 1
    assert any(text.startswith("Reconnecting") for text in await page.evaluate("window.seen"))


async def test_a_quiet_page_asks_for_nothing_and_never_elsewhere(sams: Sams) -> None:
    """Twenty events at once cost a few requests, and silence costs none."""
    fake, page = sams.slack, sams.page
    fake.say("C0ACME", BOT["user_id"], "A zoo", blocks=BLOCKS)
    await page.goto("about:blank")
    fake.calls.clear()
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    await sams.open()
    await expect(page.get_by_text("[unsupported block: hologram]")).to_be_visible()
    # On arrival: the open channel, a look at the three others for unread marks, and the panel.
    await until(lambda: len(fake.calls) == 5)
    before = len(fake.calls)
    for number in range(20):
        fake.say("C0ACME", "U0DANA", f"line {number}")
    await expect(page.get_by_text("line 19", exact=True)).to_be_visible()
    await page.wait_for_timeout(300)
    after = len(fake.calls)
    assert after - before <= 3
    await page.wait_for_timeout(700)
    assert len(fake.calls) == after
    page.remove_listener("request", note)
    assert asked
    assert [url for url in asked if not url.startswith(fake.url)] == []


async def test_a_missing_bot_is_said(sams: Sams) -> None:
    fake, page = sams.slack, sams.page
    fake.connected = False
    fake.publish({"kind": "state"})
    await expect(page.get_by_test_id("banner")).to_contain_text("OneCore isn't connected yet")
    fake.connected = True
    fake.publish({"kind": "state"})
    await expect(page.get_by_test_id("banner")).to_be_hidden()


async def test_a_phone_shows_one_pane_at_a_time(sams: Sams) -> None:
    fake, page = sams.slack, sams.page
    demo(fake)
    await sams.looks(PHONE)
    await page.evaluate("() => { location.hash = '#/U0DANA/C0ACME'; }")
    await expect(page.get_by_test_id("composer")).to_be_visible()
    await expect(page.get_by_test_id("world-panel")).to_be_hidden()
    await page.get_by_test_id("pane-world").click()
    await expect(page.get_by_test_id("world-panel")).to_be_visible()
    await expect(page.get_by_test_id("composer")).to_be_hidden()
    await page.get_by_test_id("pane-left").click()
    await page.get_by_test_id("persona-U0SAM").click()
    await expect(page.get_by_test_id("composer")).to_be_visible()
    wide = await page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= PHONE[0]


NAMELESS = """() => [...document.querySelectorAll(
  'button, a[href], input, textarea, [role=listbox], [role=dialog], img')]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim()
    || node.labels?.length || node.getAttribute('aria-labelledby') || node.alt))
  .map((node) => node.outerHTML.slice(0, 120))"""

CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const rgba = (color) => {
    if (!known.has(color)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      known.set(color, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(color);
  };
  const over = (top, under) => {
    const alpha = top[3] / 255;
    return [0, 1, 2].map((i) => top[i] * alpha + under[i] * (1 - alpha)).concat(255);
  };
  const ground = (node) => {
    const layers = [];
    for (let one = node; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.backgroundImage !== 'none') return null;
      layers.push(rgba(style.backgroundColor));
      if (layers.at(-1)[3] === 255) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 255]);
  };
  const light = (color) => {
    const [r, g, b] = color.map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility({opacityProperty: true})) continue;
    if (node.closest('.visually-hidden, :disabled, .emoji, noscript, script')) continue;
    const back = ground(node);
    if (!back) continue;
    const front = over(rgba(getComputedStyle(node).color), back);
    const [high, low] = [light(front), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${node.className} ${node.textContent}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("dark", [False, True])
async def test_everything_has_a_name_and_can_be_read(sams: Sams, dark: bool) -> None:
    """WCAG AA: 4.5:1 for every text on a plain ground, in both colour schemes."""
    fake, page = sams.slack, sams.page
    demo(fake)
    fake.say("C0ACME", BOT["user_id"], "A zoo", blocks=BLOCKS)
    await sams.looks(dark=dark)
    await page.get_by_test_id("persona-U0DANA").click()
    await until(lambda: "U0DANA" in fake.streams.values())
    await page.get_by_test_id("composer").fill("/onboard")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("composer-notice")).to_be_visible()
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(CONTRAST) == []
    fake.publish({"kind": "view", "view": form(), "stack": [form()]}, "U0DANA")
    await page.get_by_test_id("modal-submit").click()
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(CONTRAST) == []


async def test_a_direct_message_from_the_app_appears_in_the_list(sams: Sams) -> None:
    fake, page = sams.slack, sams.page
    fake.open_direct("D0SAM", "U0SAM")
    fake.say("D0SAM", BOT["user_id"], "A word in private")
    direct = page.locator('[data-channel-id="D0SAM"]')
    await expect(direct).to_contain_text("OneCore")
    await expect(direct).to_have_attribute("data-unread", "true")
    await direct.click()
    await expect(page.get_by_text("A word in private")).to_be_visible()
    await expect(page.get_by_test_id("composer")).to_have_attribute("aria-label", "Message OneCore")


async def test_a_slow_answer_never_shows_to_the_next_persona(sams: Sams) -> None:
    """Sam's messages are still on their way when somebody in no channel comes to look."""
    fake, page = sams.slack, sams.page
    fake.hold_messages.clear()
    fake.say("C0ACME", "U0SAM", "for the channel only")
    await until(lambda: fake.waiting > 0)
    await page.get_by_test_id("persona-U0STRAY").click()
    await expect(page.get_by_text("Nobody has added this person to a channel.")).to_be_visible()
    fake.hold_messages.set()
    await until(lambda: fake.waiting == 0)
    await expect(page.get_by_test_id("message")).to_have_count(0)
    assert {call["channel"] for call in fake.called("messages")} <= set(fake.messages)
