"""What people are asked about their programme: the part of `knuff preview` about that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.conversation.composing import delivery_card, note_card
from bot.conversation.home import home_card
from bot.conversation.home_view import HomeView
from bot.conversation.letters import Letter
from bot.conversation.sample_data import MONDAY, RHYTHM, a_lesson, an_exercise
from bot.conversation.sample_database import from_nothing
from bot.conversation.sample_leader import MORNING, Leader, Sample
from bot.conversation.survey_forms import survey_form
from bot.conversation.survey_parts import survey_card
from bot.conversation.survey_view import Asked, SurveyView, survey_text
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from lessons.models import Kind, Role
from lessons.surveys import SurveyDocument, Wave
from scheduler import surveys as waves
from storage import cohorts
from storage.surveys import Question
from storage.tables.programmes import Cohort, Enrolment

CLOSES_ON = MONDAY + timedelta(days=11)


def samples(language: str, house: House) -> list[Sample]:
    """Return all of it in one language; nothing where nothing is asked."""
    questions = house.library.survey_document()
    if questions is None:
        return []
    words = Words(language)
    shown = [*_cards(words, house, questions), *_homes(words, questions)]
    return shown + from_nothing(lambda session: _IsAsked(session, language, house).does(questions))


def a_survey(questions: SurveyDocument, wave: Wave, role: Role, *, answered: int = 0) -> SurveyView:
    """Return a wave as it is for somebody who practises three behaviours and has answered so many questions."""
    items = [
        Asked(question=Question(item.id, about), text=survey_text(item, questions.behaviours.get(about)), scale=scale)
        for item, scale in questions.asked(wave, role)
        for about in (list(questions.behaviours)[:3] if item.about else [""])
    ]
    done = [replace(one, is_given=True, value=one.scale.options[0].key) for one in items[:answered]]
    return SurveyView(wave_id=1, wave=wave, closes_on=CLOSES_ON, items=(*done, *items[answered:]))


def _cards(words: Words, house: House, questions: SurveyDocument) -> Iterator[Sample]:
    for wave in Wave:
        asked = a_survey(questions, wave, Role.MANAGER)
        yield "message", f"survey_{wave}", delivery_card(Letter(surveys=(asked,)), words)
    for role in (Role.MANAGER, Role.TEAM_MEMBER):
        asked = a_survey(questions, Wave.T1, role)
        yield "modal", f"survey_form_{role}", survey_form(asked, words, about="1")
        every = len(asked.items)
    states = {"second": 1, "third": 2, "rest": 3, "answered": every}
    for name, answered in states.items():
        asked = a_survey(questions, Wave.T1, Role.TEAM_MEMBER, answered=answered)
        yield "message", f"survey_{name}", survey_card(asked, words)
    only_one = a_survey(questions, Wave.DAY, Role.MANAGER, answered=1)
    yield "message", "survey_answered_one", survey_card(only_one, words)
    yield "message", "survey_declined", survey_card(_declined(asked), words)
    yield "message", "survey_closed", survey_card(replace(asked, is_closed=True), words)
    yield "message", "survey_left", survey_card(replace(asked, is_closed=True, has_left=True), words)
    exercise, survey = an_exercise(a_lesson(house, Kind.TRY_IT)), a_survey(questions, Wave.T0, Role.MANAGER)
    yield "message", "survey_with_exercise", delivery_card(Letter(exercises=(exercise,), surveys=(survey,)), words)
    yield "message", "survey_kept", note_card(words("surveys.kept"))


def _homes(words: Words, questions: SurveyDocument) -> Iterator[Sample]:
    asked = a_survey(questions, Wave.T2, Role.MANAGER)
    views = {
        "waits": asked,
        "answered": a_survey(questions, Wave.T2, Role.MANAGER, answered=len(asked.items)),
        "declined": _declined(asked),
    }
    for name, view in views.items():
        yield "home", f"home_survey_{name}", home_card(HomeView(rhythm=RHYTHM, surveys=(view,)), words)


def _declined(view: SurveyView) -> SurveyView:
    return replace(view, items=tuple(replace(one, is_given=True, value=None) for one in view.items))


class _IsAsked(Leader):
    """Asks for the survey, answers a question in its card and the rest in its form, and reads what is kept of it."""

    def does(self, questions: SurveyDocument) -> Iterator[Sample]:
        yield from self._types("survey_none_typed", "enkät")
        self._is_in_a_cohort(questions)
        yield from self._types("survey_typed", "survey")
        first = questions.asked(Wave.T0, Role.MANAGER)[0]
        value = f"1:{first[0].id}::{first[1].options[0].key}"
        yield from self._presses("survey_first_answered", "survey.answer", value)
        yield from self._types("survey_begun_typed", "enkät")
        yield from self._presses("survey_declined_at_home", "survey.decline", 1)
        yield from self._presses("survey_removed_at_home", "survey.remove", 1)
        yield from self._types("survey_in_my_data", "mina uppgifter")

    def _is_in_a_cohort(self, questions: SurveyDocument) -> None:
        library, person = self.house.library, self.person
        document = library.document(next(name for name, one in library.programmes.items() if len(one.weeks) >= 3))
        cohort = Cohort(
            organisation_id=person.organisation_id,
            workspace_id=person.workspace_id,
            document_id=cohorts.stored_document(
                self.session,
                person.organisation_id,
                programme_id=document.programme.id,
                digest=document.digest(),
                body=document.to_json(),
                now=MORNING,
            ),
            name=self.house.organisation_name,
            starts_on=MONDAY,
            created_at=MORNING,
        )
        self.session.add(cohort)
        self.session.flush()
        enrolment = Enrolment(
            organisation_id=person.organisation_id,
            cohort_id=cohort.id,
            person_id=person.id,
            cadence_id=person.cadence_id,
            starts_on=MONDAY,
            first_day=MONDAY,
            created_at=MORNING,
        )
        self.session.add(enrolment)
        waves.lay_out(self.session, cohort, document.programme, questions, today=MONDAY, now=MORNING)
        self.session.flush()
