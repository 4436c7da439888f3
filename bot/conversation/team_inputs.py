"""What is decided for a team, as it stands both in the form that makes one and in the one that changes it."""

from collections.abc import Sequence
from datetime import date

from bot.conversation.calendar_inputs import calendar_inputs
from bot.conversation.cards import ChoiceInput, Input, Option, TextInput, TimeInput
from bot.conversation.cohort_choices import LONGEST_NAME
from bot.conversation.texts import LANGUAGES, Words


def name_input(words: Words, name: str = "") -> Input:
    label, hint = words("teams.name_label"), words("teams.name_hint")
    return TextInput(name="name", label=label, hint=hint, initial=name, most=LONGEST_NAME)


def language_and_days(
    words: Words, *, language: str, slot: str, closed: Sequence[date] = (), flags: Sequence[str]
) -> tuple[Input, ...]:
    """The channel's language, the team's hour, and the days on which it rests."""
    return (
        ChoiceInput(
            name="language",
            label=words("teams.language_label"),
            options=tuple(Option(language, words(f"teams.language_{language}")) for language in LANGUAGES),
            initial=(language,),
        ),
        TimeInput(name="slot", label=words("teams.slot_label"), hint=words("teams.slot_hint"), initial=slot),
        *calendar_inputs(
            words,
            closed_label=words("teams.closed_label"),
            closed=closed,
            flags_label=words("teams.flags_label"),
            flags=flags,
        ),
    )
