"""Which steps a week of a programme has, and for whom. Read once from each confirmed document, which never changes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from lessons import models
from storage import planning
from storage.tables.programmes import Role

Week = tuple[tuple[int, str], ...]
"""Step (1-based in the whole programme) and lesson id, in order."""


@dataclass(frozen=True, slots=True)
class Share:
    """What some roles get in a week, all of them the same. None stands for everybody."""

    roles: tuple[Role, ...] | None
    week: Week


@dataclass(frozen=True, slots=True)
class Course:
    """A programme as the planner sees it."""

    of_role: Mapping[Role, tuple[Week, ...]]
    shares: tuple[tuple[Share, ...], ...]
    """Of each week: a week that is the same for all is one share."""

    @property
    def length(self) -> int:
        """How many weeks it has."""
        return len(self.shares)

    def shares_of(self, number: int | None) -> Sequence[Share]:
        """Return who gets what in a week; nothing before the first, after the last and in a week of rest (None)."""
        return self.shares[number - 1] if number is not None and 1 <= number <= self.length else ()


def course_of(session: Session, document_id: int, digest: str) -> Course:
    """Return the programme of a stored document."""
    if digest not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        body = planning.document_body(session, document_id)
        _known[digest] = course_in(models.Programme.model_validate(json.loads(body)["programme"]))
    return _known[digest]


def course_in(programme: models.Programme) -> Course:
    weeks: dict[Role, list[list[tuple[int, str]]]] = {role: [[] for _ in programme.weeks] for role in Role}
    for number, step in enumerate(programme.steps(), start=1):
        for role in step.roles:
            weeks[Role(role)][step.week - 1].append((number, step.lesson_id))
    of_role = {role: tuple(map(tuple, some)) for role, some in weeks.items()}
    shares = tuple(_shares({role: of_role[role][week] for role in Role}) for week in range(len(programme.weeks)))
    return Course(of_role=of_role, shares=shares)


def _shares(week_of: Mapping[Role, Week]) -> tuple[Share, ...]:
    """Put roles with the same week together; those who get nothing are in no share."""
    together: dict[Week, list[Role]] = {}
    for role, week in week_of.items():
        together.setdefault(week, []).append(role)
    return tuple(
        Share(roles=None if len(together) == 1 else tuple(roles), week=week) for week, roles in together.items() if week
    )


MOST_KNOWN = 200
_known: dict[str, Course] = {}
