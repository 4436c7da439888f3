"""A new cohort: the two forms, the preview before anything is sent, and the start."""

from datetime import date, time

from bot.conversation import outcomes
from bot.conversation.cards import Button, Buttons, Facts, Form, Heading, Note, Paragraph, Part, Style
from bot.conversation.cohort_choices import CohortChoices, Fault
from bot.conversation.cohort_outline import Outline, choices_from, outline_from
from bot.conversation.cohort_roles import weeks_by_role
from bot.conversation.coordinating import cohort_form, rest_facts, today_at_home
from bot.conversation.coordinating_new_forms import choose_programme, plan_cohort, programmes_card
from bot.conversation.enrolling import HOME_ZONE, start_cohort
from bot.conversation.events import Pressed, Submitted
from bot.conversation.sessions_words import preview_parts
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.survey_dates import asking_parts
from bot.conversation.texts import Words
from bot.conversation.visiting import Typed, Visit
from lessons.models import Programme
from lessons.surveys import SurveyDocument
from scheduler.calendar import DAY_BEGINS, Calendar, working_day_after
from scheduler.preview import SchedulePreview, SkippedDay, schedule_preview
from scheduler.window import SLOT_WINDOW
from storage import cohorts
from storage.cohorts import DraftNotFound
from storage.tables.programmes import Cohort

DRAFT = "start"
MOST_SKIPPED_SHOWN = 20


def say_programmes(visit: Visit, typed: Typed) -> list[Show]:
    return [Say(programmes_card(visit.words, list(visit.house.library.programmes.values())))]


def ask_for_outline(visit: Visit, event: Pressed) -> list[Show]:
    """Open the first form. A button may say which programme it is to be; the second form leads back to it, with what
    was chosen."""
    programmes = visit.house.library.programmes
    chosen = Outline.from_text(event.value)
    if chosen is None or chosen.programme_id not in programmes:
        wanted = event.value if event.value in programmes else next(iter(programmes))
        day = _next_open_day(today_at_home(visit))
        chosen = Outline(programme_id=wanted, starts_on=day, name="")
    first = outcomes.before_the_next(visit, cohorts.own_cohorts(visit.session, visit.person))
    return [OpenForm(choose_programme(visit.words, programmes=list(programmes.values()), chosen=chosen, first=first))]


def ask_for_choices(visit: Visit, event: Submitted) -> list[Show]:
    """Open the second form, for the programme that was chosen, or say what must change first."""
    programmes = visit.house.library.programmes
    outline, faults = outline_from(event, today=today_at_home(visit), programmes=programmes)
    if outline is None:
        return [refuse(visit.words, faults)]
    programme = programmes[outline.programme_id]
    return [OpenForm(plan_cohort(visit.words, outline, programme, extra_audiences=visit.house.extra_audiences))]


def preview(visit: Visit, event: Submitted) -> list[Show]:
    """Show the whole schedule, or what must change first. Nothing is promised to anybody yet."""
    outline = Outline.from_text(event.about)
    programme = visit.house.library.programmes.get(outline.programme_id) if outline else None
    if outline is None or programme is None:  # taken out of the content meanwhile
        raise DraftNotFound(event.about)
    if not outline.is_ahead(today_at_home(visit)):  # the form lay open overnight
        return [OpenForm(_start_has_passed(visit))]
    choices, faults = choices_from(event, outline, programme)
    if choices is None:
        return [refuse(visit.words, faults)]
    schedule = schedule_of(visit, choices, programme, people=len(choices.members))
    if not schedule.fits_window:
        return [refuse(visit.words, [too_slow(visit, schedule)])]
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, choices.model_dump(mode="json"), visit.now)
    asking = visit.house.library.survey_document()
    return [OpenForm(preview_form(visit.words, choices, programme, schedule, draft=draft, asking=asking))]


