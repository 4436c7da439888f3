"""What was handed in, in words: a line for each thing that was asked, beginning with what that was."""

from bot.conversation.cohort_choices import date_or_none
from bot.conversation.texts import Words
from lessons.challenge_steps import HandIn, Input, InputKind
from storage.contributions import Inputs


def in_words(inputs: Inputs, hand_in: HandIn, words: Words, *, for_others: bool = False) -> str:
    """Return what was handed in, one line an input: alone as it is, several with what each was asked. What was left
    empty is left out; `for_others` leaves out what is shown to nobody but its author too."""
    told = [one for one in hand_in.inputs if one.shown or not for_others]
    if len(told) == 1:
        return one_in_words(inputs, told[0], words)
    said = ((words.of(one.label), one_in_words(inputs, one, words)) for one in told)
    return "\n".join(labelled(label, text) for label, text in said if text)


def one_in_words(inputs: Inputs, one: Input, words: Words) -> str:
    """Return what was written or chosen in one input; an empty text for nothing."""
    value = str(inputs.get(one.key, ""))
    if one.kind is InputKind.YES_NO:
        return words(f"rounds.{value}") if value in ("yes", "no") else value
    if one.kind is InputKind.DATE:
        day = date_or_none(value)
        return words.day(day) if day is not None else value
    if one.kind is InputKind.CHOICE:
        return next((words.of(option.label) for option in one.options if option.key == value), value)
    return value


def labelled(label: str, text: str) -> str:
    stop = "" if label.endswith(("?", "!", ".", ":", "…")) else ":"
    return f"**{label}{stop}** {text}"
