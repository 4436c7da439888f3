"""Who meets whom in a round, kept for 30 days. Each is told of their own group; everything else is for whoever puts
people together, and is shown to nobody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Executable, Integer, bindparam, delete, insert, select
from sqlmodel import Session

from storage import exclusions
from storage.inserting import insert_for
from storage.prepared import Prepared, one_of
from storage.promise_rows import own_reason, said
from storage.sitting_out import takes_part
from storage.tables import metadata
from storage.tables.programmes import CohortState

_person = metadata.tables["person"]
_cadence = metadata.tables["cadence"]
_workspace = metadata.tables["workspace"]
_team = metadata.tables["team"]
_member = metadata.tables["team_member"]
_round = metadata.tables["round"]
_enrolment = metadata.tables["enrolment"]
_cohort = metadata.tables["cohort"]
_pair_up = metadata.tables["pair_up"]
_paired = metadata.tables["paired"]

KEPT = timedelta(days=30)
AT_ONCE = 500
FEWEST = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class There:
    """Somebody who can meet somebody: in the team, and neither away nor sitting out."""

    person_id: int
    external_id: str
    zone: str
    days: int
    """Their weekdays: Monday 1 … Friday 16."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """People who meet: the person who asked is one of them."""

    id: int
    people: tuple[There, ...]


def there(session: Session, round_id: int, day: date) -> list[There]:
    """Return everybody who can be put together with somebody on a day, in the order of their ids."""
    return [There(**row._asdict()) for row in _THERE.rows(session, round=round_id, day=day)]


def groups(session: Session, round_id: int) -> dict[int, list[int]]:
    """Return who has been put together so far, by the group's id: also who is not there any more."""
    found: dict[int, list[int]] = {}
    for row in _GROUPS.rows(session, round=round_id):
        found.setdefault(row.pair_up_id, []).append(row.person_id)
    return found


def group_of(session: Session, person_id: int, round_id: int, day: date) -> Group | None:
    """Return with whom the person meets, as it stands: those who are there. None when nobody is left, or when one of
    them does not want to be put together with another any more."""
    rows = _MINE.rows(session, round=round_id, person=person_id, day=day)
    people = tuple(There(**{name: getattr(row, name) for name in There.__dataclass_fields__}) for row in rows)
    ids = [one.person_id for one in people]
    if len(ids) < FEWEST or person_id not in ids or exclusions.among(session, ids):
        return None
    return Group(id=rows[0].pair_up_id, people=people)


