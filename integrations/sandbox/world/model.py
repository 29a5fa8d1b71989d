"""A world: all that the three stand-ins hold, and the customers that tie it together.

The whole is documented in docs/worlds.md. Everything here is refused early and completely: a
world that loads is one that the stand-ins can serve.
"""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from integrations.sandbox.slack.world import SlackWorld
from integrations.sandbox.world.base import Mistakes, Section, Zone
from integrations.sandbox.world.model_procore import ProcoreWorld
from integrations.sandbox.world.model_qbo import QboWorld

_STATES = ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA")


def _a_region(region: str) -> str:
    if region in _STATES:
        return f"AU-{region}"
    import holidays  # Loaded for other places only: it is large.

    country, _, part = region.partition("-")
    try:
        holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        states = ", ".join(_STATES)
        raise ValueError(
            f"there is no calendar for {region!r}; write {states}, "
            "or a country with an optional part of it, such as NZ or US-CA"
        ) from None
    return region


Region = Annotated[str, AfterValidator(_a_region)]
"""Whose public holidays count: ISO 3166 ("AU-NSW"); a state's letters alone mean Australia's."""


def _in_our_time(clock: datetime) -> datetime:
    if not 1971 <= clock.year <= 2999:
        raise ValueError("the clock starts between the years 1971 and 2999")
    return clock


Clock = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
"""A moment from which days may be counted both ways, as tokens, rates and reminders do."""


class Customer(Section):
    """A customer of Interfy's as the bot's demo set-up is to know it."""

    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    procore_company: int | None = None
    procore_authorised_by: str | None = None
    qbo_realm: str | None = None
    qbo_authorised_by: str | None = None
    channel: str | None = None
    timezone: Zone = "Australia/Sydney"
    region: Region = "AU-NSW"
    owner: str | None = None


class World(Section):
    """A whole world file. ``clock`` is the moment at which it starts (default: now)."""

    clock: Clock | None = None
    customers: list[Customer] = Field(default_factory=list)
    slack: SlackWorld = Field(default_factory=SlackWorld)
    procore: ProcoreWorld = Field(default_factory=ProcoreWorld)
    qbo: QboWorld = Field(default_factory=QboWorld)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = Mistakes()
        self._check_customers(found)
        found.raise_any("World")
        return self

    def _check_customers(self, found: Mistakes) -> None:
        found.repeats(("customers",), "slug", [one.slug for one in self.customers])
        found.repeats(("customers",), "channel", [one.channel for one in self.customers])
        directories = {one.id: one.users for one in self.procore.companies}
        seats = {one.realm_id: one.users for one in self.qbo.companies}
        channels = [one.id for one in self.slack.channels]
        people = [one.id for one in self.slack.users]
        for number, one in enumerate(self.customers):
            loc = ("customers", number)
            found.unknown(
                (*loc, "procore_company"), "Procore company", one.procore_company, directories
            )
            found.unknown((*loc, "qbo_realm"), "QBO company", one.qbo_realm, seats)
            found.unknown((*loc, "channel"), "channel", one.channel, channels)
            found.unknown((*loc, "owner"), "Slack user", one.owner, people)
            if one.procore_company in directories:
                known = {user.email: user.active for user in directories[one.procore_company]}
                at = (*loc, "procore_authorised_by")
                found.signed_in(at, one.procore_authorised_by, known, "is no active user of it")
            if one.qbo_realm in seats:
                may = {
                    user.email: user.status == "active" and user.role.may_authorise
                    for user in seats[one.qbo_realm]
                }
                at = (*loc, "qbo_authorised_by")
                why = "may not connect an app: only an active administrator or accountant may"
                found.signed_in(at, one.qbo_authorised_by, may, why)
