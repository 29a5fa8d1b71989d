"""Each kind of payload keeps a person's team in another field (Slack Connect's shapes)."""

from typing import Any

from handlers.origin import delivery_key, of_click, of_command, of_event, of_form
from tests.each import each

HOME, THEIRS = "T0HOME", "T0THEIRS"


def envelope(**event: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": HOME,
        "event": {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.1", **event},
    }


def test_a_mention_by_an_external_person_names_their_team_in_user_team() -> None:
    """``event.team`` is ours there; taking it would make everybody staff."""
    origin = of_event(envelope(team=HOME, user_team=THEIRS, source_team=THEIRS))
    assert (origin.team_id, origin.user_id, origin.channel_id) == (THEIRS, "U1", "C1")


def test_an_event_without_a_persons_team_leaves_it_to_be_asked() -> None:
    assert of_event(envelope(team=HOME)).team_id == ""


def test_an_event_of_a_bot_is_marked() -> None:
    assert of_event(envelope(bot_id="B1")).is_bot
    assert not of_event(envelope()).is_bot


@each(
    [
        ({"channel_type": "im"}, False),
        ({"channel_type": "channel"}, True),
        ({"channel_type": "im", "subtype": "message_changed"}, True),
    ],
)
def test_only_direct_messages_are_speech_to_the_bot(event: dict[str, str], news: bool) -> None:
    assert of_event(envelope(**{"type": "message", **event})).is_news is news


def test_the_home_tab_is_no_channel() -> None:
    """Slack names the direct message there; the act took place in none."""
    assert of_event(envelope(type="app_home_opened", channel="D1")).channel_id == ""


def test_a_click_names_the_persons_team_beside_the_person() -> None:
    """``team`` is the installing workspace, whoever clicks."""
    body = {
        "type": "block_actions",
        "team": {"id": HOME},
        "user": {"id": "U1", "team_id": THEIRS},
        "container": {"type": "message", "message_ts": "1.2", "channel_id": "C1"},
        "trigger_id": "t",
        "actions": [{"action_id": "a", "value": "7:x"}],
    }
    origin = of_click(body)
    assert (origin.team_id, origin.channel_id, origin.value) == (THEIRS, "C1", "7:x")
    assert not origin.in_thread
    threaded = {**body, "message": {"ts": "1.2", "thread_ts": "1.0"}}
    assert of_click(threaded).thread_ts == "1.0"
    assert of_click(threaded).in_thread


def test_a_form_is_of_the_persons_team_not_of_the_installing_one() -> None:
    view = {"id": "V1", "app_installed_team_id": HOME, "team_id": THEIRS}
    body = {"user": {"id": "U1"}, "team": {"id": THEIRS}, "trigger_id": "t", "view": view}
    assert of_form(body).team_id == THEIRS


def test_a_command_comes_from_the_installing_workspace() -> None:
    body = {"command": "/onboard", "user_id": "U1", "team_id": HOME, "channel_id": "D9"}
    origin = of_command(body)
    assert origin.team_id == HOME
    assert origin.is_direct


def test_a_delivery_and_its_repetition_have_one_key_and_no_others_do() -> None:
    assert delivery_key(envelope()) == delivery_key({**envelope(), "retry": 1}) == "event:Ev1"
    assert delivery_key({"type": "block_actions", "trigger_id": "1.2"}) == "trigger:1.2"
    bare = [delivery_key({"type": "x", "n": n}) for n in (1, 1, 2)]
    assert bare[0] == bare[1] != bare[2]
