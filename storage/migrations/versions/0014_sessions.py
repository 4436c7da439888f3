"""The programme's meetings on a cohort's calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cohort_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=True),
        sa.Column("times_changed", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_session")),
        sa.UniqueConstraint("cohort_id", "number", name=op.f("uq_cohort_session_cohort_id_number")),
        _foreign("organisation_id", "organisation"),
        _foreign("cohort_id", "cohort"),
    )


def _foreign(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_cohort_session_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)
