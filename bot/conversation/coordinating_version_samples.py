"""What a coordinator meets where there is a newer version of a running cohort's programme: for `knuff preview`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.conversation.cards import Card, Form
from bot.conversation.coordinating_sample_hands import Hands
from lessons.library import Library
from lessons.models import Programme, Role, Session, Text


def versions(sam: Hands, cohort: str, *, begun: datetime, too_late: datetime) -> Iterator[tuple[str, str, Card | Form]]:
    """The notice, the choice of a Monday, what would be different, and the change. All of it is undone again.

    The cohort's first week has begun when it is `begun`; at `too_late` the next one is too close.
    """
    sam = sam.on(begun)
    library = sam.visit.house.library
    yield "modal", "cohort_version_none", sam.presses("cohort.version", cohort)
    same = sam.where(library=_with(library, _newer(library)))
    yield "modal", "cohort_version_same", same.sends(same.presses("cohort.version", cohort))
    sam = sam.where(library=_rewritten(library))
    yield "modal", "cohort_version_notice", sam.presses("cohort.open", cohort)
    yield "modal", "cohort_version", (asked := sam.presses("cohort.version", cohort))
    yield "modal", "cohort_version_refused", sam.refused(asked, values={"monday": ""})
    yield "modal", "cohort_version_difference", (difference := sam.sends(asked))
    with sam.forgotten():
        yield "modal", "cohort_version_outdated", sam.on(too_late).sends(difference)
    with sam.forgotten():
        yield "modal", "cohort_version_now", sam.sends(difference)


def with_other_meetings(
    sam: Hands, cohort: str, moved: str, *, begun: datetime, day: str
) -> Iterator[tuple[str, str, Card | Form]]:
    """What would be different of a cohort's five meetings and its surveys, and the change; then a version more. The
    cohort is in its second week when it is `begun`, and the fourth meeting, `moved`, has been put on a `day`. All of it
    is undone again."""
    sam = sam.on(begun)
    with sam.forgotten():
        sam.sends(sam.sends(sam.presses("session.move", moved), values={"day": day}))
        library = sam.visit.house.library
        old = library.programmes["with-meetings"]
        first, second, _, fourth, last = old.sessions
        other = {"title": Text(sv="Bokslut", en="Closing the books"), "minutes": 60, "wave": "day"}
        new = Session(week=5, title=Text(sv="Halvtid", en="Half-time"), about=first.about, minutes=90)
        sessions = (
            first.model_copy(update={"week": 4}),
            second,
            fourth.model_copy(update={"week": 7, "wave": None}),
            last.model_copy(update=other | {"roles": (Role.MANAGER,), "about": old.about}),
            new,
            new.model_copy(
                update={"week": 1, "title": Text(sv="Lära känna varandra", en="Getting to know each other")}
            ),
        )
        waves = {"t0": 1, "week-3": 4, "t1": len(old.weeks)}
        newer = old.model_copy(update={"version": old.version + 1, "sessions": sessions, "waves": waves})
        sam = sam.where(library=_with(library, newer))
        yield "modal", "cohort_version_meetings", (difference := _difference(sam, cohort))
        sam.sends(difference)
        yield "modal", "session_list_of_newer", sam.presses("session.list", cohort)
        back = sessions[4].model_copy(update={"week": 1})
        newest = newer.model_copy(
            update={"version": newer.version + 1, "sessions": (*sessions[:4], back), "waves": None}
        )
        sam = sam.where(library=_with(library, newest))
        yield "modal", "cohort_version_meetings_back", _difference(sam, cohort)


def _difference(sam: Hands, cohort: str) -> Form:
    """Return what would be different from the first Monday there is."""
    return sam.sends(sam.presses("cohort.version", cohort))


def _newer(library: Library) -> Programme:
    eight = library.programme("eight-weeks")
    return eight.model_copy(update={"version": eight.version + 1})


def _rewritten(library: Library) -> Library:
    """Return the library with a newer version of the eight weeks: something of everything that can be different."""
    newer = _newer(library)
    value, leaders, direction, culture, insight, *rest = newer.weeks
    others = [lesson for lesson in library.lessons if lesson not in {step.lesson_id for step in newer.steps()}]
    weeks = (
        value.model_copy(update={"lessons": (*value.lessons[:4], *others[:1])}),
        leaders.model_copy(update={"lessons": (*leaders.lessons[:3], *others[1:3])}),
        direction.model_copy(update={"lessons": direction.lessons[::-1]}),
        culture.model_copy(update={"by_role": {Role.POLITICIAN: culture.lessons[:2]}}),
        insight,
        *rest,
    )
    changed = library.lesson(insight.lessons[0])
    example = changed.model_copy(update={"why": Text(sv="Ett annat skäl.", en="Another reason.")})
    library = replace(library, lessons={**library.lessons, changed.id: example})
    return _with(library, newer.model_copy(update={"weeks": weeks}))


def _with(library: Library, programme: Programme) -> Library:
    return replace(library, programmes={**library.programmes, programme.id: programme})
