"""What came of a cohort, as others may know it: what was released of its waves, and how much was done, never by whom.

Counts are of teams, and of meetings as coordinators counted them; the one of people is of who was in a team, which its
coordinators know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, or_, select, union
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.people import Organisation
from storage.tables.programmes import Cohort
from storage.tables.relays import Afterwards as Promised
from storage.tables.relays import LegState
from storage.tables.rounds import Afterwards, Ending, RoundState

LONGEST_ID = 18
"""Digits."""
STILL_IN_USE_AFTER = 12
"""Weeks after the closing day of a relay."""

_wave = metadata.tables["survey_wave"]
_cohort = metadata.tables["cohort"]
_enrolment = metadata.tables["enrolment"]
_member = metadata.tables["team_member"]
_round = metadata.tables["round"]
_challenge = metadata.tables["challenge_document"]
_leg = metadata.tables["relay_leg"]
_baton = metadata.tables["baton"]
_question = metadata.tables["relay_question"]


@dataclass(frozen=True, kw_only=True, slots=True)
class WaveRow:
    """A wave of a cohort. `released` is None until it has closed."""

    wave: str
    opens_on: date
    closes_on: date
    released: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CohortWithResults:
    id: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """How much the teams of a cohort's people have done since the cohort began."""

    in_a_leg: int
    """People of the cohort who were in a team while it ran a leg of a relay. To be shown of five or more only."""
    legs: int
    batons: int
    """Handed over with words of the team's own."""
    tested: int
    """Batons whose team says that it tried what it had chosen."""
    asked_afterwards: int
    """Teams that have said how it goes, weeks later."""
    still_in_use: int
    """Teams of those that say a changed way of working is still in use."""
    rounds: Mapping[str, int]
    """Rounds that came to their end, by challenge."""


def cohorts_called(session: Session, wanted: str) -> list[Cohort]:
    """Return the cohorts of this installation's organisation with this name, or the one with this number."""
    # The oldest is this installation's: `people.workspace_met` puts every workspace there.
    ours = select_rows(Organisation.id).order_by(col(Organisation.id)).limit(1).scalar_subquery()
    cohorts = select_rows(Cohort).where(Cohort.organisation_id == ours).order_by(col(Cohort.id))
    if wanted.isdecimal() and len(wanted) <= LONGEST_ID:
        numbered = session.exec(cohorts.where(Cohort.id == int(wanted))).first()
        if numbered is not None:
            return [numbered]
    return list(session.exec(cohorts.where(Cohort.name == wanted)))


def people(session: Session, *, organisation_id: int, cohort_id: int) -> int:
    """Return how many there are or have been in a cohort."""
    found = _PEOPLE.scalar(session, organisation=organisation_id, cohort=cohort_id)
    return int(found)


def cohorts_of(session: Session, *, person_id: int) -> list[CohortWithResults]:
    """Return the cohorts somebody is or has been in of which anything has been released, the newest first."""
    return [CohortWithResults(id=row.id, name=row.name) for row in _OF_PERSON.rows(session, person=person_id)]


def cohort_of(session: Session, *, person_id: int, cohort_id: int) -> Cohort | None:
    """Return a cohort to somebody who is or has been in it."""
    if _IS_IN.first(session, person=person_id, cohort=cohort_id) is None:
        return None
    return session.get(Cohort, cohort_id)


def waves(session: Session, *, organisation_id: int, cohort_id: int) -> Sequence[WaveRow]:
    """Return a cohort's waves in the order they opened."""
    return [
        WaveRow(wave=row.wave, opens_on=row.opens_on, closes_on=row.closes_on, released=row.released)
        for row in _WAVES.rows(session, organisation=organisation_id, cohort=cohort_id)
    ]


def done(session: Session, *, organisation_id: int, cohort_id: int) -> Done:
    of = {"organisation": organisation_id, "cohort": cohort_id}
    legs, afterwards = _LEGS.first(session, **of), _AFTERWARDS.first(session, **of)
    return Done(
        in_a_leg=_IN_A_LEG.scalar(session, **of),
        legs=legs.legs,
        batons=legs.batons,
        tested=legs.tested,
        asked_afterwards=afterwards.asked,
        still_in_use=afterwards.still,
        rounds={row.challenge_id: row.finished for row in _ROUNDS.rows(session, **of)},
    )


