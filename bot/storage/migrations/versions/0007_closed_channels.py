"""Channels that take no messages just now, and whether Slack still lets the bot in.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    # The default is for the version that still runs and writes rows without it.
    op.add_column("channel", sa.Column("closed", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "removal",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_removal"),
    )
