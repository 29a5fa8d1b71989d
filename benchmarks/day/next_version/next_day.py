"""What the next version's schema adds: a column and an index on busy tables, and a table."""

import os

import sqlalchemy as sa
from alembic import op

revision = "day"
down_revision = os.environ["DAY_AFTER"]
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add only, as every revision does."""
    op.add_column("customer", sa.Column("day_note", sa.String(), nullable=True))
    op.add_column("outbox", sa.Column("day_note", sa.String(), nullable=True))
    op.create_index("ix_day_history", "history", ["customer_id", "action"])
    op.create_table("day", sa.Column("id", sa.Integer(), primary_key=True))
