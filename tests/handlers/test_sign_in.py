"""Signing in from Slack: who gets a link, who sees it, and what the card offers."""

import re
from dataclasses import replace

import pytest

from bot.domain.customer import Connection, Grant
from bot.domain.facets import AUTHORISER
from bot.domain.model import Cause, System
from bot.domain.records import Identity
from bot.services.notices import ExpiryNotice, ReconnectNotice, dump
from bot.services.ports import Outgoing
from handlers.asked import Problem, Request
from handlers.blocks.card import build_card
from handlers.blocks.signin import build_expiry, build_reconnect
from handlers.grammar import parse
from tests.each import each
from tests.handlers.kit import Bot, shown
from tests.handlers.test_grammar import MONDAY
from tests.handlers.worlds import SUPPORT as IDENTITY
from tests.handlers.worlds import unread
from tests.sandbox.slack_kit import ACME, CASEY, DANA, SAM, SUPPORT

LINK = re.compile(r"https://onboard\.example/connect/[\w-]{43}")


async def link_of(bot: Bot, who: str, channel: str = ACME) -> str:
    message = (await bot.slack.seen(who, channel))[-1]
    found = LINK.search(shown(message))
    assert found is not None, message
    return found[0]


@pytest.mark.parametrize("system", ["procore", "quickbooks"])
async def test_a_link_is_shown_to_whoever_asked_and_to_nobody_else(bot: Bot, system: str):
    said = await bot.say(DANA, f"@OneCore connect {system}")
    assert "for you alone" in said
    assert "AEDT" in said
    assert await link_of(bot, DANA)
    for other in (CASEY, SAM):
        assert not any(LINK.search(shown(m)) for m in await bot.slack.seen(other, ACME))


async def test_the_first_card_has_both_buttons_and_each_press_makes_a_new_link(bot: Bot):
    await bot.say(SAM, "/onboard link acme")
    await bot.press(DANA, "connect_quickbooks")
    first = await link_of(bot, DANA)
    await bot.press(DANA, "connect_procore")
    assert await link_of(bot, DANA) != first


async def test_only_staff_sign_in_as_the_support_user(bot: Bot):
    """By words and by button, and a service account is staff's as well."""
    bot.source.put(AUTHORISER, Identity("d", "dana@acme.example", True, "Dana", "O"))
    await bot.say(SAM, "/onboard status")
    for words in ("connect quickbooks as support", "connect procore service 8089"):
        assert "Only Interfy staff" in await bot.say(DANA, f"@OneCore {words}")
    await bot.press(DANA, "prove_quickbooks")
    assert "Only Interfy staff" in await bot.last(DANA)
    assert "support@interfy.com.au" in await bot.say(SAM, "/onboard connect qbo as support")
    await bot.press(SAM, "prove_quickbooks")
    assert await link_of(bot, SAM)


async def test_a_service_account_is_connected_by_staff(bot: Bot):
    said = await bot.say(SAM, "/onboard connect procore service 8089")
    assert "Acme &amp; Co is connected" in said
    said = await bot.say(SAM, "/onboard connect procore service 8090")
    assert "doesn't see Procore company 8090" in said


async def test_disconnecting_says_what_was_ended(bot: Bot):
    await bot.say(SAM, "/onboard connect procore service 8089")
    assert "ended there, deleted here" in await bot.say(DANA, "@OneCore disconnect procore")
    assert "nothing changed" in await bot.say(DANA, "@OneCore disconnect procore")


async def test_a_new_sign_in_is_asked_for_with_the_button(bot: Bot):
    """The notice stands in the customer's channel; its button gives the link."""
    customer = await bot.services.customers.for_channel(ACME)
    assert customer is not None
    notice = ReconnectNotice(
        "Acme", "acme", customer.id, "qbo", "customer", "QuickBooks ended our sign-in."
    )
    async with bot.store.transaction() as tx:
        row = Outgoing("k", notice.kind, ACME, dump(notice), customer.id)
        await tx.outbox.add(row, bot.services.clock.now())
    await bot.services.sender.pump()
    assert "needs a new sign-in" in await bot.last(DANA)
    await bot.press(DANA, "connect_quickbooks")
    assert await link_of(bot, DANA)


