"""The coordinator's forms for a relay: pure functions of what is known, in their language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
from bot.conversation.cohort_choices import LONGEST_NAME
from bot.conversation.saving import LONGEST
from bot.conversation.texts import Words
from lessons.challenges import Challenge
from scheduler.relay_timeline import CLOSING_DAYS, FEWEST_TEAMS, MOST_TEAMS

MOST_QUESTION_WORDS = 50
NOBODY = "none"
"""A leg that is left out, where a form must have something chosen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewedLeg:
    """A team's leg on the calendar, before anybody hears of it."""

    number: int
    team: str
    first: date
    last: date
    waits: Sequence[str] = ()
    """The days between that do not count, with their names."""
    overlaps: bool = False
    """How many of the team another round asks on one of its days: never whom."""
    is_in_july: bool = False


def new_relay(words: Words, *, challenges: Sequence[Option], teams: Sequence[Option], first_possible: date) -> Form:
    """Everything that is decided for a relay, but for the name on each baton: that stands in the preview. Which
    challenge is asked only where there is a choice."""
    none = Option(NOBODY, words("relays.team_none"))
    return Form(
        name="relay.new",
        title=words("relays.new_title"),
        submit=words("relays.next"),
        close=words("relays.cancel"),
        body=(
            Note(words("relays.new_intro")),
            *_which(words, challenges),
            TextInput(name="name", label=words("relays.name_label"), hint=words("relays.name_hint"), most=LONGEST_NAME),
            TextInput(
                name="question",
                label=words("relays.question_label"),
                hint=words("relays.question_hint", most=MOST_QUESTION_WORDS),
                multiline=True,
                most=LONGEST,
            ),
            DateInput(name="starts_on", label=words("relays.starts_on_label"), initial=first_possible.isoformat()),
            *(
                ChoiceInput(
                    name=team_input(number),
                    label=words("relays.team_label", number=number),
                    hint=_hint(words, number),
                    options=tuple(teams) if number <= FEWEST_TEAMS else (none, *teams),
                    initial=() if number <= FEWEST_TEAMS else (NOBODY,),
                )
                for number in range(1, MOST_TEAMS + 1)
            ),
            Note(words("saving.warning")),
        ),
    )


def relay_preview(
    words: Words,
    challenge: Challenge,
    legs: Sequence[PreviewedLeg],
    *,
    name: str,
    question: str,
    organisation: str,
    draft: str,
) -> Form:
    """The whole relay on the calendar, with the name that stands on each baton. The only button begins it."""
    body: list[Part | Input] = [
        Note(words("relays.preview_intro")),
        Heading(name),
        Note(words.of(challenge.title)),
        Paragraph(words("relays.question", question=question)),
        Paragraph(words.of(challenge.about)),
    ]
    for leg in legs:
        body.append(
            Paragraph(
                words(
                    "relays.preview_leg",
                    number=leg.number,
                    team=leg.team,
                    first=words.day(leg.first) if leg.first.year == leg.last.year else words.long_day(leg.first),
                    last=words.long_day(leg.last),
                )
            )
        )
        body += [Note(text) for text in _remarks(words, leg)]
    body.append(Note(words("relays.preview_closing", after=words.number(CLOSING_DAYS))))
    body += [Heading(words("rounds.safeguards")), *(Paragraph(f"• {words.of(one)}") for one in challenge.safeguards)]
    body += [
        TextInput(
            name=organisation_input(leg.number),
            label=words("relays.organisation_label", number=leg.number),
            hint=words("relays.organisation_hint", team=leg.team),
            initial=organisation,
            most=LONGEST_NAME,
        )
        for leg in legs
    ]
    return Form(
        name="relay.confirm",
        about=draft,
        title=words("coordinating.preview_title"),
        submit=words("relays.submit"),
        close=words("relays.cancel"),
        body=tuple(body),
    )


def closing_day(words: Words, *, relay_id: int, initial: date) -> Form:
    day = DateInput(name="day", label=words("relays.closing_day_label"), initial=initial.isoformat())
    return _short(words, "closing_day", relay_id, day, Note(words("relays.closing_day_note")))


def start_day(words: Words, *, relay_id: int, initial: date) -> Form:
    day = DateInput(name="day", label=words("relays.move_label"), initial=initial.isoformat())
    return _short(words, "move", relay_id, day)


def team_input(number: int) -> str:
    return f"team_{number}"


def organisation_input(number: int) -> str:
    return f"organisation_{number}"


def _which(words: Words, challenges: Sequence[Option]) -> list[Input]:
    if len(challenges) == 1:
        return []
    label = words("relays.challenge_label")
    return [ChoiceInput(name="challenge", label=label, options=tuple(challenges), initial=(challenges[0].value,))]


def _hint(words: Words, number: int) -> str | None:
    if number == 1:
        return words("relays.team_hint")
    return words("relays.team_optional_hint") if number > FEWEST_TEAMS else None


def _remarks(words: Words, leg: PreviewedLeg) -> list[str]:
    """What to think about before it is begun."""
    remarks = [words("relays.preview_waits", days="\n".join(leg.waits))] if leg.waits else []
    if leg.overlaps:
        remarks.append(words("relays.preview_overlap"))
    if leg.is_in_july:
        remarks.append(words("relays.preview_july"))
    return remarks


def _short(words: Words, what: str, about: int, *body: Part | Input) -> Form:
    return Form(
        name=f"relay.{what}",
        about=str(about),
        title=words(f"relays.{what}_title"),
        submit=words(f"relays.{what}_submit"),
        close=words("relays.cancel"),
        body=body,
    )
