"""Who took over a role when, who began a round, and which steps have got their day back."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("facilitator_since", "mandate_since"):
        op.add_column("team", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("round_step", sa.Column("given_back_from", sa.Date(), nullable=True))
    # Spelled out: on SQLite a table would be made anew for a key, and forget its checks.
    key = "CONSTRAINT fk_round_begun_by_person REFERENCES person (id)"
    op.execute(f"ALTER TABLE round ADD COLUMN begun_by INTEGER {key}")
    rows = sa.text("begun_by IS NOT NULL")
    op.create_index("ix_round_begun_by", "round", ["begun_by"], sqlite_where=rows, postgresql_where=rows)
