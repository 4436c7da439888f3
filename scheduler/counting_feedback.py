"""Once a night: answers to "was it of use?" become part of a figure that others see.

Of an exercise, all new answers are counted together, once there are five, and never before. What one figure has and the
one before it lacks is then just these, so they go through `lessons.outcomes.suppression` as a figure of their own:
nearly all alike, no more of them is told than that. Whoever subtracts yesterday's figure from today's learns what might
be shown anyway. What has been counted is not touched again: whoever thinks differently later, or deletes what they have
said, changes no figure, and is not to be seen in one.
"""

from collections.abc import Iterable
from datetime import date
from functools import partial

import structlog
from sqlmodel import Session

from lessons.outcomes.figures import Answers, Figure
from lessons.outcomes.suppression import FEWEST, Bound, released
from storage import account, feedback
from storage.database import Store
from storage.tables.feedback import Useful

log = structlog.get_logger()

WORTH = {Useful.YES: 1.0, Useful.PARTLY: 0.5, Useful.NO: 0.0}


class NotYet(Exception):
    """Of what there is nothing may be shown: leave it as it is."""


async def count_feedback(store: Store, today: date) -> int:
    """Count what may be counted. Return of how many exercises."""
    counted = 0
    for organisation_id in await store.read(account.organisations):
        ready = await store.read(partial(feedback.uncounted, organisation_id=organisation_id, fewest=FEWEST))
        for lesson_id in ready:
            counting = partial(count, organisation_id=organisation_id, lesson_id=lesson_id, day=today)
            try:
                await store.write(counting, patient=True)
            except NotYet:
                continue
            except Exception:  # the boundary of one exercise: the others are counted, and the night goes on
                log.exception("feedback_not_counted", organisation_id=organisation_id, lesson_id=lesson_id)
                continue
            counted += 1
    return counted


def count(session: Session, *, organisation_id: int, lesson_id: str, day: date) -> None:
    """Add the new answers to the exercise's figure. Raises NotYet, for the unit of work to be taken back."""
    said = feedback.take(session, organisation_id, lesson_id, day=day)
    add = partial(feedback.add, session, organisation_id, lesson_id, day=day)
    match released(answers_of(said.items())).whole:
        case None:
            raise NotYet
        case Bound(answers=answers, is_lower=True):
            add(nearly_all=answers)
        case Bound(answers=answers):
            add(nearly_none=answers)
        case Figure() as figure:
            add(answers=figure.answers, halves=round(2 * figure.total))


def answers_of(said: Iterable[tuple[int, Useful]]) -> Answers:
    """Return what was said as the numbers a figure is made of: a yes is one, partly is a half."""
    return Answers(of={one: WORTH[useful] for one, useful in said})
