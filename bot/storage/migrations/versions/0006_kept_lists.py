"""Lists as they were last read, encrypted; they go with their connection.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    texts = ("system", "purpose", "name")
    moments = {"connected_at": True, "as_of": False, "whole_at": False}
    op.create_table(
        "kept_list",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=null)
            for name, null in moments.items()
        ),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "system", "purpose", "name", name="pk_kept_list"),
        sa.ForeignKeyConstraint(
            ["customer_id", "system", "purpose"],
            ["connection.customer_id", "connection.system", "connection.purpose"],
            name="fk_kept_list_customer_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_kept_list_as_of", "kept_list", ["as_of"])
