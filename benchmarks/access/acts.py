"""Random acts: somebody, somewhere, uses one of the things that the registry listens to.

The list of what can be used is the registry's own; what has to come of an act says ``rules``.
"""

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.access.installed import is_abroad, through
from benchmarks.access.rules import EVERYBODY, STAFF_ONLY, Must, meant, must_be
from benchmarks.access.town import (
    ACME_TEAM,
    BOT,
    CHANNELS,
    HOME,
    LINKED,
    MARKERS,
    PEOPLE,
    SLUGS,
    Person,
    places_of,
)
from bot.domain.access import Action
from handlers.call import Entry
from handlers.ids import ActionId, Verb
from handlers.origin import Kind
from handlers.readers import EXAMPLES
from handlers.registry import OTHERWISE, Heard
from handlers.values import FormState, ListState, Sealer

Json = dict[str, Any]

ITEMS = ("cost-code-coverage", "procore-duplicate-vendors", "qbo-support-user")
UNNAMED = {Verb.HELP, Verb.LIST, Verb.NEW, Verb.STUCK}
"""Words that take no customer's name."""
MORE_WORDS = {
    Verb.CONNECT: ("procore as support", "procore service 8089"),
    Verb.DISCONNECT: ("quickbooks as support",),
    Verb.UNDO: ("procore-support-user",),
}
"""What only staff may say of words that others may say too (that item is waived)."""
OTHER_WORDS = {
    Verb.MATCH: ("", "2", "suggested", "26-100 none", "division 03 to 5010"),
    Verb.REVIEW: ("", "vendors", "customers 2", "vendors different 1", "customers again 1"),
    Verb.DETAILS: ("vendors 2", "risks"),
    Verb.EXPORT: ("", "vendors csv", "project access json"),
    Verb.LIST: ("stuck", "mine 2"),
}
"""Further ways to say these words, with the same rights."""
IN_FORMS = ("burn_down_", "changes_", "details_", "form_", "list_", "match_", "review_")
"""Buttons that honest people find within modals only begin with these."""
JUNK = ("", "x", "-1", "1:nonsense", "1e3", "\u0663", "9" * 40, "1:../../x", "[1]", '{"a":1}', "2:")
NOISE = (
    "",
    "  ",
    "\u2026",
    "<@U0BOB> quokkamoss",
    "<#C0BONDI|bondi>",
    "why not",
    "\x00",
    "\U0001f4a5" * 90,
)


@dataclass(frozen=True, slots=True)
class Act:
    """One delivery, and what has to come of it. ``may_change`` are customers it may change."""

    who: Person
    place: str
    heard: str
    what: str
    body: Json
    must: Must
    may_change: frozenset[int]
    forged: bool = False