def start(visit: Visit, event: Submitted) -> list[Show]:
    shown, _none = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    choices = CohortChoices.model_validate(shown)
    if choices.starts_on <= today_at_home(visit):  # the preview lay open overnight
        return [OpenForm(_start_has_passed(visit))]
    if choices.programme_id not in visit.house.library.programmes:  # taken out of the content meanwhile
        raise DraftNotFound(event.about)
    cohort = start_cohort(
        visit.session,
        workspace=visit.workspace,
        coordinator=visit.person,
        choices=choices,
        document=visit.house.library.document(choices.programme_id),
        saves_text=visit.house.saves_text,
        asking=visit.house.library.survey_document(),
        now=visit.now,
    )
    words = visit.words
    said = words(
        "coordinating.started_text",
        name=cohort.name,
        day=words.day(cohort.starts_on),
        people=words.count("coordinating.people", len(choices.members)),
    )
    return [OpenForm(cohort_form(visit, cohort, saying=said))]


def preview_form(
    words: Words,
    choices: CohortChoices,
    programme: Programme,
    schedule: SchedulePreview,
    *,
    draft: str,
    asking: SurveyDocument | None,
) -> Form:
    """The preview as a form whose only button starts the cohort."""
    facts = (
        (words("coordinating.preview_programme"), words.of(programme.title)),
        (words("coordinating.preview_people"), str(schedule.people)),
        (words("coordinating.preview_first"), _when(words, schedule.first_day, choices.slot)),
        (words("coordinating.preview_last"), _when(words, schedule.last_day, choices.slot)),
        *_per_person(words, programme, schedule),
        *rest_facts(words, choices.resting),
        (words("coordinating.preview_in_all"), str(schedule.messages)),
        (
            words("coordinating.preview_finish"),
            words("coordinating.preview_finish_value", clock=words.clock(schedule.last_at)),
        ),
    )
    left_out: tuple[Part, ...] = ()
    if choices.left_out:
        left_out = (Note(words.count("coordinating.preview_left_out", choices.left_out)),)
    others = (Note(words("coordinating.preview_others")),) if schedule.others else ()
    return Form(
        name="cohort.confirm",
        about=draft,
        title=words("coordinating.preview_title"),
        submit=words("coordinating.preview_submit"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("coordinating.preview_intro")),
            Facts(facts),
            *left_out,
            *others,
            *map(Paragraph, late_parts(words, schedule)),
            *_role_parts(words, choices, schedule),
            *preview_parts(words, programme, starts_on=choices.starts_on, calendar=choices.calendar),
            *asking_parts(
                words,
                programme,
                asking,
                starts_on=choices.starts_on,
                calendar=choices.calendar,
                slot=choices.slot,
                people_of=choices.people_of,
            ),
            Heading(words("coordinating.preview_skipped_title")),
            *skipped_parts(words, choices, schedule),
            *((Note(words("coordinating.preview_rests_text")),) if choices.resting else ()),
            Note(words("coordinating.preview_weeks")),
        ),
    )


def _per_person(words: Words, programme: Programme, schedule: SchedulePreview) -> list[tuple[str, str]]:
    """How many exercises one person gets, where it is the same for all."""
    if schedule.of_role:
        return []
    steps, sent = len(programme.steps()), len(schedule.sent_days)
    key = f"coordinating.preview_{'some' if sent < steps else 'all'}_fit"
    return [(words("coordinating.preview_per_person"), words(key, sent=sent, explained=steps - sent))]


def _role_parts(words: Words, choices: CohortChoices, schedule: SchedulePreview) -> list[Part]:
    """What each role gets, and when, where they differ."""
    if not schedule.of_role:
        return []
    facts = []
    for role, days in schedule.of_role.items():
        many = words(f"coordinating.role_many_{role.value}")
        label = words("coordinating.preview_role", role=many, people=schedule.people_of.get(role, 0))
        ends = (days[0], days[-1]) if days else ()
        first, last = (words.day_beside(day, choices.starts_on) for day in ends) if ends else ("–", "–")
        facts.append((label, words.count("coordinating.preview_exercises", len(days), first=first, last=last)))
    return [Heading(words("coordinating.preview_roles_title")), Facts(tuple(facts))]


