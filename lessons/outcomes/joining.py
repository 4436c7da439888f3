"""Several organisations' outcomes side by side, from what each has released. Nothing else of any of them is read, so a
sum is of those that show their figure and never of one that does not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lessons.outcomes.released_cohort import Counts, ReleasedCohort
from lessons.outcomes.released_wave import Counted, Limited, Question, ScaleChange
from lessons.surveys import Wave

FEWEST_TO_SUM = 2


class Twice(ValueError):
    """The same cohort is given twice: its people would count double. `args[0]` is what it is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """One question in one wave. `by_cohort` is in the order given, of those that asked it."""

    wave: Wave
    question: Question
    """As the first who asked it; its share is the sum, and its `asked` that of those in the sum."""
    by_cohort: Sequence[tuple[str, Counted | Limited | None]]
    shown: int


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinedChange:
    """As above, of a change: how many went which way, all together. None where fewer than two tell it."""

    wave: Wave
    question: Question
    shown: int


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinedCount:
    """A count, over those that have one."""

    number: int | None
    shown: int


def joined(cohorts: Sequence[ReleasedCohort]) -> list[Joined]:
    """Return each question that tells how people stand, in the order of the waves. Raises Twice."""
    names = names_of(cohorts)
    asked: dict[tuple[Wave, str], list[tuple[str, Question]]] = {}
    for name, cohort in zip(names, cohorts, strict=True):
        for wave in cohort.waves:
            for question in wave.told.questions if wave.told is not None else ():
                if question.tells_share:
                    asked.setdefault((wave.wave, _same(question)), []).append((name, question))
    order = list(Wave)
    found = [_joined(wave, questions) for (wave, _question), questions in asked.items()]
    return sorted(found, key=lambda one: order.index(one.wave))


def joined_changes(cohorts: Sequence[ReleasedCohort]) -> list[JoinedChange]:
    """Return each question that tells how the same people have changed, over those who tell who went which way."""
    asked: dict[tuple[Wave, str], list[Question]] = {}
    for cohort in cohorts:
        for wave in cohort.waves:
            for question in wave.told.questions if wave.told is not None else ():
                if question.tells_change and not question.tells_share:
                    asked.setdefault((wave.wave, _same(question)), []).append(question)
    order = list(Wave)
    found = [_joined_change(wave, questions) for (wave, _question), questions in asked.items()]
    return sorted(found, key=lambda one: order.index(one.wave))


def names_of(cohorts: Sequence[ReleasedCohort]) -> list[str]:
    """Return what each is called: its organisation, and its own name where an organisation has several."""
    whole = [(one.organisation, one.name, one.starts_on) for one in cohorts]
    organisations = [one.organisation for one in cohorts]
    for one in cohorts:
        if whole.count((one.organisation, one.name, one.starts_on)) > 1:
            raise Twice(f"{one.organisation}, {one.name}")
    return [
        one.organisation if organisations.count(one.organisation) == 1 else f"{one.organisation}, {one.name}"
        for one in cohorts
    ]


def joined_count(numbers: Iterable[int | None]) -> JoinedCount:
    told = [number for number in numbers if number is not None]
    return JoinedCount(number=sum(told) if len(told) >= FEWEST_TO_SUM else None, shown=len(told))


def skl_count(measure: str, counts: Counts) -> int | None:
    """Return one of SKL's measures that are counts; None where it cannot be told."""
    match measure:
        case "skl_participants":
            return counts.participants
        case "skl_day_attend":
            return attended(counts)
        case "skl_units_model":
            return counts.units_in_use if counts.units_asked else None
        case _:
            raise ValueError(f"{measure} is no count")


def attended(counts: Counts) -> int | None:
    """Return how many came to what is measured, all meetings together; None while one of them is not counted."""
    numbers = [meeting.attended for meeting in counts.meetings]
    told = [number for number in numbers if number is not None]
    return sum(told) if numbers and len(told) == len(numbers) else None


def _joined_change(wave: Wave, questions: Sequence[Question]) -> JoinedChange:
    told = [one.change for one in questions if isinstance(one.change, ScaleChange) and one.change.same is not None]
    total = None
    if len(told) >= FEWEST_TO_SUM:
        total = ScaleChange(
            people=sum(one.people for one in told),
            higher=sum(one.higher or 0 for one in told),
            same=sum(one.same or 0 for one in told),
            lower=sum(one.lower or 0 for one in told),
        )
    return JoinedChange(wave=wave, question=questions[0].model_copy(update={"change": total}), shown=len(told))


def _same(question: Question) -> str:
    """Questions are summed only when they ask the same in the same words."""
    texts = [question.text, *question.yes_texts]
    return "\n".join((question.survey, question.item, *(f"{text.sv}\n{text.en}" for text in texts)))


def _joined(wave: Wave, questions: Sequence[tuple[str, Question]]) -> Joined:
    told = [(question, question.share) for _name, question in questions if isinstance(question.share, Counted)]
    total = None
    if len(told) >= FEWEST_TO_SUM:
        total = Counted(
            answers=sum(one.answers for _question, one in told), yes=sum(one.yes for _question, one in told)
        )
    numbers = [question.asked for question, _share in told]
    asked = None if None in numbers else sum(number or 0 for number in numbers)
    first = questions[0][1]
    summed = first.model_copy(
        update={
            "share": total,
            "asked": asked,
            "by_role": {},
            "apart": sum(question.apart for question, _share in told) if total else 0,
            "tells_change": False,
            "change": None,
        }
    )
    by_cohort = [(name, question.share) for name, question in questions]
    return Joined(wave=wave, question=summed, by_cohort=by_cohort, shown=len(told))
