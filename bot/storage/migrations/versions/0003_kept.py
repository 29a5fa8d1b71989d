"""Which record of a group of duplicates a person wants to keep.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    texts = ("system", "record", "made_by")
    op.create_table(
        "kept",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "system", "record", name="pk_kept"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_kept_customer_id", ondelete="CASCADE"
        ),
    )
