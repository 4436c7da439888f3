"""The forms for what is handed in, made from what the step asks for; and what was sent, read back and checked."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.cards import (
    ChoiceInput,
    DateInput,
    Form,
    Heading,
    Input,
    Note,
    Option,
    Paragraph,
    Part,
    TextInput,
)
from bot.conversation.cohort_choices import date_or_none
from bot.conversation.events import Submitted
from bot.conversation.round_pages import short
from bot.conversation.round_view import Candidate, StepNow, on_day
from bot.conversation.saving import LONGEST, fault_in
from bot.conversation.texts import Words
from lessons.challenge_steps import HandIn, InputKind
from lessons.challenge_steps import Input as Asked
from storage.contributions import Inputs

ABOUT = "about"
_NAMED = "in_{key}"
"""What an input of the challenge's is called in a form: none can be taken for ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What was sent. With `errors` it is not to be kept."""

    inputs: Inputs
    errors: dict[str, str]


def new_form(at: StepNow, hand_in: HandIn, among: list[Candidate], words: Words, *before: Part, now: datetime) -> Form:
    first = (*_asked(at, words, now), *before)
    return _form("contribution.new", str(at.row.id), hand_in, words, first, among=among)


def change_form(
    at: StepNow, hand_in: HandIn, contribution_id: int, inputs: Inputs, words: Words, *, now: datetime
) -> Form:
    about = f"{at.row.id}:{contribution_id}"
    return _form("contribution.change", about, hand_in, words, _asked(at, words, now), inputs=inputs)


def written_in(sent: Submitted, hand_in: HandIn, words: Words) -> Written:
    inputs: Inputs = {}
    errors: dict[str, str] = {}
    for one in hand_in.inputs:
        name = _name(one)
        value = sent.text(name).strip()
        inputs[one.key] = value
        if (fault := _fault(one, value, words)) is not None:
            errors[name] = fault
    return Written(inputs=inputs, errors=errors)


def _form(
    name: str,
    about: str,
    hand_in: HandIn,
    words: Words,
    first: tuple[Part, ...],
    *,
    among: list[Candidate] | None = None,
    inputs: Inputs | None = None,
) -> Form:
    given = inputs or {}
    choice: tuple[Input, ...] = ()
    if among:
        options = tuple(Option(str(one.id), short(one.headline)) for one in among)
        choice = (ChoiceInput(name=ABOUT, label=words("rounds.which"), options=options),)
    return Form(
        name=name,
        about=about,
        title=words("rounds.write_title"),
        submit=words("rounds.submit"),
        close=words("rounds.cancel"),
        body=(
            *first,
            *choice,
            *(_input(one, str(given.get(one.key, "")), words) for one in hand_in.inputs),
            Note(words("saving.warning")),
        ),
    )


def _asked(at: StepNow, words: Words, now: datetime) -> tuple[Part, ...]:
    """What is asked, and who sees what is written, said before anything is. The prompt was written for the morning:
    of what has opened since it would say that nobody sees it yet."""
    if at.is_late:
        return Heading(words.of(at.step.title)), Note(words("rounds.late"))
    prompt = Paragraph(words.of(at.step.private or at.step.prompt))
    if at.row.opens_at is None or not at.is_hidden:
        return (prompt,)
    return prompt, Note(words("rounds.hidden_until", when=on_day(at, at.row.opens_at, words, now)))


def _input(one: Asked, initial: str, words: Words) -> Input:
    name, label = _name(one), words.of(one.label)
    match one.kind:
        case InputKind.TEXT | InputKind.ROLE:
            return TextInput(
                name=name,
                label=label,
                hint=words("rounds.at_most_words", number=one.words),
                initial=initial,
                multiline=one.kind is InputKind.TEXT,
                most=LONGEST,
            )
        case InputKind.DATE:
            return DateInput(name=name, label=label, initial=initial or None)
        case InputKind.YES_NO:
            options = tuple(Option(answer, words(f"rounds.{answer}")) for answer in YES_NO)
        case InputKind.CHOICE:
            options = tuple(Option(option.key, short(words.of(option.label))) for option in one.options)
    return ChoiceInput(name=name, label=label, options=options, initial=(initial,) if initial else ())


def _fault(one: Asked, value: str, words: Words) -> str | None:
    match one.kind:
        case InputKind.YES_NO:
            return None if value in YES_NO else words("rounds.choose")
        case InputKind.CHOICE:
            return None if value in {option.key for option in one.options} else words("rounds.choose")
        case InputKind.DATE:
            return None if date_or_none(value) is not None else words("rounds.choose_day")
        case InputKind.TEXT | InputKind.ROLE:
            return _fault_in_text(one, value, words)


def _fault_in_text(one: Asked, value: str, words: Words) -> str | None:
    if not value:
        return words("rounds.write_something")
    if (many := len(value.split())) > one.words:
        return words("rounds.too_many_words", most=one.words, number=many)
    return fault_in(value, words)


def _name(one: Asked) -> str:
    return _NAMED.format(key=one.key)


YES_NO = ("yes", "no")
