"""The form in which somebody notes an exercise they have led, and what was written in it. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.conversation.cards import ChoiceInput, DateInput, Form, Note, Option, TextInput
from bot.conversation.cohort_choices import date_or_none
from bot.conversation.events import Submitted
from bot.conversation.saving import LONGEST, fault_in, save_input
from bot.conversation.texts import Words
from lessons.methods import Method

NAME = "led"
OTHER = "-"
"""What is chosen when it is no method card's."""
LONGEST_NAME = 120
"""Characters."""
MOST_PEOPLE = 1_000
DIGITS = 4
NOTED_WITHIN = timedelta(days=366)


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """What was written. The words are None where they are not to be saved."""

    led_on: date
    method_id: str | None
    name: str | None
    people: int | None
    learned: str | None


def log_form(methods: Iterable[Method], words: Words, *, chosen: str, today: date, saves_text: bool) -> Form:
    titles = sorted((words.of(method.title), method.id) for method in methods)
    options = (Option(OTHER, words("facilitation.other")), *(Option(id, title) for title, id in titles))
    return Form(
        name=NAME,
        title=words("facilitation.new"),
        submit=words("facilitation.keep"),
        close=words("typed.close"),
        body=(
            DateInput(name="day", label=words("facilitation.day"), initial=today.isoformat()),
            ChoiceInput(name="method", label=words("facilitation.method"), options=options, initial=(chosen,)),
            TextInput(name="what", label=words("facilitation.name"), most=LONGEST_NAME, optional=True),
            TextInput(
                name="people",
                label=words("facilitation.people"),
                hint=words("facilitation.people_hint"),
                most=DIGITS,
                optional=True,
            ),
            TextInput(name="learned", label=words("facilitation.learned"), multiline=True, most=LONGEST, optional=True),
            save_input(words, saves_text=saves_text),
            Note(words("saving.warning")),
        ),
    )


def noted_in(event: Submitted, words: Words, *, today: date, methods: Collection[str]) -> Noted | dict[str, str]:
    """Return what was written, or what must change, by input."""
    errors: dict[str, str] = {}
    day = date_or_none(event.text("day"))
    if day is None:
        errors["day"] = words("facilitation.day_missing")
    elif day > today:
        errors["day"] = words("facilitation.day_ahead")
    elif day < today - NOTED_WITHIN:
        errors["day"] = words("facilitation.day_long_ago")
    method, name = event.text("method"), " ".join(event.text("what").split())
    if method not in methods and not name:
        errors["what"] = words("facilitation.name_missing")
    elif method in methods and name:
        errors["what"] = words("facilitation.name_and_method")
    elif len(name) > LONGEST_NAME:
        errors["what"] = words("facilitation.name_too_long", most=LONGEST_NAME)
    number = event.text("people").strip()
    if number and not (
        number.isascii() and number.isdecimal() and len(number) <= DIGITS and 0 < int(number) <= MOST_PEOPLE
    ):
        errors["people"] = words("facilitation.people_no_number")
    learned = event.text("learned").strip()
    for input_, body in (("what", name), ("learned", learned)):
        if input_ not in errors and (fault := fault_in(body, words)):
            errors[input_] = fault
    if errors or day is None:
        return errors
    saves = event.text("save") != "no"
    return Noted(
        led_on=day,
        method_id=method if method in methods else None,
        name=name if saves and name else None,
        people=int(number) if number else None,
        learned=learned if saves and learned else None,
    )