@dataclass
class Acts:
    """Makes acts for what a registry listens to."""

    chance: random.Random
    heard: list[Heard]
    verbs: Mapping[Verb, Entry]
    sealer: Sealer
    _count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __iter__(self) -> Iterator[Act]:
        """Every thing and every word by turns, for ever; everything else by chance."""
        words: list[Heard | Verb] = list(self.verbs)
        while True:
            for one in [*self.heard, *words]:
                yield self.act(one)

    def act(self, one: Heard | Verb) -> Act:
        """One act with this."""
        who = self.chance.choice(list(PEOPLE.values()))
        place = self.chance.choice(places_of(who))
        if isinstance(one, Verb):
            return self._words(who, place, one)
        if one.kind is Kind.COMMAND:
            return self._words(who, place, self.chance.choice(list(self.verbs)), slash=True)
        if one.kind is Kind.EVENT:
            return self._event(who, place, one)
        return self._press(who, place, one)

    # -- words ----------------------------------------------------------------------------

    def _words(self, who: Person, place: str, verb: Verb, *, slash: bool = False) -> Act:
        place = place or f"D0{who.id}"
        text, must = self._said(who, place, verb)
        forged = self.chance.random() < 0.1
        if forged:
            text, must = text.replace(" ", self.chance.choice(NOISE), 2), Must.STAY_HOME
        kind = "slash command" if slash else "mention"
        if kind == "mention" and self.chance.random() < 0.2:
            return self._suggestion(who, place, text, must, forged=forged)
        if kind == "slash command":
            body = self._command(who, place, text)
        else:
            body = self._message(who, place, text)
        return self._made(who, place, f"{kind} {verb}", text, body, must, forged=forged)

    def _said(self, who: Person, place: str, verb: Verb) -> tuple[str, Must]:
        """A sentence of the grammar, and what has to come of it."""
        entry, rest = self.verbs[verb], EXAMPLES.get(verb, str(verb)).partition(" ")[2]
        rest = self.chance.choice((rest, *OTHER_WORDS.get(verb, ())))
        action = entry.action
        if verb in MORE_WORDS and self.chance.random() < 0.5:
            rest, action = self.chance.choice(MORE_WORDS[verb]), Action.PROVE
        rest = rest.replace("@Casey", "<@U0DANA>")
        here = LINKED.get(place)
        if verb is Verb.LINK:
            return f"{verb} {self.chance.choice(list(SLUGS.values()))}", must_be(
                who, action, here, here
            )
        named = "" if verb in UNNAMED else self._name()
        if not entry.needs_customer:
            return f"{verb} {rest}", must_be(who, action, here, here)
        about = meant(named, here)
        return f"{verb} {named} {rest}", must_be(who, action, about, here)

    def _name(self) -> str:
        return self.chance.choice(
            ["", "", *SLUGS.values(), *MARKERS.values(), "zebrafinhc", "acme"]
        )

    def _command(self, who: Person, place: str, text: str) -> Json:
        return {
            "command": "/onboard",
            "text": text,
            "team_id": HOME,
            "user_id": who.id,
            "channel_id": place,
            "channel_name": "x",
            "trigger_id": self._new("t"),
        }

    def _message(self, who: Person, place: str, text: str) -> Json:
        direct = place.startswith("D")
        event: Json = {
            "type": "message" if direct else "app_mention",
            "channel": place,
            "user": who.id,
            "text": text if direct else f"<@{BOT}> {text}",
            "ts": self._new("1."),
        }
        if direct:
            event["channel_type"] = "im"
        if who.bot:
            event["bot_id"] = "B0ROBO"
        if who.team != HOME:
            event["user_team"] = event["source_team"] = who.team
        if self.chance.random() < 0.3:
            event["thread_ts"] = "1.000"
        return self._envelope(event)

    def _envelope(self, event: Json) -> Json:
        return {
            "type": "event_callback",
            "event_id": self._new("Ev"),
            "team_id": self.chance.choice([HOME, ACME_TEAM]),
            "authorizations": [{"team_id": HOME}],
            "event": event,
        }

    def _suggestion(self, who: Person, place: str, text: str, must: Must, *, forged: bool) -> Act:
        body = self._click(who, place, str(ActionId.SUGGESTION), text)
        return self._made(who, place, "suggestion", text, body, must, forged=forged)

    # -- events ---------------------------------------------------------------------------

    def _event(self, who: Person, place: str, one: Heard) -> Act:
        if one.name == "app_home_opened":
            view = {"private_metadata": self.chance.choice(["", "all", "ready", *JUNK])}
            event = {"type": one.name, "user": who.id, "channel": f"D0{who.id}", "tab": "home"}
            body = self._envelope(event | {"view": view})
            return self._made(who, "", one.name, "", body, Must.ALLOW)
        if one.name in ("app_mention", "message"):
            return self._chatter(who, place)
        return self._news(who, one.name)

    def _news(self, who: Person, name: str) -> Act:
        """Slack says that something happened to a channel; nobody but staff may hear of it."""
        place = self.chance.choice([channel for channel in CHANNELS if not channel.startswith("D")])
        event: Json = {"type": name, "channel": place, "user": who.id}
        if name in ("channel_rename", "group_rename"):
            event["channel"] = {"id": place, "name": "quokkamoss", "created": 1}
        elif name == "member_joined_channel":
            event |= {"user": self.chance.choice([BOT, who.id]), "inviter": who.id}
        elif name == "channel_id_changed":
            event = {"type": name, "old_channel_id": place, "new_channel_id": "C0MOVED"}
        elif name in ("channel_shared", "channel_unshared"):
            event |= {"connected_team_id": who.team, "previously_connected_team_id": who.team}
        here, body = LINKED.get(place), through(self.chance, who, self._envelope(event))
        # Another workspace's bot hears of its own side of a channel, which is nobody's business.
        may = frozenset({here} if here and not is_abroad(body) else ())
        return Act(who, place, name, "", body, Must.STAY_HOME, may)

    def _chatter(self, who: Person, place: str) -> Act:
        """People talk to each other, edit and delete: none of it is for the bot."""
        direct = not place or place.startswith("D")
        event = {
            "type": "message",
            "channel": place or f"D0{who.id}",
            "channel_type": "im" if direct else "channel",
            "user": who.id,
            "text": "status quokkamoss",
            "ts": self._new("1."),
        }
        if direct:
            event["subtype"] = self.chance.choice(["message_changed", "message_deleted"])
        return self._made(who, place, "message", "", self._envelope(event), Must.SILENCE)

    # -- clicks, forms, menus -------------------------------------------------------------

    def _press(self, who: Person, place: str, one: Heard) -> Act:
        if one.name == ActionId.SUGGESTION:
            verb = self.chance.choice(list(self.verbs))
            place = place or f"D0{who.id}"
            text, must = self._said(who, place, verb)
            return self._suggestion(who, place, text, must, forged=False)
        if one.name == OTHERWISE:
            body = self._any(who, place, one, self._new("gone_"), "1", self._sealed(who, place, 1))
            return self._made(
                who, place, f"unknown {one.kind}", "", body, Must.NOTHING, forged=True
            )
        name = self.chance.choice(list(one.entries))
        entry = one.entries[name]
        in_form = one.kind is not Kind.CLICK or self.chance.random() < 0.5
        about = self.chance.choice([LINKED.get(place) or 1, LINKED.get(place) or 2, 1, 2])
        if in_form:
            return self._in_form(who, place, one, name, entry, about)
        return self._in_message(who, place, one, name, entry, about)

    def _in_message(
        self, who: Person, place: str, one: Heard, name: str, entry: Entry, about: int
    ) -> Act:
        """A button in a message: its value says what it is about, truly or not."""
        item = self.chance.choice(ITEMS)
        forged = self.chance.random() < 0.3
        value = self.chance.choice(JUNK) if forged else f"{about}:{item}"
        must = must_be(
            who, entry.action, about if entry.needs_customer else None, LINKED.get(place)
        )
        if not entry.needs_customer and entry.action not in STAFF_ONLY | EVERYBODY:
            must = Must.STAY_HOME
        strange = one.name.startswith(IN_FORMS) or not place
        if forged or (must is Must.ALLOW and strange):
            must = Must.STAY_HOME
        body = self._click(who, place, one.name, f"{name}:{value}" if name else value)
        return self._made(who, place, f"{one.name} {name}", value, body, must, forged=forged)

    def _in_form(
        self, who: Person, place: str, one: Heard, name: str, entry: Entry, about: int
    ) -> Act:
        """Within a modal: what it is about is sealed into it, or put there by somebody else."""
        about = about if entry.needs_customer else 0
        forged = self.chance.random() < 0.4
        item = self.chance.choice(sorted(entry.items) or ITEMS)
        make = self._forged if forged else self._sealed
        metadata = make(who, place, about, item)
        must = must_be(who, entry.action, about or None, LINKED.get(place))
        if must is Must.ALLOW and (one.kind is Kind.CLICK and not one.name.startswith(IN_FORMS)):
            must = Must.STAY_HOME
        if forged and not who.bot:
            must = Must.NOTHING
        value = self.chance.choice(["2", "account", "1:03-300 account:03-300", "1", *JUNK])
        body = self._any(who, place, one, one.name, f"{name}:{value}" if name else value, metadata)
        return self._made(who, place, f"{one.name} in a form", value, body, must, forged=forged)

    def _any(
        self, who: Person, place: str, one: Heard, name: str, value: str, metadata: str
    ) -> Json:
        """A click within a modal, a submission, or somebody typing into its menu."""
        view = {
            "id": self._new("V"),
            "type": "modal",
            "callback_id": name,
            "private_metadata": metadata,
            "previous_view_id": self._new("V"),
            "state": {"values": _entered()},
        }
        if one.kind is Kind.CLICK and name.startswith("gone_") and self.chance.random() < 0.5:
            return self._click(who, place, name, value)
        body = self._click(who, "", name, value) | {"view": view}
        if one.kind is Kind.FORM:
            body |= {"type": "view_submission", "team": {"id": who.team}}
        elif one.kind is Kind.OPTIONS:
            typed = self.chance.choice(["", "a", "quokka", "zebra"])
            body |= {"type": "block_suggestion", "action_id": name, "value": typed, "block_id": "b"}
        return body

    def _sealed(self, who: Person, place: str, about: int, item: str = "") -> str:
        """What the bot itself puts into a form that this person opened there."""
        return self.sealer.seal(_state(place, who.id, about, item))

    def _forged(self, who: Person, place: str, about: int, item: str) -> str:
        """What it never put there."""
        sealed = self.sealer.seal(_state("C0BONDI", who.id, 2, item))
        return self.chance.choice(
            [
                "",
                "{}",
                "x.{}",
                sealed.replace("C0BONDI", "C0ACME") + " ",
                sealed.replace(":2,", ":1,"),
                sealed[:-1],
                sealed[1:],
                self.sealer.seal(_state(place, "U0NOBODY", about, item)),
                self.sealer.seal(_state(place, "U0SAM" if who.id != "U0SAM" else "U0BOB", 2, item)),
                Sealer("another secret").seal(_state(place, who.id, about, item)),
            ]
        )

    def _click(self, who: Person, place: str, name: str, value: str) -> Json:
        action: Json = {"type": "button", "action_id": str(name), "block_id": "b"}
        if self.chance.random() < 0.3:
            action["selected_option"] = {"value": value}
        else:
            action["value"] = value
        body: Json = {
            "type": "block_actions",
            "team": {"id": HOME, "domain": "interfy"},
            "user": {"id": who.id, "team_id": who.team},
            "trigger_id": self._new("t"),
            "actions": [action],
        }
        if place:
            ts = self._new("1.")
            body["container"] = {"type": "message", "message_ts": ts, "channel_id": place}
            body["channel"] = {"id": place, "name": "x"}
        return body

    def _made(
        self,
        who: Person,
        place: str,
        heard: str,
        what: str,
        body: Json,
        must: Must,
        *,
        forged: bool = False,
    ) -> Act:
        here = LINKED.get(place)
        may = frozenset(MARKERS) if who.is_staff else frozenset({here} if here else ())
        if must in (Must.REFUSE, Must.NOTHING, Must.SILENCE) or who.bot:
            may = frozenset()
        if who.bot:
            must = Must.SILENCE
        body = through(self.chance, who, body)
        return Act(who, place, heard, what, body, must, may, forged)

    def _new(self, prefix: str) -> str:
        return f"{prefix}{next(self._count)}"


def _state(place: str, user: str, about: int, item: str) -> FormState:
    return FormState(place, user, about, item, "", ListState(about="1:03-300").encode())


def _entered() -> Json:
    """Something in every field that any form has."""
    text = {"entry": {"value": "Some words"}}
    day = {"entry": {"selected_date": "2026-12-01"}}
    return {
        **dict.fromkeys(("note", "why", "reason", "name"), text),
        "due": day,
        "until": day,
        "owner": {"person": {"selected_option": {"value": "U0DANA"}}},
        "target": {"match_target": {"selected_option": {"value": "account:5000"}}},
        "division": {"list_division": {"selected_option": {"value": "09"}}},
    }
