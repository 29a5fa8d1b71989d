"""What was asked, or why it could not be understood; and the words that both are made of."""

import re
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from bot.domain.model import System
from bot.services.files import Form
from bot.services.views import Filter
from handlers.ids import Verb
from handlers.manners import name_of

LONGEST = 4_000
"""Characters of what is said; Slack's own programs send no longer message."""
QUOTES = "\"'`.,:!*_~"
PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
ME = "me"
"""Whoever asks, in the place of a person."""
_TYPOGRAPHY = str.maketrans("\u201c\u201d\u2018\u2019\u00a0\u2013\u2014", "\"\"'' --")
_UNSEEN = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe0f\ufeff]")
"""What copying and keyboards leave behind and nobody sees; a joiner may belong to a word."""
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class Act(StrEnum):
    """What ``match`` and ``review`` are asked to do, beside showing the list."""

    LIST = "list"
    TO = "to"
    NONE = "none"
    SUGGESTED = "suggested"
    DIFFERENT = "different"
    KEEP = "keep"
    AGAIN = "again"


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
    since: date | None = None
    system: System | None = None
    as_support: bool = False
    form: Form | None = None
    company: str = ""
    only: Filter = Filter.ALL
    page: int = 1
    act: Act = Act.LIST
    code: str = ""
    of_division: bool = False
    of_list: str = ""
    target: str = ""
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why it could not be understood, and a command that probably says what was meant."""

    message: str
    suggestion: str = ""


class MisreadError(Exception):
    """Carries a problem out of a parser's depth."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(message, suggestion)


def mention_of(user_id: str) -> re.Pattern[str]:
    """Where somebody is mentioned."""
    return re.compile(rf"<@{re.escape(user_id)}(?:\|[^>]*)?>")


def tokens_of(text: str, bot_user_id: str) -> list[str]:
    """The words; a mention of the bot itself is only how it was called."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}\u2026"
    text = _UNSEEN.sub("", text.translate(_TYPOGRAPHY))
    if bot_user_id:
        text = mention_of(bot_user_id).sub(" ", text)
    # A name in Slack's own notation may hold spaces, and only the id counts.
    text = PERSON.sub(r" <@\1> ", text)
    text = CHANNEL.sub(r" <#\1> ", text)
    return text.split()


def words_of(tokens: list[str]) -> str:
    """Free text as the person typed it: Slack's entities and our quotes undone."""
    text = " ".join(tokens).strip("\"'` ")
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def customer_of(tokens: list[str]) -> tuple[str, str]:
    """Customer as typed, and a channel named in its place."""
    if len(tokens) == 1 and (match := CHANNEL.fullmatch(tokens[0])):
        return "", match[1]
    return words_of(name_of(tokens)), ""
