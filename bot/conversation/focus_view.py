"""What somebody has chosen to practise most or to keep up, from what is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from bot.conversation import days
from bot.conversation.documents import document
from bot.conversation.letters import Practising
from bot.conversation.visiting import House, Visit
from lessons.models import Programme, Role, Text
from scheduler.calendar import Calendar
from scheduler.weeks import weeks_over
from storage import focus, looking_back
from storage.looking_back import Going
from storage.message_rows import Message
from storage.tables.deliveries import Kind

WEEKS_AFTER = 8
"""So long after its last week a programme is still somebody's newest: Home says what may follow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Onwards:
    """The programme that may follow the one that is soon over, and what somebody keeps up."""

    title: Text
    about: Text
    contact: str
    kept: Text | None = None
    is_by_choice: bool = True
    """They have said so; else it is the first of what they practise most."""


def practising_in(session: Session, house: House, message: Message) -> Practising | None:
    """Return what is said in a message of what its reader practises most: in the first exercise of a programme, and
    in every one of a programme about a single behaviour. None elsewhere."""
    carrier, cohort = message.carrier, message.cohort(message.carrier.cohort_id)
    if carrier.kind is not Kind.NUDGE or carrier.enrolment_id is None or cohort is None:
        return None
    confirmed = document(session, cohort.digest)
    if confirmed is None:
        return None
    programme = confirmed.programme
    person_id = message.reader.person_id
    if not programme.keeps:
        role = looking_back.role_in(session, person_id, carrier.enrolment_id)
        if role is None or carrier.lesson_id != _first_lesson(programme, Role(role)):
            return None
    return practising_of(session, house, programme, person_id, carrier.enrolment_id)


def practising_now(visit: Visit) -> Practising | None:
    """Return it for the newest programme of the person; None when there is none."""
    going, programme = _newest(visit)
    if going is None or programme is None:
        return None
    return practising_of(visit.session, visit.house, programme, visit.person.id, going.enrolment_id)


def practising_of(
    session: Session, house: House, programme: Programme, person_id: int, enrolment_id: int
) -> Practising:
    if programme.keeps:
        kept = focus.kept(session, person_id=person_id)
        keys = [kept] if kept else []
    else:
        keys = focus.chosen(session, person_id=person_id, enrolment_id=enrolment_id)
    known = house.library.taxonomy.behaviours
    labels = tuple(known[key].label for key in keys if key in known)
    return Practising(
        enrolment_id=enrolment_id,
        is_kept=programme.keeps,
        is_by_choice=focus.has_chosen_to_keep(session, person_id=person_id) if programme.keeps else True,
        behaviours=labels,
    )


def onwards_of(visit: Visit) -> Onwards | None:
    """Return what may follow the newest programme of the person, from its last week on."""
    going, programme = _newest(visit)
    if going is None or programme is None:
        return None
    following = follows(
        visit.house, programme, starts_on=going.starts_on, calendar=going.calendar, today=days.today(visit)
    )
    if following is None:
        return None
    kept = focus.kept(visit.session, person_id=visit.person.id)
    behaviour = visit.house.library.taxonomy.behaviours.get(kept) if kept else None
    return Onwards(
        title=following.title,
        about=following.about,
        contact=visit.house.contact,
        kept=behaviour.label if behaviour else None,
        is_by_choice=focus.has_chosen_to_keep(visit.session, person_id=visit.person.id),
    )


def follows(
    house: House, programme: Programme, *, starts_on: date, calendar: Mapping[str, Any], today: date
) -> Programme | None:
    """Return the programme about keeping one behaviour up that may follow this one, from its last week on."""
    following = house.library.programmes.get(programme.then or "")
    if following is None or not following.keeps:
        return None
    over = weeks_over(today, starts_on=starts_on, calendar=Calendar.from_choices(calendar))
    return following if over >= len(programme.weeks) - 1 else None


def to_choose_from(visit: Visit) -> list[str]:
    """Return the behaviours that are practised by somebody in the person's role, in the order of the taxonomy."""
    going, _ = _newest(visit)
    role = Role(going.role) if going else None
    used = {lesson.behaviour for lesson in visit.house.library.lessons.values() if role is None or role in lesson.roles}
    return [key for key in visit.house.library.taxonomy.behaviours if key in used]


def programmes_now(visit: Visit) -> Iterator[tuple[Going, Programme]]:
    """Yield the programmes the person goes through, will go through or has been through lately, the newest first; none
    they were taken out of."""
    today = days.today(visit)
    for going in looking_back.programmes(visit.session, visit.person):
        confirmed = document(visit.session, going.digest)
        if confirmed is None or (going.ends_on is not None and going.ends_on <= today):
            continue
        over = weeks_over(today, starts_on=going.starts_on, calendar=Calendar.from_choices(going.calendar))
        if over < len(confirmed.programme.weeks) + WEEKS_AFTER:
            yield going, confirmed.programme


def _newest(visit: Visit) -> tuple[Going | None, Programme | None]:
    return next(programmes_now(visit), (None, None))


def _first_lesson(programme: Programme, role: Role) -> str | None:
    lists = (week.lessons_for(role) for week in programme.weeks)
    return next((lessons[0] for lessons in lists if lessons), None)
