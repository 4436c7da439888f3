"""What a person remembers of the cases that come back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recall_memory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("was_right", sa.Boolean(), nullable=True),
        sa.Column("stability", sa.Float(), nullable=True),
        sa.Column("difficulty", sa.Float(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_memory")),
        sa.UniqueConstraint("enrolment_id", "card_id", name=op.f("uq_recall_memory_enrolment_id_card_id")),
        _foreign("organisation_id", "organisation"),
        _foreign("person_id", "person"),
        _foreign("enrolment_id", "enrolment"),
        _foreign("delivery_id", "delivery", ondelete="SET NULL"),
    )
    op.create_index("ix_recall_memory_person_id", "recall_memory", ["person_id"])
    of_a_message = sa.text("delivery_id IS NOT NULL")
    op.create_index(
        "ix_recall_memory_delivery_id",
        "recall_memory",
        ["delivery_id"],
        sqlite_where=of_a_message,
        postgresql_where=of_a_message,
    )


def _foreign(column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_recall_memory_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
