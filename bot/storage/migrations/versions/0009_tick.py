"""What is to be looked at again because Procore or QuickBooks told of a change.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "tick",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_tick"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_tick_customer_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_tick_due_at", "tick", ["due_at"])
