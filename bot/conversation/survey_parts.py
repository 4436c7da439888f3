"""A wave of the surveys in a card: one question at a time, three in all; the rest is in the form."""

from collections.abc import Sequence
from math import ceil

from bot.conversation.cards import Button, Buttons, Card, Confirm, Heading, Note, Paragraph, Part
from bot.conversation.survey_view import Asked, SurveyView
from bot.conversation.texts import Words

ANSWER, OPEN, DECLINE, REMOVE = "survey.answer", "survey.open", "survey.decline", "survey.remove"
MOST_IN_A_CARD = 3
IN_A_ROW = 5
QUESTIONS_A_MINUTE = 3


def survey_parts(view: SurveyView, words: Words) -> list[Part]:
    """Return the wave as it stands, with what can be done now."""
    parts: list[Part] = [Heading(title_of(view, words))]
    if view.is_closed:
        return [*parts, Paragraph(words(closed_key(view)))]
    day = words.day(view.closes_on)
    if view.is_declined:
        return [
            *parts,
            Paragraph(words("surveys.declined", day=day)),
            Buttons((_form(view, words, "answer_after_all"),)),
        ]
    if not view.left:
        thanks = Paragraph(words("surveys.thanks", day=day))
        buttons = Buttons((_form(view, words, _by_number("change", view)), _remove(view, words)))
        return [*parts, thanks, buttons, _who_sees(words)]
    if len(view.left) == len(view.items):
        parts += [Paragraph(_intro(view, words)), _who_sees(words)]
    place = len(view.items) - len(view.left)
    if place < MOST_IN_A_CARD:
        or_else = "or_else_one" if len(view.items) == 1 else "or_else_rest" if place else "or_else"
        # The note keeps the answers apart from what else can be done.
        parts += [*_question(view, view.left[0], place + 1, words), Note(words(f"surveys.{or_else}"))]
    else:
        parts.append(Paragraph(words("surveys.so_far", done=view.answered, all=len(view.items), day=day)))
    return [*parts, _ways_on(view, words, begun=place > 0)]


def closed_key(view: SurveyView) -> str:
    """Return the text that says why nothing can be answered any more."""
    return "surveys.left" if view.has_left else "surveys.closed"


def survey_card(view: SurveyView, words: Words) -> Card:
    """Return it as a message of its own: for whoever asks for it in words."""
    return Card(summary=words("surveys.summary"), parts=tuple(survey_parts(view, words)))


def home_parts(views: Sequence[SurveyView], words: Words) -> list[Part]:
    """Return a quiet line for each wave that is open."""
    parts: list[Part] = []
    for view in views:
        name = "home_open" if view.left else "home_declined" if view.is_declined else "home_done"
        line = words(f"surveys.{name}", title=title_of(view, words), day=words.day(view.closes_on))
        parts += [Note(line), _at_home(view, words)]
    return parts


def _at_home(view: SurveyView, words: Words) -> Buttons:
    name = "answer" if view.left else "answer_after_all" if view.is_declined else _by_number("change", view)
    return Buttons((_form(view, words, name), *([_remove(view, words)] if view.answered else [])))


def answer_in_words(one: Asked, words: Words) -> str:
    if one.value is None:
        return words("surveys.declined_one")
    return next((words.of(option.text) for option in one.scale.options if option.key == one.value), one.value)


def title_of(view: SurveyView, words: Words) -> str:
    return words(f"surveys.title_{view.wave.replace('-', '_')}")


def _question(view: SurveyView, one: Asked, place: int, words: Words) -> list[Part]:
    name = "question" if len(view.items) > 1 else "question_alone"
    text = words(f"surveys.{name}", place=place, all=len(view.items), text=words.of(one.text))
    buttons = [
        Button(
            text=words.of(option.text),
            action=ANSWER,
            value=f"{view.wave_id}:{one.question.item_id}:{one.question.about}:{option.key}",
        )
        for option in one.scale.options
    ]
    # An even share in each row: six as three and three.
    rows = ceil(len(buttons) / IN_A_ROW)
    share = ceil(len(buttons) / rows)
    return [Paragraph(text), *(Buttons(tuple(buttons[at : at + share])) for at in range(0, len(buttons), share))]


def _ways_on(view: SurveyView, words: Words, *, begun: bool) -> Buttons:
    name = "decline_rest" if begun else "decline"
    decline = Button(text=words(f"surveys.{name}"), action=DECLINE, value=str(view.wave_id))
    if len(view.items) == 1:  # it stands above with its answers
        return Buttons((decline,))
    return Buttons((_form(view, words, "answer_rest" if begun else "answer_all"), decline))


def _remove(view: SurveyView, words: Words) -> Button:
    sure = Confirm(
        title=words(f"surveys.{_by_number('remove_title', view)}"),
        text=words("surveys.remove_text", day=words.day(view.closes_on)),
        yes=words("surveys.remove_yes"),
        no=words("surveys.remove_no"),
    )
    text = words(f"surveys.{_by_number('remove', view)}")
    return Button(text=text, action=REMOVE, value=str(view.wave_id), confirm=sure)


def _by_number(name: str, view: SurveyView) -> str:
    """Return the text that speaks of one answer, or of several."""
    return f"{name}_one" if len(view.items) == 1 else name


def _form(view: SurveyView, words: Words, name: str) -> Button:
    return Button(text=words(f"surveys.{name}"), action=OPEN, value=str(view.wave_id), opens_form=True)


def _intro(view: SurveyView, words: Words) -> str:
    number = len(view.items)
    minutes = words.count("surveys.minutes", ceil(number / QUESTIONS_A_MINUTE))
    questions = words.count("surveys.questions", number)
    return words("surveys.intro", questions=questions, minutes=minutes, day=words.day(view.closes_on))


def _who_sees(words: Words) -> Note:
    return Note(words("surveys.who_sees"))
