"""What people think of the exercises, what they want changed in them, and the exercises they have led themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        *_whose("feedback"),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("useful", sa.String(40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.UniqueConstraint("person_id", "lesson_id", name=op.f("uq_feedback_person_id_lesson_id")),
    )
    _partial("ix_feedback_uncounted", "feedback", ["organisation_id", "lesson_id"], "counted_on IS NULL")
    op.create_table(
        "feedback_figure",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("halves", sa.Integer(), nullable=False),
        sa.Column("nearly_all", sa.Integer(), nullable=False),
        sa.Column("nearly_none", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "lesson_id", name=op.f("pk_feedback_figure")),
        _foreign("feedback_figure", "organisation_id", "organisation"),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        _foreign("suggestion", "organisation_id", "organisation"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_suggestion_organisation_id", "suggestion", ["organisation_id"])
    op.create_table(
        "signed_suggestion",
        *_whose("signed_suggestion"),
        sa.Column("lesson_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_on_page", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_signed_suggestion_person_id", "signed_suggestion", ["person_id"])
    op.create_table(
        "facilitation",
        *_whose("facilitation"),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("led_on", sa.Date(), nullable=False),
        sa.Column("method_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("learned", sa.Text(), nullable=True),
        sa.Column("written_on_page", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _foreign("facilitation", "cohort_id", "cohort"),
    )
    op.create_index("ix_facilitation_person_id_led_on", "facilitation", ["person_id", "led_on"])
    _partial("ix_facilitation_cohort_id", "facilitation", ["cohort_id"], "cohort_id IS NOT NULL")
    op.add_column("cohort", sa.Column("led_told", sa.Integer(), nullable=True))


def _whose(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _foreign(table, "organisation_id", "organisation"),
        _foreign(table, "person_id", "person"),
    )


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _partial(name: str, table: str, columns: list[str], rows: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))
