"""When a new cohort would be asked about its programme, as its coordinator sees it before confirming."""

from datetime import date, time

from bot.conversation.cards import Heading, Note, Paragraph, Part
from bot.conversation.texts import Words
from lessons.models import Programme
from lessons.surveys import SurveyDocument
from scheduler.calendar import Calendar
from scheduler.sessions import placed
from scheduler.surveys import waves_of


def asking_parts(
    words: Words,
    programme: Programme,
    asking: SurveyDocument | None,
    *,
    starts_on: date,
    calendar: Calendar,
    slot: str,
) -> list[Part]:
    """Return the days of the surveys and who sees what; nothing where nothing is asked."""
    if asking is None:
        return []
    sessions = {one.number: one.day for one in placed(programme, starts_on=starts_on, calendar=calendar)}
    waves = waves_of(
        programme,
        asking,
        starts_on=starts_on,
        calendar=calendar,
        slot=time.fromisoformat(slot),
        sessions=sessions,
    )
    if not waves:
        return []
    lines = [words(f"surveys.preview_{laid.wave.replace('-', '_')}", day=words.day(laid.opens_on)) for laid in waves]
    return [
        Heading(words("surveys.preview_title")),
        Paragraph("\n".join(lines)),
        Note(words("surveys.preview_note")),
    ]
