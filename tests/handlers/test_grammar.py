"""One grammar for everything that people type: what it understands, and how it helps."""

from dataclasses import replace
from datetime import date, time

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.files import Form
from bot.services.views import Filter
from bot.words import buttons
from handlers.asked import ME, Problem, Request
from handlers.dates import parse_day, parse_time
from handlers.grammar import parse
from handlers.ids import Verb
from handlers.readers import EXAMPLES
from tests.any_text import CHARACTERS
from tests.each import each

MONDAY = date(2026, 11, 23)
COST = "cost-code-coverage"
CALM = settings(deadline=None, derandomize=True)


def understood(text: str) -> Request:
    parsed = parse(text, MONDAY, "U0BOT")
    assert isinstance(parsed, Request), parsed
    return parsed


def problem(text: str) -> Problem:
    parsed = parse(text, MONDAY, "U0BOT")
    assert isinstance(parsed, Problem), parsed
    return parsed


@each(
    [
        ("", Verb.HELP),
        ("   ", Verb.HELP),
        ("<@U0BOT>", Verb.HELP),
        ("<@U0BOT|OneCore> STATUS", Verb.STATUS),
        ("hi", Verb.HELP),
        ("“status”", Verb.STATUS),
        ("Status,", Verb.STATUS),
        ("hand-off", Verb.HANDOFF),
        ("re-check", Verb.CHECK),
    ]
)
def test_a_verb_is_heard_through_case_quotes_and_mentions(text: str, verb: Verb) -> None:
    assert understood(text).verb is verb


def test_a_customer_may_stand_first() -> None:
    """Outside a customer's channel, staff name it after the verb."""
    assert understood("status Acme  Constructions").customer == "Acme Constructions"
    assert understood("snooze acme 2 days").customer == "acme"
    assert understood("remind acme off").customer == "acme"
    assert understood(f"assign acme {COST} <@U0CASEY|casey> fri").customer == "acme"
    assert understood(f"details bondi build {COST}").customer == "bondi build"
    assert understood("status <#C0ACME|ext-acme>").channel_id == "C0ACME"


@each(
    [
        ("export", "", "", None),
        ("export JSON", "", "", Form.JSON),
        ("export acme as csv", "acme", "", Form.CSV),
        ("export cost codes excel", "", COST, Form.XLSX),
        ("export acme vendors", "acme", "procore-duplicate-vendors", None),
    ]
)
def test_an_export_may_name_a_form(text: str, customer: str, item: str, form: Form | None) -> None:
    asked = understood(text)
    assert (asked.customer, asked.item, asked.form) == (customer, item, form)


@each(
    [
        ("list", Filter.ALL, 1),
        ("list Stuck", Filter.STUCK, 1),
        ("list ready page 2", Filter.READY, 2),
        ("ls 13", Filter.ALL, 13),
        ("please list all the customers which are stuck, thanks", Filter.STUCK, 1),
        ("list 99999999999", Filter.ALL, 1),
    ]
)
def test_a_list_may_name_a_filter_and_a_page(text: str, only: Filter, page: int) -> None:
    asked = understood(text)
    assert (asked.only, asked.page) == (only, page)
    assert problem("list stcuk").suggestion == "list stuck"


def test_check_takes_a_customer_an_item_both_or_neither() -> None:
    assert understood("check").item == ""
    assert understood("check everything").customer == ""
    assert understood("check acme").customer == "acme"
    assert understood("check Cost Codes").item == COST
    both = understood(f"check acme {COST}")
    assert (both.customer, both.item) == ("acme", COST)


def test_reminders() -> None:
    assert understood("remind on").on is True
    assert understood("remind OFF").on is False
    assert understood("remind at 4:30 pm").at == time(16, 30)
    assert understood("remind 9").at == time(9, 0)
    assert "remind on" in problem("remind me").message


def test_assign_with_and_without_a_day() -> None:
    asked = understood(f"assign {COST} to <@U0CASEY|casey lin> by 27 Nov")
    assert (asked.item, asked.person, asked.until) == (COST, "U0CASEY", date(2026, 11, 27))
    assert understood(f"assign {COST} <@U0CASEY>").until is None
    assert "Mention the person" in problem(f"assign {COST} casey").message
    assert problem(f"assign {COST} <@U0CASEY> someday").suggestion == f"assign {COST} <@U0CASEY>"


