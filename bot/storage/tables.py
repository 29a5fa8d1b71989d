"""The tables. What must happen once is a primary key or a unique constraint here.

Every row of a customer goes when the customer goes (``ON DELETE CASCADE``). ``history`` is
append-only: triggers, made by the first migration, refuse UPDATE always and DELETE unless
``purge`` names the customer. ``at`` and ``*_at`` columns are moments in UTC.
"""

from datetime import date, datetime, time

from sqlalchemy import Column, Date, ForeignKeyConstraint, Index
from sqlmodel import Field

from bot.storage.installation_tables import InstallationRow, InstallStateRow
from bot.storage.rows import Row
from bot.storage.rows import index_where as _index_where
from bot.storage.rows import moment as _moment
from bot.storage.rows import of_customer as _of_customer
from bot.storage.rows import text_of as _text
from bot.storage.types import PlainText

__all__ = ["InstallStateRow", "InstallationRow", "Row"]


class CustomerRow(Row, table=True):
    """A customer. The lease belongs to whoever is looking at its reminders now."""

    __tablename__ = "customer"
    # AUTOINCREMENT: the id of a purged customer, whose history may be deleted, is never reused.
    __table_args__ = (
        # This version neither reads nor writes these two; earlier ones, which may still run beside
        # it, do. The next version drops them, when none of those runs any more.
        Column("paused_from", PlainText),
        Column("held_notice_day", Date),
        {"sqlite_autoincrement": True},
    )
    __mapper_args__ = {"exclude_properties": ("paused_from", "held_notice_day")}  # noqa: RUF012

    id: int | None = Field(default=None, primary_key=True)
    slug: str = _text(unique=True)
    name: str = _text()
    stage: str = _text()
    stage_since: datetime = _moment()
    created_at: datetime = _moment()
    timezone: str = _text()
    region: str = _text()
    remind_at: time
    reminders_on: bool = True
    snoozed_until: date | None = None
    stuck_by: str | None = _text(None)
    stuck_at: datetime | None = _moment(default=None)
    stuck_why: str | None = _text(None)
    mode: str = _text()
    next_reminder_at: datetime | None = _moment(default=None, index=True)
    last_movement_at: datetime | None = _moment(default=None)
    escalation: int = 0
    handover_by: str | None = _text(None)
    handover_at: datetime | None = _moment(default=None)
    accepted_by: str = _text()
    accepted_at: datetime | None = _moment(default=None)
    owner: str = _text()
    lease_owner: str | None = _text(None)
    lease_until: datetime | None = _moment(default=None)


class ChannelRow(Row, table=True):
    """A Slack channel, linked to one customer."""

    __tablename__ = "channel"

    channel_id: str = _text(primary_key=True)
    customer_id: int = _of_customer(index=True)
    team_id: str = _text()
    is_primary: bool = True
    closed: str = _text()
    kind: str = _text()
    looked_at: datetime | None = _moment(default=None)


class OfCustomer(Row):
    """What one customer can have one or several of; goes when the customer goes."""

    customer_id: int = _of_customer(primary_key=True)


class OfItem(OfCustomer):
    """One row per customer and item of the checklist."""

    item: str = _text(primary_key=True)


class OfSystem(OfCustomer):
    """Rows per customer and system."""

    system: str = _text(primary_key=True)


class Made(Row):
    """By whom, and when."""

    made_by: str = _text()
    made_at: datetime = _moment()


class AttestationRow(Made, OfItem, table=True):
    """A person's word that an item is done."""

    __tablename__ = "attestation"

    note: str = _text()


class WaiverRow(Made, OfItem, table=True):
    """Staff's decision that an item does not matter; ``until`` is the last day it holds."""

    __tablename__ = "waiver"

    why: str = _text()
    until: date | None = None


class AssignmentRow(OfItem, table=True):
    """Who puts an item right, by when."""

    __tablename__ = "assignment"

    owner: str = _text()
    due: date | None = None


class ChoiceRow(Made, OfCustomer, table=True):
    """A cost code that a person mapped to a target."""

    __tablename__ = "choice"

    code: str = _text(primary_key=True)
    target: str = _text()


class DismissalRow(Made, OfSystem, table=True):
    """Two records that a person called "not a duplicate"; ``a`` sorts before ``b``.

    The names are those that the person was shown; "" in rows from before they were stored.
    """

    __tablename__ = "dismissal"

    a: str = _text(primary_key=True)
    b: str = _text(primary_key=True)
    name_a: str = _text()
    name_b: str = _text()


class KeptRow(Made, OfSystem, table=True):
    """A record that a person wants to survive the merge of its group."""

    __tablename__ = "kept"

    record: str = _text(primary_key=True)


class AboutRow(OfSystem, table=True):
    """The company that a customer's decisions are about, by the vault; a disconnect keeps it."""

    __tablename__ = "about"

    external_id: str = _text()


class PutAwayRow(Made, table=True):
    """Decisions about a company that another one took the place of, as the vault's ciphertext."""

    __tablename__ = "put_away"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = _of_customer(index=True)
    data: str = _text()


class FindingRow(OfItem, table=True):
    """The last finding of one item; ``data`` is JSON, see ``finding_json``."""

    __tablename__ = "finding"

    data: str = _text()


class CardRow(OfCustomer, table=True):
    """Where a customer's living card is."""

    __tablename__ = "card"

    channel_id: str = _text()
    ts: str = _text()


