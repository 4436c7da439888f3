"""One exercise in a card: what it asks, and what can be done with it, at every stage."""

from collections.abc import Sequence
from zlib import crc32

from bot.conversation.cards import Button, Buttons, Heading, Note, Paragraph, Part, Style
from bot.conversation.feedback_parts import opinion_parts
from bot.conversation.letters import Exercise, Stage
from bot.conversation.method_parts import methods_beside
from bot.conversation.plan_parts import made_plan_parts
from bot.conversation.texts import Words
from lessons.models import Choice, Kind, Lesson, Text

LETTERS = "ABCDEFGHIJ"
LONGEST_BUTTON = 75


def exercise_parts(exercise: Exercise, words: Words) -> list[Part]:
    """Return the whole exercise with what can be done now."""
    return [
        *the_exercise(exercise.lesson, words),
        *_what_now(exercise, words),
        *methods_beside(exercise, words),
        *opinion_parts(exercise.ref, exercise.lesson, exercise.opinion, words),
    ]


def the_exercise(lesson: Lesson, words: Words) -> list[Part]:
    """Return the exercise itself: at most 80 words, and an example in small print."""
    do = words.of(lesson.do)
    parts: list[Part] = [
        Heading(words.of(lesson.title)),
        Paragraph(words.of(lesson.why)),
        Paragraph(do if lesson.kind is Kind.QUIZ else words("nudges.do", do=do)),
    ]
    if lesson.example is not None:
        parts.append(Note(words("nudges.example", example=words.of(lesson.example))))
    return parts


def week_parts(exercises: tuple[Exercise, ...], words: Words) -> list[Part]:
    """Return a week's exercises gathered: a few lines and a button each."""
    parts: list[Part] = [Heading(words("nudges.week_title")), Paragraph(words("nudges.week_intro"))]
    for number, exercise in enumerate(exercises, start=1):
        title = words.of(exercise.lesson.title)
        parts.append(Paragraph(words("nudges.week_line", title=title, do=words.of(exercise.lesson.do))))
        if (state := _in_a_word(exercise, words)) is not None:
            parts.append(Note(state))
        parts.append(Buttons((Button(text=f"{number}. {title}", action="nudge.show", value=str(exercise.ref)),)))
    return parts


def lettered(index: int, choice: Choice, words: Words, *, most: int | None = None) -> str:
    """Return a quiz choice with the letter it can be typed by; without it where that would take more than `most`."""
    text = words.of(choice.text)
    with_letter = f"{LETTERS[index]}. {text}"
    return with_letter if most is None or len(with_letter) <= most else text


def choice_parts(choices: Sequence[Choice], words: Words, *, action: str, about: str, mark: str = "") -> list[Part]:
    """Return a button for each choice; before them, where a button has no room for its letter, all of them to read.
    `mark` is what the choices are known by, where they may be others when one is pressed."""
    texts = [lettered(index, choice, words) for index, choice in enumerate(choices)]
    to_read = [Paragraph("\n".join(texts))] if any(len(text) > LONGEST_BUTTON for text in texts) else []
    buttons = [
        Button(text=lettered(index, choice, words, most=LONGEST_BUTTON), action=action, value=f"{about}:{index}{mark}")
        for index, choice in enumerate(choices)
    ]
    return [*to_read, *(Buttons((button,)) for button in buttons)]


def mark_of(lesson: Lesson) -> str:
    """Return what a quiz with these choices, in this order, is known by. A lesson of the library may be written anew
    while somebody has it open; those of a cohort stay."""
    return f".{crc32(repr((lesson.do, lesson.choices)).encode()):08x}"


def chosen_parts(choices: Sequence[Choice], chosen: int, reason: Text | None, words: Words) -> list[Part]:
    """Return what was chosen, what we would have chosen, and why; nothing for a choice that is not there."""
    if chosen >= len(choices):
        return []
    right = next(choice for choice in choices if choice.right)
    answer = words.of(choices[chosen].text)
    said = (
        words("nudges.choice_right", answer=answer)
        if choices[chosen].right
        else words("nudges.choice_other", answer=answer, right=words.of(right.text))
    )
    return [Paragraph(said), *([Paragraph(words.of(reason))] if reason else [])]


def privacy_note(words: Words, *, saves_text: bool) -> Note:
    """Return what must stand wherever somebody may write freely."""
    return Note(words("saving.note_saved" if saves_text else "saving.note_not_saved"))


