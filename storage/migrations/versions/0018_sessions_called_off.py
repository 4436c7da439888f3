"""A meeting that a newer version of its programme is without."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort_session", sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True))
