"""Rhythms of people who work shifts."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cadence") as cadence:
        cadence.add_column(sa.Column("shift", sa.String(40), server_default=sa.text("'day'"), nullable=False))
        cadence.drop_constraint(op.f("uq_cadence_organisation_id_zone_slot_days_pace"), type_="unique")
        cadence.create_unique_constraint(
            op.f("uq_cadence_organisation_id_zone_slot_days_pace_shift"),
            ["organisation_id", "zone", "slot", "days", "pace", "shift"],
        )
