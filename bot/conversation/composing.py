"""A message in words: a pure function from what it is made of to one card."""

from bot.conversation.cards import Button, Buttons, Card, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.exercise_parts import exercise_parts, week_parts
from bot.conversation.focus_parts import practising_parts
from bot.conversation.letters import Exercise, Letter, Opening, Welcome
from bot.conversation.plan_parts import todays_plan_parts
from bot.conversation.question_parts import question_parts
from bot.conversation.recall_parts import recall_parts
from bot.conversation.sessions_words import told_text
from bot.conversation.survey_parts import survey_parts
from bot.conversation.texts import LANGUAGES, Words

FROM_WELCOME = "welcome"
"""What the rhythm form is opened about when it is opened from the welcome."""


def delivery_card(letter: Letter, words: Words) -> Card:
    """Return a carrier with everything that rides on it as one card."""
    sections: list[list[Part]] = []
    if letter.exercises:
        sections.append(_exercises(letter, words))
    sections += [todays_plan_parts(plan, words) for plan in letter.plans]
    sections += [question_parts(question, words) for question in letter.questions]
    sections += [survey_parts(survey, words) for survey in letter.surveys]
    if letter.recall is not None:
        sections.append(recall_parts(letter.recall, words))
    if letter.practising is not None:
        sections.append(practising_parts(letter.practising, words))
    if letter.asks_pace:
        sections.append(_pace(words))
    parts = _opening(letter, words)
    for number, section in enumerate(sections):
        if number or letter.opening is Opening.WELCOME:
            parts.append(Divider())
        parts += section
    parts += [Note(told_text(told, words)) for told in letter.sessions]
    return Card(summary=_summary(letter, words), parts=tuple(parts), language=words.language)


def exercise_card(exercise: Exercise, words: Words) -> Card:
    """Return one exercise as a message of its own: from the library, or opened from a gathered week."""
    return Card(summary=_today(exercise, words), parts=tuple(exercise_parts(exercise, words)))


def note_card(text: str, *buttons: Button, small: str | None = None) -> Card:
    """Return a short answer: a sentence or two, perhaps with something to press."""
    parts: list[Part] = [Paragraph(text)]
    if buttons:
        parts.append(Buttons(buttons))
    if small:
        parts.append(Note(small))
    return Card(summary=text.replace("**", "").replace("_", ""), parts=tuple(parts))


def welcome_parts(welcome: Welcome, words: Words) -> list[Part]:
    """Return who sends this and why, what is stored, who sees what, how long, and how to leave: at most 120 words."""
    about = ("who", "stored", "sees", "long", "leave")
    parts: list[Part] = [
        Heading(words("welcome.title")),
        *(
            Paragraph(words(f"welcome.{name}", organisation=welcome.organisation, contact=welcome.contact))
            for name in about
        ),
    ]
    if welcome.started:
        return [*parts, Paragraph(words("welcome.started", slot=words.slot(welcome.slot)))]
    start = Button(text=words("welcome.start"), action="welcome.start", style=Style.PRIMARY)
    settings = Button(text=words("welcome.settings"), action="rhythm.open", value=FROM_WELCOME, opens_form=True)
    other = next(language for language in LANGUAGES if language != words.language)
    language = Button(text=words("welcome.other_language"), action="welcome.language", value=other)
    no = Button(text=words("welcome.no"), action="stop.now")
    return [
        *parts,
        Note(words("welcome.defaults", slot=words.slot(welcome.slot), city=words.city(welcome.zone))),
        Buttons((start, settings, language, no)),
    ]


def _opening(letter: Letter, words: Words) -> list[Part]:
    if letter.opening is Opening.WELCOME and letter.welcome is not None:
        return welcome_parts(letter.welcome, words)
    if letter.opening is Opening.WELCOME_BACK:
        return [Paragraph(words("nudges.welcome_back"))]
    if letter.opening is Opening.FAREWELL:
        again = Button(text=words("pausing.start_again"), action="start.again", style=Style.PRIMARY)
        return [Paragraph(words("pausing.farewell")), Buttons((again,))]
    return []


def _exercises(letter: Letter, words: Words) -> list[Part]:
    if len(letter.exercises) > 1:
        return week_parts(letter.exercises, words)
    return exercise_parts(letter.exercises[0], words)


def _pace(words: Words) -> list[Part]:
    paces = ("keep", "three", "mondays")
    buttons = [Button(text=words(f"rhythm.pace_{pace}"), action=f"pace.{pace}") for pace in paces]
    pause = Button(text=words("pausing.pause"), action="pause.open", opens_form=True)
    return [Paragraph(words("rhythm.asks_pace")), Buttons((*buttons, pause))]


def _summary(letter: Letter, words: Words) -> str:
    """The notification. It may be read on a locked screen by somebody else: nothing the person wrote."""
    if letter.opening is Opening.WELCOME:
        return words("welcome.summary")
    if letter.opening is Opening.FAREWELL:
        return words("pausing.farewell_summary")
    if len(letter.exercises) > 1:
        return words("nudges.week_summary")
    if letter.exercises:
        return _today(letter.exercises[0], words)
    if letter.questions:
        return words("follow_ups.summary", title=words.of(letter.questions[0].lesson.title))
    return words("surveys.summary" if letter.surveys and not letter.plans else "plans.summary")


def _today(exercise: Exercise, words: Words) -> str:
    minutes = words.count("nudges.minutes", exercise.lesson.minutes)
    return words("nudges.summary", title=words.of(exercise.lesson.title), minutes=minutes)
