"""What is said beside the bot is answered, and changes nothing that nobody asked for."""

from datetime import date

from handlers.asked import Problem, Request
from handlers.grammar import parse
from handlers.ids import Verb
from handlers.overheard import changes, parse_heard
from tests.each import each

MONDAY = date(2026, 11, 23)
VENDORS = "procore-duplicate-vendors"


def heard(text: str, *, edited: bool = False) -> Request | Problem:
    return parse_heard(text.replace("@OneCore", "<@U0BOT|OneCore>"), MONDAY, "U0BOT", edited=edited)


@each(
    [
        ("thanks @OneCore, the vendors are done", "done vendors"),
        ("Dana, thanks @OneCore! hand over", "handoff"),
        ("I told @OneCore stuck again", "stuck again"),
        ("all good @OneCore waive vendors not needed", "waive vendors not needed"),
        ("that's what @OneCore, new Bondi", "new Bondi"),
        ("then @OneCore match 03-300 to 5010", "match 03-300 to 5010"),
        ("now we have @OneCore risks off", "risks off"),
        ("you could say @OneCore connect procore service 8089", "connect procore service 8089"),
    ]
)
def test_a_name_within_a_sentence_asks_back_with_the_command(said: str, meant: str) -> None:
    asked = heard(said)
    assert isinstance(asked, Problem), asked
    assert "named me within a sentence" in asked.message
    pressed, typed = parse(asked.suggestion, MONDAY), parse(meant, MONDAY)
    assert isinstance(pressed, Request)
    assert isinstance(typed, Request)
    assert (pressed.verb, pressed.item, pressed.note) == (typed.verb, typed.item, typed.note)


@each(
    [
        ("@OneCore the vendors are done", Verb.DONE),
        ("hey @OneCore, could you please snooze 3", Verb.SNOOZE),
        ("done vendors @OneCore", Verb.DONE),
        ("Hi @OneCore - hand over please", Verb.HANDOFF),
        ("@OneCore: stuck Dana asked @OneCore for help", Verb.STUCK),
        ("done vendors @OneCore, thanks!", Verb.DONE),
        ("hi team, @OneCore status", Verb.STATUS),
        ("Dana, I'd ask @OneCore what's left", Verb.STATUS),
        ("snooze 3", Verb.SNOOZE),
    ]
)
def test_who_speaks_to_the_bot_is_obeyed(said: str, verb: Verb) -> None:
    """The name first, after a greeting, or last; and whatever only shows something, anywhere."""
    asked = heard(said)
    assert isinstance(asked, Request), asked
    assert asked.verb is verb


@each(
    [
        "@OneCore done vendors?",
        "@OneCore hand over?",
        "can we hand over @OneCore ?",
        "@OneCore archive?",
        "@OneCore undo vendors? why",
    ]
)
def test_a_question_is_no_order(said: str) -> None:
    asked = heard(said)
    assert isinstance(asked, Problem)
    assert "because you asked" in asked.message
    assert isinstance(heard(f"@OneCore {asked.suggestion}"), Request)


@each(["could you hand over?", "archive please?", "stuck, can you help?"])
def test_a_polite_request_may_be_a_question(said: str) -> None:
    assert isinstance(heard(f"@OneCore {said}"), Request)


def test_an_edited_message_is_answered_and_changes_nothing() -> None:
    assert isinstance(heard("@OneCore status", edited=True), Request)
    asked = heard("@OneCore stuck nobody is an admin", edited=True)
    assert isinstance(asked, Problem)
    assert asked.suggestion == "stuck nobody is an admin"


@each(
    [
        "tell me when the vendors are done",
        "nobody knows whether cost codes are done",
        "are the vendors done?",
        "the vendors are not done",
        "we are done",
        "don't mark vendors as done",
        "how do I mark the vendors as done?",
    ]
)
def test_what_only_holds_the_word_done_marks_nothing(said: str) -> None:
    """Nor does a button offer it."""
    asked = heard(f"@OneCore {said}")
    if isinstance(asked, Problem):
        asked = parse(asked.suggestion, MONDAY)
    assert isinstance(asked, Request)
    assert not changes(asked)


@each(
    [
        "@OneCore, status",
        "@OneCore: status",
        "@OneCore :wave: status",
        "@OneCore \U0001f44b\U0001f3fd status \u2764\ufe0f",
        "@OneCore *status*",
        "@OneCore \u200bstatus\u202c",
        "@OneCore /onboard status",
        "<!here> <@U0DANA> @OneCore status",
    ]
)
def test_what_stands_around_a_command_is_passed_over(said: str) -> None:
    """Punctuation, emoji, formatting, what has no width, whom else it calls."""
    asked = heard(said)
    assert isinstance(asked, Request), asked
    assert (asked.verb, asked.customer) == (Verb.STATUS, "")


@each(["@OneCore", "@OneCore \u200b", "\U0001f44b @OneCore", "@OneCore !?"])
def test_an_empty_mention_is_helped(said: str) -> None:
    asked = heard(said)
    assert isinstance(asked, Request)
    assert asked.verb is Verb.HELP
