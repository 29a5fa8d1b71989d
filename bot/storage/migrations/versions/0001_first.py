"""The first schema.

Revision ID: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _customers()
    _decisions()
    _facts()
    _queues()
    _guard_history()


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _id(name: str = "customer_id", *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _day(name: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=null)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _of_customer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["customer_id"], ["customer.id"], name=f"fk_{table}_customer_id", ondelete="CASCADE"
    )


def _customers() -> None:
    op.create_table(
        "customer",
        _id("id"),
        _text("slug"),
        _text("name"),
        _text("stage"),
        _moment("stage_since"),
        _moment("created_at"),
        _text("timezone"),
        _text("region"),
        sa.Column("remind_at", sa.Time(), nullable=False),
        _flag("reminders_on"),
        _day("snoozed_until"),
        _text("stuck_by", null=True),
        _moment("stuck_at", null=True),
        _text("stuck_why", null=True),
        _text("mode"),
        _moment("next_reminder_at", null=True),
        _moment("last_movement_at", null=True),
        sa.Column("escalation", sa.Integer(), nullable=False),
        _text("handover_by", null=True),
        _moment("handover_at", null=True),
        _text("accepted_by"),
        _moment("accepted_at", null=True),
        _text("paused_from", null=True),
        _text("owner"),
        _day("held_notice_day"),
        _text("lease_owner", null=True),
        _moment("lease_until", null=True),
        _key("customer", "id"),
        sa.UniqueConstraint("slug", name="uq_customer_slug"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_customer_next_reminder_at", "customer", ["next_reminder_at"])
    op.create_table(
        "purge", _id(), _text("made_by"), _moment("made_at"), _key("purge", "customer_id")
    )
    op.create_table(
        "channel",
        _text("channel_id"),
        _id(),
        _text("team_id"),
        _flag("is_primary"),
        _key("channel", "channel_id"),
        _of_customer("channel"),
    )
    op.create_index("ix_channel_customer_id", "channel", ["customer_id"])


def _decisions() -> None:
    _by_item("attestation", _text("made_by"), _moment("made_at"), _text("note"))
    _by_item("waiver", _text("made_by"), _moment("made_at"), _text("why"), _day("until"))
    _by_item("assignment", _text("owner"), _day("due"))
    op.create_table(
        "choice",
        _id(),
        _text("code"),
        _text("target"),
        _text("made_by"),
        _moment("made_at"),
        _key("choice", "customer_id", "code"),
        _of_customer("choice"),
    )
    op.create_table(
        "dismissal",
        _id(),
        _text("system"),
        _text("a"),
        _text("b"),
        _text("made_by"),
        _moment("made_at"),
        _key("dismissal", "customer_id", "system", "a", "b"),
        _of_customer("dismissal"),
    )


def _by_item(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        _id(),
        _text("item"),
        *columns,
        _key(table, "customer_id", "item"),
        _of_customer(table),
    )


def _facts() -> None:
    _by_item("finding", _text("data"))
    op.create_table(
        "card",
        _id(),
        _text("channel_id"),
        _text("ts"),
        _key("card", "customer_id"),
        _of_customer("card"),
    )
    op.create_table(
        "connection",
        _id(),
        _text("system"),
        _text("purpose"),
        _text("grant_type"),
        _text("external_id"),
        _text("access_token"),
        _text("refresh_token"),
        _moment("expires_at", null=True),
        _moment("refresh_expires_at", null=True),
        _text("account_name"),
        _text("connected_by"),
        _moment("connected_at", null=True),
        _text("broken"),
        _key("connection", "customer_id", "system", "purpose"),
        _of_customer("connection"),
    )
    op.create_table(
        "history",
        _id("id"),
        _id(null=True),
        _moment("at"),
        _text("actor"),
        _text("action"),
        _text("detail"),
        _key("history", "id"),
        _of_customer("history"),
    )
    op.create_index("ix_history_customer_id_at_id", "history", ["customer_id", "at", "id"])


def _queues() -> None:
    op.create_table(
        "outbox",
        _id("id"),
        _text("key"),
        _text("kind"),
        _text("channel"),
        _text("payload"),
        _id(null=True),
        _text("thread_ts"),
        _moment("not_before", null=True),
        _moment("added_at"),
        _text("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _flag("uncertain"),
        _text("lease_owner", null=True),
        _moment("lease_until", null=True),
        _text("sent_ts"),
        _moment("sent_at", null=True),
        _text("last_error"),
        _key("outbox", "id"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        _of_customer("outbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_customer_id", "outbox", ["customer_id"])
    _partial_index("ix_outbox_waiting", ["id"], "state = 'waiting'")
    _partial_index("ix_outbox_channel", ["channel", "id"], "state = 'waiting'")
    _partial_index("uq_outbox_in_flight", ["channel"], "lease_owner IS NOT NULL", unique=True)
    op.create_table("inbox", _text("key"), _moment("at"), _key("inbox", "key"))
    op.create_index("ix_inbox_at", "inbox", ["at"])
    op.create_table(
        "reminder",
        _id(),
        _day("day", null=False),
        _text("kind"),
        _moment("at"),
        _key("reminder", "customer_id", "day", "kind"),
        _of_customer("reminder"),
    )
    op.create_table("lease", _text("name"), _text("owner"), _moment("until"), _key("lease", "name"))


def _partial_index(name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(
        name, "outbox", columns, unique=unique, sqlite_where=only, postgresql_where=only
    )


NO_UPDATE_SQLITE = """
CREATE TRIGGER history_no_update BEFORE UPDATE ON history
BEGIN
  SELECT RAISE(ABORT, 'history is append-only: a line cannot be changed');
END
"""
NO_DELETE_SQLITE = """
CREATE TRIGGER history_no_delete BEFORE DELETE ON history
WHEN NOT EXISTS (SELECT 1 FROM purge WHERE purge.customer_id = OLD.customer_id)
BEGIN
  SELECT RAISE(ABORT, 'history is append-only: lines go only with a purged customer');
END
"""
REFUSE_POSTGRESQL = """
CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'history is append-only: a line cannot be changed';
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM purge WHERE purge.customer_id = OLD.customer_id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'history is append-only: lines go only with a purged customer';
END
$$
"""
ROW_GUARD_POSTGRESQL = """
CREATE TRIGGER history_guard BEFORE UPDATE OR DELETE ON history
FOR EACH ROW EXECUTE FUNCTION refuse_history_change()
"""
TRUNCATE_GUARD_POSTGRESQL = """
CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON history
FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()
"""


def _guard_history() -> None:
    """Refuse what would rewrite the history; a row in ``purge`` lets a customer's lines go."""
    sqlite = (NO_UPDATE_SQLITE, NO_DELETE_SQLITE)
    postgresql = (REFUSE_POSTGRESQL, ROW_GUARD_POSTGRESQL, TRUNCATE_GUARD_POSTGRESQL)
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.execute(statement)
