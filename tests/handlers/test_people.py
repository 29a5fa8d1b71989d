"""Who counts as staff: Slack's word, remembered for five minutes."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError

from bot.domain.access import Standing
from handlers.config import SlackConfig
from handlers.people import People
from tests.sandbox.slack_kit import (
    ACME,
    BOT,
    CASEY,
    DANA,
    GUEST,
    PRIYA,
    SAM,
    STRANGER,
    Slack,
    running,
)

HOME, THEIRS = "T0INTERFY", "T0ACME"


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with running(wire=False) as stand_in:
        yield stand_in


def people(slack: Slack, group: str = "") -> People:
    config = SlackConfig("x", staff_usergroup_id=group)
    return People(slack.client, slack.clock, config)


async def test_without_a_group_every_full_member_is_staff(slack: Slack) -> None:
    """A guest, the bot and whoever belongs to another workspace are not."""
    asked = people(slack)
    assert await asked.standing(SAM, HOME) is Standing.STAFF
    assert await asked.standing(GUEST, HOME) is Standing.MEMBER
    assert await asked.standing(BOT, HOME) is Standing.BOT
    assert await asked.standing(DANA, THEIRS) is Standing.MEMBER


async def test_a_payload_that_claims_our_team_for_somebody_else_makes_no_staff(
    slack: Slack,
) -> None:
    """The claim is checked with Slack, which says where the person belongs."""
    asked = people(slack)
    for user in (DANA, STRANGER):
        assert await asked.standing(user, HOME) is Standing.MEMBER
        assert await asked.standing(user, "") is Standing.MEMBER


async def test_with_a_group_only_its_home_members_are_staff(slack: Slack) -> None:
    slack.server.state.usergroups["S0SUPPORT"].users[:] = [SAM, GUEST, DANA]
    asked = people(slack, "S0SUPPORT")
    assert await asked.standing(SAM, HOME) is Standing.STAFF
    assert await asked.standing(PRIYA, HOME) is Standing.MEMBER
    assert await asked.standing(GUEST, HOME) is Standing.MEMBER
    assert await asked.standing(DANA, HOME) is Standing.MEMBER


async def test_an_answer_is_good_for_five_minutes(slack: Slack) -> None:
    asked = people(slack, "S0SUPPORT")
    assert await asked.standing(PRIYA, HOME) is Standing.STAFF
    slack.server.state.usergroups["S0SUPPORT"].users.remove(PRIYA)
    assert await asked.standing(PRIYA, HOME) is Standing.STAFF
    slack.later(minutes=5)
    assert await asked.standing(PRIYA, HOME) is Standing.MEMBER


async def test_when_slack_cannot_say_nobody_is_staff(slack: Slack) -> None:
    """A group that is gone refuses everybody instead of letting everybody in."""
    with pytest.raises(SlackApiError):
        await people(slack, "S0GONE").standing(SAM, HOME)


async def test_the_menu_of_people_has_both_sides_and_no_bots(slack: Slack) -> None:
    found = await people(slack).in_channel(ACME)
    assert [person.user_id for person in found] == [CASEY, DANA, PRIYA, SAM]


async def test_the_bot_knows_itself(slack: Slack) -> None:
    asked = people(slack)
    assert await asked.bot_user() == BOT
    assert await asked.home_team() == HOME
