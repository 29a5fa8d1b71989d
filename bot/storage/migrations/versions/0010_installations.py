"""The app in other workspaces, and installations that somebody began.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    texts = (
        "team_id",
        "team_name",
        "bot_user",
        "scopes",
        "access_token",
        "refresh_token",
        "installed_by",
        "broken",
    )
    op.create_table(
        "installation",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_installation"),
    )
    op.create_index("ix_installation_expires_at", "installation", ["expires_at"])
    op.create_table(
        "install_state",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_install_state"),
    )
    op.create_index("ix_install_state_expires_at", "install_state", ["expires_at"])
