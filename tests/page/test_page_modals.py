"""Modals: inputs and their values, errors, stacking, privacy, the keyboard."""

import pytest
from playwright.async_api import Page, expect

from tests.page.conftest import Sams
from tests.page.fake_api import FakeSlack, until
from tests.page.fake_world import actions, button, field, modal, option, plain, section
from tests.page.fake_zoo import form

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Json = dict[str, object]


async def opened(sams: Sams, *stack: Json) -> Page:
    """The page as Sam, with these views open."""
    show(sams.slack, *stack)
    await expect(sams.page.get_by_test_id("modal").last).to_be_visible()
    return sams.page


def show(fake: FakeSlack, *stack: Json, persona: str = "U0SAM") -> None:
    """Tell a persona's pages which views are open."""
    fake.publish({"kind": "view", "view": stack[-1] if stack else None, "stack": stack}, persona)


async def pick(page: Page, block: str, name: str) -> None:
    """Choose an option of a select."""
    await page.locator(f"[data-block-id={block}] input").click()
    await page.get_by_role("option", name=name).click()


async def test_what_is_entered_arrives_in_slacks_shape(sams: Sams) -> None:
    page = await opened(sams, form())
    sams.slack.options = [option("61000", "61000 Concrete"), option("62000", "62000 Steel")]
    await page.get_by_label("Customer's name").fill("Acme")
    await page.get_by_label("Notes").fill("two\nlines")
    await pick(page, "single", "Pear")
    await pick(page, "grouped", "Plum")
    await pick(page, "many", "Apple")
    await pick(page, "many", "Plum")
    await pick(page, "remote", "62000 Steel")
    await pick(page, "who", "Casey Lin")
    await pick(page, "where", "#general")
    await page.get_by_label("Due").fill("2025-11-27")
    await page.get_by_label("Pear", exact=True).first.check()
    await page.get_by_role("radio", name="Apple").check()
    await page.get_by_label("Days").fill("5")
    await page.get_by_label("E-mail").fill("a@b.example")
    await page.get_by_label("Link").fill("https://example.com")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("modal")).to_have_count(0)
    (call,) = sams.slack.called("submit")
    values = {block: slot["value"] for block, slot in call["state"].items()}
    pear, apple, plum = (option(one.lower(), one) for one in ("Pear", "Apple", "Plum"))
    assert call["view_id"] == "V1"
    assert values == {
        "name": {"type": "plain_text_input", "value": "Acme"},
        "notes": {"type": "plain_text_input", "value": "two\nlines"},
        "single": {"type": "static_select", "selected_option": pear},
        "grouped": {"type": "static_select", "selected_option": plum},
        "many": {"type": "multi_static_select", "selected_options": [apple, plum]},
        "remote": {"type": "external_select", "selected_option": sams.slack.options[1]},
        "who": {"type": "users_select", "selected_user": "U0CASEY"},
        "where": {"type": "conversations_select", "selected_conversation": "C0GENERAL"},
        "day": {"type": "datepicker", "selected_date": "2025-11-27"},
        "hour": {"type": "timepicker", "selected_time": "09:00"},
        "ticks": {"type": "checkboxes", "selected_options": [pear]},
        "radio": {"type": "radio_buttons", "selected_option": apple},
        "count": {"type": "number_input", "value": "5"},
        "mail": {"type": "email_text_input", "value": "a@b.example"},
        "site": {"type": "url_text_input", "value": "https://example.com"},
    }


async def test_what_is_missing_or_wrong_is_said_before_the_app_is_asked(sams: Sams) -> None:
    page = await opened(sams, form())
    await page.get_by_label("Days").fill("1.5")
    await page.get_by_label("E-mail").fill("nobody")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.locator(".input-error:visible")).to_have_text(
        [
            "Please complete this required field.",
            "Please complete this required field.",
            "Please enter a whole number.",
            "Please enter a valid email address.",
        ]
    )
    name = page.get_by_label("Customer's name")
    await expect(name).to_be_focused()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await name.fill("Acme")
    await expect(page.locator(".input-error:visible")).to_have_count(3)
    assert sams.slack.called("submit") == []


async def test_the_apps_errors_stand_at_their_inputs(sams: Sams) -> None:
    view = modal(
        "V1", "New", field("name", "Name", {"type": "plain_text_input"}), submit=plain("Go")
    )
    page = await opened(sams, view)
    taken = "There is already a customer of that name."
    sams.slack.reactions["submit"] = lambda _: {
        "ok": True,
        "response_action": "errors",
        "errors": {"name": taken},
    }
    await page.get_by_label("Name").fill("Acme")
    await page.keyboard.press("Enter")
    await expect(page.locator(".input-error")).to_have_text(taken)
    await expect(page.get_by_label("Name")).to_have_accessible_description(taken)
    await expect(page.get_by_label("Name")).to_have_value("Acme")