def test_waive_with_reason_and_last_day() -> None:
    asked = understood(f"waive {COST} until 31 Dec 2026 they\u2019re \u201cfine\u201d &amp; done")
    assert asked.until == date(2026, 12, 31)
    assert asked.note == 'they\'re "fine" & done'
    assert understood(f"waive acme {COST} not needed").customer == "acme"
    assert "needs a reason" in problem(f"waive {COST} until 31 Dec").message
    assert "Until when" in problem(f"waive {COST} until later").message


def test_done_keeps_the_note_and_stuck_the_reason() -> None:
    assert understood(f"done {COST} Dana showed me").note == "Dana showed me"
    assert understood("stuck nobody is an admin").note == "nobody is an admin"
    assert understood("stuck").note == ""


@each(
    [
        ("staus", "status"),
        ("staus acme", "status acme"),
        ("chekc cost-codes", "check cost-codes"),
        ("check cost-code-coverge", f"check {COST}"),
        ("check acme cost-code-coverge", f"check acme {COST}"),
        ("done qbo-suport-user I saw it", "done qbo-support-user I saw it"),
        ("hlep", "help"),
        ("snoze 3", "snooze 3"),
    ]
)
def test_a_typo_offers_the_nearest_command_whole(typed: str, meant: str) -> None:
    """The suggestion is itself a command that is understood."""
    assert problem(typed).suggestion == meant
    understood(meant)


def test_nonsense_points_to_help_and_missing_parts_to_an_example() -> None:
    assert problem("qqqqqq").suggestion == "help"
    assert "Which item" in problem("details").message
    assert "The items are" in problem("details qqqqqq").message
    assert "how many days" in problem("snooze").message
    assert understood("new").customer == understood("link").customer == ""
    assert understood("link acme instead").on
    assert understood("link Instead").customer == "Instead"


@each(
    [
        ("details cost", "", COST),
        ("details acme vendors", "acme", "procore-duplicate-vendors"),
        ("done customers merged by Dana", "", "qbo-duplicate-customers"),
        ("check vendors", "", "procore-duplicate-vendors"),
        ("check acme codes", "acme", COST),
        ("check project access", "", "procore-project-access"),
        ("check Project Homes", "Project Homes", ""),
    ]
)
def test_a_word_that_only_one_item_has_names_it(typed: str, customer: str, item: str) -> None:
    """A bookkeeper says "vendors", not an id; a customer's own name keeps its words."""
    request = understood(typed)
    assert (request.customer, request.item) == (customer, item)


@each(EXAMPLES)
def test_every_example_is_understood(verb: Verb) -> None:
    example = EXAMPLES[verb].replace("@Casey", "<@U0CASEY>")
    assert understood(example).verb is verb


@CALM
@given(st.text(CHARACTERS, max_size=300))
def test_nothing_that_is_typed_can_break_it(text: str) -> None:
    """Any text is a request or a problem, and a problem's suggestion is understood in turn."""
    parsed = parse(text, MONDAY, "U0BOT")
    if isinstance(parsed, Problem):
        assert parsed.message
        if parsed.suggestion:
            assert parse(parsed.suggestion, MONDAY, "U0BOT") is not None


WORDS = st.sampled_from(
    [
        *[str(verb) for verb in Verb],
        *(COST, "cost", "codes", "acme", "2", "until", "31", "dec", "<@U0CASEY|c d>", "<#C0A|x>"),
        *("on", "off", "09:00", "friday", "\u201c", "&lt;!channel&gt;", "for", "QBO-support-user"),
    ]
)


@CALM
@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_likely_words_in_any_order_break_nothing(text: str) -> None:
    parsed = parse(text, MONDAY, "U0BOT")
    if isinstance(parsed, Request):
        assert not parsed.item or parsed.item == parsed.item.casefold()
    elif parsed.suggestion:
        again = parse(parsed.suggestion, MONDAY, "U0BOT")
        assert again != parsed


@each(
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("27/11", date(2026, 11, 27)),
        ("1/2", date(2027, 2, 1)),
        ("27/11/26", date(2026, 11, 27)),
        ("27 Nov", date(2026, 11, 27)),
        ("3rd january", date(2027, 1, 3)),
        ("monday", date(2026, 11, 30)),
        ("fri", date(2026, 11, 27)),
        ("today", MONDAY),
        ("Tomorrow", date(2026, 11, 24)),
        ("31 Feb", None),
        ("31/31", None),
        ("soon", None),
        ("m", None),
    ]
)
def test_days_as_people_write_them(text: str, day: date | None) -> None:
    """Day before month, and without a year the next such day."""
    assert parse_day(text, MONDAY) == day


