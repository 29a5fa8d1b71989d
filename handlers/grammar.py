"""One grammar for the slash command, mentions, direct messages and suggestion buttons.

``parse`` is pure: text in, a ``Request`` or a ``Problem`` out. It forgives case, spaces, smart
quotes, Slack's ``<@U1|name>`` and ``<#C1|name>``; for a typo it names the nearest command instead
of guessing. A customer's name may stand first after the verb; whether there is such a customer,
and whether this person may know, is not for the grammar to say.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

from bot.domain.catalogue import catalogue
from bot.domain.model import System
from bot.services.files import Form
from handlers.dates import parse_time, take_day
from handlers.ids import Verb
from handlers.item_names import find_item, hinted_item, near_item
from handlers.manners import name_of, plain, to_the_point

LONGEST = 2_000
SYNONYMS = {
    "hi": Verb.HELP,
    "hello": Verb.HELP,
    "?": Verb.HELP,
    "card": Verb.STATUS,
    "show": Verb.STATUS,
    "recheck": Verb.CHECK,
    "re-check": Verb.CHECK,
    "hand-off": Verb.HANDOFF,
    "handover": Verb.HANDOFF,
    "start": Verb.NEW,
    "ls": Verb.LIST,
    "unpause": Verb.RESUME,
}
COMMANDS = frozenset(Verb) | SYNONYMS.keys()
EXAMPLES = {
    Verb.DETAILS: "details cost-code-coverage",
    Verb.DONE: "done qbo-support-user",
    Verb.UNDO: "undo qbo-support-user",
    Verb.STUCK: "stuck nobody here can sign in to QuickBooks",
    Verb.SNOOZE: "snooze 2",
    Verb.REMIND: "remind 09:00",
    Verb.ASSIGN: "assign cost-code-coverage @Casey 27 Nov",
    Verb.NEW: "new Acme Constructions",
    Verb.LINK: "link acme",
    Verb.TARGET: "target 15 Dec",
    Verb.CONNECT: "connect quickbooks",
    Verb.DISCONNECT: "disconnect procore",
    Verb.WAIVE: "waive qbo-duplicate-customers until 31 Dec they merge them next year",
}
SYSTEMS = {
    "procore": System.PROCORE,
    "quickbooks": System.QBO,
    "qbo": System.QBO,
    "intuit": System.QBO,
}
FORMS = {
    "xlsx": Form.XLSX,
    "excel": Form.XLSX,
    "workbook": Form.XLSX,
    "csv": Form.CSV,
    "json": Form.JSON,
}
_TYPOGRAPHY = str.maketrans("\u201c\u201d\u2018\u2019\u00a0\u2013\u2014", "\"\"'' --")
_QUOTES = "\"'`.,:!"
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. ``customer`` is as typed, ``channel_id`` a channel named in its place."""

    verb: Verb
    text: str
    customer: str = ""
    channel_id: str = ""
    item: str = ""
    person: str = ""
    note: str = ""
    days: int = 0
    on: bool | None = None
    at: time | None = None
    until: date | None = None
    system: System | None = None
    as_support: bool = False
    form: Form | None = None
    company: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why it could not be understood, and a command that probably says what was meant."""

    message: str
    suggestion: str = ""


class _MisreadError(Exception):
    """Carries a problem out of a parser's depth."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(message, suggestion)


def parse(text: str, today: date, bot_user_id: str = "") -> Request | Problem:
    """Understand one line. ``today`` is the day that "friday" is counted from."""
    tokens = to_the_point(_tokens(text, bot_user_id), COMMANDS)
    clean = " ".join(tokens)
    if not tokens:
        return Request(Verb.HELP, clean)
    try:
        verb = _verb(tokens)
        return _READERS[verb](verb, clean, tokens[1:], today)
    except _MisreadError as error:
        return error.problem


def _tokens(text: str, bot_user_id: str) -> list[str]:
    """The words; a mention of the bot itself is only how it was called."""
    text = text[:LONGEST].translate(_TYPOGRAPHY)
    if bot_user_id:
        text = re.sub(rf"<@{re.escape(bot_user_id)}(\|[^>]*)?>", " ", text)
    # A name in Slack's own notation may hold spaces, and only the id counts.
    text = _PERSON.sub(r" <@\1> ", text)
    text = _CHANNEL.sub(r" <#\1> ", text)
    return text.split()


def _words_of(tokens: list[str]) -> str:
    """Free text as the person typed it: Slack's entities and our quotes undone."""
    text = " ".join(tokens).strip("\"'` ")
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def _verb(tokens: list[str]) -> Verb:
    word = tokens[0].strip("\"'`.,:!").casefold()
    known = {str(verb): verb for verb in Verb} | SYNONYMS
    if word in known:
        return known[word]
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if not near:
        raise _MisreadError(
            f'I don\'t know "{_words_of(tokens[:1])}". `help` shows what I understand.', "help"
        )
    meant = str(known[near[0]])
    raise _MisreadError(
        f'I don\'t know "{_words_of(tokens[:1])}". Did you mean {meant}?',
        " ".join([meant, *tokens[1:]]),
    )


