"""`/onboard doctor`: staff read what the doctor found, nobody else does."""

from bot.services.health import Line, State
from handlers.blocks.base import weight
from handlers.blocks.diagnosis import build_diagnosis
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
