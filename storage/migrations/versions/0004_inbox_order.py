"""Events of one person, in order, whichever process handles them; what is set aside, to be listed and replayed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox_event", sa.Column("kind", sa.String(), nullable=True))
    waits = sa.text("handled_at IS NULL AND set_aside_at IS NULL")
    op.create_index(
        "ix_inbox_event_whose",
        "inbox_event",
        ["platform", "workspace", "person", "id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
    aside = sa.text("set_aside_at IS NOT NULL")
    op.create_index("ix_inbox_event_set_aside", "inbox_event", ["id"], sqlite_where=aside, postgresql_where=aside)