@each(
    [
        ("9", time(9)),
        ("09:00", time(9)),
        ("9.30", time(9, 30)),
        ("0900", time(9)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("4:30 PM", time(16, 30)),
        ("24", None),
        ("9:75", None),
        ("13pm", None),
        ("noon", None),
    ]
)
def test_times_as_people_write_them(text: str, at: time | None) -> None:
    assert parse_time(text) == at


@each(
    [
        ("status please", Verb.STATUS, ""),
        ("hey, could you show the status", Verb.STATUS, ""),
        ("Hi! Can we please check everything again?", Verb.CHECK, ""),
        ("status of our onboarding, thanks!", Verb.STATUS, ""),
        ("history for acme thank you", Verb.HISTORY, "acme"),
        ("show me the card", Verb.STATUS, ""),
        ("please", None, ""),
        ("hello", Verb.HELP, ""),
        ("status Now Please Pty Ltd", Verb.STATUS, "Now Please Pty Ltd"),
    ]
)
def test_courtesies_around_a_command_are_only_that(
    typed: str, verb: Verb | None, customer: str
) -> None:
    """Extra words before and after; a name that holds such words stays whole."""
    if verb is None:
        assert isinstance(parse(typed, MONDAY), Problem)
        return
    found = understood(typed)
    assert (found.verb, found.customer) == (verb, customer)


@each(
    [
        ("I\u2019m stuck", "stuck"),
        ("we are stuck nobody has a login", "stuck nobody has a login"),
        ("What\u2019s left?", "status"),
        ("hi, where are we at with this?", "status"),
        ("are we ready", "status"),
        ("ready?", "status"),
        ("what can you do", "help"),
        ("could someone help us please", "help us"),
        ("I've done the vendors", "done vendors"),
        ("the vendors are done", "done the vendors"),
        ("mark cost codes as done Dana matched them", "done cost codes Dana matched them"),
        ("done qbo admin, Dana added it", "done qbo-company-admin Dana added it"),
        ("assign acme procore admin to me", "assign acme procore-company-admin to me"),
        ("hand over", "handoff"),
        ("stop reminding", "remind off"),
        ("unsnooze", "remind on"),
        ("snooze until friday", "snooze 4"),
        ("snooze acme a week", "snooze acme 7"),
        ("snooze 2 weeks", "snooze 14"),
        ("connect to our quick books online", "connect quickbooks"),
        ("connect qb", "connect quickbooks"),
        (
            "waive vendors until 31/12 \u2013 they merge later",
            "waive vendors until 31/12 they merge later",
        ),
    ]
)
def test_what_people_say_instead_is_the_command(said: str, meant: str) -> None:
    assert replace(understood(said), text="") == replace(understood(meant), text="")


@each(
    [
        (buttons.RECHECK_ALL, Verb.CHECK),
        (buttons.CONTACT, Verb.HANDOFF),
        (buttons.NEED_HELP, Verb.STUCK),
        (buttons.STUCK, Verb.STUCK),
        (buttons.STUCK_FORM, Verb.STUCK),
        (buttons.MATCH, Verb.MATCH),
        (buttons.REVIEW, Verb.REVIEW),
        (buttons.OPEN_CARD, Verb.STATUS),
        (buttons.SHOW_CARD, Verb.STATUS),
        (buttons.SNOOZE, Verb.SNOOZE),
        (buttons.EXPORT, Verb.EXPORT),
        (buttons.NUDGE, Verb.NUDGE),
        (f"{buttons.HOW_TO_FIX} cost codes", Verb.FIX),
        (f"{buttons.DETAILS} cost codes", Verb.DETAILS),
        (f"{buttons.DONE} cost codes", Verb.DONE),
        (f"{buttons.RECHECK} cost codes", Verb.CHECK),
        (buttons.CONNECT.format(label="QuickBooks"), Verb.CONNECT),
        (buttons.CONNECT.format(label="Procore"), Verb.CONNECT),
    ]
)
def test_what_stands_on_a_button_can_be_said(label: str, verb: Verb) -> None:
    """Who can press nothing reads the buttons all the same."""
    assert understood(label).verb is verb


@each(["thanks!", "Thank you so much", "cheers mate"])
def test_a_thank_you_is_no_mistake(said: str) -> None:
    told = problem(said)
    assert told.message.startswith("You're welcome.")
    assert told.suggestion == "status"


def test_an_item_may_be_given_to_oneself() -> None:
    assert understood("assign cost codes to me by friday").person == ME
