"""Who takes part: people added after a preview, people removed, colleagues who help to coordinate.

Nobody is listed: a coordinator picks whom they mean, and is told the same whether or not that person had stopped.
"""

from datetime import date

from bot.conversation.cards import Form, Paragraph
from bot.conversation.cohort_choices import Fault, Member, choices_of, members_from
from bot.conversation.cohort_roles import roles_of
from bot.conversation.coordinating import cohort_form, number, people_text, today_at_home
from bot.conversation.coordinating_forms import add_people, pick_people
from bot.conversation.coordinating_setup import late_parts, refuse, schedule_of, too_slow
from bot.conversation.documents import document_of
from bot.conversation.enrolling import enrol, first_day_for
from bot.conversation.events import Pressed, Submitted
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Visit
from scheduler.calendar import Calendar
from scheduler.preview import SchedulePreview
from scheduler.weeks import mondays
from storage import cohorts, people
from storage.tables.programmes import Cohort, LateJoiners, Role

DRAFT = "add"


def ask_whom_to_add(visit: Visit, event: Pressed) -> list[Show]:
    cohort = cohorts.open_cohort(visit.session, visit.person, number(event.value))
    roles, extra = roles_of(document_of(visit, cohort).programme), visit.house.extra_audiences
    return [OpenForm(add_people(visit.words, cohort_id=cohort.id, extra_audiences=extra, roles=roles))]


def ask_whom_to_remove(visit: Visit, event: Pressed) -> list[Show]:
    cohort = cohorts.open_cohort(visit.session, visit.person, number(event.value))
    return [OpenForm(pick_people(visit.words, cohort_id=cohort.id, subject="remove"))]


def ask_for_colleague(visit: Visit, event: Pressed) -> list[Show]:
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.value))
    return [OpenForm(pick_people(visit.words, cohort_id=cohort.id, subject="colleague"))]


def preview_adding(visit: Visit, event: Submitted) -> list[Show]:
    """Say who would come in and when, before anything is promised to them."""
    cohort = cohorts.open_cohort(visit.session, visit.person, number(event.about))
    faults: list[Fault] = []
    members, left_out = members_from(event, faults)
    before = cohorts.number_already_in(visit.session, cohort, _ids(members), today_at_home(visit))
    new = len(members) - before
    schedule = _schedule_with(visit, cohort, new)
    if not faults:
        faults = _cannot_add(visit, cohort, schedule, new=new)
    role = {role.value: role for role in roles_of(document_of(visit, cohort).programme)}.get(event.text("role"))
    if faults or role is None:
        return [refuse(visit.words, faults or [Fault("role", "coordinating.choose_one")])]
    shown = {"members": [member.model_dump() for member in members], "role": role.value}
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now, cohort)
    late = late_parts(visit.words, schedule) if new else []
    day = _first_exercise(visit, cohort, schedule, role)
    return [OpenForm(_adding(visit, cohort, late, day, new=new, before=before, left_out=left_out, draft=draft))]


def add(visit: Visit, event: Submitted) -> list[Show]:
    shown, cohort_id = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    cohort = cohorts.open_cohort(visit.session, visit.person, cohort_id or 0)
    members = [Member.model_validate(member) for member in shown["members"]]
    added = enrol(
        visit.session,
        workspace=visit.workspace,
        cohort=cohort,
        members=members,
        role=Role(shown["role"]),
        saves_text=visit.house.saves_text,
        now=visit.now,
    )
    cohorts.write_down(visit.session, visit.person, "people_added", cohort, visit.now, people=added)
    said = visit.words.count("coordinating.added_now", added)
    if before := len(members) - added:
        said = f"{said} {visit.words.count('coordinating.already_in', before)}"
    return [OpenForm(cohort_form(visit, cohort, saying=said))]