def _customer(tokens: list[str]) -> tuple[str, str]:
    """Customer as typed, and a channel named in its place."""
    if len(tokens) == 1 and (match := _CHANNEL.fullmatch(tokens[0])):
        return "", match[1]
    return _words_of(name_of(tokens)), ""


def _read_customer(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``status [customer]``."""
    customer, channel = _customer(rest)
    return Request(verb, text, customer=customer, channel_id=channel)


def _read_history(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``history [customer] [all]``: with every click."""
    on = [word.strip(_QUOTES).casefold() for word in rest[-1:]] == ["all"]
    return replace(_read_customer(verb, text, rest[:-1] if on else rest, today), on=on)


def _read_check(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``check [customer] [item]``."""
    rest = [word for word in rest if word.casefold() not in ("all", "everything")]
    found = find_item(rest)
    if found is None and (hinted := hinted_item(rest)) and hinted[1] == len(rest):
        # Within a customer's name such a word tells nothing; here an item stands last.
        found = hinted
    if found is None:
        near = near_item(rest[-1], 0.75) if rest else ""
        if near:
            raise _MisreadError(
                f'I don\'t know an item called "{_words_of(rest[-1:])}". Did you mean {near}?',
                " ".join([verb, *rest[:-1], near]),
            )
        return _read_customer(verb, text, rest, today)
    customer, channel = _customer(rest[: found[0]])
    return Request(verb, text, customer, channel, found[2])


def _read_export(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``export [customer] [item] [xlsx|csv|json]``."""
    asked = rest[-1].strip(_QUOTES).casefold() if rest else ""
    form = FORMS.get(asked)
    words = rest[:-1] if form is not None else rest
    as_words = ("as",) if words and words[-1].casefold() == "as" else ()
    request = _read_check(verb, text, words[: len(words) - len(as_words)], today)
    return replace(request, form=form)


def _take_item(verb: Verb, rest: list[str]) -> tuple[str, str, str, list[str]]:
    """``[customer] <item> …``: customer, channel, item, and the words after it."""
    found = find_item(rest) or hinted_item(rest)
    if found is not None:
        start, end, item = found
        customer, channel = _customer(rest[:start])
        return customer, channel, item, rest[end:]
    example = EXAMPLES[verb]
    if not rest:
        raise _MisreadError(f"Which item? For example: `{example}`.")
    for place, word in enumerate(rest[:2]):
        near = near_item(word)
        if near:
            meant = [verb, *rest[:place], near, *rest[place + 1 :]]
            raise _MisreadError(
                f'I don\'t know an item called "{_words_of([word])}". Did you mean {near}?',
                " ".join(meant),
            )
    items = ", ".join(requirement.id for requirement in catalogue())
    raise _MisreadError(
        f'I don\'t know an item called "{_words_of(rest[:1])}". The items are: {items}.'
    )


def _read_item(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``details [customer] <item>``, ``done [customer] <item> [note]``."""
    customer, channel, item, after = _take_item(verb, rest)
    return Request(verb, text, customer, channel, item, note=_words_of(after))


def _read_details(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``details [customer] <item>``, or ``details [customer] risks``."""
    if rest and rest[-1].strip(_QUOTES).casefold() == Verb.RISKS:
        return _read_risks(Verb.RISKS, text, rest[:-1], today)
    return _read_item(verb, text, rest, today)


def _read_risks(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``risks [customer] [on|off [risk]]``."""
    plain = [word.strip(_QUOTES).casefold() for word in rest]
    for size in (1, 2):
        if len(plain) >= size and plain[-size] in ("on", "off"):
            customer, channel = _customer(rest[:-size])
            item = plain[-1].removeprefix("risk-") if size > 1 else ""
            return Request(verb, text, customer, channel, note=item, on=plain[-size] == "on")
    customer, channel = _customer(rest)
    return Request(verb, text, customer, channel)


def _read_stuck(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``stuck <why>``."""
    return Request(verb, text, note=_words_of(rest))


def _read_snooze(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``snooze [customer] <days>``."""
    words = [word for word in rest if word.casefold() not in ("day", "days", "for")]
    number = words[-1] if words else ""
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise _MisreadError(f"For how many days? For example: `{EXAMPLES[verb]}`.", EXAMPLES[verb])
    customer, channel = _customer(words[:-1])
    return Request(verb, text, customer, channel, days=int(number))


def _read_remind(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``remind [customer] on|off|<time>``."""
    words = [word for word in rest if word.casefold() != "at"]
    last = words[-1].casefold() if words else ""
    if last in ("on", "off"):
        customer, channel = _customer(words[:-1])
        return Request(verb, text, customer, channel, on=last == "on")
    for size in (2, 1):
        at = parse_time("".join(words[-size:])) if len(words) >= size else None
        if at is not None:
            customer, channel = _customer(words[:-size])
            return Request(verb, text, customer, channel, at=at)
    raise _MisreadError(
        "Say `remind on`, `remind off`, or a time of day, for example `remind 09:00`.",
        EXAMPLES[verb],
    )


def _read_assign(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``assign [customer] <item> @person [due]``."""
    customer, channel, item, after = _take_item(verb, rest)
    after = [word for word in after if word.casefold() not in ("to", "by", "due")]
    person = _PERSON.fullmatch(after[0]) if after else None
    if person is None:
        raise _MisreadError(f"To whom? Mention the person, for example `{EXAMPLES[verb]}`.")
    day = take_day(after[1:], today)
    if after[1:] and (day is None or day[1] != len(after) - 1):
        raise _MisreadError(
            f'I don\'t understand the day "{_words_of(after[1:])}". Write it like 27 Nov.',
            " ".join([verb, *([customer] if customer else []), item, after[0]]),
        )
    return Request(
        verb, text, customer, channel, item, person=person[1], until=day[0] if day else None
    )


def _read_waive(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``waive [customer] <item> [until <date>] <why>``."""
    customer, channel, item, after = _take_item(verb, rest)
    until = None
    if after and after[0].casefold() == "until":
        day = take_day(after[1:], today)
        if day is None:
            raise _MisreadError(
                f"Until when? Write the day like 31 Dec, for example `{EXAMPLES[verb]}`."
            )
        until, after = day[0], after[1 + day[1] :]
    if not after:
        raise _MisreadError(f"A waiver needs a reason. For example: `{EXAMPLES[verb]}`.")
    return Request(verb, text, customer, channel, item, note=_words_of(after), until=until)


def _read_target(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``target [customer] <day>|none``."""
    if rest and plain(rest[-1]) in ("none", "off"):
        customer, channel = _customer(rest[:-1])
        return Request(verb, text, customer, channel)
    for start in range(len(rest)):
        day = take_day(rest[start:], today)
        if day is not None and start + day[1] == len(rest):
            customer, channel = _customer([word for word in rest[:start] if plain(word) != "by"])
            return Request(verb, text, customer, channel, until=day[0])
    raise _MisreadError(f"By which day? For example: `{EXAMPLES[verb]}`.", EXAMPLES[verb])


def _read_link(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``link [customer] [instead]``."""
    instead = len(rest) > 1 and rest[-1].strip(_QUOTES).casefold() == "instead"
    return Request(verb, text, customer=_words_of(rest[:-1] if instead else rest), on=instead)


def _read_connect(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``connect [customer] procore|quickbooks [as support]``, or ``… service <id> [replace]``."""
    plain = [word.strip(_QUOTES).casefold() for word in rest]
    place = next((n for n, word in enumerate(plain) if word in SYSTEMS), None)
    if place is None:
        near = difflib.get_close_matches(plain[-1], list(SYSTEMS), n=1) if plain else []
        meant = " ".join([verb, *rest[:-1], *near]) if near else ""
        raise _MisreadError(f"Which system? For example: `{EXAMPLES[verb]}`.", meant)
    system, after = SYSTEMS[plain[place]], plain[place + 1 :]
    customer, channel = _customer(rest[:place])
    asked = Request(verb, text, customer, channel, system=system)
    if after in ([], ["as", "support"], ["as", "support", "user"]):
        return replace(asked, as_support=bool(after))
    number = after[1] if len(after) > 1 else ""
    is_service = verb is Verb.CONNECT and system is System.PROCORE and after[0] == "service"
    if is_service and number.isascii() and number.isdigit() and after[2:] in ([], ["replace"]):
        return replace(asked, company=number, on=after[2:] == ["replace"])
    said = _words_of(rest[place + 1 :])
    meant = " ".join([verb, *rest[: place + 1]])
    raise _MisreadError(f'I don\'t understand "{said}". Did you mean {meant}?', meant)


def _read_bare(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``help [word]``, ``list [filter]``."""
    return Request(verb, text, note=_words_of(rest))


_READERS: dict[Verb, Callable[[Verb, str, list[str], date], Request]] = {
    Verb.HELP: _read_bare,
    Verb.LIST: _read_bare,
    Verb.DOCTOR: _read_bare,
    Verb.STATUS: _read_customer,
    Verb.CHECK: _read_check,
    Verb.HANDOFF: _read_customer,
    Verb.HISTORY: _read_history,
    Verb.MATCH: _read_customer,
    Verb.REVIEW: _read_check,
    Verb.EXPORT: _read_export,
    Verb.PAUSE: _read_customer,
    Verb.RESUME: _read_customer,
    Verb.ARCHIVE: _read_customer,
    Verb.NUDGE: _read_customer,
    Verb.DETAILS: _read_details,
    Verb.RISKS: _read_risks,
    Verb.DONE: _read_item,
    Verb.UNDO: _read_item,
    Verb.STUCK: _read_stuck,
    Verb.SNOOZE: _read_snooze,
    Verb.REMIND: _read_remind,
    Verb.ASSIGN: _read_assign,
    Verb.WAIVE: _read_waive,
    Verb.TARGET: _read_target,
    Verb.NEW: _read_customer,
    Verb.LINK: _read_link,
    Verb.CONNECT: _read_connect,
    Verb.DISCONNECT: _read_connect,
}
