"""What a delivery's row may say at once: it is in exactly one column of the account. And where operators look."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATES = ("planned", "sending", "unknown", "sent", "explained")
REASONS = (
    "paused", "red_day", "eve", "closed_day", "own_day_off", "pace", "backed_off", "stopped", "left", "removed",
    "cohort_paused", "cohort_ended", "before_start", "one_message", "replaced_by_round", "already_answered", "moved",
    "knuff_was_down", "too_late", "not_reachable", "workspace_disconnected", "refused", "outcome_unknown",
)  # fmt: skip
CHECKS = {
    "state": " OR ".join(f"state = '{state}'" for state in STATES),
    "reason": "reason IS NULL OR " + " OR ".join(f"reason = '{reason}'" for reason in REASONS),
    "explained": "(state = 'explained') = (reason IS NOT NULL)",
    "sent": "(state = 'sent') = (sent_at IS NOT NULL)",
    "message": "state = 'sent' OR message_id IS NULL",
    "attempt": "started_at IS NOT NULL OR state NOT IN ('sending', 'unknown')",
    "rider": "rides_on IS NULL OR (rides_on <> id AND state <> 'explained')",
}


def upgrade() -> None:
    with op.batch_alter_table("delivery") as delivery:
        for name, condition in CHECKS.items():
            delivery.create_check_constraint(op.f(f"ck_delivery_{name}"), condition)
    fault = sa.text("reason IN ('refused', 'outcome_unknown')")
    op.create_index("ix_delivery_fault", "delivery", ["day"], sqlite_where=fault, postgresql_where=fault)
