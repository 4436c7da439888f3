"""Rounds that are changed while they run, and asked about afterwards; a team whose channel we cannot write in."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = ("planned", "sending", "unknown", "sent", "explained")
REASONS = (
    "paused", "red_day", "eve", "closed_day", "own_day_off", "pace", "backed_off", "stopped", "left", "removed",
    "cohort_paused", "cohort_ended", "before_start", "one_message", "replaced_by_round", "already_answered", "moved",
    "knuff_was_down", "too_late", "not_reachable", "workspace_disconnected", "refused", "outcome_unknown",
    "round_ended", "left_team",
)  # fmt: skip
ENDINGS = ("finished", "not_made", "stopped_here", "ended_early", "team_too_small", "channel_gone")
AFTERWARDS = ("still", "partly", "not_any_more")


def upgrade() -> None:
    op.add_column("team", sa.Column("channel_lost_at", sa.DateTime(timezone=True), nullable=True))
    _rounds()
    _deliveries()


def _rounds() -> None:
    """SQLite makes the table anew and would forget its checks: there all of them are said again."""
    changed = {"afterwards": f"afterwards IS NULL OR {_one_of('afterwards', AFTERWARDS)}"}
    forgotten = {
        "state": _one_of("state", ("planned", "running", "ended")),
        "ending": f"ending IS NULL OR {_one_of('ending', ENDINGS)}",
        "ended": "(state = 'ended') = (ending IS NOT NULL AND ended_at IS NOT NULL)",
        "shared": "shared_at IS NULL OR approved_at IS NOT NULL",
    }
    with op.batch_alter_table("round") as round_:
        round_.add_column(sa.Column("times_changed", sa.Integer(), server_default=sa.text("0"), nullable=False))
        round_.add_column(sa.Column("afterwards", sa.String(40), nullable=True))
        for name, condition in (changed | forgotten if _is_anew() else changed).items():
            round_.create_check_constraint(op.f(f"ck_round_{name}"), condition)


def _deliveries() -> None:
    changed = {
        "round": f"({_one_of('kind', ('round', 'round_reminder', 'round_follow_up'))}) = (round_step_id IS NOT NULL)",
    }
    forgotten = {
        "state": _one_of("state", STATES),
        "reason": f"reason IS NULL OR {_one_of('reason', REASONS)}",
        "explained": "(state = 'explained') = (reason IS NOT NULL)",
        "sent": "(state = 'sent') = (sent_at IS NOT NULL)",
        "message": "state = 'sent' OR message_id IS NULL",
        "attempt": "started_at IS NOT NULL OR state NOT IN ('sending', 'unknown')",
        "rider": "rides_on IS NULL OR (rides_on <> id AND state <> 'explained')",
        "receiver": "person_id IS NOT NULL OR round_step_id IS NOT NULL",
    }
    if not _is_anew():
        op.drop_constraint(op.f("ck_delivery_round"), "delivery", type_="check")
    # Nothing but its checks changes: on SQLite only a table made anew takes them.
    with op.batch_alter_table("delivery", recreate="always" if _is_anew() else "never") as delivery:
        for name, condition in (changed | forgotten if _is_anew() else changed).items():
            delivery.create_check_constraint(op.f(f"ck_delivery_{name}"), condition)


def _is_anew() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return " OR ".join(f"{column} = '{value}'" for value in values)