def remove(visit: Visit, event: Submitted) -> list[Show]:
    cohort = cohorts.open_cohort(visit.session, visit.person, number(event.about))
    picked = [profile.external_id for profile in event.profiles.get("people", ())]
    if not picked:
        return [Refuse({"people": visit.words("coordinating.people_missing")})]
    ended = cohorts.end_enrolments(visit.session, cohort, picked, today_at_home(visit), visit.now)
    cohorts.write_down(visit.session, visit.person, "people_removed", cohort, visit.now, people=ended)
    return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.removed_now")))]


def add_colleague(visit: Visit, event: Submitted) -> list[Show]:
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.about))
    faults: list[Fault] = []
    members, _left_out = members_from(event, faults)
    if faults:
        return [refuse(visit.words, faults)]
    for member in members:
        colleague = people.person_met(
            visit.session,
            workspace=visit.workspace,
            external_id=member.external_id,
            zone=member.zone,
            language=member.language,
            saves_text=visit.house.saves_text,
            now=visit.now,
        )
        cohorts.add_coordinator(visit.session, cohort, colleague)
    cohorts.write_down(visit.session, visit.person, "coordinators_added", cohort, visit.now, people=len(members))
    return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.colleague_now")))]


def _schedule_with(visit: Visit, cohort: Cohort, new: int) -> SchedulePreview:
    programme = document_of(visit, cohort).programme
    number_of_people = cohorts.number_of_people(visit.session, cohort, today_at_home(visit))
    choices = choices_of(cohort, programme.id)
    return schedule_of(visit, choices, programme, people=number_of_people + new, cohort=cohort)


def _cannot_add(visit: Visit, cohort: Cohort, schedule: SchedulePreview, *, new: int) -> list[Fault]:
    """Return why the people can't come in: the programme is over for them, or the day's sending would take too long."""
    joins = cohort.late_joiners is LateJoiners.JOIN_COHORT
    if joins and schedule.last_day and first_day_for(cohort, now=visit.now) > schedule.last_day:
        return [Fault("people", "coordinating.add_over", {"day": schedule.last_day})]
    if new and not schedule.fits_window:
        return [
            Fault(
                "people",
                f"coordinating.add_too_many{'_shared' if schedule.others else ''}",
                too_slow(visit, schedule).fields,
            )
        ]
    return []


def _first_exercise(visit: Visit, cohort: Cohort, schedule: SchedulePreview, role: Role) -> date:
    """Return the day of the first exercise for whoever comes in now: in a week with few, and before a rest, it is not
    the first open day."""
    first_day = first_day_for(cohort, now=visit.now)
    if cohort.late_joiners is LateJoiners.DAY_ONE and cohort.starts_on < first_day:
        calendar = Calendar.from_choices(cohort.calendar)
        return max(first_day, next(mondays(first_day, calendar)))
    days = schedule.of_role.get(role, schedule.sent_days)
    return next((day for day in days if day >= first_day), first_day)


def _adding(
    visit: Visit, cohort: Cohort, late: list[str], first: date, *, new: int, before: int, left_out: int, draft: str
) -> Form:
    words = visit.words
    day = words.day(first)
    has_started = cohort.starts_on <= today_at_home(visit)
    from_day_one = not has_started or cohort.late_joiners is LateJoiners.DAY_ONE
    lines = [
        words("coordinating.add_preview", people=words.count("coordinating.people", new), day=day),
        words(f"coordinating.add_preview_{'day_one' if from_day_one else 'join'}"),
    ]
    if before:
        lines.append(words.count("coordinating.already_in", before))
    if left_out:
        lines.append(words.count("coordinating.preview_left_out", left_out))
    lines.append(words("coordinating.add_preview_now", people=people_text(visit, cohort, today_at_home(visit))))
    return Form(
        name="cohort.add_confirm",
        about=draft,
        title=words("coordinating.add_title"),
        submit=words("coordinating.add_confirm"),
        close=words("coordinating.cancel"),
        body=tuple(map(Paragraph, [*lines, *late])),
    )


def _ids(members: tuple[Member, ...]) -> list[str]:
    return [member.external_id for member in members]
