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
_HAS_WARNED = ":late"


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What was sent. With `errors` it is not to be kept."""

    inputs: Inputs
    errors: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not any(self.inputs.values())


def new_form(
    at: StepNow,
    hand_in: HandIn,
    among: list[Candidate],
    words: Words,
    *before: Part,
    now: datetime,
    given: Inputs | None = None,
    about: str = "",
) -> Form:
    """Return the form for something new. `given` and `about` are what it begins with. What it is about says, too,
    whether it warns that all is seen at once: see `has_warned`."""
    first = (*_asked(at, words, now), *before)
    step = f"{at.row.id}{_HAS_WARNED}" if at.is_late else str(at.row.id)
    return _form("contribution.new", step, hand_in, words, first, among=among, inputs=given, about_one=about)


def has_warned(sent: Submitted) -> bool:
    """Whether who sent it has read that it is seen at once: the step had opened when the form was made."""
    return sent.about.endswith(_HAS_WARNED)


def step_in(sent: Submitted) -> str:
    """Return the step that a new hand-in is for."""
    return sent.about.removesuffix(_HAS_WARNED)


def change_form(
    at: StepNow, hand_in: HandIn, contribution_id: int, inputs: Inputs, words: Words, *, now: datetime
) -> Form:
    about = f"{at.row.id}:{contribution_id}"
    return _form("contribution.change", about, hand_in, words, _asked(at, words, now), inputs=inputs)


def written_in(sent: Submitted, hand_in: HandIn, words: Words) -> Written:
    """Return what was sent. What must be filled in has been, and one thing at least."""
    written = read_inputs(sent, hand_in, words)
    return Written(inputs=written.inputs, errors=written.errors | missing_in(written, hand_in, words))


def missing_in(written: Written, hand_in: HandIn, words: Words, *, number: int = 1) -> dict[str, str]:
    """Return what must be filled in and is not, by the name it has in the form, with what to do."""
    wanted = _wanted(hand_in)
    missing = [one for one in hand_in.inputs if one.key in wanted and not written.inputs[one.key]]
    if not missing and written.is_empty:
        missing = [hand_in.inputs[0]]
    return {_name(one, number): words(_MISSING.get(one.kind, "rounds.choose")) for one in missing}


def read_inputs(sent: Submitted, hand_in: HandIn, words: Words, *, number: int = 1) -> Written:
    """Return what was sent in the inputs of that number; what was left empty is no fault."""
    inputs: Inputs = {}
    errors: dict[str, str] = {}
    for one in hand_in.inputs:
        name = _name(one, number)
        value = sent.text(name).strip()
        inputs[one.key] = value
        if value and (fault := _fault(one, value, words)) is not None:
            errors[name] = fault
    return Written(inputs=inputs, errors=errors)


def inputs_of(hand_in: HandIn, words: Words, *, given: Inputs | None = None, number: int = 1) -> list[Input]:
    """Return the inputs of a hand-in, as those of that number where several are handed in at once."""
    wanted = _wanted(hand_in) if number == 1 else frozenset()
    return [
        _input(one, str((given or {}).get(one.key, "")), words, number=number, optional=one.key not in wanted)
        for one in hand_in.inputs
    ]


def enough_parts(hand_in: HandIn, words: Words) -> list[Part]:
    """Say that one of several inputs is enough, where it is."""
    return [] if _wanted(hand_in) else [Note(words("rounds.one_is_enough"))]


def _form(
    name: str,
    about: str,
    hand_in: HandIn,
    words: Words,
    first: tuple[Part, ...],
    *,
    among: list[Candidate] | None = None,
    inputs: Inputs | None = None,
    about_one: str = "",
) -> Form:
    choice: tuple[Input, ...] = ()
    if among:
        options = tuple(Option(str(one.id), short(one.headline)) for one in among)
        initial = tuple(one.value for one in options if one.value == about_one)
        choice = (ChoiceInput(name=ABOUT, label=words("rounds.which"), options=options, initial=initial),)
    return Form(
        name=name,
        about=about,
        title=words("rounds.write_title"),
        submit=words("rounds.submit"),
        close=words("rounds.cancel"),
        body=(
            *first,
            *choice,
            *enough_parts(hand_in, words),
            *inputs_of(hand_in, words, given=inputs),
            Note(words("saving.warning")),
        ),
    )


def _asked(at: StepNow, words: Words, now: datetime) -> tuple[Part, ...]:
    """What is asked, and who sees what is written, said before anything is. The prompt was written for the morning:
    of what has opened since it would say that nobody sees it yet."""
    if at.is_late:
        return Heading(words.of(at.step.title)), Note(words("rounds.late"))
    prompt = Paragraph(words.of(at.step.private or at.step.prompt))
    if at.is_once_for_all:
        return prompt, Note(words("rounds.seen_at_once"))
    if at.row.opens_at is None or not at.is_hidden:
        return (prompt,)
    return prompt, Note(words("rounds.hidden_until", when=on_day(at, at.row.opens_at, words, now)))


def _input(one: Asked, initial: str, words: Words, *, number: int, optional: bool) -> Input:
    name, label, hint = _name(one, number), words.of(one.label), _hint(one, words)
    match one.kind:
        case InputKind.TEXT | InputKind.ROLE:
            return TextInput(
                name=name,
                label=label,
                hint=hint,
                initial=initial,
                multiline=one.kind is InputKind.TEXT,
                most=LONGEST,
                optional=optional,
            )
        case InputKind.DATE:
            return DateInput(name=name, label=label, hint=hint, initial=initial or None, optional=optional)
        case InputKind.YES_NO:
            options = tuple(Option(answer, words(f"rounds.{answer}")) for answer in YES_NO)
        case InputKind.CHOICE:
            options = tuple(Option(option.key, short(words.of(option.label))) for option in one.options)
    chosen = (initial,) if initial else ()
    return ChoiceInput(name=name, label=label, hint=hint, options=options, initial=chosen, optional=optional)


def _hint(one: Asked, words: Words) -> str | None:
    """Return what helps to fill it in: the challenge's own words, how long it may be, and whether anybody sees it."""
    said = [words.of(one.hint)] if one.hint is not None else []
    if not said and one.kind is InputKind.ROLE:
        said.append(words("rounds.write_a_role"))
    if one.kind in (InputKind.TEXT, InputKind.ROLE):
        said.append(words("rounds.at_most_words", number=one.words))
    if not one.shown:
        said.append(words("rounds.never_shown"))
    return " ".join(said) or None


def _wanted(hand_in: HandIn) -> frozenset[str]:
    """Return the keys of what must be filled in: one input alone, and of several what is chosen, and what the challenge
    says the others are nothing without. Words without a yes, a no or a later answer nothing. Of other inputs, whichever
    one likes."""
    if len(hand_in.inputs) == 1:
        return frozenset({hand_in.inputs[0].key})
    return frozenset(one.key for one in hand_in.inputs if one.kind is InputKind.CHOICE or one.required)


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
    if (many := len(value.split())) > one.words:
        return words("rounds.too_many_words", most=one.words, number=many)
    return fault_in(value, words)


def _name(one: Asked, number: int) -> str:
    """Return what an input of the challenge's is called in a form: none can be taken for ours."""
    return f"in_{one.key}" if number == 1 else f"in{number}_{one.key}"


YES_NO = ("yes", "no")
_MISSING = {
    InputKind.TEXT: "rounds.write_something",
    InputKind.ROLE: "rounds.write_something",
    InputKind.DATE: "rounds.choose_day",
}