async def test_an_external_select_asks_the_app(sams: Sams) -> None:
    page = await opened(sams, form())
    sams.slack.options = [option("61000", "61000 Concrete")]
    box = page.locator("[data-block-id=remote] input")
    await box.click()
    await box.fill("conc")
    await expect(page.get_by_role("option", name="61000 Concrete")).to_be_visible()
    await until(lambda: sams.slack.called("options")[-1]["value"] == "conc")
    last = sams.slack.called("options")[-1]
    assert last["source"] == {"type": "view", "view_id": "V1"}
    assert last["action_id"] == "value"
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await expect(page.get_by_test_id("modal")).to_be_visible()


async def test_a_view_updated_by_the_app_keeps_what_was_entered(sams: Sams) -> None:
    name = field("name", "Name", {"type": "plain_text_input"})
    page = await opened(sams, modal("V1", "Before", name, submit=plain("Go")))
    await page.get_by_label("Name").fill("half typ")
    show(sams.slack, modal("V1", "After", section("s", "Checked."), name, submit=plain("Go")))
    await expect(page.get_by_role("dialog", name="After")).to_be_visible()
    await expect(page.get_by_label("Name")).to_have_value("half typ")
    await expect(page.get_by_label("Name")).to_be_focused()


async def test_modals_stack_and_come_back(sams: Sams) -> None:
    below = modal("V1", "Codes", actions("a", button("pick", "Pick another…")))
    above = modal("V2", "Pick a target", section("s", "Which one?"))
    page = await opened(sams, below)
    await page.locator("[data-action-id=pick]").click()
    show(sams.slack, below, above)
    await expect(page.get_by_role("dialog")).to_have_count(1)
    await expect(page.get_by_role("dialog", name="Pick a target")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Codes")).to_be_visible()
    await expect(page.locator("[data-action-id=pick]")).to_be_focused()
    assert sams.slack.called("close") == [{"persona": "U0SAM", "view_id": "V2"}]


@pytest.mark.parametrize(
    ("action", "left"),
    [("clear", []), (None, ["Below"]), ("push", ["Third"]), ("update", ["Third"])],
)
async def test_a_submission_answers_with_what_happens_next(
    sams: Sams, action: str | None, left: list[str]
) -> None:
    below = modal("V1", "Below", section("s", "first"))
    above = modal("V2", "Above", section("s", "second"), submit=plain("Go"))
    third = modal("V3" if action == "push" else "V2", "Third", section("s", "third"))
    page = await opened(sams, below, above)
    sams.slack.reactions["submit"] = lambda _: {
        "ok": True,
        "response_action": action,
        "view": third,
    }
    await page.get_by_test_id("modal-submit").last.click()
    await expect(page.get_by_role("dialog", name="Above")).to_have_count(0)
    await expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text(left)


async def test_a_modal_is_private_to_its_persona(sams: Sams) -> None:
    page = await opened(sams, modal("V1", "Sam's", section("s", "secret")))
    await page.evaluate("() => { location.hash = '#/U0PRIYA/C0GENERAL'; }")
    await expect(page.get_by_test_id("current-persona")).to_contain_text("Priya Nair")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_test_id("persona-U0SAM").click()
    await expect(page.get_by_role("dialog", name="Sam's")).to_be_visible()


async def test_the_focus_stays_inside_and_returns(sams: Sams) -> None:
    sams.slack.say("C0GENERAL", "U0ONECORE", "Card", blocks=[actions("a", button("open", "Open"))])
    page = sams.page
    await page.locator("[data-action-id=open]").click()
    show(
        sams.slack,
        modal("V1", "Form", field("n", "Name", {"type": "plain_text_input"}), submit=plain("Go")),
    )
    await expect(page.get_by_label("Name")).to_be_focused()
    for _ in range(8):
        await page.keyboard.press("Tab")
        assert await page.evaluate("() => !!document.activeElement.closest('[role=dialog]')")
    await page.keyboard.press("Shift+Tab")
    assert await page.evaluate("() => !!document.activeElement.closest('[role=dialog]')")
    await page.get_by_test_id("modal-close").click()
    await expect(page.locator("[data-action-id=open]")).to_be_focused()


async def test_an_input_that_dispatches_tells_the_app_at_once(sams: Sams) -> None:
    choice = field(
        "mode",
        "Match against",
        {"type": "static_select", "options": [option("account"), option("item")]},
        dispatch_action=True,
    )
    page = await opened(sams, modal("V1", "Mode", choice))
    await pick(page, "mode", "item")
    await expect(page.locator("[data-block-id=mode] input")).not_to_have_attribute(
        "aria-busy", "true"
    )
    (call,) = sams.slack.called("action")
    assert call["source"] == {"type": "view", "view_id": "V1"}
    assert call["value"] == {"type": "static_select", "selected_option": option("item")}
