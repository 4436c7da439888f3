"""What coordinators know of a team is kept apart from who is in it; a channel has one team, and a team one round."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team", sa.Column("taken_out_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("is_added", "has_left"):
        op.add_column("team_member", sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False))
    # Who added whom, and who left by themselves, was not written down: nobody is brought back against their will.
    op.execute("UPDATE team_member SET is_added = true, has_left = (left_at IS NOT NULL)")
    _one_team_a_channel()
    _one_round_a_team()


def _one_team_a_channel() -> None:
    """Of several the newest was the channel's: the others are without one, until they are given another."""
    op.execute(
        "UPDATE team SET channel_id = NULL WHERE ended_at IS NULL AND EXISTS (SELECT 1 FROM team AS newer"
        " WHERE newer.workspace_id = team.workspace_id AND newer.channel_id = team.channel_id"
        " AND newer.ended_at IS NULL AND newer.id > team.id)"
    )
    _unique("uq_team_channel", "team", ["workspace_id", "channel_id"], "ended_at IS NULL AND channel_id IS NOT NULL")


def _one_round_a_team() -> None:
    """Of several the first goes on; the others have ended early."""
    op.execute(
        "UPDATE round SET state = 'ended', ending = 'ended_early', ended_at = confirmed_at WHERE state <> 'ended'"
        " AND EXISTS (SELECT 1 FROM round AS earlier WHERE earlier.team_id = round.team_id AND earlier.state <> 'ended'"
        " AND (earlier.starts_on < round.starts_on OR earlier.starts_on = round.starts_on AND earlier.id < round.id))"
    )
    op.execute(
        "UPDATE round_step SET closed_at = (SELECT ended_at FROM round WHERE round.id = round_step.round_id)"
        " WHERE closed_at IS NULL AND round_id IN (SELECT id FROM round WHERE state = 'ended')"
    )
    _unique("uq_round_under_way", "round", ["team_id"], "state <> 'ended'")


def _unique(name: str, table: str, columns: list[str], rows: str) -> None:
    where = sa.text(rows)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
