"""The names that two records had when a person called them "not a duplicate".

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    # The default is for the version that still runs and writes rows without names.
    for name in ("name_a", "name_b"):
        op.add_column("dismissal", sa.Column(name, sa.Text(), nullable=False, server_default=""))
