"""What a coordinator reads of the meetings and surveys of a newer version: what comes, changes and goes, and when."""

from collections.abc import Iterator, Mapping
from datetime import date

from bot.conversation.sessions_words import for_whom, length_text, when_text
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from lessons.models import Programme, ProgrammeDocument
from lessons.surveys import SurveyDocument, Wave, weeks_of_waves
from scheduler import surveys
from scheduler.calendar import Calendar
from scheduler.sessions_anew import Anew, made_anew
from storage.sessions import Placed
from storage.tables.programmes import Cohort
from storage.tables.sessions import CohortSession

Rows = list[CohortSession]


def meetings_anew(
    cohort: Cohort, rows: Rows, old: ProgrammeDocument, new: ProgrammeDocument, *, week: int, monday: date
) -> Anew:
    """Return what becomes of a cohort's meetings."""
    return made_anew(
        rows,
        old.programme,
        new.programme,
        week=week,
        monday=monday,
        starts_on=cohort.starts_on,
        calendar=Calendar.from_choices(cohort.calendar),
    )


def meeting_lines(words: Words, rows: Rows, old: Programme, after: Programme, anew: Anew) -> list[str]:
    """Return a line for each meeting that comes, is changed, goes, or stays where the new version has not got it."""
    there = {row.number: row for row in rows}
    lines: list[str] = []
    for one in anew.laid:
        if one.number not in there:
            lines.append(_new(words, one, after))
        elif changes := _changes(words, there[one.number], one, old, after):
            title = words.of(old.sessions[one.number - 1].title)
            lines.append(words("sessions.version_changed", title=title, changes="; ".join(changes)))
    for what, numbers in (("stays", anew.chosen), ("over", anew.over), ("gone", anew.gone)):
        for number in numbers:
            title, row = words.of(old.sessions[number - 1].title), there[number]
            lines.append(words(f"sessions.version_{what}", title=title, when=when_text(words, row.day, row.begins)))
    for what, some in (("missed", anew.missed), ("had", anew.had)):
        if some:
            lines.append(words(f"sessions.version_{what}", titles=words.listed([words.of(one.title) for one in some])))
    return lines


def survey_lines(visit: Visit, cohort: Cohort, old: Programme, after: Programme, *, today: date) -> list[str]:
    """Return a line for each survey that comes, moves or goes; those about a meeting follow it."""
    now, then = surveys.asked_again(visit.session, cohort, after, asking(visit, old), today=today)
    return list(_waves(visit.words, now, then))


def asking(visit: Visit, old: Programme) -> SurveyDocument | None:
    """Return what a cohort that has been asked nothing is asked by a newer version: nothing, if the old one asked."""
    asked = bool(weeks_of_waves(old)) or any(one.measured for one in old.sessions)
    return None if asked else visit.house.library.survey_document()


def _changes(words: Words, row: CohortSession, then: Placed, old: Programme, after: Programme) -> list[str]:
    was, now = old.sessions[row.number - 1], after.sessions[row.number - 1]
    pairs = (
        (when_text(words, row.day, row.begins), when_text(words, then.day, then.begins)),
        (length_text(words, row.minutes), length_text(words, then.minutes)),
        (for_whom(words, was.roles, after).lower(), for_whom(words, now.roles, after).lower()),
    )
    changes = [words("sessions.version_other", before=one, after=other) for one, other in pairs if one != other]
    if words.of(was.title) != words.of(now.title):
        changes.insert(0, words("sessions.version_title", title=words.of(now.title)))
    if words.of(was.about) != words.of(now.about):
        changes.append(words("sessions.version_about"))
    if was.measured != now.measured:
        changes.append(words(f"sessions.version_{'' if now.measured else 'not_'}measured"))
    return changes


def _new(words: Words, one: Placed, after: Programme) -> str:
    what = after.sessions[one.number - 1]
    return words(
        "sessions.version_new",
        title=words.of(what.title),
        when=when_text(words, one.day, one.begins),
        length=length_text(words, one.minutes),
        whom=for_whom(words, what.roles, after),
    )


def _waves(words: Words, now: Mapping[Wave, date], then: Mapping[Wave, date]) -> Iterator[str]:
    for wave in Wave:
        before, after = now.get(wave), then.get(wave)
        called = words(f"outcomes.wave_{wave}")
        if before is None and after is not None:
            yield words("surveys.version_new", wave=called, day=words.day(after))
        elif before is not None and after is None:
            yield words("surveys.version_gone", wave=called, day=words.day(before))
        elif before is not None and after is not None and before != after:
            yield words("surveys.version_moves", wave=called, before=words.day(before), after=words.day(after))
