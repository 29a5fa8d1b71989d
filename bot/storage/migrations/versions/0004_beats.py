"""Signs of life of the processes, and an index for the messages that were given up.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "beat",
        sa.Column("owner", sa.Text(), nullable=False),
        *(sa.Column(name, moment, nullable=False) for name in ("at", "started_at")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("release", "way")),
        *(sa.Column(name, moment, nullable=True) for name in ("heard_at", "clicked_at")),
        sa.Column("ended_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("owner", name="pk_beat"),
    )
    parked = sa.text("state = 'parked'")
    op.create_index(
        "ix_outbox_parked", "outbox", ["id"], sqlite_where=parked, postgresql_where=parked
    )
