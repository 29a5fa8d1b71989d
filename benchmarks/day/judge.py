"""What the day did to people: from the stand-ins' record, the replicas' logs and the database."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.day.hours import Day
from benchmarks.day.people import KINDS, Act, counted, is_card
from benchmarks.day.town import Place
from tests.token_watch import leaks_in, leaks_under

Entry = Mapping[str, Any]
ALSO_OLD = "Something broke"
"""How the bot says that it could not do something."""


@dataclass(frozen=True, slots=True)
class PhaseFigures:
    """How people fared from one disturbance to the next. Times are seconds."""

    name: str
    lasted: float
    acts: int
    refused: int
    apologies: int
    lost: int
    median: float
    slowest: float
    recovered: float
    """From the end of the disturbance until the last refusal or apology; 0 where none came."""


def phases(day: Day) -> Iterator[PhaseFigures]:
    """One for each thing that happened."""
    for name, began, over in day.phases:
        acts = [act for act in day.crowd.acts if act.phase == name]
        waited = sorted(act.waited for act in acts if act.waited is not None)
        bad = [act for act in acts if act.refused or is_apology(act)]
        yield PhaseFigures(
            name,
            over - began,
            len(acts),
            sum(act.refused for act in acts),
            sum(is_apology(act) for act in acts),
            sum(act.lost for act in acts),
            waited[len(waited) // 2] if waited else 0.0,
            waited[-1] if waited else 0.0,
            max([0.0, *(act.at + (act.waited or 0.0) - over for act in bad)]),
        )


def is_apology(act: Act) -> bool:
    """It was answered by saying that it could not be done."""
    return ALSO_OLD in act.words


def doubled(day: Day, entries: Sequence[Entry]) -> list[str]:
    """Private answers and cards of which somebody got more than there were questions."""
    asked = counted(day.crowd.acts)
    shown: Counter[tuple[str, str]] = Counter()
    staff = {place.channel: place.staff for place in day.crowd.places}
    for entry in entries:
        if entry["kind"] != "message":
            continue
        if entry["op"] == "ephemeral":
            shown[entry["user"], _kind_of(str(entry["text"]))] += 1
        elif entry["op"] == "view_open":
            shown[entry["user"], "how to fix"] += 1
        elif entry["op"] == "post" and entry["channel"] in staff and is_card(entry):
            shown[staff[entry["channel"]], "status"] += 1
    return [
        f"{who}: {kind} asked {asked[who, kind]} times, answered {times}"
        for (who, kind), times in sorted(shown.items())
        if kind in KINDS and times > asked[who, kind]
    ]


def _kind_of(text: str) -> str:
    """Which question a private answer belongs to, "" where several could be."""
    for words, kind in (
        ("History of", "history by mention"),
        ("onboardings, the most stuck", "list"),
        ("remind you", "remind"),
    ):
        if words in text:
            return kind
    return ""


def keyed(entries: Sequence[Entry]) -> Counter[str]:
    """How many reminders and hand-offs each channel or customer got, by the key's kind."""
    found: Counter[str] = Counter()
    for entry in entries:
        if entry["kind"] == "message" and entry["op"] == "post":
            payload = (entry.get("metadata") or {}).get("event_payload") or {}
            key = str(payload.get("key", ""))
            if key.startswith("reminder:"):
                found[f"reminder {entry['channel']}"] += 1
            elif key.startswith("handoff:"):
                found[key] += 1
    return found


def leaked(day: Day, entries: Sequence[Entry]) -> list[str]:
    """Somebody of a customer's was shown another customer's name."""
    theirs = {place.outsider: place for place in day.crowd.places}
    rooms = {place.channel: place for place in day.crowd.places}
    found = []
    for entry in entries:
        if entry["kind"] != "message":
            continue
        reader = theirs.get(str(entry.get("user"))) if entry["op"] != "post" else None
        if entry["op"] in ("post", "update"):
            reader = rooms.get(str(entry.get("channel")))
        if reader is not None:
            found += [f"{reader.name}: {told}" for told in _others(reader, day, entry)]
    return found


def _others(reader: Place, day: Day, entry: Entry) -> list[str]:
    text = json.dumps([entry.get("text"), entry.get("title"), entry.get("blocks")])
    return [
        f"saw {place.name}"
        for place in day.crowd.places
        if place != reader and (place.name in text or place.slug in text)
    ]


def secrets_found(day: Day, logs: Path, database_url: str) -> list[str]:
    """Tokens of the stand-ins and our own keys, in the logs and in every row of the database."""
    found = leaks_under(logs)
    for path in logs.glob("*.log"):
        found += [f"{path.name}: a key" for key in day.keys if key in path.read_text()]
    with psycopg.connect(database_url) as connection:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in connection.execute(names).fetchall():
            rows = connection.execute(f'SELECT t::text FROM "{table}" t').fetchall()
            text = "\n".join(row[0] for row in rows)
            found += [f"table {table}: {token}" for token in leaks_in(text)]
            found += [f"table {table}: a key" for key in day.keys if key in text]
    return found


def unsent(database_url: str) -> list[str]:
    """Messages that still wait, or were given up."""
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT key, state FROM outbox WHERE state <> 'sent'").fetchall()
    return [f"{key} {state}" for key, state in rows]