_organisation, _cohort_id = bindparam("organisation", type_=Integer), bindparam("cohort", type_=Integer)
_this_cohort = and_(_cohort.c.organisation_id == _organisation, _cohort.c.id == _cohort_id)
_their_teams = (
    select(_member.c.team_id)
    .select_from(
        _cohort.join(_enrolment, _enrolment.c.cohort_id == _cohort.c.id).join(
            _member, _member.c.person_id == _enrolment.c.person_id
        )
    )
    .where(_this_cohort, or_(_member.c.left_at.is_(None), _member.c.left_at >= _cohort.c.created_at))
)
_since = select(_cohort.c.starts_on).where(_this_cohort).scalar_subquery()
_begun = and_(_leg.c.begun_at.is_not(None), _leg.c.planned_on >= _since, _leg.c.state != LegState.SKIPPED.value)

_PEOPLE = Prepared(
    select(func.count(_enrolment.c.id))
    .select_from(_enrolment.join(_cohort, _cohort.c.id == _enrolment.c.cohort_id))
    .where(_this_cohort)
)
_OF_PERSON = Prepared(
    select(_cohort.c.id, _cohort.c.name)
    .select_from(_enrolment.join(_cohort, _cohort.c.id == _enrolment.c.cohort_id))
    .where(
        _enrolment.c.person_id == bindparam("person", type_=Integer),
        select(_wave.c.id).where(_wave.c.cohort_id == _cohort.c.id, _wave.c.closed_at.is_not(None)).exists(),
    )
    .order_by(_cohort.c.starts_on.desc(), _cohort.c.id.desc())
)
_IS_IN = Prepared(
    select(_enrolment.c.id).where(
        _enrolment.c.person_id == bindparam("person", type_=Integer), _enrolment.c.cohort_id == _cohort_id
    )
)
_WAVES = Prepared(
    select(_wave.c.wave, _wave.c.opens_on, _wave.c.closes_on, _wave.c.released)
    .where(_wave.c.organisation_id == _organisation, _wave.c.cohort_id == _cohort_id)
    .order_by(_wave.c.opens_on, _wave.c.id)
)
_IN_A_LEG = Prepared(
    select(func.count(_member.c.person_id.distinct()))
    .select_from(_member.join(_leg, _leg.c.team_id == _member.c.team_id))
    .where(
        _begun,
        _member.c.person_id.in_(
            select(_enrolment.c.person_id)
            .select_from(_enrolment.join(_cohort, _cohort.c.id == _enrolment.c.cohort_id))
            .where(_this_cohort)
        ),
        or_(_member.c.left_at.is_(None), _member.c.left_at > _leg.c.begun_at),
        or_(_leg.c.ended_at.is_(None), _member.c.joined_at < _leg.c.ended_at),
    )
)
_LEGS = Prepared(
    select(
        func.count(_leg.c.id).label("legs"),
        func.count(_baton.c.learning).label("batons"),
        func.count(_baton.c.id).filter(_baton.c.tested).label("tested"),
    )
    .select_from(_leg.outerjoin(_baton, and_(_baton.c.leg_id == _leg.c.id, _leg.c.state == LegState.HANDED_OVER.value)))
    .where(_begun, _leg.c.team_id.in_(_their_teams))
)
_said = union(
    select(_leg.c.team_id, (_question.c.said == Promised.DONE.value).label("still"))
    .select_from(_question.join(_leg, _leg.c.id == _question.c.leg_id))
    .where(_begun, _question.c.weeks == STILL_IN_USE_AFTER, _question.c.said.is_not(None)),
    select(_round.c.team_id, (_round.c.afterwards == Afterwards.STILL.value).label("still")).where(
        _round.c.afterwards.is_not(None), _round.c.starts_on >= _since
    ),
).subquery()
_AFTERWARDS = Prepared(
    select(
        func.count(_said.c.team_id.distinct()).label("asked"),
        func.count(_said.c.team_id.distinct()).filter(_said.c.still).label("still"),
    ).where(_said.c.team_id.in_(_their_teams))
)
_ROUNDS = Prepared(
    select(_challenge.c.challenge_id, func.count(_round.c.id).label("finished"))
    .select_from(_round.join(_challenge, _challenge.c.id == _round.c.document_id))
    .where(
        _round.c.organisation_id == _organisation,
        _round.c.state == RoundState.ENDED.value,
        _round.c.ending == Ending.FINISHED.value,
        _round.c.starts_on >= _since,
        _round.c.team_id.in_(_their_teams),
    )
    .group_by(_challenge.c.challenge_id)
    .order_by(_challenge.c.challenge_id)
)
