"""What a coordinator reads of a newer version of a programme: that there is one, and what would be different."""

from collections.abc import Sequence

from bot.conversation.cards import Button, Buttons, Paragraph, Part
from bot.conversation.documents import document_of
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from lessons.models import ProgrammeDocument, Role
from lessons.programme_versions import ChangedWeek, changed_weeks, missed
from storage.tables.programmes import Cohort, CohortState

MOST_NAMED = 10


def newer_version(visit: Visit, cohort: Cohort) -> ProgrammeDocument | None:
    """Return the programme as our content has it now, if that is a newer version than the cohort's."""
    confirmed = document_of(visit, cohort).programme
    known = visit.house.library.programmes.get(confirmed.id)
    if known is None or known.version <= confirmed.version:
        return None
    return visit.house.library.document(known.id)


def notice(visit: Visit, cohort: Cohort) -> tuple[Part, ...]:
    """Say on the cohort's page that there is a newer version, with the way to the difference."""
    if cohort.state is CohortState.ENDED or newer_version(visit, cohort) is None:
        return ()
    words = visit.words
    look = Button(
        text=words("coordinating.version_button"), action="cohort.version", value=str(cohort.id), opens_form=True
    )
    return (Paragraph(words("coordinating.version_notice")), Buttons((look,)))


def difference_lines(
    words: Words, old: ProgrammeDocument, new: ProgrammeDocument, after: ProgrammeDocument, *, week: int
) -> list[str]:
    """Return a line for each week and role that would get something else, and what nobody would get any more."""
    titles = {id: words.of(lesson.title) for id, lesson in {**new.lessons, **old.lessons, **after.lessons}.items()}
    lines = [_line(words, one, after.programme.roles, titles) for one in changed_weeks(old, after)]
    if lost := missed(new, after, week=week):
        named = words.listed([titles[one] for one in lost[:MOST_NAMED]])
        lines.append(words("coordinating.version_missed", lessons=named))
        if (more := len(lost) - MOST_NAMED) > 0:
            lines.append(words("coordinating.preview_skipped_more", number=more))
    return lines


def _line(words: Words, one: ChangedWeek, roles: Sequence[Role], titles: dict[str, str]) -> str:
    what = [
        words(f"coordinating.version_{kind}", lessons=words.listed([titles[lesson_id] for lesson_id in lessons]))
        for kind, lessons in (("added", one.added), ("gone", one.gone), ("reworded", one.reworded))
        if lessons
    ]
    week = words("coordinating.week", number=one.number)
    if one.roles != tuple(roles):
        many = [words(f"coordinating.role_many_{role.value}").lower() for role in one.roles]
        week = words("coordinating.version_week_of", week=week, roles=words.listed(many))
    return f"**{week}** {' '.join(what or [words('coordinating.version_order')])}"
