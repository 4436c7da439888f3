"""Answering what a wave of the surveys asks: in its message, in one form, or not at all. Changed until it closes."""

from collections.abc import Mapping, Sequence

from bot.conversation import days, home
from bot.conversation.answering import about, sent_at, was_about, whole_message_shown
from bot.conversation.composing import note_card
from bot.conversation.events import MessageRef, Pressed, Submitted
from bot.conversation.references import number
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show
from bot.conversation.survey_forms import NAME, answers_in, first_input, shown_in, survey_form
from bot.conversation.survey_parts import ANSWER, DECLINE, OPEN, REMOVE, closed_key, survey_card
from bot.conversation.survey_view import SurveyView, find_view, open_views
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from storage import messages, surveys
from storage.surveys import AskedOf, Question

PARTS_OF_AN_ANSWER = 4


def answer(visit: Visit, event: Pressed) -> list[Show]:
    """Keep the answer of a button."""
    said = event.value.split(":")
    if len(said) != PARTS_OF_AN_ANSWER:
        raise CannotAnswer("typed.unknown_button")
    question = Question(said[1], said[2])
    asked, view = _find(visit, said[0], [question] if question.about else ())
    item = view.item(question)
    if item is None or said[3] not in {option.key for option in item.scale.options}:
        raise CannotAnswer("typed.unknown_button")
    _keep(visit, asked, {question: said[3]})
    return _shown(visit, asked, event.message)


def decline(visit: Visit, event: Pressed) -> list[Show]:
    """Decline what is left. What has been answered stands, also when the button is an old one that did not say so."""
    asked, view = _find(visit, event.value)
    _keep(visit, asked, {one.question: None for one in view.left})
    return _shown(visit, asked, event.message)


def remove(visit: Visit, event: Pressed) -> list[Show]:
    """Take every answer away: all of it is declined, and none of it counts."""
    asked, view = _find(visit, event.value)
    _keep(visit, asked, {one.question: None for one in view.items})
    return _shown(visit, asked, event.message)


def open_form(visit: Visit, event: Pressed) -> list[Show]:
    asked, view = _find(visit, event.value)
    return [OpenForm(survey_form(view, visit.words, about=about(asked.wave_id, event.message)))]


def sent(visit: Visit, event: Submitted) -> list[Show]:
    value, at = was_about(event.about)
    asked, view = _find(visit, value, shown_in(event))
    answers = answers_in(event, view)
    if not answers:
        return [Refuse({first_input(view): visit.words("surveys.choose_one")})]
    _keep(visit, asked, answers)
    shown = _shown(visit, asked, at)
    return shown if at is not None else [*shown, *home.show(visit)]


def typed(visit: Visit, typed: Typed) -> list[Show]:
    """Show what can be answered now."""
    views = open_views(visit.session, person_id=visit.person.id, on=days.today(visit))
    if not views:
        raise CannotAnswer("surveys.none_open")
    return [Say(survey_card(view, visit.words)) for view in views]


def _find(visit: Visit, wave_id: str, shown: Sequence[Question] = ()) -> tuple[AskedOf, SurveyView]:
    """Return a wave that can be answered, with what was `shown` to be. Raises CannotAnswer for one that is closed, to
    everybody or to whoever has left, or not the person's."""
    found = find_view(visit.session, number(wave_id), person_id=visit.person.id, on=days.today(visit), shown=shown)
    if found is None:
        raise CannotAnswer("typed.gone")
    if found[1].is_closed:
        raise CannotAnswer(closed_key(found[1]))
    return found


def _keep(visit: Visit, asked: AskedOf, answers: Mapping[Question, str | None]) -> None:
    kept = surveys.respond(visit.session, asked, answers, person_id=visit.person.id, now=visit.now)
    if not kept:  # it closed between the press and now
        raise CannotAnswer("surveys.closed")


def _shown(visit: Visit, asked: AskedOf, at: MessageRef | None) -> list[Show]:
    """Return the wave as it stands now: in the message that asked, and where it was answered."""
    found = find_view(visit.session, asked.wave_id, person_id=visit.person.id, on=days.today(visit))
    if found is None:
        return []
    promise = surveys.latest_promise(
        visit.session, person_id=visit.person.id, enrolment_id=asked.enrolment_id, wave_id=asked.wave_id
    )
    message = messages.find_message(visit.session, promise, person_id=visit.person.id) if promise else None
    card = survey_card(found[1], visit.words)
    if message is None:
        key = "declined" if found[1].is_declined else "kept"
        said = visit.words(f"surveys.{key}", day=visit.words.day(found[1].closes_on))
        return [Replace(at, card)] if at else [Say(note_card(said))]
    whole = whole_message_shown(visit, message, messages.records_of(visit.session, message), at)
    return whole if at is None or sent_at(message) in (None, at) else [Replace(at, card), *whole]


ROUTES = Routes(
    presses={ANSWER: answer, DECLINE: decline, OPEN: open_form, REMOVE: remove},
    forms={NAME: sent},
    commands={"survey": typed},
)
