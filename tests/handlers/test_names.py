"""People by name in files that are read outside Slack."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.services.dossier import people_in, with_names_of_people
from bot.services.workbook import Sheet
from handlers.names import Names


class Slack:
    """Knows Casey; does not know one, and cannot be reached for another."""

    async def users_info(self, *, user: str) -> dict[str, Any]:
        if user == "U0CASEY":
            return {"user": {"id": user, "profile": {"real_name": "Casey Nguyen"}}}
        if user == "U0NOBODY":
            raise SlackApiError("no", {"error": "user_not_found"})
        raise ConnectionError


async def test_who_is_known_is_named_and_others_keep_their_id() -> None:
    rows = [("U0CASEY", "U0NOBODY → U0AWAY"), ("bot", "URGENT")]
    sheet = Sheet("History", ("Who", "Detail"), rows)
    ids = people_in([sheet])
    assert ids == {"U0CASEY", "U0NOBODY", "U0AWAY"}
    names = await Names(Slack())(ids)  # type: ignore[arg-type]
    assert names == {"U0CASEY": "Casey Nguyen"}
    (told,) = with_names_of_people([sheet], names)
    assert told.rows == [["Casey Nguyen (U0CASEY)", "U0NOBODY → U0AWAY"], ["bot", "URGENT"]]


async def test_nobody_waits_long_for_a_slow_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.names.PATIENCE", 0)
    assert await Names(Slack())({"U0CASEY"}) == {}  # type: ignore[arg-type]
