"""A private answer finds its way, and where it cannot stay private it is not given."""

from typing import Any

import pytest

from tests.handlers.kit import Bot, shown
from tests.sandbox.slack_kit import ACME, CASEY, DANA, SAM


async def refuse_ephemeral(bot: Bot, error: str = "user_not_in_channel") -> None:
    body = {"ok": False, "error": error}
    fault = {"kind": "body", "status": 200, "body": body}
    rule = {"match": {"path": "chat.postEphemeral", "times": None}, "fault": fault}
    answer = await bot.slack.http.post("/_world/faults", json=rule)
    assert answer.status_code == 200, answer.text


async def test_a_refused_ephemeral_answer_goes_by_the_response_url(bot: Bot) -> None:
    """A slash command and a click have one; still only this person sees it."""
    await refuse_ephemeral(bot)
    assert "Checked everything" in await bot.say(SAM, "/onboard check")
    assert not any("Checked everything" in text for text in await bot.read(CASEY))


async def test_without_a_response_url_the_answer_goes_into_the_thread(bot: Bot) -> None:
    await refuse_ephemeral(bot)
    sent: dict[str, Any] = await bot.slack.say(DANA, "@OneCore check")
    await bot.settle()
    replies = await bot.slack.client.conversations_replies(channel=ACME, ts=sent["ts"])
    assert "Checked everything" in replies["messages"][-1]["text"]


async def test_what_others_must_not_read_is_rather_not_said(bot: Bot) -> None:
    """Staff ask about Bondi by mention in Acme's channel: no thread is the place for it."""
    await bot.services.customers.create("Bondi", SAM)
    await refuse_ephemeral(bot)
    before = await bot.read(DANA)
    await bot.say(SAM, "@OneCore check bondi")
    assert [text for text in await bot.read(DANA) if text not in before] == [
        "<@U0ONECORE> check bondi"
    ]


async def test_a_click_that_comes_too_late_for_its_form_says_so(carded: Bot) -> None:
    body = {"ok": False, "error": "expired_trigger_id"}
    rule = {"match": {"path": "views.open"}, "fault": {"kind": "body", "status": 200, "body": body}}
    await carded.slack.http.post("/_world/faults", json=rule)
    await carded.press(DANA, "item_how_to_fix")
    assert "Please press it again" in await carded.last(DANA)


async def test_a_channel_that_the_bot_has_left_says_how_to_invite_it(bot: Bot) -> None:
    bot.slack.server.state.channels[ACME].members.remove("U0ONECORE")
    assert "/invite @OneCore" in await bot.say(SAM, "/onboard status")


async def test_a_button_of_an_older_version_offers_the_card(bot: Bot) -> None:
    """Nobody listens to it any more; it is answered all the same, and the card is a press away."""
    button = {"type": "button", "action_id": "gone", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    await bot.slack.client.chat_postMessage(channel=ACME, text="old", blocks=blocks)
    await bot.press(DANA, "gone")
    assert "older card" in await bot.last(DANA)
    await bot.press(DANA, "suggestion")
    assert "Live card" in shown(await bot.card())


async def test_an_answer_waits_until_slack_is_well_again(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack acknowledged nothing for a while; who asked is answered, once, when it is back."""
    monkeypatch.setattr("handlers.replies.PAUSES", (0.0,) * 4)
    match = {"path": "^/api/chat.postEphemeral", "times": 3}
    rule = {"match": match, "fault": {"kind": "status", "status": 503}}
    await bot.slack.http.post("/_world/faults", json=rule)
    assert "Checked everything" in await bot.say(SAM, "/onboard check")
    assert sum("Checked everything" in text for text in await bot.read(SAM)) == 1


async def test_an_answer_that_slack_never_takes_is_given_up(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After two minutes nobody waits any more; the bot goes on with other things."""
    monkeypatch.setattr("handlers.replies.PAUSES", (0.0,) * 4)
    rule = {
        "match": {"path": "^/api/chat.postEphemeral", "times": None},
        "fault": {"kind": "status", "status": 503},
    }
    await bot.slack.http.post("/_world/faults", json=rule)
    await bot.slack.say(SAM, "/onboard check")
    await bot.settle()
    assert not any("Checked everything" in text for text in await bot.read(SAM))


async def test_a_form_that_slack_could_not_open_is_spoken_of(carded: Bot) -> None:
    """Its trigger is gone when Slack is back; the person hears that pressing again will do."""
    rule = {"match": {"path": "views.open"}, "fault": {"kind": "status", "status": 503}}
    await carded.slack.http.post("/_world/faults", json=rule)
    await carded.press(DANA, "item_how_to_fix")
    assert "Slack didn't answer me" in await carded.last(DANA)
