"""`/onboard doctor`: staff read what the doctor found, nobody else does."""

from datetime import timedelta

from bot.services.health import Line, State, stored_lines
from bot.services.ports import OutboxState, Outgoing
from handlers.blocks.base import weight
from handlers.blocks.diagnosis import build_diagnosis
from handlers.ids import ActionId
from tests.handlers.kit import Bot
from tests.sandbox.slack_kit import ACME, DANA, SAM

FOUND = (
    Line("database", State.PASS, "is at revision 1"),
    Line("outbox", State.WARN, "2 messages to be sent, the oldest for 6 min", "See the log."),
    Line("connection acme Procore", State.FAIL, "the sign-in ended <!channel>", "Sign in again."),
    Line("interactivity", State.UNKNOWN, "no click has reached the bot yet", "Press one."),
)


async def found() -> tuple[Line, ...]:
    return FOUND


async def test_staff_get_what_needs_somebody_and_the_others_are_refused(bot: Bot):
    object.__setattr__(bot.app.registry._tools, "diagnose", found)
    assert await bot.say(SAM, "/onboard doctor") == "I looked at 4 things; 3 things to look at."
    assert "I looked at" not in " ".join(await bot.read(DANA))
    assert "Only Interfy staff" in await bot.say(
        DANA, f"<@{bot.slack.server.state.app.bot_user}> doctor", ACME
    )


def test_fails_come_first_and_what_is_quoted_stays_harmless():
    message = build_diagnosis(FOUND)
    said = message.blocks[1]["text"]["text"]
    assert [said.index(word) for word in ("❌ fail", "❔ unknown", "⚠️ warn")] == sorted(
        said.index(word) for word in ("❌ fail", "❔ unknown", "⚠️ warn")
    )
    assert "<!channel>" not in said
    assert "database" in message.blocks[-1]["elements"][0]["text"]


def test_however_much_is_wrong_it_fits_into_a_message():
    many = tuple(Line(f"connection {n}", State.FAIL, "x" * 900, "y" * 900) for n in range(200))
    message = build_diagnosis(many)
    assert weight(message.blocks) < 30_000
    assert all(len(b["text"]["text"]) <= 3000 for b in message.blocks if b["type"] == "section")


async def test_what_was_given_up_is_sent_again_or_settled_from_there(bot: Bot):
    now = bot.services.clock.now()
    async with bot.store.transaction() as tx:
        for key, channel in (("a", "C0OLD"), ("b", "C0GONE")):
            assert await tx.outbox.add(Outgoing(key, "reminder", channel, "{}"), now)
        for one in await tx.outbox.claim(now, "me", timedelta(minutes=1), 5):
            assert await tx.outbox.park(one.id, "me", "The channel is archived.")

    async def parked() -> list[Line]:
        return (await stored_lines(bot.store, bot.services.clock))[-2:]

    object.__setattr__(bot.app.registry._tools, "diagnose", parked)
    assert await bot.say(SAM, "/onboard doctor") == "I looked at 2 things; 2 things to look at."
    await bot.press(SAM, ActionId.SEND_AGAIN)
    assert "That message is sent again now (reminder, <#C0GONE>)" in await bot.last(SAM)
    await bot.press(SAM, ActionId.SEND_AGAIN)
    assert "Nothing changed" in await bot.last(SAM)
    async with bot.store.transaction() as tx:
        [left] = await tx.outbox.parked()
        states = [found.state for key in "ab" if (found := await tx.outbox.get(key))]
    assert (left.key, states) == ("a", [OutboxState.PARKED, OutboxState.WAITING])
    assert await bot.say(SAM, "/onboard doctor")
    await bot.press(SAM, ActionId.TOLD, about=str(left.id))
    assert "Noted" in await bot.last(SAM)
    async with bot.store.transaction() as tx:
        assert await tx.outbox.parked() == []


def test_with_very_many_given_up_the_next_ones_come_when_some_are_decided():
    lines = tuple(Line(f"message {n}", State.WARN, "refused", "Press", n) for n in range(1, 40))
    blocks = build_diagnosis(lines).blocks
    values = [one["elements"][0]["value"] for one in blocks if one["type"] == "actions"]
    assert (values, len(blocks) < 50) == ([str(n) for n in range(1, 9)], True)
    assert "31 more" in blocks[-1]["elements"][0]["text"]
