"""Nobody reaches what is not theirs: whatever they type, click or forge."""

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.domain.customer import Customer
from bot.domain.model import StatusKind
from handlers.values import FormState, Sealer
from integrations.sandbox.slack.delivery import sign
from tests.handlers.kit import Bot, running_bot, text_entry
from tests.sandbox.slack_kit import ACME, CASEY, DANA, GENERAL, GUEST, PRIYA, SAM, SUPPORT

OTHER = "C0OTHER"
SECRETS = ("bondi", "Bondi", "secret plan")


@pytest.fixture
async def bondi(bot: Bot) -> Customer:
    """A second customer, linked to a channel that Acme's people are not in."""
    bondi = await bot.services.customers.create("Bondi Build", SAM, GENERAL)
    await bot.services.decisions.waive(bondi.id, "cost-code-coverage", SAM, "secret plan", None)
    return bondi


async def send(bot: Bot, body: dict[str, Any]) -> int:
    """Give Bolt a payload as Socket Mode would; its status, once everything is done."""
    answer = await bot.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    # Bolt answers an event before its listener starts.
    for _ in range(9):
        await asyncio.sleep(0)
    await bot.settle()
    return answer.status


def click(user: str, team: str, action_id: str, value: str, channel: str = ACME) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": "T0INTERFY", "domain": "interfy"},
        "user": {"id": user, "team_id": team},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": channel},
        "channel": {"id": channel, "name": "x"},
        "trigger_id": f"{user}.{action_id}.{value}.{channel}",
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
    }


def submission(user: str, metadata: str, callback_id: str, **values: Any) -> dict[str, Any]:
    return {
        "type": "view_submission",
        "team": {"id": "T0ACME"},
        "user": {"id": user, "team_id": "T0ACME"},
        "trigger_id": f"{user}.{metadata[:40]}",
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "state": {"values": values},
        },
    }


async def everything_that_dana_sees(bot: Bot) -> str:
    return json.dumps(await bot.slack.seen(DANA)) + json.dumps(
        bot.slack.server.interactions.stack(DANA)
    )


async def test_a_name_typed_by_a_customers_person_tells_nothing(bot: Bot, bondi: Customer) -> None:
    """Known, unknown and nearly known names get the same words, so none can be guessed."""
    for verb in ("status", "check", "history", "handoff", "snooze 2", "pause"):
        word, _, rest = verb.partition(" ")
        answers = {
            await bot.say(DANA, f"@OneCore {word} {name} {rest}")
            for name in ("bondi", "bondi-build", "Bondi Build", "bondi-buil", "no-such-customer")
        }
        assert len(answers) == 1
    assert await bot.services.customers.card(bondi.id) is None


async def test_their_own_name_is_theirs_to_type(bot: Bot) -> None:
    assert "Checked everything for Acme" in await bot.say(DANA, "@OneCore check ACME")


async def test_a_forged_button_value_is_refused(bot: Bot, bondi: Customer) -> None:
    """The customer in a value is authorised against the channel of the click."""
    value = f"{bondi.id}:cost-code-coverage"
    for action_id in ("item_recheck", "item_how_to_fix", "item_details", "item_done", "stuck"):
        await send(bot, click(DANA, "T0ACME", action_id, value))
        assert "the customer it belongs to" in await bot.last(DANA)
    seen = await everything_that_dana_sees(bot)
    assert not any(secret in seen for secret in SECRETS)
    assert not bot.has_form(DANA)


async def test_a_senseless_value_offers_the_card(bot: Bot) -> None:
    for value in ("", "x", "1:nonsense", "-1", "1e3", "\u0663", "9" * 40, "1:../../x"):
        await send(bot, click(DANA, "T0ACME", "item_recheck", value))
        assert "older card" in await bot.last(DANA)
    assert bot.source.calls == []


async def test_a_value_for_a_customer_that_never_was_tells_staff_it_is_old(bot: Bot) -> None:
    await send(bot, click(SAM, "T0INTERFY", "recheck_all", "77"))
    assert "older card" in await bot.last(SAM)


