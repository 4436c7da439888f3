"""What came of it, measured as SKL measured its relays: of one cohort, or of several organisations together."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from bot.conversation.outcome_gathering import released_cohort
from lessons.library import Library
from lessons.outcomes.joining import Joined, joined, joined_count, skl_count
from lessons.outcomes.measures import SHARES, SKL, measure_of
from lessons.outcomes.released_cohort import ReleasedCohort
from lessons.outcomes.released_wave import Counted, Limited
from lessons.outcomes.saying import share
from storage.tables.programmes import Cohort

Figures = Mapping[str, Mapping[str, Any]]


def released(session: Session, organisation_id: int, library: Library) -> list[ReleasedCohort]:
    """Return what may be told of each cohort. Each stands for an organisation of its name."""
    cohorts = session.exec(
        select(Cohort).where(Cohort.organisation_id == organisation_id).order_by(col(Cohort.id))
    ).all()
    return [released_cohort(session, one, organisation=one.name, library=library) for one in cohorts]


def skl_figures(cohorts: Sequence[ReleasedCohort]) -> Figures:
    """Return each of SKL's measures: counts plain, shares with how many answered and a 95 % interval (whole per cent).
    None: too few to say, or nobody was asked."""
    first = [one for one in joined(cohorts) if one.time == 1]
    shares = {measure_of(one.question.survey, one.question.item, one.wave): _figure(one) for one in first}
    found: dict[str, Mapping[str, Any]] = {}
    for measure, reference in SKL.items():
        if measure in SHARES:
            found[measure] = _share(shares.get(measure)) | {"skl_percent": reference.percent}
        else:
            numbers = [skl_count(measure, one.counts) for one in cohorts]
            number = numbers[0] if len(numbers) == 1 else joined_count(numbers).number
            found[measure] = {"count": number, "skl_count": reference.count}
    return found


def _figure(one: Joined) -> Counted | Limited | None:
    """A cohort alone has no sum; its own figure is what it has released."""
    return one.by_cohort[0][1] if len(one.by_cohort) == 1 else one.question.share


def _share(figure: Counted | Limited | None) -> dict[str, Any]:
    match figure:
        case Counted():
            said = share(figure.yes, figure.answers)
            interval = list(said.interval) if said.interval else None
            return {"n": figure.answers, "yes": figure.yes, "percent": said.percent, "interval": interval}
        case Limited():
            return {"n": figure.answers, "yes": None, "percent": None, "interval": None}
        case None:
            return {"n": None, "yes": None, "percent": None, "interval": None}
