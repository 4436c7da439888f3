"""Events of one person, in order, whichever process handles them; what is set aside, to be listed and replayed."""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # On SQLite the table is made anew: nothing less makes it give no id twice.
    makes_anew: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    never_twice = {"sqlite_autoincrement": True}
    with op.batch_alter_table("inbox_event", recreate=makes_anew, table_kwargs=never_twice) as inbox_event:
        inbox_event.add_column(sa.Column("kind", sa.String(), nullable=True))
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
