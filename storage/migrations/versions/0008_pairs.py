"""Innovationsfika: who is put together, who has been, and who is not to be."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round", sa.Column("pairs_across_units", sa.Boolean(), nullable=True))
    op.create_table(
        "pair_up",
        _to("id"),
        _to("organisation_id"),
        _to("round_id"),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_up")),
        _foreign("pair_up", "organisation_id", "organisation"),
        _foreign("pair_up", "round_id", "round"),
    )
    op.create_index("ix_pair_up_made_on", "pair_up", ["made_on"])
    op.create_table(
        "paired",
        _to("round_id"),
        _to("person_id"),
        _to("pair_up_id"),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_paired")),
        _foreign("paired", "round_id", "round"),
        _foreign("paired", "person_id", "person"),
        _foreign("paired", "pair_up_id", "pair_up"),
    )
    for column in ("person_id", "pair_up_id"):
        op.create_index(f"ix_paired_{column}", "paired", [column])
    op.create_table(
        "pair_memory",
        _to("organisation_id"),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "digest", name=op.f("pk_pair_memory")),
        _foreign("pair_memory", "organisation_id", "organisation"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pair_memory_met_on", "pair_memory", ["met_on"])
    op.create_table(
        "exclusion",
        _to("person_id"),
        sa.Column("other_external_id", sa.String(), nullable=False),
        _to("organisation_id"),
        sa.PrimaryKeyConstraint("person_id", "other_external_id", name=op.f("pk_exclusion")),
        _foreign("exclusion", "person_id", "person"),
        _foreign("exclusion", "organisation_id", "organisation"),
    )
    op.create_table(
        "sitting_out",
        _to("team_id"),
        _to("person_id"),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_sitting_out")),
        _foreign("sitting_out", "team_id", "team"),
        _foreign("sitting_out", "person_id", "person"),
    )
    op.create_index("ix_sitting_out_person_id", "sitting_out", ["person_id"])


def _to(column: str) -> sa.Column[int]:
    return sa.Column(column, sa.Integer(), nullable=False)


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
