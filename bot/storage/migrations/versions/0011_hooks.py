"""The webhooks that the bot set up in customers' Procore.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "hook",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("hook_id", "problem", "told")),
        sa.PrimaryKeyConstraint("customer_id", name="pk_hook"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_hook_customer_id", ondelete="CASCADE"
        ),
    )
