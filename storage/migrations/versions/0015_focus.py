"""Which behaviours a person practises most in a programme, which one they keep up, and whom they tell."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrolment_focus",
        *_whose("enrolment_focus"),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("behaviour", sa.String(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        _foreign("enrolment_focus", "enrolment_id", "enrolment"),
        sa.UniqueConstraint("enrolment_id", "place", name=op.f("uq_enrolment_focus_enrolment_id_place")),
        sa.UniqueConstraint("enrolment_id", "behaviour", name=op.f("uq_enrolment_focus_enrolment_id_behaviour")),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_enrolment_focus_place")),
    )
    op.create_index("ix_enrolment_focus_person_id", "enrolment_focus", ["person_id"])
    op.create_table(
        "kept_behaviour",
        *_whose("kept_behaviour"),
        sa.Column("behaviour", sa.String(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("person_id", name=op.f("uq_kept_behaviour_person_id")),
    )
    op.create_table(
        "peer",
        *_whose("peer"),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("person_id", name=op.f("uq_peer_person_id")),
    )


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
