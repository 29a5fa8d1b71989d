"""Sign-ins under way, and when a connection ends however often it is used.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "connection", sa.Column("hard_expires_at", sa.DateTime(timezone=True), nullable=True)
    )
    texts = ("key", "system", "purpose", "made_by", "step", "secret")
    moments = {"made_at": False, "expires_at": False, "used_at": True}
    op.create_table(
        "sign_in",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=null)
            for name, null in moments.items()
        ),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_sign_in_customer_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sign_in_customer_id", "sign_in", ["customer_id"])
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"])
