"""What becomes of people's decisions when a customer is connected to another company.

A mapping, a "not a duplicate", a record to keep and a person's word that something is done are
about records of one company: in another, the same ids are other records by chance. So they are put
away when another company is connected, and come back with the company. A disconnect alone changes
nothing of them.
"""

from dataclasses import dataclass
from datetime import datetime

from bot import words
from bot.domain.catalogue import catalogue, risks
from bot.domain.customer import Connection, HistoryEntry, Purpose
from bot.domain.model import System
from bot.domain.put_away import NOTHING, PutAway
from bot.services.ports import Transaction


@dataclass(frozen=True, slots=True)
class Moved:
    """What was put away with the former company, and what came back with this one."""

    away: PutAway = NOTHING
    back: PutAway = NOTHING


async def at_stake(tx: Transaction, old: Connection) -> PutAway:
    """What would be put away if another company took this one's place."""
    if old.purpose is Purpose.SUPPORT:
        return NOTHING
    return await tx.put_away.count(old.customer_id, old.system, _items_of(old.system))


async def follow(
    tx: Transaction, made: Connection, old: Connection | None, by: str, at: datetime
) -> Moved:
    """Let decisions follow their companies, in the transaction that stores ``made``."""
    if made.purpose is Purpose.SUPPORT:
        return Moved()
    customer_id, system = made.customer_id, made.system
    about = dict(await tx.put_away.about(customer_id))
    if old is not None:
        # Connected before anybody kept a record of what decisions are about.
        about.setdefault(system, old.external_id)
    away = NOTHING
    if about.get(system, made.external_id) != made.external_id:
        away = await tx.put_away.put(customer_id, system, _items_of(system), about, by, at)
    about[system] = made.external_id
    await tx.put_away.now_about(customer_id, system, made.external_id)
    back = await tx.put_away.bring_back(customer_id, about)
    for action, moved in ((words.history.PUT_AWAY, away), (words.history.BROUGHT_BACK, back)):
        if moved:
            detail = f"{system.label}: {moved}"
            await tx.history.append(HistoryEntry(customer_id, at, by, action, detail))
    return Moved(away, back)


def _items_of(system: System) -> list[str]:
    """The items that are about this system; a person's word for them is about its company."""
    return [
        known.id
        for known in (*catalogue(), *risks())
        if any(need.system is system for need in known.needs)
    ]
