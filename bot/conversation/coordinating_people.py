"""Who takes part: people added after a preview, people removed, colleagues who help to coordinate.

Nobody is listed: a coordinator picks whom they mean, and is told the same whether or not that person had already stopped.
"""

from bot.conversation.cards import Form, Paragraph, Part
from bot.conversation.cohort_choices import Member, members_of
from bot.conversation.coordinating import cohort_form, number, people_text, today_at_home
from bot.conversation.coordinating_forms import pick_people
from bot.conversation.enrolling import enrol, first_day_for
from bot.conversation.events import Pressed, Submitted
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Visit
from storage import cohorts, people
from storage.tables.programmes import Cohort, CohortState, LateJoiners, Role


def ask_whom_to_add(visit: Visit, event: Pressed) -> list[Show]:
    return _pick(visit, event, "add")


def ask_whom_to_remove(visit: Visit, event: Pressed) -> list[Show]:
    return _pick(visit, event, "remove")


def ask_for_colleague(visit: Visit, event: Pressed) -> list[Show]:
    return _pick(visit, event, "colleague")


def preview_adding(visit: Visit, event: Submitted) -> list[Show]:
    """Say who would come in and when, before anything is promised to them."""
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.about))
    if cohort.state is CohortState.ENDED:
        return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.unchanged")))]
    members = _picked(visit, event)
    if isinstance(members, Refuse):
        return [members]
    draft = cohorts.keep_draft(
        visit.session,
        visit.person,
        {"members": [member.model_dump() for member in members]},
        visit.now,
        cohort_id=cohort.id,
    )
    return [OpenForm(_adding(visit, cohort, members, draft))]


def add(visit: Visit, event: Submitted) -> list[Show]:
    draft = cohorts.draft_of(visit.session, visit.person, number(event.about))
    cohort = cohorts.own_cohort(visit.session, visit.person, draft.cohort_id or 0)
    members = [Member.model_validate(member) for member in draft.body["members"]]
    added = enrol(
        visit.session,
        workspace=visit.workspace,
        cohort=cohort,
        members=members,
        role=Role.MANAGER,
        now=visit.now,
    )
    visit.session.delete(draft)
    cohorts.write_down(visit.session, visit.person, "people_added", cohort, visit.now, people=added)
    said = visit.words.count("coordinating.added_now", added)
    if before := len(members) - added:
        said = f"{said} {visit.words.count('coordinating.already_in', before)}"
    return [OpenForm(cohort_form(visit, cohort, saying=said))]


def remove(visit: Visit, event: Submitted) -> list[Show]:
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.about))
    picked = [profile.external_id for profile in event.profiles.get("people", ())]
    if not picked:
        return [Refuse({"people": visit.words("coordinating.people_missing")})]
    known = cohorts.people_by_external_id(visit.session, visit.person, picked)
    ended = cohorts.end_enrolments(visit.session, cohort, list(known.values()), today_at_home(visit))
    cohorts.write_down(visit.session, visit.person, "people_removed", cohort, visit.now, people=ended)
    return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.removed_now")))]


def add_colleague(visit: Visit, event: Submitted) -> list[Show]:
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.about))
    members = _picked(visit, event)
    if isinstance(members, Refuse):
        return [members]
    for member in members:
        colleague = people.person_met(
            visit.session,
            workspace=visit.workspace,
            external_id=member.external_id,
            zone=member.zone,
            language=member.language,
            now=visit.now,
        )
        cohorts.add_coordinator(visit.session, cohort, colleague)
    cohorts.write_down(visit.session, visit.person, "coordinators_added", cohort, visit.now, people=len(members))
    return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.colleague_now")))]


def _pick(visit: Visit, event: Pressed, subject: str) -> list[Show]:
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.value))
    return [OpenForm(pick_people(visit.words, form=f"cohort.{subject}", about=str(cohort.id), subject=subject))]


def _picked(visit: Visit, event: Submitted) -> tuple[Member, ...] | Refuse:
    members, wrong = members_of([event.profiles.get("people", ())])
    if wrong:
        return Refuse({"people": visit.words.count("coordinating.people_cannot", wrong)})
    if not members:
        return Refuse({"people": visit.words("coordinating.people_missing")})
    return members


def _adding(visit: Visit, cohort: Cohort, members: tuple[Member, ...], draft: int) -> Form:
    words = visit.words
    day = first_day_for(cohort, now=visit.now)
    late = cohort.starts_on <= today_at_home(visit)
    from_day_one = not late or cohort.late_joiners is LateJoiners.DAY_ONE
    body: tuple[Part, ...] = (
        Paragraph(
            words(
                "coordinating.add_preview",
                people=words.count("coordinating.people", len(members)),
                day=words.day(day),
            )
        ),
        Paragraph(words(f"coordinating.add_preview_{'day_one' if from_day_one else 'join'}")),
        Paragraph(f"{words('coordinating.manage_people')}: {people_text(visit, cohort, today_at_home(visit))}"),
    )
    return Form(
        name="cohort.add_confirm",
        about=str(draft),
        title=words("coordinating.add_title"),
        submit=words("coordinating.add_confirm"),
        close=words("coordinating.cancel"),
        body=body,
    )