async def test_a_forged_menu_entry_cannot_waive(carded: Bot) -> None:
    chosen = {"value": "waive:1:cost-code-coverage"}
    await carded.press(DANA, "item_menu", about="cost-code", selected_option=chosen)
    assert "Only Interfy staff" in await carded.last(DANA)
    assert not carded.has_form(DANA)


async def test_staff_buttons_refuse_a_customers_person(bot: Bot) -> None:
    for action_id in ("handoff_accept", "handoff_send_back", "home_new"):
        await send(bot, click(DANA, "T0ACME", action_id, "1"))
        assert "Only Interfy staff" in await bot.last(DANA)
    assert not bot.has_form(DANA)


async def test_a_suggestion_button_gives_no_more_rights_than_typing(bot: Bot) -> None:
    await send(bot, click(DANA, "T0ACME", "suggestion", "archive"))
    assert "Only Interfy staff" in await bot.last(DANA)


async def test_a_form_with_unsealed_metadata_saves_nothing(bot: Bot, bondi: Customer) -> None:
    """Another channel, another person or another customer cannot be put into a form."""
    own = bot.app.registry._tools.sealer
    stranger = Sealer("another secret")
    state = FormState(GENERAL, DANA, bondi.id, "qbo-support-user")
    for metadata in (
        "",
        "{}",
        "x.{}",
        json.dumps({"channel_id": GENERAL, "customer_id": bondi.id}),
        stranger.seal(state),
        own.seal(FormState(GENERAL, SAM, bondi.id, "qbo-support-user")),
    ):
        await send(bot, submission(DANA, metadata, "done_view", note={"entry": {"value": "x"}}))
    view = await bot.services.customers.view(bondi.id)
    assert view.report.status("qbo-support-user").kind is StatusKind.NOT_CHECKED


async def test_a_forms_channel_still_decides_when_it_is_submitted(carded: Bot) -> None:
    """Rights are asked again at the press of Save: the channel may be linked no longer."""
    await carded.press(DANA, "item_done", about="qbo-support-user")
    async with carded.store.transaction() as tx:
        await tx.customers.unlink(ACME)
    await carded.submit(DANA, note=text_entry("x"))
    view = await carded.services.customers.view(1)
    assert view.report.status("qbo-support-user").kind is StatusKind.UNKNOWN


async def test_a_customers_person_elsewhere_is_refused(bot: Bot) -> None:
    """In a direct message nothing about any customer is said."""
    im, _ = bot.slack.server.state.open_im(DANA)
    assert "in the channel that Interfy shares" in await bot.say(DANA, "status acme", im.id)


async def test_guests_of_the_home_workspace_are_not_staff(bot: Bot) -> None:
    bot.slack.server.state.channels[ACME].members.append(GUEST)
    assert "Only Interfy staff" in await bot.say(GUEST, "/onboard archive")


async def test_whoever_leaves_the_user_group_is_no_longer_staff(bot: Bot) -> None:
    """A member of the home workspace outside the group is asked to ask staff."""
    bot.slack.server.state.usergroups["S0SUPPORT"].users.remove(PRIYA)
    assert "Only Interfy staff" in await bot.say(PRIYA, "/onboard pause acme")


async def test_a_refusal_is_private(bot: Bot) -> None:
    await bot.say(DANA, "@OneCore archive")
    assert not any("Only Interfy staff" in text for text in await bot.read(CASEY))


async def test_staff_talk_about_another_customer_stays_private(bot: Bot, bondi: Customer) -> None:
    """Asked in Acme's channel, nothing of Bondi's reaches Acme's people."""
    for text in ("history bondi-build", "check bondi-build", "snooze bondi-build 2", "list"):
        await bot.say(SAM, f"/onboard {text}")
    seen = await everything_that_dana_sees(bot)
    assert not any(secret in seen for secret in SECRETS)


async def test_a_bot_is_not_talked_to(bot: Bot) -> None:
    """Nor what another app says in somebody's name."""
    event = {
        "type": "event_callback",
        "event_id": "Ev77",
        "team_id": "T0INTERFY",
        "event": {
            "type": "app_mention",
            "channel": ACME,
            "user": DANA,
            "bot_id": "B0OTHER",
            "text": "<@U0ONECORE> status",
            "ts": "1.2",
        },
    }
    before = await bot.read(SAM)
    assert await send(bot, event) == 200
    assert await bot.read(SAM) == before


