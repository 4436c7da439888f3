"""Several organisations' outcomes side by side, from what each has released. Nothing else of any of them is read, so a
sum is of those that show their figure and never of one that does not."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lessons.outcomes.released_cohort import Counts, ReleasedCohort
from lessons.outcomes.released_wave import Counted, Limited, Question, ScaleChange
from lessons.surveys import Wave

FEWEST_TO_SUM = 2


class Twice(ValueError):
    """The same cohort is given twice: its people would count double. `args[0]` is what it is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """One question in one wave. `by_cohort` is in the order given, of those that asked it, each once."""

    wave: Wave
    time: int
    """Which time a cohort was asked this, from 1 on: of two meetings that are measured, the second is summed with the
    others' second. Else somebody who was at both would count double."""
    times: int
    """How many there are."""
    question: Question
    """As the first who asked it; its share is the sum, and its `asked` that of those in the sum."""
    by_cohort: Sequence[tuple[str, Counted | Limited | None]]
    shown: int
    """Cohorts in the sum."""


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
    order, asked = list(Wave), _asked(cohorts, lambda question: question.tells_share)
    times = Counter((wave, same) for wave, same, _time in asked)
    found = [
        _joined(wave, questions, time=time, times=times[wave, same]) for (wave, same, time), questions in asked.items()
    ]
    return sorted(found, key=lambda one: (order.index(one.wave), one.time))


def joined_changes(cohorts: Sequence[ReleasedCohort]) -> list[JoinedChange]:
    """Return each question that tells how the same people have changed, over those who tell who went which way."""
    order = list(Wave)
    asked = _asked(cohorts, lambda question: question.tells_change and not question.tells_share)
    found = [
        _joined_change(wave, [question for _name, question in questions])
        for (wave, _question, _time), questions in asked.items()
    ]
    return sorted(found, key=lambda one: order.index(one.wave))


def are_organisations(cohorts: Sequence[ReleasedCohort]) -> bool:
    """Whether each is of an organisation of its own: else it is cohorts that are counted, not organisations."""
    return len({one.organisation for one in cohorts}) == len(cohorts)


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


def _asked(
    cohorts: Sequence[ReleasedCohort], is_wanted: Callable[[Question], bool]
) -> dict[tuple[Wave, str, int], list[tuple[str, Question]]]:
    """Return the same question of every cohort that asked it, by wave and by which time it was."""
    asked: dict[tuple[Wave, str, int], list[tuple[str, Question]]] = {}
    for name, cohort in zip(names_of(cohorts), cohorts, strict=True):
        times: Counter[tuple[Wave, str]] = Counter()
        for wave in cohort.waves:
            for question in wave.told.questions if wave.told is not None else ():
                if is_wanted(question):
                    same = (wave.wave, _same(question))
                    times[same] += 1
                    asked.setdefault((*same, times[same]), []).append((name, question))
    return asked


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


def _apart(numbers: Sequence[int]) -> int:
    """None where one of them tells none, which may be up to four: the sum would be too low."""
    return sum(numbers) if all(numbers) else 0


def _same(question: Question) -> str:
    """Questions are summed only when they ask the same in the same words."""
    texts = [question.text, *question.yes_texts]
    return "\n".join((question.survey, question.item, *(f"{text.sv}\n{text.en}" for text in texts)))


def _joined(wave: Wave, questions: Sequence[tuple[str, Question]], *, time: int, times: int) -> Joined:
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
            "apart": _apart([question.apart for question, _share in told]) if total else 0,
            "tells_change": False,
            "change": None,
        }
    )
    by_cohort = [(name, question.share) for name, question in questions]
    return Joined(wave=wave, time=time, times=times, question=summed, by_cohort=by_cohort, shown=len(told))
