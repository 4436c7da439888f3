"""A wave of the surveys in a card: one question at a time, three in all; the rest is in the form."""

from collections.abc import Sequence
from math import ceil

from bot.conversation.cards import Button, Buttons, Card, Heading, Note, Paragraph, Part
from bot.conversation.survey_view import Asked, SurveyView
from bot.conversation.texts import Words

ANSWER, OPEN, DECLINE = "survey.answer", "survey.open", "survey.decline"
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
        return [*parts, thanks, Buttons((_form(view, words, "change"),)), _who_sees(words)]
    if len(view.left) == len(view.items):
        parts += [Paragraph(_intro(view, words)), _who_sees(words)]
    place = len(view.items) - len(view.left)
    if place < MOST_IN_A_CARD:
        # The note keeps the answers apart from what else can be done.
        parts += [*_question(view, view.left[0], place + 1, words), Note(words("surveys.or_else"))]
    else:
        parts.append(Paragraph(words("surveys.so_far", done=place, all=len(view.items), day=day)))
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
        parts += [Note(line), Buttons((_form(view, words, "answer" if view.left else "change"),))]
    return parts


def answer_in_words(one: Asked, words: Words) -> str:
    if one.value is None:
        return words("surveys.declined_one")
    return next((words.of(option.text) for option in one.scale.options if option.key == one.value), one.value)


def title_of(view: SurveyView, words: Words) -> str:
    return words(f"surveys.title_{view.wave.replace('-', '_')}")


def _question(view: SurveyView, one: Asked, place: int, words: Words) -> list[Part]:
    text = words("surveys.question", place=place, all=len(view.items), text=words.of(one.text))
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
    decline = Button(text=words("surveys.decline"), action=DECLINE, value=str(view.wave_id))
    return Buttons((_form(view, words, "answer_rest" if begun else "answer_all"), decline))


def _form(view: SurveyView, words: Words, name: str) -> Button:
    return Button(text=words(f"surveys.{name}"), action=OPEN, value=str(view.wave_id), opens_form=True)


def _intro(view: SurveyView, words: Words) -> str:
    number = len(view.items)
    minutes = words.count("surveys.minutes", ceil(number / QUESTIONS_A_MINUTE))
    questions = words.count("surveys.questions", number)
    return words("surveys.intro", questions=questions, minutes=minutes, day=words.day(view.closes_on))


def _who_sees(words: Words) -> Note:
    return Note(words("surveys.who_sees"))
