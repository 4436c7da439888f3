"""What any node does once, and what is disposed of."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chore",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    for table, column in (
        ("reflection", "delivery_id"),
        ("plan", "delivery_id"),
        ("follow_up", "source_delivery_id"),
    ):
        points = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=points, postgresql_where=points)
    for name, table, columns, undone in (
        ("ix_plan_open", "plan", ["organisation_id", "cue_on"], "closed_at IS NULL"),
        ("ix_follow_up_open_organisation_id", "follow_up", ["organisation_id"], "state = 'open'"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(undone), postgresql_where=sa.text(undone))