def late_parts(words: Words, schedule: SchedulePreview) -> list[str]:
    """Say when the day's messages do not fit the window of their slot, and on which days they come too late."""
    said = []
    if not schedule.fits_slot:
        minutes = int(SLOT_WINDOW.total_seconds()) // 60
        said.append(words("coordinating.preview_slow", minutes=minutes, clock=words.clock(schedule.last_at)))
    if schedule.short_days:
        first = words.day(schedule.short_days[0])
        said.append(words.count("coordinating.preview_short", len(schedule.short_days), day=first))
    return said


def skipped_parts(words: Words, choices: CohortChoices, schedule: SchedulePreview) -> list[Part]:
    """Every day without an exercise, with its name or reason."""
    if not schedule.skipped:
        return [Paragraph(words("coordinating.preview_skipped_none"))]
    lines = [
        words(
            "coordinating.preview_skipped",
            day=words.day_beside(skipped.day, choices.starts_on),
            reason=why_skipped(words, choices, skipped),
        )
        for skipped in schedule.skipped[:MOST_SKIPPED_SHOWN]
    ]
    if (more := len(schedule.skipped) - MOST_SKIPPED_SHOWN) > 0:
        lines.append(words("coordinating.preview_skipped_more", number=more))
    return [Paragraph("\n".join(lines))]


def why_skipped(words: Words, choices: CohortChoices, skipped: SkippedDay) -> str:
    """Return the day's own name ("Påskafton"), or else the reason."""
    return choices.calendar.name_of(skipped.day, words.language) or words(f"coordinating.reason_{skipped.reason}")


def schedule_of(
    visit: Visit, choices: CohortChoices, programme: Programme, *, people: int, cohort: Cohort | None = None
) -> SchedulePreview:
    """Return the schedule, with all who wait in the same queue. `cohort` is the one it is about, if any."""
    return schedule_preview(
        weeks=[len(week.lessons) for week in programme.weeks],
        by_role=weeks_by_role(programme),
        people_of=choices.people_of,
        starts_on=choices.starts_on,
        slot=choices.slot_time,
        calendar=choices.calendar,
        people=people,
        others=cohorts.people_at_each_time(visit.session, visit.person, without=cohort),
        zone=HOME_ZONE.key,
        posts_per_minute=visit.house.posts_per_minute,
        window_minutes=choices.window_minutes,
        late_hours=choices.late_hours,
    )


def too_slow(visit: Visit, schedule: SchedulePreview) -> Fault:
    fields: dict[str, object] = {
        "minutes": schedule.minutes_needed,
        "people": visit.words.count("coordinating.people", schedule.people),
        "rate": visit.house.posts_per_minute,
        "clock": schedule.last_at,
    }
    return Fault("window", f"coordinating.window_too_small{'_shared' if schedule.others else ''}", fields)


def refuse(words: Words, faults: list[Fault]) -> Refuse:
    """Say each fault at its input, days and times as people say them."""
    errors: dict[str, str] = {}
    for fault in faults:
        fields = {name: _said(words, value) for name, value in fault.fields.items()}
        errors.setdefault(fault.input, words(fault.key, **fields))
    return Refuse(errors)


def _start_has_passed(visit: Visit) -> Form:
    words = visit.words
    again = Button(text=words("coordinating.new_button"), action="cohort.new", style=Style.PRIMARY, opens_form=True)
    return Form(
        name="cohort.message",
        title=words("coordinating.new_title"),
        submit=None,
        close=words("coordinating.close"),
        body=(Paragraph(words("coordinating.start_has_passed")), Buttons((again,))),
    )


def _next_open_day(today: date) -> date:
    """Return the first day after today that every calendar has open."""
    return working_day_after(today, 1, slot=DAY_BEGINS, calendar=Calendar())


def _when(words: Words, day: date | None, slot: str) -> str:
    return "–" if day is None else f"{words.long_day(day)}, {words.slot(slot)}"


def _said(words: Words, value: object) -> object:
    match value:
        case date():
            return words.day(value)
        case time():
            return words.clock(value)
        case _:
            return value
