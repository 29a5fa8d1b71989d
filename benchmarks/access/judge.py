"""What came of an act, against what had to come of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.access.acts import Act
from benchmarks.access.installed import TEAMS, is_abroad, token_of
from benchmarks.access.rules import Must
from benchmarks.access.slack import Shown
from benchmarks.access.town import MARKERS, SECRETS, entitled

REFUSALS = ("only interfy staff can do that", "i can only talk about")
WHO_CAN = "interfy staff"
STALE = ("older card", "older version of me")
BROKE = "something broke"
AUDIT = ("history", "refused")
WHOSE = {token_of(team): customer_id for team, customer_id in TEAMS.items()}
"""The customer of each workspace that has the app, by its token there."""
MOST_FAULTS = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that an act did: shown, changed as (table, customer, action), and answered."""

    shown: Sequence[Shown]
    changed: frozenset[tuple[str, int | None, str]]
    status: int
    options: str = ""


@dataclass
class Verdicts:
    """Counts, and the first faults in words."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __add__(self, other: "Verdicts") -> "Verdicts":
        """Both together."""
        faults = [*self.faults, *other.faults]
        return Verdicts(self.counts + other.counts, faults[:MOST_FAULTS])

    def judge(self, act: Act, outcome: Outcome) -> None:
        """Add one act."""
        self.counts["acts"] += 1
        self.counts[f"had to {act.must}"] += 1
        self.counts["forged payloads"] += act.forged
        self.counts["through another workspace"] += is_abroad(act.body)
        refused = any(_says(one, *REFUSALS) for one in outcome.shown)
        self.counts["refusals seen"] += refused
        for kind, fault in _faults(act, outcome, refused=refused):
            self.counts[kind] += 1
            if len(self.faults) < MOST_FAULTS:
                self.faults.append(f"{kind}: {fault}: {_told(act, outcome)}")


def _told(act: Act, outcome: Outcome) -> str:
    """An act and what came of it, for whoever has to find out why."""
    where = act.place or "Home"
    changed = sorted(map(str, outcome.changed))
    said = [f"{one.method} {sorted(one.people)} {one.text[:200]}" for one in outcome.shown]
    did = f"{act.who.id} in {where}, {act.heard} {act.what!r}, had to {act.must}"
    return f"{did}; changed {changed}; showed {said}; body {act.body}"


def _says(shown: Shown, *texts: str) -> bool:
    return any(text in shown.text for text in texts)


def _faults(act: Act, outcome: Outcome, *, refused: bool) -> list[tuple[str, str]]:
    found = [*_leaks(act, outcome)]
    if outcome.status != 200:
        found.append(("unanswered", f"status {outcome.status}"))
    if any(_says(one, BROKE) for one in outcome.shown):
        found.append(("broken", "an error of ours"))
    if act.must is Must.ALLOW and (refused or any(_says(one, *STALE) for one in outcome.shown)):
        found.append(("wrongly refused", "an honest act of somebody who may"))
    if act.must is Must.REFUSE:
        found += _refusal(act, outcome)
    if act.must is Must.SILENCE and (outcome.shown or outcome.options or outcome.changed):
        found.append(("talked to bots", "an answer where none belongs"))
    return found


def _leaks(act: Act, outcome: Outcome) -> list[tuple[str, str]]:
    """Another customer's marker before somebody's eyes, or a change that was not theirs to make."""
    found = []
    shown = [*outcome.shown, Shown("options", frozenset({act.who.id}), outcome.options)]
    for one in shown:
        for customer_id, marker in _markers(act):
            abroad = WHOSE.get(one.token)
            if marker in one.text and abroad not in (None, customer_id):
                found.append(("leaks", f"{marker} was left in another workspace"))
            if marker in one.text:
                eyes = sorted(who for who in one.people if not entitled(who, customer_id))
                found += [("leaks", f"{marker} was shown to {who}") for who in eyes]
    strange = {
        one for one in outcome.changed if not _is_audit(one) and one[1] not in act.may_change
    }
    if strange and not act.who.is_staff:
        found.append(("leaks", f"changed {sorted(map(str, strange))}"))
    elif strange and act.must is Must.NOTHING:
        found.append(("leaks", "a forged payload changed something"))
    return found


def _markers(act: Act) -> Iterator[tuple[int, str]]:
    """Words that give a customer away; not the name that the person typed itself."""
    for customer_id, name in MARKERS.items():
        if name.casefold() not in act.what.casefold():
            yield customer_id, name.casefold()
        yield customer_id, SECRETS[customer_id].casefold()


def _refusal(act: Act, outcome: Outcome) -> list[tuple[str, str]]:
    """One private sentence that says who can, and one line of history."""
    if act.body["type" if "type" in act.body else "command"] == "block_suggestion":
        return [("leaks", "a menu had entries")] if outcome.options else []
    found = []
    texts = [one for one in outcome.shown if _says(one, *REFUSALS)]
    if not texts or any(WHO_CAN not in one.text for one in texts):
        found.append(("refusals that don't say who can", "no sentence, or half of one"))
    if len(outcome.shown) != len(texts):
        found.append(("leaks", "more than a refusal was shown"))
    if len([one for one in outcome.changed if _is_audit(one)]) != 1:
        found.append(("refusals without a line of history", "nobody will know"))
    return found


def _is_audit(change: tuple[str, int | None, str]) -> bool:
    return (change[0], change[2]) == AUDIT
