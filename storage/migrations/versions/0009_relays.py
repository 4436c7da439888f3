"""Relays: a question that goes from team to team, with a baton; and messages to a channel that are about one."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = ("planned", "sending", "unknown", "sent", "explained")
REASONS = (
    "paused", "red_day", "eve", "closed_day", "own_day_off", "pace", "backed_off", "stopped", "left", "removed",
    "cohort_paused", "cohort_ended", "before_start", "one_message", "replaced_by_round", "already_answered", "moved",
    "knuff_was_down", "too_late", "not_reachable", "workspace_disconnected", "refused", "outcome_unknown",
    "round_ended", "left_team",
)  # fmt: skip
OWN_OR_PASSED_ON = (
    "(passed_on_from IS NULL AND learning IS NOT NULL AND sign_of_value IS NOT NULL AND question IS NOT NULL"
    " AND invitation IS NOT NULL AND written_at IS NOT NULL)"
    " OR (passed_on_from IS NOT NULL AND learning IS NULL AND sign_of_value IS NULL AND question IS NULL"
    " AND invitation IS NULL AND tested IS NULL AND written_at IS NULL AND approved_at IS NULL)"
)


def upgrade() -> None:
    _relays()
    _legs()
    _batons()
    _afterwards()
    _deliveries()


def _relays() -> None:
    op.create_table(
        "relay",
        _id(),
        _to("organisation"),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("closing_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("ending", sa.String(40), nullable=True),
        _moment("made_at", nullable=False),
        _moment("ended_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay")),
        _check("relay", "state", _one_of("state", ("planned", "running", "closing", "ended"))),
        _check("relay", "ending", f"ending IS NULL OR {_one_of('ending', ('finished', 'ended_early'))}"),
        _check("relay", "ended", "(state = 'ended') = (ending IS NOT NULL AND ended_at IS NOT NULL)"),
        _check("relay", "closing", "state <> 'closing' OR closing_on IS NOT NULL"),
        _foreign("relay", "organisation_id", "organisation"),
        _foreign("relay", "made_by", "person"),
        _foreign("relay", "document_id", "challenge_document"),
    )
    op.create_index("ix_relay_organisation_id", "relay", ["organisation_id"])
    _partial_index("ix_relay_made_by", "relay", ["made_by"], "made_by IS NOT NULL")


def _legs() -> None:
    op.create_table(
        "relay_leg",
        _id(),
        _to("relay"),
        sa.Column("position", sa.Integer(), nullable=False),
        _to("team"),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        *(_moment(name) for name in ("begun_at", "acknowledged_at", "remind_at", "reminded_at")),
        *(_moment(name) for name in ("stalled_at", "passes_on_at", "ended_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_leg")),
        sa.UniqueConstraint("relay_id", "position", name=op.f("uq_relay_leg_relay_id_position")),
        _check("relay_leg", "state", _one_of("state", ("waiting", "running", "handed_over", "skipped"))),
        _check("relay_leg", "ended", "(state = 'handed_over' OR state = 'skipped') = (ended_at IS NOT NULL)"),
        _check("relay_leg", "begun", "state = 'waiting' OR state = 'skipped' OR begun_at IS NOT NULL"),
        _check("relay_leg", "round", "round_id IS NULL OR begun_at IS NOT NULL"),
        _check("relay_leg", "stalled", "(stalled_at IS NOT NULL) = (passes_on_at IS NOT NULL)"),
        _foreign("relay_leg", "relay_id", "relay"),
        _foreign("relay_leg", "team_id", "team"),
        _foreign("relay_leg", "round_id", "round"),
    )
    op.create_index("ix_relay_leg_team_id", "relay_leg", ["team_id"])
    _partial_index("ix_relay_leg_round_id", "relay_leg", ["round_id"], "round_id IS NOT NULL", unique=True)
    _partial_index("ix_relay_leg_running", "relay_leg", ["passes_on_at"], "state = 'running'")


def _batons() -> None:
    op.create_table(
        "baton",
        _id(),
        sa.Column("leg_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("learning", "sign_of_value", "question", "invitation")
        ),
        sa.Column("tested", sa.Boolean(), nullable=True),
        _moment("written_at"),
        _moment("approved_at"),
        sa.Column("passed_on_from", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baton")),
        sa.UniqueConstraint("leg_id", name=op.f("uq_baton_leg_id")),
        _check("baton", "words", OWN_OR_PASSED_ON),
        _foreign("baton", "leg_id", "relay_leg"),
        _foreign("baton", "passed_on_from", "baton"),
    )
    _partial_index("ix_baton_passed_on_from", "baton", ["passed_on_from"], "passed_on_from IS NOT NULL")
    op.create_table(
        "baton_approval",
        sa.Column("leg_id", sa.Integer(), nullable=False),
        _to("person"),
        sa.PrimaryKeyConstraint("leg_id", "person_id", name=op.f("pk_baton_approval")),
        _foreign("baton_approval", "leg_id", "relay_leg"),
        _foreign("baton_approval", "person_id", "person"),
    )
    op.create_index("ix_baton_approval_person_id", "baton_approval", ["person_id"])


def _afterwards() -> None:
    op.create_table(
        "relay_commitment",
        sa.Column("leg_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner_role", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _moment("written_at", nullable=False),
        sa.PrimaryKeyConstraint("leg_id", name=op.f("pk_relay_commitment")),
        _foreign("relay_commitment", "leg_id", "relay_leg"),
    )
    op.create_table(
        "relay_question",
        sa.Column("leg_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        _moment("due_at", nullable=False),
        _moment("asked_at"),
        sa.Column("said", sa.String(40), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        _moment("said_at"),
        sa.PrimaryKeyConstraint("leg_id", "weeks", name=op.f("pk_relay_question")),
        _check("relay_question", "weeks", "weeks >= 0"),
        _check("relay_question", "said", f"said IS NULL OR {_one_of('said', ('done', 'under_way', 'not_now'))}"),
        _check("relay_question", "said_at", "(said IS NULL) = (said_at IS NULL)"),
        _foreign("relay_question", "leg_id", "relay_leg"),
    )
    _partial_index("ix_relay_question_due_at", "relay_question", ["due_at"], "asked_at IS NULL")


def _deliveries() -> None:
    """SQLite makes the table anew and would forget its checks: there all of them are said again."""
    changed = {
        "receiver": "person_id IS NOT NULL OR round_step_id IS NOT NULL OR relay_leg_id IS NOT NULL",
        "relay": f"({_one_of('kind', ('relay', 'relay_follow_up'))}) = (relay_leg_id IS NOT NULL)",
    }
    forgotten = {
        "state": _one_of("state", STATES),
        "reason": f"reason IS NULL OR {_one_of('reason', REASONS)}",
        "explained": "(state = 'explained') = (reason IS NOT NULL)",
        "sent": "(state = 'sent') = (sent_at IS NOT NULL)",
        "message": "state = 'sent' OR message_id IS NULL",
        "attempt": "started_at IS NOT NULL OR state NOT IN ('sending', 'unknown')",
        "rider": "rides_on IS NULL OR (rides_on <> id AND state <> 'explained')",
        "round": f"({_one_of('kind', ('round', 'round_reminder', 'round_follow_up'))}) = (round_step_id IS NOT NULL)",
    }
    is_anew = op.get_bind().dialect.name == "sqlite"
    if not is_anew:
        op.drop_constraint(op.f("ck_delivery_receiver"), "delivery", type_="check")
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("relay_leg_id", sa.Integer(), nullable=True))
        delivery.create_foreign_key(op.f("fk_delivery_relay_leg_id_relay_leg"), "relay_leg", ["relay_leg_id"], ["id"])
        for name, condition in (changed | forgotten if is_anew else changed).items():
            delivery.create_check_constraint(op.f(f"ck_delivery_{name}"), condition)
    columns = ["relay_leg_id", "kind", "occurrence"]
    _partial_index("uq_delivery_relay", "delivery", columns, "relay_leg_id IS NOT NULL", unique=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _to(table: str) -> sa.Column[int]:
    return sa.Column(f"{table}_id", sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return " OR ".join(f"{column} = '{value}'" for value in values)


def _partial_index(name: str, table: str, columns: list[str], rows: str, *, unique: bool = False) -> None:
    where = sa.text(rows)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
