"""Whether a channel is private, and when it was last looked at.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    # The default is for the version that still runs and writes rows without it.
    op.add_column("channel", sa.Column("kind", sa.Text(), nullable=False, server_default=""))
    op.add_column("channel", sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
