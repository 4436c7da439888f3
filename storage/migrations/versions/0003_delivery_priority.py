"""Which of a lane's messages goes first."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNDER_WAY = sa.text("state = 'planned' AND rides_on IS NULL")


def upgrade() -> None:
    op.add_column("delivery", sa.Column("priority", sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    op.execute("UPDATE delivery SET priority = 1 WHERE kind = 'nudge' AND occurrence > 1")
    op.execute("UPDATE delivery SET priority = 2 WHERE kind IN ('follow_up', 'plan', 'farewell')")
    op.drop_index("ix_delivery_due", table_name="delivery")
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["workspace_id", "priority", "try_at", "id"],
        unique=False,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
