"""The days on which nothing comes, as a cohort's and a team's forms ask for them."""

from collections.abc import Collection
from datetime import date

from bot.conversation.cards import ChoiceInput, Input, Option, TextInput
from bot.conversation.texts import Words
from scheduler.calendar import CALENDAR_FLAGS


def calendar_inputs(
    words: Words, *, closed_label: str, closed: Collection[date], flags_label: str, flags: Collection[str]
) -> tuple[Input, Input]:
    return (
        TextInput(
            name="closed",
            label=closed_label,
            hint=words("coordinating.closed_hint"),
            initial=_as_text(closed),
            multiline=True,
            optional=True,
        ),
        ChoiceInput(
            name="flags",
            label=flags_label,
            options=tuple(Option(flag, words(f"coordinating.flag_{flag}")) for flag in CALENDAR_FLAGS),
            initial=tuple(flags),
            many=True,
            optional=True,
        ),
    )


def _as_text(days: Collection[date]) -> str:
    """Return closed days as people write them: one span a line."""
    return "\n".join(str(first) if first == last else f"{first} – {last}" for first, last in spans_of(days))


def spans_of(days: Collection[date]) -> list[tuple[date, date]]:
    """Return days as spans without a gap: the first and the last of each."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and (day - spans[-1][1]).days == 1:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans
