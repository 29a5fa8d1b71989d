"""Decisions that wait for their company to come back, and which companies decisions are about.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "about",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "system", name="pk_about"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_about_customer_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "put_away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_put_away"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_put_away_customer_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_put_away_customer_id", "put_away", ["customer_id"])
