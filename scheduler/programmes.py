"""Which steps a week of a programme has. Read once from each confirmed document, which never changes."""

import json

from sqlmodel import Session

from lessons.models import Programme
from storage import planning

Week = tuple[tuple[int, str], ...]
"""Step (1-based in the whole programme) and lesson id, in order."""


def weeks_of(session: Session, document_id: int, digest: str) -> tuple[Week, ...]:
    """Return the weeks of a stored document."""
    if digest not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[digest] = weeks_in(planning.document_body(session, document_id))
    return _known[digest]


def weeks_in(body: str) -> tuple[Week, ...]:
    programme = Programme.model_validate(json.loads(body)["programme"])
    weeks: list[list[tuple[int, str]]] = [[] for _ in programme.weeks]
    for number, step in enumerate(programme.steps(), start=1):
        weeks[step.week - 1].append((number, step.lesson_id))
    return tuple(tuple(week) for week in weeks)


MOST_KNOWN = 200
_known: dict[str, tuple[Week, ...]] = {}
