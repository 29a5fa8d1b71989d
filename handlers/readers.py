"""How each command is read: one reader a verb, from the words after it to a request.

A customer's name may stand first; whether there is such a customer, and whether this person may
know, is not for the grammar to say.
"""

import difflib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot import words
from bot.domain.model import System
from bot.services.files import Form
from bot.services.views import Filter
from handlers.asked import ME, PERSON, QUOTES, Act, MisreadError, Request, customer_of, words_of
from handlers.dates import parse_time, take_day, take_past_day
from handlers.ids import Verb
from handlers.item_names import alike, described_item, find_item, hinted_item, near_item
from handlers.manners import HERE, plain
from handlers.match_reader import read_match
from handlers.values import page_of

EXAMPLES = {Verb(verb): text for verb, text in words.commands.EXAMPLES.items()}
BEFORE_FIX = frozenset({"do", "fix", "get", "i", "mark", "one", "to", "we"})
REVIEWED = frozenset({Act.DIFFERENT, Act.KEEP, Act.AGAIN})
AROUND_LISTS = frozenset({"and", "are", "customers", "onboardings", "ones", "page", "which", "who"})
BEFORE_SYSTEMS = frozenset({"my", "our", "the", "to", "up", "with"})
SYSTEMS = {
    "procore": System.PROCORE,
    "quickbooks": System.QBO,
    "qb": System.QBO,
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


def _read_customer(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``status [customer]``."""
    customer, channel = customer_of(rest)
    return Request(verb, text, customer=customer, channel_id=channel)


def _read_history(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``history [customer] [all]``: with every click; ``… since 12 Nov``: what changed."""
    places = [place for place, word in enumerate(rest) if word.casefold() == "since"]
    if places:
        return _read_since(verb, text, rest, places[-1], today)
    on = [word.strip(QUOTES).casefold() for word in rest[-1:]] == ["all"]
    return replace(_read_customer(verb, text, rest[:-1] if on else rest, today), on=on)


def _read_since(verb: Verb, text: str, rest: list[str], place: int, today: date) -> Request:
    day = take_past_day(rest[place + 1 :], today)
    if day is None:
        raise MisreadError(words.asking.SINCE_WHEN)
    return replace(_read_customer(verb, text, rest[:place], today), since=day)


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
            raise MisreadError(
                words.asking.ITEM_DID_YOU_MEAN.format(text=words_of(rest[-1:]), nearest=near),
                " ".join([verb, *rest[:-1], near]),
            )
        return _read_customer(verb, text, rest, today)
    customer, channel = customer_of(rest[: found[0]])
    return Request(verb, text, customer, channel, found[2])


def _read_export(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``export [customer] [item] [xlsx|csv|json]``."""
    asked = rest[-1].strip(QUOTES).casefold() if rest else ""
    form = FORMS.get(asked)
    words = rest[:-1] if form is not None else rest
    as_words = ("as",) if words and words[-1].casefold() == "as" else ()
    request = _read_check(verb, text, words[: len(words) - len(as_words)], today)
    return replace(request, form=form)


def _take_item(verb: Verb, rest: list[str]) -> tuple[str, str, str, list[str]]:
    """``[customer] <item> …``: customer, channel, item, and the words after it."""
    found = find_item(rest) or hinted_item(rest) or described_item(rest)
    if found is not None:
        start, end, item = found
        customer, channel = customer_of(rest[:start])
        return customer, channel, item, rest[end:]
    example = EXAMPLES[verb]
    if not rest:
        raise MisreadError(words.asking.WHICH_ITEM.format(example=example))
    for place, word in enumerate(rest[:2]):
        near = near_item(word)
        if near:
            meant = [verb, *rest[:place], near, *rest[place + 1 :]]
            raise MisreadError(
                words.asking.ITEM_DID_YOU_MEAN.format(text=words_of([word]), nearest=near),
                " ".join(meant),
            )
    items = ", ".join(alike(rest[0]))
    raise MisreadError(words.asking.NO_SUCH_ITEM.format(text=words_of(rest[:1]), items=items))


def _read_item(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``details [customer] <item>``, ``done [customer] <item> [note]``."""
    customer, channel, item, after = _take_item(verb, rest)
    return Request(verb, text, customer, channel, item, note=words_of(after))


def _read_details(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``details [customer] <item>``, or ``details [customer] risks``."""
    if rest and plain(rest[-1]) == Verb.RISKS:
        return _read_risks(Verb.RISKS, text, rest[:-1], today)
    asked = _read_item(verb, text, rest, today)
    return replace(asked, page=page_of(plain(asked.note.removeprefix("page "))))


def _read_fix(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``fix [customer] <item>``, also as ``how do I fix <item>``."""
    first = next((n for n, word in enumerate(rest) if plain(word) not in BEFORE_FIX), 0)
    return _read_item(verb, text, rest[first:], today)


def _read_review(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``review [customer] [item] [different|keep|again <ids>]``, or with a page."""
    said = [plain(word) for word in rest]
    place = next((n for n, word in enumerate(said) if word in REVIEWED), None)
    if place is not None:
        records = tuple(word for word in said[place + 1 :] if word not in ("and", "id"))
        if not records:
            raise MisreadError(words.asking.WHICH_RECORD.format(example=EXAMPLES[verb]))
        asked = _read_check(verb, text, rest[:place], today)
        return replace(asked, act=Act(said[place]), records=records)
    pages = bool(said) and said[-1].isascii() and said[-1].isdigit() and len(said[-1]) < 4
    asked = _read_check(verb, text, rest[:-1] if pages else rest, today)
    return replace(asked, page=page_of(said[-1]) if pages else 1)


def _read_risks(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``risks [customer] [on|off [risk]]``."""
    plain = [word.strip(QUOTES).casefold() for word in rest]
    for size in (1, 2):
        if len(plain) >= size and plain[-size] in ("on", "off"):
            customer, channel = customer_of(rest[:-size])
            item = plain[-1].removeprefix("risk-") if size > 1 else ""
            return Request(verb, text, customer, channel, note=item, on=plain[-size] == "on")
    customer, channel = customer_of(rest)
    return Request(verb, text, customer, channel)


def _read_stuck(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``stuck <why>``."""
    return Request(verb, text, note=words_of(rest))


def _read_snooze(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``snooze [customer] <days>``, ``snooze a week``, ``snooze until friday``."""
    rest = _in_days(rest, today)
    said = [word for word in rest if word.casefold() not in ("day", "days", "for")]
    number = said[-1] if said else ""
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise MisreadError(
            words.asking.HOW_MANY_DAYS.format(example=EXAMPLES[verb]), EXAMPLES[verb]
        )
    customer, channel = customer_of(said[:-1])
    return Request(verb, text, customer, channel, days=int(number))


def _in_days(rest: list[str], today: date) -> list[str]:
    """The same with a number of days at its end."""
    said = [plain(word) for word in rest]
    if "until" in said:
        place = said.index("until")
        day = take_day(rest[place + 1 :], today)
        return [*rest[:place], str((day[0] - today).days)] if day and day[0] > today else rest
    if said[-1:] not in (["week"], ["weeks"]):
        return rest
    if said[-2:-1] in (["a"], ["one"]):
        return [*rest[:-2], "7"]
    number = said[-2] if len(said) > 1 and said[-2].isascii() and said[-2].isdigit() else ""
    return [*rest[:-2], str(7 * int(number[:3]))] if number else rest


def _read_remind(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``remind [customer] on|off|<time>``."""
    said = [word for word in rest if word.casefold() != "at"]
    last = said[-1].casefold() if said else ""
    if last in ("on", "off"):
        customer, channel = customer_of(said[:-1])
        return Request(verb, text, customer, channel, on=last == "on")
    for size in (2, 1):
        at = parse_time("".join(said[-size:])) if len(said) >= size else None
        if at is not None:
            customer, channel = customer_of(said[:-size])
            return Request(verb, text, customer, channel, at=at)
    raise MisreadError(
        words.asking.REMIND_HOW,
        EXAMPLES[verb],
    )


def _read_assign(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``assign [customer] <item> @person [due]``."""
    customer, channel, item, after = _take_item(verb, rest)
    after = [word for word in after if word.casefold() not in ("to", "by", "due")]
    person = PERSON.fullmatch(after[0]) if after else None
    myself = bool(after) and plain(after[0]) in ("me", "myself")
    if person is None and not myself:
        raise MisreadError(words.asking.TO_WHOM.format(example=EXAMPLES[verb]))
    day = take_day(after[1:], today)
    if after[1:] and (day is None or day[1] != len(after) - 1):
        raise MisreadError(
            words.asking.UNKNOWN_DAY.format(text=words_of(after[1:])),
            " ".join([verb, *([customer] if customer else []), item, after[0]]),
        )
    return Request(
        verb,
        text,
        customer,
        channel,
        item,
        person=person[1] if person else ME,
        until=day[0] if day else None,
    )


def _read_waive(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``waive [customer] <item> [until <date>] <why>``."""
    customer, channel, item, after = _take_item(verb, rest)
    until = None
    if after and after[0].casefold() == "until":
        day = take_day(after[1:], today)
        if day is None:
            raise MisreadError(words.asking.UNTIL_WHEN.format(example=EXAMPLES[verb]))
        until, after = day[0], after[1 + day[1] :]
    if not after:
        raise MisreadError(words.asking.WAIVER_WHY.format(example=EXAMPLES[verb]))
    why = words_of(after).lstrip("-:, ")
    return Request(verb, text, customer, channel, item, note=why, until=until)


def _read_target(verb: Verb, text: str, rest: list[str], today: date) -> Request:
    """``target [customer] <day>|none``."""
    if rest and plain(rest[-1]) in ("none", "off"):
        customer, channel = customer_of(rest[:-1])
        return Request(verb, text, customer, channel)
    for start in range(len(rest)):
        day = take_day(rest[start:], today)
        if day is not None and start + day[1] == len(rest):
            customer, channel = customer_of([word for word in rest[:start] if plain(word) != "by"])
            return Request(verb, text, customer, channel, until=day[0])
    raise MisreadError(words.asking.BY_WHICH_DAY.format(example=EXAMPLES[verb]), EXAMPLES[verb])


def _read_link(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``link [customer] [instead]``."""
    instead = len(rest) > 1 and rest[-1].strip(QUOTES).casefold() == "instead"
    return Request(verb, text, customer=words_of(rest[:-1] if instead else rest), on=instead)


def _one_word(rest: list[str]) -> list[str]:
    """``quick books`` as its maker writes it."""
    said = [plain(word) for word in rest]
    for place in range(len(said) - 1):
        if said[place : place + 2] == ["quick", "books"]:
            return [*rest[:place], "quickbooks", *rest[place + 2 :]]
    return rest


def _read_connect(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``connect [customer] procore|quickbooks [as support]``, or ``… service <id> [replace]``."""
    rest = _one_word(rest)
    plain = [word.strip(QUOTES).casefold() for word in rest]
    place = next((n for n, word in enumerate(plain) if word in SYSTEMS), None)
    if place is None:
        near = difflib.get_close_matches(plain[-1], list(SYSTEMS), n=1) if plain else []
        meant = " ".join([verb, *rest[:-1], *near]) if near else ""
        raise MisreadError(words.asking.WHICH_SYSTEM.format(example=EXAMPLES[verb]), meant)
    system, after = SYSTEMS[plain[place]], plain[place + 1 :]
    after = after[1:] if after[:1] == ["online"] else after
    named = place
    while named and plain[named - 1] in BEFORE_SYSTEMS:
        named -= 1
    customer, channel = customer_of(rest[:named])
    asked = Request(verb, text, customer, channel, system=system)
    if after in ([], ["as", "support"], ["as", "support", "user"]):
        return replace(asked, as_support=bool(after))
    number = after[1] if len(after) > 1 else ""
    is_service = verb is Verb.CONNECT and system is System.PROCORE and after[0] == "service"
    if is_service and number.isascii() and number.isdigit() and after[2:] in ([], ["replace"]):
        return replace(asked, company=number, on=after[2:] == ["replace"])
    said = words_of(rest[place + 1 :])
    meant = " ".join([verb, *rest[: place + 1]])
    raise MisreadError(words.asking.REST_DID_YOU_MEAN.format(text=said, nearest=meant), meant)


def _read_list(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``list [all|mine|stuck|ready] [page]``, with or without the words around them."""
    asked = Request(verb, text)
    for word in map(plain, rest):
        if word.isascii() and word.isdigit():
            asked = replace(asked, page=page_of(word))
        elif word in set(Filter):
            asked = replace(asked, only=Filter(word))
        elif word not in AROUND_LISTS and word not in HERE:
            near = difflib.get_close_matches(word, list(Filter), n=1)
            meant = f"{verb} {near[0] if near else Filter.ALL}"
            raise MisreadError(
                words.asking.DID_YOU_MEAN.format(text=words_of([word]), nearest=meant), meant
            )
    return asked


def _read_bare(verb: Verb, text: str, rest: list[str], _today: date) -> Request:
    """``help [word]``."""
    return Request(verb, text, note=words_of(rest))


READERS: dict[Verb, Callable[[Verb, str, list[str], date], Request]] = {
    Verb.HELP: _read_bare,
    Verb.LIST: _read_list,
    Verb.DOCTOR: _read_bare,
    Verb.STATUS: _read_customer,
    Verb.CHECK: _read_check,
    Verb.HANDOFF: _read_customer,
    Verb.HISTORY: _read_history,
    Verb.MATCH: read_match,
    Verb.REVIEW: _read_review,
    Verb.FIX: _read_fix,
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