def other_teams(session: Session, team_id: int, person_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return in which other teams these people are, as pairs of person and team."""
    rows = _OTHER_TEAMS.rows(session, team=team_id, people=[*person_ids])
    return [(row.person_id, row.team_id) for row in rows]


def cohorts(session: Session, person_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return in which cohorts that go on these people are, as pairs of person and cohort."""
    return [(row.person_id, row.cohort_id) for row in _COHORTS.rows(session, people=[*person_ids])]


def keep(
    session: Session,
    organisation_id: int,
    round_id: int,
    made_on: date,
    *,
    new: Sequence[Sequence[int]],
    joined: Mapping[int, int],
) -> None:
    """Keep new groups, and who has come to one that was there (by its id). Whoever was in another is in this one."""
    made = [{"organisation_id": organisation_id, "round_id": round_id, "made_on": made_on} for _ in new]
    ids: Iterable[int] = ()
    if made:
        returning = insert(_pair_up).returning(_pair_up.c.id, sort_by_parameter_order=True)
        ids = session.connection().execute(returning, made).scalars()
    rows = [
        {"round_id": round_id, "person_id": person_id, "pair_up_id": group_id}
        for group_id, people in [*zip(ids, new, strict=True), *((id, (person,)) for id, person in joined.items())]
        for person_id in people
    ]
    if rows:
        put = insert_for(session.connection().dialect.name, _paired)
        moved = put.on_conflict_do_update(
            index_elements=["round_id", "person_id"], set_={"pair_up_id": put.excluded.pair_up_id}
        )
        session.connection().execute(moved, rows)


def forget(session: Session, *, made_before: date, most: int = AT_ONCE) -> int:
    """Forget who met whom before a day, at most so many groups. Return how many."""
    old = [row.id for row in _OLDEST.rows(session, before=made_before, most=most)]
    if old:
        _FORGET_PEOPLE.run(session, ids=old)
        _FORGET.run(session, ids=old)
    return len(old)


_IS_THERE = (_member.c.left_at.is_(None), own_reason().is_(None), takes_part())
_WHO: Any = (_person.c.id.label("person_id"), _person.c.external_id, _cadence.c.zone, _cadence.c.days)
_THERE = Prepared(
    select(*_WHO)
    .select_from(_round)
    .join(_member, _member.c.team_id == _round.c.team_id)
    .join(_person, _person.c.id == _member.c.person_id)
    .join(_cadence, _cadence.c.id == _person.c.cadence_id)
    .join(_workspace, _workspace.c.id == _person.c.workspace_id)
    .where(_round.c.id == bindparam("round"), *_IS_THERE)
    .order_by(_person.c.id)
)
_GROUPS = Prepared(
    select(_paired.c.pair_up_id, _paired.c.person_id)
    .where(_paired.c.round_id == bindparam("round"))
    .order_by(_paired.c.pair_up_id, _paired.c.person_id)
)
_my_own = _paired.alias("my_own")
_MINE = Prepared(
    select(_paired.c.pair_up_id, *_WHO)
    .select_from(_my_own)
    .join(_paired, _paired.c.pair_up_id == _my_own.c.pair_up_id)
    .join(_round, _round.c.id == _my_own.c.round_id)
    .join(_member, (_member.c.team_id == _round.c.team_id) & (_member.c.person_id == _paired.c.person_id))
    .join(_person, _person.c.id == _paired.c.person_id)
    .join(_cadence, _cadence.c.id == _person.c.cadence_id)
    .join(_workspace, _workspace.c.id == _person.c.workspace_id)
    .where(_my_own.c.round_id == bindparam("round"), _my_own.c.person_id == bindparam("person"), *_IS_THERE)
    .order_by(_person.c.id)
)


def _other_teams(dialect: str) -> Executable:
    return (
        select(_member.c.person_id, _member.c.team_id)
        .join(_team, _team.c.id == _member.c.team_id)
        .where(
            one_of(dialect, _member.c.person_id, "people"),
            _member.c.left_at.is_(None),
            _team.c.ended_at.is_(None),
            _team.c.id != bindparam("team", type_=Integer),
        )
        .order_by(_member.c.person_id, _member.c.team_id)
    )


def _cohorts(dialect: str) -> Executable:
    return (
        select(_enrolment.c.person_id, _enrolment.c.cohort_id)
        .join(_cohort, _cohort.c.id == _enrolment.c.cohort_id)
        .where(
            one_of(dialect, _enrolment.c.person_id, "people"),
            _enrolment.c.ends_on.is_(None),
            _cohort.c.state != said(CohortState.ENDED),
        )
        .order_by(_enrolment.c.person_id, _enrolment.c.cohort_id)
    )


_OTHER_TEAMS, _COHORTS = Prepared(_other_teams), Prepared(_cohorts)
_OLDEST = Prepared(
    select(_pair_up.c.id)
    .where(_pair_up.c.made_on < bindparam("before", type_=Date))
    .order_by(_pair_up.c.made_on, _pair_up.c.id)
    .limit(bindparam("most", type_=Integer))
)
_FORGET_PEOPLE = Prepared(lambda dialect: delete(_paired).where(one_of(dialect, _paired.c.pair_up_id, "ids")))
_FORGET = Prepared(lambda dialect: delete(_pair_up).where(one_of(dialect, _pair_up.c.id, "ids")))
