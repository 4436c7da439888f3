"""When a new cohort would be asked about its programme, as its coordinator sees it before confirming."""

from collections.abc import Mapping
from datetime import date, time

from bot.conversation.cards import Heading, Note, Paragraph, Part
from bot.conversation.texts import Words
from lessons.models import Programme
from lessons.outcomes.suppression import FEWEST
from lessons.surveys import SurveyDocument
from scheduler.calendar import Calendar
from scheduler.sessions import placed
from scheduler.surveys import waves_of
from storage.survey_waves import Laid
from storage.tables.programmes import Role


def asking_parts(
    words: Words,
    programme: Programme,
    asking: SurveyDocument | None,
    *,
    starts_on: date,
    calendar: Calendar,
    slot: str,
    people_of: Mapping[Role, int],
) -> list[Part]:
    """Return the days of the surveys and who sees what; nothing where nothing is asked. `people_of`: how many have each
    role. Where fewer are asked than any figure is shown of, that is said."""
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
    lines, few = [], [_asked(laid, people_of) < FEWEST for laid in waves]
    for laid, is_few in zip(waves, few, strict=True):
        day = words.day_beside(laid.opens_on, starts_on)
        line = words(f"surveys.preview_{laid.wave.replace('-', '_')}", day=day)
        lines.append(f"{line} {words('surveys.preview_few')}" if is_few and not all(few) else line)
    return [
        Heading(words("surveys.preview_title")),
        Paragraph("\n".join(lines)),
        Note(words("surveys.preview_note_few" if all(few) else "surveys.preview_note")),
    ]


def _asked(laid: Laid, people_of: Mapping[Role, int]) -> int:
    return sum(number for role, number in people_of.items() if role in laid.roles)