async def test_an_edited_mention_is_not_done_again(bot: Bot) -> None:
    """Slack sends a mention again, as another event, when its author edits the message."""
    event = {
        "type": "app_mention",
        "channel": ACME,
        "user": DANA,
        "text": "<@U0ONECORE> snooze 5",
        "ts": "1.2",
        "edited": {"user": DANA, "ts": "1.3"},
    }
    body = {"type": "event_callback", "event_id": "Ev78", "team_id": "T0INTERFY", "event": event}
    assert await send(bot, body) == 200
    assert "before you edited it" in await bot.last(DANA)
    assert (await bot.services.customers.by_id(1)).snoozed_until is None


async def test_a_name_within_a_sentence_asks_for_no_change(bot: Bot) -> None:
    """Whoever meant it presses the button."""
    told = await bot.say(DANA, "could somebody tell @OneCore to be quiet, snooze 5")
    assert "don't know" in told
    assert "within a sentence" in await bot.say(DANA, "thanks @OneCore, snooze 5")
    assert (await bot.services.customers.by_id(1)).snoozed_until is None
    await bot.press(DANA, "suggestion")
    assert (await bot.services.customers.by_id(1)).snoozed_until is not None


async def test_one_delivery_is_worked_on_once(bot: Bot) -> None:
    """Slack delivers again when it heard no answer: the second is acknowledged and dropped."""
    body = click(DANA, "T0ACME", "recheck_all", "1")
    assert [await send(bot, body), await send(bot, body)] == [200, 200]
    assert len(bot.source.calls) == 1


async def test_what_cannot_be_written_down_is_not_acknowledged(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an inbox row Bolt answers 500, and Slack delivers again."""

    async def full(_key: str) -> bool:
        raise OSError("disk full")

    body = click(DANA, "T0ACME", "recheck_all", "1")
    with monkeypatch.context() as patched:
        patched.setattr(bot.services.inbox, "accept", full)
        assert await send(bot, body) == 500
    assert bot.source.calls == []
    assert await send(bot, body) == 200
    assert len(bot.source.calls) == 1


def over_http(secret: str, at: int) -> AsyncBoltRequest:
    """A click as Slack posts it over HTTP, signed with ``secret``."""
    payload = json.dumps(click(DANA, "T0ACME", "recheck_all", "1"))
    body = urlencode({"payload": payload})
    signature = sign(secret, at, body.encode())
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": str(at),
        "x-slack-signature": signature,
    }
    return AsyncBoltRequest(body=body, headers=headers)


async def test_over_http_only_slacks_signature_counts() -> None:
    """Forged, unsigned with an empty secret, or five minutes old: refused, and nothing is done."""
    now = int(time.time())
    async with running_bot(signing_secret="the secret") as signed:
        for request in (over_http("another", now), over_http("the secret", now - 3600)):
            assert (await signed.app.async_dispatch(request)).status == 401
        assert signed.source.calls == []
        assert (await signed.app.async_dispatch(over_http("the secret", now))).status == 200
        await signed.settle()
        assert len(signed.source.calls) == 1


async def test_without_a_signing_secret_no_http_request_is_taken_for_slacks(bot: Bot) -> None:
    answer = await bot.app.async_dispatch(over_http("", int(time.time())))
    assert answer.status == 401


async def test_text_from_outside_rings_nobody(bot: Bot) -> None:
    """A reason that is an attack is shown as the text that it is."""
    await bot.services.decisions.stuck(1, DANA, "<!channel> *x* <https://evil|ok>")
    await bot.say(SAM, "/onboard status")
    await bot.services.sender.pump()
    seen = json.dumps(await bot.slack.seen(SAM)) + json.dumps(await bot.slack.seen(SAM, SUPPORT))
    assert "<!channel>" not in seen
    assert "<https://evil" not in seen
    assert "*x*" not in seen