class HistoryRow(Row, table=True):
    """One line of the append-only history."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_customer_id_at_id", "customer_id", "at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int | None = _of_customer(default=None)
    at: datetime = _moment()
    actor: str = _text()
    action: str = _text()
    detail: str = _text()


class ConnectionRow(OfSystem, table=True):
    """A connection; ``external_id`` and both tokens are the vault's ciphertext."""

    __tablename__ = "connection"

    purpose: str = _text(primary_key=True)
    grant_type: str = _text()
    external_id: str = _text()
    access_token: str = _text()
    refresh_token: str = _text()
    expires_at: datetime | None = _moment(default=None)
    refresh_expires_at: datetime | None = _moment(default=None)
    hard_expires_at: datetime | None = _moment(default=None)
    account_name: str = _text()
    connected_by: str = _text()
    connected_at: datetime | None = _moment(default=None)
    broken: str = _text()


class KeptListRow(Row, table=True):
    """A list that was read; ``data`` is the vault's ciphertext. It goes with its connection."""

    __tablename__ = "kept_list"
    __table_args__ = (
        ForeignKeyConstraint(
            ["customer_id", "system", "purpose"],
            ["connection.customer_id", "connection.system", "connection.purpose"],
            ondelete="CASCADE",
        ),
    )

    customer_id: int = Field(primary_key=True)
    system: str = _text(primary_key=True)
    purpose: str = _text(primary_key=True)
    name: str = _text(primary_key=True)
    connected_at: datetime | None = _moment(default=None)
    as_of: datetime = _moment(index=True)
    whole_at: datetime = _moment()
    data: str = _text()


class SignInRow(Row, table=True):
    """A sign-in under way; ``key`` is a hash, ``secret`` the vault's ciphertext."""

    __tablename__ = "sign_in"

    key: str = _text(primary_key=True)
    customer_id: int = _of_customer(index=True)
    system: str = _text()
    purpose: str = _text()
    made_by: str = _text()
    step: str = _text()
    made_at: datetime = _moment()
    expires_at: datetime = _moment(index=True)
    secret: str = _text()
    used_at: datetime | None = _moment(default=None)


WAITING, PARKED, IN_FLIGHT = "state = 'waiting'", "state = 'parked'", "lease_owner IS NOT NULL"


class OutboxRow(Row, table=True):
    """An outgoing message. At most one row of a channel holds a lease: the index says so."""

    __tablename__ = "outbox"
    __table_args__ = (
        # The oldest first, and what waits before it in its channel: however many were sent.
        _index_where("ix_outbox_waiting", "id", where=WAITING),
        _index_where("ix_outbox_channel", "channel", "id", where=WAITING),
        _index_where("ix_outbox_parked", "id", where=PARKED),
        _index_where("uq_outbox_in_flight", "channel", where=IN_FLIGHT, unique=True),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = _text(unique=True)
    kind: str = _text()
    channel: str = _text()
    payload: str = _text()
    customer_id: int | None = _of_customer(default=None, index=True)
    thread_ts: str = _text()
    not_before: datetime | None = _moment(default=None)
    added_at: datetime = _moment()
    state: str = _text()
    attempts: int = 0
    uncertain: bool = False
    lease_owner: str | None = _text(None)
    lease_until: datetime | None = _moment(default=None)
    sent_ts: str = _text()
    sent_at: datetime | None = _moment(default=None)
    last_error: str = _text()


class InboxRow(Row, table=True):
    """The key of something that Slack delivered."""

    __tablename__ = "inbox"

    key: str = _text(primary_key=True)
    at: datetime = _moment(index=True)


class TickRow(OfCustomer, table=True):
    """Items to look at again because a system told of a change, and how often that happened.

    ``items`` are ids with blanks between. ``due_at`` is None while there is nothing to look at.
    """

    __tablename__ = "tick"

    items: str = _text()
    due_at: datetime | None = _moment(default=None, index=True)
    version: int = 0
    since: datetime | None = _moment(default=None)
    runs: int = 0


class HookRow(OfCustomer, table=True):
    """A webhook in a customer's Procore; ``problem`` is why it doesn't tell, or ""."""

    __tablename__ = "hook"

    connected_at: datetime | None = _moment(default=None)
    tried_at: datetime = _moment()
    hook_id: str = _text()
    problem: str = _text()
    told: str = _text()


class ReminderRow(OfCustomer, table=True):
    """That a reminder of this kind exists for this local day."""

    __tablename__ = "reminder"

    day: date = Field(primary_key=True)
    kind: str = _text(primary_key=True)
    at: datetime = _moment()


class RemovalRow(Row, table=True):
    """That the app was removed (``what`` is "slack"), until its token is taken again."""

    __tablename__ = "removal"

    what: str = _text(primary_key=True)
    why: str = _text()
    at: datetime = _moment()


class LeaseRow(Row, table=True):
    """A named right that one process holds until ``until``."""

    __tablename__ = "lease"

    name: str = _text(primary_key=True)
    owner: str = _text()
    until: datetime = _moment()


class BeatRow(Row, table=True):
    """A process's sign of life; nothing of any customer is in it."""

    __tablename__ = "beat"

    owner: str = _text(primary_key=True)
    at: datetime = _moment()
    started_at: datetime = _moment()
    release: str = _text()
    way: str = _text()
    heard_at: datetime | None = _moment(default=None)
    clicked_at: datetime | None = _moment(default=None)
    ended_at: datetime | None = _moment(default=None)


class PurgeRow(Row, table=True):
    """That a customer was removed with all its rows; no foreign key, because this row stays."""

    __tablename__ = "purge"

    customer_id: int = Field(primary_key=True)
    made_by: str = _text()
    made_at: datetime = _moment()