def _what_now(exercise: Exercise, words: Words) -> list[Part]:
    if exercise.stage is Stage.PLANNED and exercise.plan is not None:
        return made_plan_parts(exercise.plan, words)
    if exercise.stage is Stage.DOING:
        return [*_quiz_answer(exercise, words), *_doing(exercise, words)]
    if exercise.chosen is not None:
        return [*_quiz_answer(exercise, words), *_after_quiz(exercise, words)]
    parts: list[Part] = [Paragraph(words("nudges.not_today_said"))] if exercise.stage is Stage.NOT_TODAY else []
    if exercise.replied:
        parts.append(Paragraph(words("nudges.replied")))
    parts += _to_begin(exercise, words)
    parts.append(privacy_note(words, saves_text=exercise.saves_text))
    return parts


def _to_begin(exercise: Exercise, words: Words) -> list[Part]:
    """Return the buttons of an exercise that nobody has begun."""
    ref, lesson = str(exercise.ref), exercise.lesson
    others = [] if exercise.stage is Stage.NOT_TODAY else _instead(exercise, words)
    if lesson.kind is Kind.QUIZ:
        mark = "" if exercise.ref.delivery_id is not None else mark_of(lesson)
        choices = choice_parts(lesson.choices, words, action="nudge.choice", about=ref, mark=mark)
        return [*choices, *([Buttons(tuple(others))] if others else [])]
    begin = (
        Button(text=words("nudges.plan"), action="nudge.plan", value=ref, style=Style.PRIMARY, opens_form=True)
        if lesson.kind is Kind.IF_THEN
        else Button(text=words("nudges.doing"), action="nudge.doing", value=ref, style=Style.PRIMARY)
    )
    return [Buttons((begin, *others))]


def _instead(exercise: Exercise, words: Words) -> list[Button]:
    another = Button(text=words("nudges.another"), action="nudge.another", value=str(exercise.ref))
    not_today = Button(text=words("nudges.not_today"), action="nudge.not_today", value=str(exercise.ref))
    return [another, not_today]


def _quiz_answer(exercise: Exercise, words: Words) -> list[Part]:
    lesson = exercise.lesson
    return [] if exercise.chosen is None else chosen_parts(lesson.choices, exercise.chosen, lesson.reason, words)


def _after_quiz(exercise: Exercise, words: Words) -> list[Part]:
    take_on = Button(text=words("nudges.next_step"), action="nudge.doing", value=str(exercise.ref), style=Style.PRIMARY)
    return [
        Paragraph(words("nudges.question", question=words.of(exercise.lesson.question))),
        *([Paragraph(words("nudges.replied"))] if exercise.replied else []),
        Buttons((take_on, *_ways_to_answer(exercise, words))),
        privacy_note(words, saves_text=exercise.saves_text),
    ]


def _doing(exercise: Exercise, words: Words) -> list[Part]:
    asks = words("nudges.asks_on", day=words.day(exercise.asks_on)) if exercise.asks_on else ""
    said = words("nudges.replied") if exercise.replied else words("nudges.answer_here")
    return [
        Paragraph(" ".join(part for part in (words("nudges.doing_said"), asks, said) if part)),
        Paragraph(words("nudges.question", question=words.of(exercise.lesson.question))),
        Buttons(_ways_to_answer(exercise, words)),
        privacy_note(words, saves_text=exercise.saves_text),
    ]


def _ways_to_answer(exercise: Exercise, words: Words) -> tuple[Button, ...]:
    """Return the form, and our own page for whoever will not write in the chat."""
    text = words("reflections.write_more" if exercise.replied else "reflections.write")
    form = Button(text=text, action="reply.open", value=str(exercise.ref), opens_form=True)
    page = Button(text=words("own_page.answer"), action="own_page.answer", value=str(exercise.ref))
    return (form, page) if exercise.has_page else (form,)


def _in_a_word(exercise: Exercise, words: Words) -> str | None:
    if exercise.stage is Stage.PLANNED and exercise.plan is not None:
        key = "plans.shown_on" if exercise.plan.has_words else "plans.reminds_on"
        return words(key, day=words.day(exercise.plan.cue_on))
    if exercise.stage is Stage.DOING:
        asks = words("nudges.asks_on", day=words.day(exercise.asks_on)) if exercise.asks_on else ""
        return f"{words('nudges.doing_said')} {asks}".strip()
    if exercise.chosen is not None or exercise.replied:
        return words("nudges.answered_word")
    return words("nudges.not_today_said") if exercise.stage is Stage.NOT_TODAY else None
