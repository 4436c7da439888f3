"""Every promise of an organisation and what became of it: for the report of a rehearsal, whose people are invented."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import case, func, or_, select, union
from sqlmodel import Session

from storage.tables import metadata
from storage.tables.deliveries import Kind, Reason, State

OPEN = (State.PLANNED, State.SENDING, State.UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    id: int
    person: str | None
    """The platform's own id. None: it was made to a team."""
    kind: Kind
    step: int | None
    """A follow-up or plan has that of the nudge it came from."""
    lesson: str | None
    subject: int | None
    occurrence: int
    day: date
    state: State
    reason: Reason | None
    rides_on: int | None
    channel: str | None = None
    """Of a team's promise, the platform's own id; none once the team has no channel."""


def all_promises(session: Session, organisation_id: int, *, person: str | None = None) -> list[Promise]:
    """Return every promise in the order they were made, of everybody or of one person."""
    wanted = _EVERY_PROMISE.where(_delivery.c.organisation_id == organisation_id)
    if person is not None:
        wanted = wanted.where(_person.c.external_id == person)
    return [Promise(**row._mapping) for row in session.connection().execute(wanted)]


def unsettled_before(session: Session, organisation_id: int, day: date) -> set[int]:
    """Return the promises that belong to an earlier day (UTC) and have no end. What a channel hears rather late than
    never, as how its round ended, has until then."""
    midnight = datetime.combine(day, time(), UTC)
    left = select(_delivery.c.id).where(
        _delivery.c.organisation_id == organisation_id,
        _delivery.c.state.in_(OPEN),
        _delivery.c.day < day,
        or_(_delivery.c.person_id.is_not(None), _delivery.c.late_after < midnight),
    )
    return set(session.connection().execute(left).scalars())


def last_promised_day(session: Session, organisation_id: int) -> date | None:
    last = select(func.max(_delivery.c.day)).where(_delivery.c.organisation_id == organisation_id)
    day: date | None = session.connection().execute(last).scalar()
    return day


def answered(session: Session, organisation_id: int) -> int:
    """Return how many promises got a press, a choice or a text that is still kept."""
    about = (
        select(table.c.delivery_id).where(table.c.organisation_id == organisation_id, table.c.delivery_id.is_not(None))
        for table in (metadata.tables["answer"], metadata.tables["reflection"])
    )
    return int(session.connection().execute(select(func.count()).select_from(union(*about).subquery())).scalar_one())


def cases_waiting(session: Session, organisation_id: int, *, day: date) -> tuple[int, int]:
    """Return how many people have been asked a case, and how many cases are due on a day and wait, for them all."""
    memory = metadata.tables["recall_memory"]
    counted = select(
        func.count(memory.c.enrolment_id.distinct()),
        func.count(memory.c.id).filter(memory.c.due_on <= day),
    ).where(memory.c.organisation_id == organisation_id)
    people, cases = session.connection().execute(counted).one()
    return people, cases


def waves_answered(session: Session, organisation_id: int) -> list[tuple[str, int, int, int]]:
    """Return each wave that has closed, with how many were asked, answered and declined, of all cohorts together."""
    wave, response = metadata.tables["survey_wave"], metadata.tables["survey_response"]
    each = (
        select(response.c.wave_id, response.c.enrolment_id, func.count(response.c.value).label("given"))
        .where(response.c.organisation_id == organisation_id)
        .group_by(response.c.wave_id, response.c.enrolment_id)
        .subquery()
    )
    of_wave = (
        select(
            each.c.wave_id,
            func.count().filter(each.c.given > 0).label("answered"),
            func.count().filter(each.c.given == 0).label("declined"),
        )
        .group_by(each.c.wave_id)
        .subquery()
    )
    counted = (
        select(
            wave.c.wave,
            func.sum(wave.c.asked),
            func.coalesce(func.sum(of_wave.c.answered), 0),
            func.coalesce(func.sum(of_wave.c.declined), 0),
        )
        .outerjoin(of_wave, of_wave.c.wave_id == wave.c.id)
        .where(wave.c.organisation_id == organisation_id, wave.c.closed_at.is_not(None))
        .group_by(wave.c.wave)
        .order_by(func.min(wave.c.opens_on))
    )
    return [(name, *map(int, numbers)) for name, *numbers in session.connection().execute(counted)]


def waves_left(session: Session, organisation_id: int) -> int:
    """Return how many waves have not closed."""
    wave = metadata.tables["survey_wave"]
    left = select(func.count()).where(wave.c.organisation_id == organisation_id, wave.c.closed_at.is_(None))
    return int(session.connection().execute(left).scalar_one())


_delivery = metadata.tables["delivery"]
_source = metadata.tables["delivery"].alias("source")
_follow_up = metadata.tables["follow_up"]
_plan = metadata.tables["plan"]
_person = metadata.tables["person"]
_step = metadata.tables["round_step"]
_round = metadata.tables["round"]
_leg = metadata.tables["relay_leg"]
_team = metadata.tables["team"]
_EVERY_PROMISE = (
    select(
        *(_delivery.c[name] for name in ("id", "kind", "occurrence", "day", "state", "reason", "rides_on")),
        func.coalesce(_delivery.c.subject_id, _delivery.c.survey_wave_id).label("subject"),
        _person.c.external_id.label("person"),
        func.coalesce(_delivery.c.step, _source.c.step).label("step"),
        func.coalesce(_delivery.c.lesson_id, _follow_up.c.lesson_id, _plan.c.lesson_id).label("lesson"),
        case((_delivery.c.person_id.is_(None), _team.c.channel_id)).label("channel"),
    )
    .outerjoin_from(_delivery, _person, _person.c.id == _delivery.c.person_id)
    .outerjoin(_follow_up, (_delivery.c.kind == Kind.FOLLOW_UP) & (_follow_up.c.id == _delivery.c.subject_id))
    .outerjoin(_plan, (_delivery.c.kind == Kind.PLAN) & (_plan.c.id == _delivery.c.subject_id))
    .outerjoin(
        _source,
        _source.c.id
        == case((_delivery.c.kind == Kind.FOLLOW_UP, _follow_up.c.source_delivery_id), else_=_plan.c.delivery_id),
    )
    .outerjoin(_step, _step.c.id == _delivery.c.round_step_id)
    .outerjoin(_round, _round.c.id == _step.c.round_id)
    .outerjoin(_leg, _leg.c.id == _delivery.c.relay_leg_id)
    .outerjoin(_team, _team.c.id == func.coalesce(_round.c.team_id, _leg.c.team_id))
    .order_by(_delivery.c.id)
)
