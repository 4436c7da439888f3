"""Teams, rounds and their steps as the conversation meets them: days, moments and numbers. Nothing anybody wrote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.deliveries import Kind
from storage.tables.people import Person, Platform, Workspace
from storage.tables.rounds import Round, RoundStep
from storage.tables.teams import Team

_delivery = metadata.tables["delivery"]
_workspace = metadata.tables["workspace"]
_person = metadata.tables["person"]
_team = metadata.tables["team"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]


class StepNotFound(LookupError):
    """No such step in the organisation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundMessage:
    """A message of a round: what it is about, and the platform's own names of where it goes."""

    kind: Kind
    occurrence: int
    round_step_id: int
    platform: str
    workspace: str
    person_id: int | None
    """None: it goes to the team's channel."""
    channel: str | None
    since: datetime
    """When it was sent, or is to be."""
    language: str | None
    """The person's; none for a channel, that has its team's."""
    has_been_asked_before: bool = False
    """Whether a round has written to the person already."""


def message(session: Session, delivery_id: int) -> RoundMessage | None:
    """Return a message of a round; None when the delivery is none, or something else."""
    row = _MESSAGE.first(session, message=delivery_id)
    if row is None:
        return None
    return RoundMessage(**row._asdict() | {"platform": row.platform.value})


def step(session: Session, organisation_id: int, round_step_id: int) -> tuple[RoundStep, Round, Team]:
    """Return a step with its round and team. Raises StepNotFound."""
    found = _one(session, RoundStep.id == round_step_id, Round.organisation_id == organisation_id)
    if found is None:
        raise StepNotFound(round_step_id)
    return found


def step_of(session: Session, round_step_id: int) -> tuple[RoundStep, Round, Team]:
    """As `step`, for a message of ours that says which."""
    found = _one(session, RoundStep.id == round_step_id)
    if found is None:
        raise StepNotFound(round_step_id)
    return found


def steps(session: Session, round_id: int) -> list[RoundStep]:
    """Return all steps of a round, in their order."""
    wanted = (
        select_rows(RoundStep).where(RoundStep.round_id == round_id).order_by(col(RoundStep.day), col(RoundStep.id))
    )
    return list(session.exec(wanted, execution_options=_AFRESH))


def teams_here(session: Session, person: Person) -> list[Team]:
    """Return the teams of the person's workspace, in the order of their names, those that have ended last."""
    wanted = select_rows(Team).where(
        Team.organisation_id == person.organisation_id, Team.workspace_id == person.workspace_id
    )
    found = session.exec(wanted, execution_options=_AFRESH)
    return sorted(found, key=lambda team: (team.ended_at is not None, team.name.casefold(), team.id))


def teams_everywhere(session: Session, person: Person) -> list[tuple[Team, Platform]]:
    """Return the teams of the whole organisation that have not ended, with where each is, in the order of their
    names."""
    wanted = (
        select_rows(Team, Workspace)
        .join(Workspace, col(Workspace.id) == Team.workspace_id)
        .where(Team.organisation_id == person.organisation_id, col(Team.ended_at).is_(None))
    )
    found = session.exec(wanted, execution_options=_AFRESH)
    return sorted(
        ((team, where.platform) for team, where in found), key=lambda one: (one[0].name.casefold(), one[0].id)
    )


def rounds_of(session: Session, team: Team) -> list[Round]:
    """Return the rounds of a team, newest first."""
    wanted = (
        select_rows(Round).where(Round.team_id == team.id).order_by(col(Round.starts_on).desc(), col(Round.id).desc())
    )
    return list(session.exec(wanted, execution_options=_AFRESH))


def _has_been_asked_before() -> Any:
    """Whether a round has written to the person already. Spelled so that the index of one message a day is used."""
    before = _delivery.alias("before")
    return (
        select(literal_column("1"))
        .where(
            before.c.person_id == _delivery.c.person_id,
            before.c.id < _delivery.c.id,  # a message that is shown again is not its own forerunner
            before.c.rides_on.is_(None),
            before.c.state != literal_column("'explained'"),
            before.c.state == literal_column("'sent'"),
            before.c.round_step_id.is_not(None),
        )
        .correlate(_delivery)
        .exists()
    )


# Other statements change rows beside the object mapper: what it has read before is not to be believed.
_AFRESH: dict[str, Any] = {"populate_existing": True}


def _one(session: Session, *where: Any) -> tuple[RoundStep, Round, Team] | None:
    wanted = (
        select_rows(RoundStep, Round, Team)
        .join(Round, col(Round.id) == RoundStep.round_id)
        .join(Team, col(Team.id) == Round.team_id)
        .where(*where)
    )
    return session.exec(wanted, execution_options=_AFRESH).first()


_MESSAGE = Prepared(
    select(
        *(_delivery.c[name] for name in ("kind", "occurrence", "round_step_id", "person_id")),
        _workspace.c.platform,
        _workspace.c.external_id.label("workspace"),
        _person.c.language,
        _team.c.channel_id.label("channel"),
        func.coalesce(_delivery.c.started_at, _delivery.c.due_at).label("since"),
        _has_been_asked_before().label("has_been_asked_before"),
    )
    .join(_workspace, _workspace.c.id == _delivery.c.workspace_id)
    .join(_step, _step.c.id == _delivery.c.round_step_id)
    .join(_round, _round.c.id == _step.c.round_id)
    .join(_team, _team.c.id == _round.c.team_id)
    .outerjoin(_person, _person.c.id == _delivery.c.person_id)
    .where(_delivery.c.id == bindparam("message"))
)
