"""Teams, their rounds and what is handed in; and messages that go to a team's channel, to nobody in particular."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

STATES = ("planned", "sending", "unknown", "sent", "explained")
REASONS = (
    "paused", "red_day", "eve", "closed_day", "own_day_off", "pace", "backed_off", "stopped", "left", "removed",
    "cohort_paused", "cohort_ended", "before_start", "one_message", "replaced_by_round", "already_answered", "moved",
    "knuff_was_down", "too_late", "not_reachable", "workspace_disconnected", "refused", "outcome_unknown",
    "round_ended", "left_team",
)  # fmt: skip
ENDINGS = ("finished", "not_made", "stopped_here", "ended_early", "team_too_small", "channel_gone")
ASKS = ("nothing", "each", "anonymous", "team", "mandate", "facilitator", "vote")
ALONE_TO = ("members", "mandate", "facilitator")
ONE_VOTE = (
    "(contribution_id IS NOT NULL AND proposal_id IS NULL AND scores IS NULL)"
    " OR (contribution_id IS NULL AND proposal_id IS NOT NULL AND scores IS NULL)"
    " OR (contribution_id IS NULL AND proposal_id IS NULL AND scores IS NOT NULL)"
)


def upgrade() -> None:
    _teams()
    _rounds()
    _handed_in()
    _votes()
    _wrap_ups()
    _deliveries()


def _teams() -> None:
    op.create_table(
        "team",
        _id(),
        _to("organisation"),
        _to("workspace"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("calendar", JSON, nullable=False),
        sa.Column("facilitator_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        _moment("made_at", nullable=False),
        _moment("ended_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        _foreign("team", "organisation_id", "organisation"),
        _foreign("team", "workspace_id", "workspace"),
        _foreign("team", "facilitator_id", "person"),
        _foreign("team", "mandate_id", "person"),
    )
    op.create_index("ix_team_organisation_id", "team", ["organisation_id"])
    op.create_index("ix_team_facilitator_id", "team", ["facilitator_id"])
    _partial_index("ix_team_mandate_id", "team", ["mandate_id"], "mandate_id IS NOT NULL")
    op.create_table(
        "team_member",
        _to("team"),
        _to("person"),
        _moment("joined_at", nullable=False),
        _moment("left_at"),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_team_member")),
        _foreign("team_member", "team_id", "team"),
        _foreign("team_member", "person_id", "person"),
    )
    op.create_index("ix_team_member_person_id", "team_member", ["person_id"])


def _rounds() -> None:
    op.create_table(
        "challenge_document",
        _id(),
        _to("organisation"),
        sa.Column("challenge_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("stored_at", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_document")),
        sa.UniqueConstraint("organisation_id", "digest", name=op.f("uq_challenge_document_organisation_id_digest")),
        _foreign("challenge_document", "organisation_id", "organisation"),
    )
    op.create_table(
        "round",
        _id(),
        _to("organisation"),
        _to("workspace"),
        _to("team"),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        _moment("ends_at", nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("ending", sa.String(40), nullable=True),
        _moment("confirmed_at", nullable=False),
        _moment("ended_at"),
        sa.Column("wrap_up", JSON, nullable=True),
        _moment("approved_at"),
        _moment("shared_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        _check("round", "state", _one_of("state", ("planned", "running", "ended"))),
        _check("round", "ending", f"ending IS NULL OR {_one_of('ending', ENDINGS)}"),
        _check("round", "ended", "(state = 'ended') = (ending IS NOT NULL AND ended_at IS NOT NULL)"),
        _check("round", "shared", "shared_at IS NULL OR approved_at IS NOT NULL"),
        _foreign("round", "organisation_id", "organisation"),
        _foreign("round", "workspace_id", "workspace"),
        _foreign("round", "team_id", "team"),
        _foreign("round", "document_id", "challenge_document"),
    )
    op.create_index("ix_round_organisation_id", "round", ["organisation_id"])
    op.create_index("ix_round_team_id", "round", ["team_id"])
    _partial_index("ix_round_ends_at", "round", ["ends_at"], "state <> 'ended'")
    op.create_table(
        "round_step",
        _id(),
        _to("round"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("asks", sa.String(40), nullable=False),
        sa.Column("alone_to", sa.String(40), nullable=True),
        sa.Column("most_each", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("opens_with", sa.Integer(), nullable=False),
        _moment("prompt_at", nullable=False),
        *(_moment(name) for name in ("prompted_at", "remind_at", "reminded_at")),
        *(_moment(name) for name in ("opens_at", "opened_at", "closes_at", "closed_at")),
        sa.Column("outcome", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_step")),
        sa.UniqueConstraint("round_id", "key", "day", name=op.f("uq_round_step_round_id_key_day")),
        _check("round_step", "asks", _one_of("asks", ASKS)),
        _check("round_step", "alone_to", f"alone_to IS NULL OR {_one_of('alone_to', ALONE_TO)}"),
        _check("round_step", "opens", "(asks <> 'each' AND asks <> 'anonymous') OR opens_at IS NOT NULL"),
        _check("round_step", "closes", "asks <> 'vote' OR closes_at IS NOT NULL"),
        _foreign("round_step", "round_id", "round"),
    )
    for moment, waits in (
        ("prompt_at", "prompted_at IS NULL"),
        ("remind_at", "remind_at IS NOT NULL AND reminded_at IS NULL"),
        ("opens_at", "opens_at IS NOT NULL AND opened_at IS NULL"),
        ("closes_at", "closes_at IS NOT NULL"),
    ):
        _partial_index(f"ix_round_step_{moment}", "round_step", [moment], f"closed_at IS NULL AND {waits}")


def _handed_in() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(), nullable=False),
        _to("organisation"),
        _to("round_step"),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        _foreign("proposal", "organisation_id", "organisation"),
        _foreign("proposal", "round_step_id", "round_step"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_proposal_round_step_id", "proposal", ["round_step_id"])
    op.create_table(
        "form_token",
        _to("round_step"),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("round_step_id", "digest", name=op.f("pk_form_token")),
        _foreign("form_token", "round_step_id", "round_step"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "token_given",
        _to("round_step"),
        _to("person"),
        sa.PrimaryKeyConstraint("round_step_id", "person_id", name=op.f("pk_token_given")),
        _foreign("token_given", "round_step_id", "round_step"),
        _foreign("token_given", "person_id", "person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_token_given_person_id", "token_given", ["person_id"])
    op.create_table(
        "contribution",
        _id(),
        _to("organisation"),
        _to("round_step"),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("about_proposal_id", sa.String(), nullable=True),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        _moment("written_at", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        _check("contribution", "about", "about_id IS NULL OR about_proposal_id IS NULL"),
        _foreign("contribution", "organisation_id", "organisation"),
        _foreign("contribution", "round_step_id", "round_step"),
        _foreign("contribution", "person_id", "person"),
        _foreign("contribution", "about_id", "contribution"),
        _foreign("contribution", "about_proposal_id", "proposal"),
    )
    op.create_index("ix_contribution_round_step_id", "contribution", ["round_step_id"])
    op.create_index("ix_contribution_person_id", "contribution", ["person_id"])
    for name in ("about_id", "about_proposal_id"):
        _partial_index(f"ix_contribution_{name}", "contribution", [name], f"{name} IS NOT NULL")


def _votes() -> None:
    op.create_table(
        "vote",
        _to("round_step"),
        _to("person"),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.String(), nullable=True),
        sa.Column("scores", JSON, nullable=True),
        _moment("cast_at", nullable=False),
        sa.PrimaryKeyConstraint("round_step_id", "person_id", name=op.f("pk_vote")),
        _check("vote", "one", ONE_VOTE),
        _foreign("vote", "round_step_id", "round_step"),
        _foreign("vote", "person_id", "person"),
        _foreign("vote", "contribution_id", "contribution"),
        _foreign("vote", "proposal_id", "proposal"),
    )
    op.create_index("ix_vote_person_id", "vote", ["person_id"])
    for name in ("contribution_id", "proposal_id"):
        _partial_index(f"ix_vote_{name}", "vote", [name], f"{name} IS NOT NULL")


def _wrap_ups() -> None:
    op.create_table(
        "wrap_up_approval",
        _to("round"),
        _to("person"),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_wrap_up_approval")),
        _foreign("wrap_up_approval", "round_id", "round"),
        _foreign("wrap_up_approval", "person_id", "person"),
    )
    op.create_index("ix_wrap_up_approval_person_id", "wrap_up_approval", ["person_id"])


def _deliveries() -> None:
    """SQLite makes the table anew and would forget its checks: there all of them are said again."""
    changed = {
        "reason": f"reason IS NULL OR {_one_of('reason', REASONS)}",
        "receiver": "person_id IS NOT NULL OR round_step_id IS NOT NULL",
        "round": f"({_one_of('kind', ('round', 'round_reminder'))}) = (round_step_id IS NOT NULL)",
    }
    forgotten = {
        "state": _one_of("state", STATES),
        "explained": "(state = 'explained') = (reason IS NOT NULL)",
        "sent": "(state = 'sent') = (sent_at IS NOT NULL)",
        "message": "state = 'sent' OR message_id IS NULL",
        "attempt": "started_at IS NOT NULL OR state NOT IN ('sending', 'unknown')",
        "rider": "rides_on IS NULL OR (rides_on <> id AND state <> 'explained')",
    }
    is_anew = op.get_bind().dialect.name == "sqlite"
    if not is_anew:
        op.drop_constraint(op.f("ck_delivery_reason"), "delivery", type_="check")
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        delivery.add_column(sa.Column("round_step_id", sa.Integer(), nullable=True))
        delivery.create_foreign_key(
            op.f("fk_delivery_round_step_id_round_step"), "round_step", ["round_step_id"], ["id"]
        )
        for name, condition in (changed | forgotten if is_anew else changed).items():
            delivery.create_check_constraint(op.f(f"ck_delivery_{name}"), condition)
    of_round = "round_step_id IS NOT NULL"
    columns = ["round_step_id", "kind", "occurrence"]
    _partial_index("uq_delivery_round", "delivery", [*columns, "person_id"], of_round, unique=True)
    _partial_index("uq_delivery_round_channel", "delivery", columns, f"{of_round} AND person_id IS NULL", unique=True)


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
