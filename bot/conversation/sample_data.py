"""What the samples are made of: a rhythm, exercises, a plan, a week of reasons."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.conversation.events import Submitted
from bot.conversation.letters import Exercise, IfThen
from bot.conversation.references import Reference
from bot.conversation.rhythm import Rhythm
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from lessons.models import Kind, Lesson
from storage.humane import WORKING_WEEK
from storage.tables.deliveries import Delivery, Reason, State
from storage.tables.deliveries import Kind as DeliveryKind
from storage.tables.people import Pace, Shift

MONDAY = date(2026, 3, 2)


RHYTHM = Rhythm(
    zone="Europe/Stockholm",
    zone_chosen=False,
    slot="08:15",
    days=WORKING_WEEK,
    pace=Pace.DAILY,
    shift=Shift.DAY,
    language="sv",
    saves_text=True,
)
AT_NIGHT = replace(RHYTHM, shift=Shift.NIGHT, slot="21:30", pace=Pace.MONDAYS)


def a_lesson(house: House, kind: Kind) -> Lesson:
    lessons = house.library.lessons.values()
    return next((lesson for lesson in lessons if lesson.kind is kind), next(iter(lessons)))


def an_exercise(lesson: Lesson) -> Exercise:
    return Exercise(ref=Reference(delivery_id=1), lesson=lesson)


def a_week(house: House) -> tuple[Exercise, ...]:
    lessons = list(house.library.lessons.values())[:5]
    return tuple(
        replace(an_exercise(lesson), ref=Reference(delivery_id=number))
        for number, lesson in enumerate(lessons, start=1)
    )


def a_plan(lesson: Lesson, words: Words) -> IfThen:
    cue = words.of(lesson.cue) if lesson.cue else words.of(lesson.title)
    action = words.of(lesson.action) if lesson.action else words.of(lesson.smaller_step)
    return IfThen(plan_id=1, cue=cue, action=action, cue_on=MONDAY + timedelta(days=3))


def on_page(plan: IfThen) -> IfThen:
    return replace(plan, written_on_page=True)


def without_words(plan: IfThen) -> IfThen:
    return replace(plan, cue="", action="")


def sent_reply(reply: str) -> Submitted:
    at = datetime.combine(MONDAY, time(7, 15), tzinfo=UTC)
    values: dict[str, str | tuple[str, ...]] = {"reply": reply, "save": "yes"}
    return Submitted(key="", platform="", workspace="", person="", at=at, form="reply", about="1", values=values)


def a_week_of_reasons() -> list[Delivery]:
    """One day sent, the others with a reason each."""
    reasons = (None, Reason.PAUSED, Reason.BACKED_OFF, Reason.PACE, Reason.KNUFF_WAS_DOWN)
    return [
        Delivery(
            organisation_id=1,
            workspace_id=1,
            person_id=1,
            kind=DeliveryKind.NUDGE,
            day=day,
            due_at=at,
            late_after=at,
            try_at=at,
            state=State.EXPLAINED if reason else State.SENT,
            reason=reason,
            sent_at=None if reason else at,
        )
        for number, reason in enumerate(reasons)
        for day in [MONDAY + timedelta(days=number)]
        for at in [datetime.combine(day, time(7, 15), tzinfo=UTC)]
    ]
