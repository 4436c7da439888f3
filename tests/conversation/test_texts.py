import re
from pathlib import Path
from string import Formatter

import pytest

from bot.conversation.cards import Button, Buttons, Card, ChoiceInput, Facts, Form, Heading, Note, Paragraph, TextInput
from bot.conversation.exercise_parts import exercise_parts, the_exercise
from bot.conversation.letters import Exercise
from bot.conversation.references import Reference
from bot.conversation.samples import HOME, MESSAGE, MODAL, samples
from bot.conversation.texts import LANGUAGES, Words, texts_in
from lessons.models import Kind, Text
from lessons.plain_language import words as words_in
from tests.conversation.builders import a_house, our_library

LEADERS = {
    "facilitation", "feedback", "follow_ups", "home", "library", "methods", "my_data", "nudges", "own_page", "pausing",
    "plans", "reasons", "reflections", "rhythm", "rounds", "saving", "teams", "typed", "welcome",
}  # fmt: skip
GUILT = re.compile(
    r"\b(missa\w*|borde|glöm\w*|släpar?|efter dig|tyvärr|missed|should have|forgot\w*|behind|sorry)\b", re.IGNORECASE
)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def _mine(language: str) -> dict[str, str]:
    return {key: text for key, text in texts_in(language).items() if key.split(".")[0] in LEADERS}


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_fields() -> None:
    swedish, english = texts_in("sv"), texts_in("en")
    assert swedish.keys() == english.keys()
    assert {key for key in swedish if _fields(swedish[key]) != _fields(english[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_blames_shouts_or_winks(language: str) -> None:
    texts = _mine(language)
    assert {key for key, text in texts.items() if GUILT.search(text)} == set()
    assert {key for key, text in texts.items() if "!" in text} == set()
    assert {key for key, text in texts.items() if EMOJI.search(text)} == set()


def test_every_text_is_used_and_every_text_used_exists() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in Path("bot/conversation").glob("*.py"))
    named = set(re.findall(r'words(?:\.count)?\(\s*"([a-z_]+\.\w+)"', code))
    known = set(texts_in("sv"))
    missing = {key for key in named if key not in known and f"{key}_one" not in known}
    assert missing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exercise_is_at_most_eighty_words(language: str) -> None:
    for lesson in our_library().lessons.values():
        parts = the_exercise(lesson, Words(language))
        text = " ".join(part.text for part in parts if isinstance(part, Heading | Paragraph))
        assert len(words_in(text)) <= 80, lesson.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sample_can_be_shown(language: str) -> None:
    names = []
    for surface, name, shown in samples(language, a_house()):
        names.append(name)
        assert surface in (MESSAGE, MODAL, HOME)
        assert isinstance(shown, Form) is (surface == MODAL), name
        if isinstance(shown, Card):
            assert shown.summary.strip(), name
        _check_parts(name, shown)
    assert len(names) == len(set(names)) > 100


def _check_parts(name: str, shown: Card | Form) -> None:
    parts = shown.parts if isinstance(shown, Card) else shown.body
    assert parts, name
    for part in parts:
        match part:
            case Heading(text) | Paragraph(text) | Note(text):
                assert text.strip(), name
                assert "{" not in text, name
            case Buttons(buttons):
                assert 1 <= len(buttons) <= 5, name
                for button in buttons:
                    _check_button(name, button)
            case Facts(pairs):
                assert all(label and value for label, value in pairs), name
            case ChoiceInput():
                assert all(len(option.text) <= 75 for option in part.options), name
                assert set(part.initial) <= {option.value for option in part.options}, name
            case _:
                pass
    if isinstance(shown, Form):
        assert len(shown.title) <= 24, name
        assert shown.submit is None or len(shown.submit) <= 24, name
        has_inputs = any(isinstance(part, ChoiceInput | TextInput) for part in parts)
        assert shown.submit or not has_inputs, name


def _check_button(name: str, button: Button) -> None:
    titles = {
        "nudge.choice",
        "recall.choice",
        "nudge.show",
        "library.take",
        "library.theme",
        "method.read",
        "method.say",
    }
    assert len(button.text) <= (75 if button.action in titles else 30), (name, button.text)
    assert "_" not in button.text, (name, button.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_wherever_somebody_may_write_freely_it_says_what_not_to_write(language: str) -> None:
    words = Words(language)
    warning = words("saving.warning")
    for surface, name, shown in samples(language, a_house()):
        if isinstance(shown, Form):
            free = [part for part in shown.body if isinstance(part, TextInput) and part.name != "words"]
            asks = bool(free)
        else:
            actions = {button.action for part in shown.parts if isinstance(part, Buttons) for button in part.buttons}
            asks = surface == MESSAGE and bool(actions & {"nudge.doing", "nudge.plan", "reply.open", "reflect.open"})
        notes = [
            part.text for part in (shown.body if isinstance(shown, Form) else shown.parts) if isinstance(part, Note)
        ]
        assert not asks or any(warning in note for note in notes), name


def test_the_warning_is_the_one_that_was_decided() -> None:
    assert Words("sv")("saving.warning") == (
        "Skriv inget om patienter, elever, klienter eller kollegor. Det du skriver kan begäras ut."
    )


def test_a_quiz_shows_its_choices_on_the_buttons() -> None:
    quiz = next(lesson for lesson in our_library().lessons.values() if lesson.kind is Kind.QUIZ)
    shown = next(card for _, name, card in samples("sv", a_house()) if name == f"nudge_{quiz.id}")
    assert isinstance(shown, Card)
    texts = [button.text for part in shown.parts if isinstance(part, Buttons) for button in part.buttons]
    lettered = [f"{letter}. {choice.text.sv}" for letter, choice in zip("ABCDEFG", quiz.choices, strict=False)]
    assert texts == [*lettered, "Byt övning", "Inte i dag"]


def test_choices_too_long_for_a_letter_are_listed_with_theirs_above_the_buttons() -> None:
    quiz = next(lesson for lesson in our_library().lessons.values() if lesson.kind is Kind.QUIZ)
    long = "Frågar tre som berörs, " + "och " * 13
    assert 72 < len(long.strip()) <= 75
    texts = Text(sv=long, en=long)
    choices = (quiz.choices[0].model_copy(update={"text": texts}), *quiz.choices[1:])
    exercise = Exercise(ref=Reference(delivery_id=1), lesson=quiz.model_copy(update={"choices": choices}))
    parts = exercise_parts(exercise, Words("sv"))
    [first] = [button for part in parts if isinstance(part, Buttons) for button in part.buttons][:1]
    assert first.text == texts.sv
    assert any(isinstance(part, Paragraph) and part.text.startswith(f"A. {texts.sv}\nB. ") for part in parts)


def test_a_time_of_day_is_written_as_each_language_writes_it() -> None:
    assert (Words("sv").slot("08:15"), Words("en").slot("08:15")) == ("08.15", "08:15")


def test_a_notification_never_shows_what_somebody_wrote() -> None:
    plan = next(card for _, name, card in samples("sv", a_house()) if name == "plan_today")
    assert isinstance(plan, Card)
    assert plan.summary == "Du har en plan för i dag."