async def test_nothing_is_started_where_the_app_is_not_set_up(bot: Bot):
    bot.services.connect._public_url = ""
    said = await bot.say(DANA, "@OneCore connect procore")
    assert "PUBLIC_URL" in said
    assert "nothing was started" in said


async def test_a_link_asked_for_elsewhere_stays_private(bot: Bot):
    """Staff name the customer in their own channel; nobody there sees the link."""
    await bot.say(SAM, "/onboard connect acme procore", SUPPORT)
    assert await link_of(bot, SAM, SUPPORT)


def test_a_row_offers_the_sign_in_that_it_waits_for():
    not_connected = str(build_card(unread(Cause.NOT_CONNECTED), IDENTITY).blocks)
    assert not_connected.count("Connect Procore") == 4
    assert not_connected.count("Connect QuickBooks") == 4
    ended = str(build_card(unread(Cause.RECONNECT), IDENTITY).blocks)
    assert "Reconnect QuickBooks" in ended
    unproven = str(build_card(unread(None), IDENTITY).blocks)
    assert unproven.count("prove_quickbooks") == 2
    assert unproven.count("prove_procore") == 1


def test_only_the_system_that_is_missing_is_offered():
    """Cost codes need both; here Procore is connected."""
    there = Connection(7, System.PROCORE, "8089", Grant.REFRESH_TOKEN)
    view = replace(unread(Cause.NOT_CONNECTED), connections=(there,))
    blocks = str(build_card(view, IDENTITY).blocks)
    assert "'value': '7:cost-code-coverage'" in blocks
    row = next(b for b in build_card(view, IDENTITY).blocks if "connect_quickbooks" in str(b))
    assert "connect_procore" not in str(row)


def test_notices_about_the_support_users_sign_in_ask_for_that_one():
    reconnect = ReconnectNotice("Acme", "acme", 7, "procore", "support", "It ended.")
    expiry = ExpiryNotice("Acme", "acme", 7, "qbo", "support", 1, "2031-11-30")
    assert "prove_procore" in str(build_reconnect(reconnect).blocks)
    assert "prove_quickbooks" in str(build_expiry(expiry).blocks)
    assert "30 Nov 2031, in 1 day:" in build_expiry(expiry).text


@each(
    [
        ("connect procore", System.PROCORE, False, "", ""),
        ("connect QBO", System.QBO, False, "", ""),
        ("connect `quickbooks`", System.QBO, False, "", ""),
        (
            "connect acme constructions quickbooks as support",
            System.QBO,
            True,
            "",
            "acme constructions",
        ),
        ("connect acme procore as support user", System.PROCORE, True, "", "acme"),
        ("connect procore service 562949953441378", System.PROCORE, False, "562949953441378", ""),
        ("disconnect acme procore", System.PROCORE, False, "", "acme"),
    ]
)
def test_connecting_is_understood(
    text: str, system: System, support: bool, company: str, customer: str
):
    asked = parse(text, MONDAY)
    assert isinstance(asked, Request)
    assert (asked.system, asked.as_support, asked.company, asked.customer) == (
        system,
        support,
        company,
        customer,
    )


def test_replacing_has_to_be_said():
    asked = parse("connect procore service 8089 replace", MONDAY)
    assert isinstance(asked, Request)
    assert asked.on is True


@each(
    [
        ("connect", ""),
        ("connect procor", "connect procore"),
        ("connect acme quickboks", "connect acme quickbooks"),
        ("connect procore service", "connect procore"),
        ("connect quickbooks service 1", "connect quickbooks"),
        ("disconnect procore service 1", "disconnect procore"),
        ("connect procore as admin", "connect procore"),
        ("connect procore service \u0661", "connect procore"),
    ]
)
def test_what_is_not_understood_is_not_guessed(text: str, suggestion: str):
    found = parse(text, MONDAY)
    assert isinstance(found, Problem)
    assert found.suggestion == suggestion
