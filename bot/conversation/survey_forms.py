"""All questions of a wave in one form, each optional."""

from bot.conversation.cards import ChoiceInput, Form, Note, Option
from bot.conversation.events import Submitted
from bot.conversation.survey_parts import title_of
from bot.conversation.survey_view import SurveyView
from bot.conversation.texts import Words
from storage.surveys import Question

NAME = "survey"


def survey_form(view: SurveyView, words: Words, *, about: str) -> Form:
    inputs = tuple(
        ChoiceInput(
            name=_name(one.question),
            label=words.of(one.text),
            options=tuple(Option(option.key, words.of(option.text)) for option in one.scale.options),
            initial=(one.value,) if one.value is not None else (),
            optional=True,
        )
        for one in view.items
    )
    return Form(
        name=NAME,
        title=words("surveys.form_title"),
        submit=words("surveys.submit"),
        close=words("typed.close"),
        about=about,
        body=(
            Note(title_of(view, words)),
            Note(words("surveys.form_note", day=words.day(view.closes_on))),
            *inputs,
            Note(words("surveys.who_sees")),
        ),
    )


def first_input(view: SurveyView) -> str:
    return _name(view.items[0].question)


def shown_in(event: Submitted) -> list[Question]:
    """Return what the form asked of some behaviour, as far as it was answered."""
    found = (name.partition(".") for name, value in event.values.items() if value)
    return [Question(item, about) for item, _dot, about in found if about]


def answers_in(event: Submitted, view: SurveyView) -> dict[Question, str | None]:
    """Return what was chosen. A question that was left alone is as it was."""
    chosen = {one.question: event.text(_name(one.question)) for one in view.items}
    keys = {one.question: {option.key for option in one.scale.options} for one in view.items}
    return {question: key for question, key in chosen.items() if key in keys[question]}


def _name(question: Question) -> str:
    return f"{question.item_id}.{question.about}" if question.about else question.item_id
