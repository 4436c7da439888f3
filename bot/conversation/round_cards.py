"""What a team hears of a step: in its channel, and alone. Pure functions of what has been gathered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation.cards import Button, Buttons, Card, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.round_endings import wrap_up_button
from bot.conversation.round_lists import all_button, listed, nothing_to_read, rest_button
from bot.conversation.round_view import Candidate, StepNow, step_called
from bot.conversation.texts import Words
from bot.conversation.vote_cards import not_settled
from lessons.challenge_steps import By, Input, VoteKind
from lessons.models import Text
from storage.moments import local_day
from storage.tables.rounds import Asks


@dataclass(frozen=True, kw_only=True, slots=True)
class Morning:
    """What a step begins with, for the channel."""

    at: StepNow
    number: int
    """Which of the round's working days it is."""
    days: int
    """How many they are by now: a step may have been given more."""
    read: tuple[Candidate, ...] = ()
    """What the team reads with it, of an earlier step."""
    chosen: str | None = None
    """What the team chose in its latest vote."""
    is_to_choose: bool = False
    """Whether that vote is over, and nothing chosen."""
    tied: StepNow | None = None
    """That vote, where it was a tie that nobody has settled."""
    is_first: bool = False
    is_last: bool = False
    roles: tuple[Part, ...] = ()
    """What is told of the facilitator, and of whoever says yes or no."""


def morning_card(morning: Morning, words: Words) -> Card:
    at = morning.at
    title = words.of(at.challenge.title)
    parts: list[Part] = [
        Heading(words.of(at.step.title)),
        Note(words("rounds.day_of", title=title, day=morning.number, days=morning.days)),
        *_asked(at, words, at.step.prompt, here=True),
    ]
    if morning.chosen is not None:
        parts.append(Paragraph(words("rounds.chosen", text=morning.chosen)))
    elif morning.tied is not None:
        parts += not_settled(morning.tied, words, style=Style.PLAIN)
    elif morning.is_to_choose:
        parts.append(Paragraph(words("rounds.not_chosen")))
    parts += _to_read(morning, words)
    parts += morning.roles
    parts.append(Buttons(_in_the_channel(morning, words)))
    if at.row.asks not in (Asks.NOTHING, *_OF_ONE):
        parts.append(Note(words("rounds.nobody_sees")))
    return Card(summary=round_summary(at, words), parts=tuple(parts), language=words.language)


def private_parts(at: StepNow, words: Words, form: Button | None = None) -> list[Part]:
    """What a member is asked alone. `form`: what opens the form of theirs that knows nobody, where it is anonymous."""
    step = at.step
    return [
        Heading(words.of(step.title)),
        Note(words("rounds.your_team", title=words.of(at.challenge.title), team=at.team.name)),
        *_asked(at, words, step.private or step.prompt),
        *_hand_in_buttons(at, words, form),
    ]


def reminder_parts(at: StepNow, words: Words, form: Button | None = None) -> list[Part]:
    """The one reminder: what is still open, and nothing of anybody else. `form`: as above, for whoever had none. Of
    what is asked for once no end is said: until it has come, it may come."""
    prompt = at.step.private or at.step.prompt
    return [
        Heading(words.of(at.step.title)),
        Paragraph(words("rounds.still_open", title=words.of(at.challenge.title), team=at.team.name)),
        *([Paragraph(words.of(prompt))] if at.is_once_for_all else _asked(at, words, prompt)),
        *_hand_in_buttons(at, words, form),
    ]


def reminder_card(at: StepNow, words: Words) -> Card:
    """What a team is reminded of in its channel. It may come beside the day's own step, so it is short: what was asked
    stands there already."""
    title = words.of(at.step.title)
    said = Paragraph(words("rounds.not_handed_in", title=words.of(at.challenge.title)))
    parts = (Heading(title), said, Buttons((_hand_in_button(at, words),)))
    return Card(summary=round_summary(at, words), parts=parts, language=words.language)


def opened_card(at: StepNow, shown: Sequence[Candidate], words: Words) -> Card:
    """What was hidden until now, without its authors; and the way to what comes later, which this does not show."""
    said = words("rounds.opened" if shown else "rounds.opened_nothing", title=words.of(at.step.title))
    parts: list[Part] = [
        Heading(words.of(at.step.title)),
        Paragraph(said),
        *listed(shown, words, more="rounds.more_opened"),
        all_button(at, words),
    ]
    if shown:
        parts.append(Note(words("rounds.without_names")))
    return Card(summary=said, parts=tuple(parts), language=words.language)


def handed_in_card(at: StepNow, told: Sequence[Candidate], words: Words) -> Card:
    """What was handed in once for all of the team: it knows whose it is, or wrote it together."""
    said = words("rounds.handed_in", title=words.of(at.step.title))
    parts: list[Part] = [
        Heading(words.of(at.step.title)),
        Paragraph(said),
        *listed(told, words, more="rounds.more_opened"),
        *rest_button(at, told, words),
    ]
    return Card(summary=said, parts=tuple(parts), language=words.language)


def hand_in_text(at: StepNow, words: Words) -> str:
    """What the button for handing in says."""
    if at.step.vote is not None:
        return words("rounds.score" if at.step.vote.kind is VoteKind.SCORES else "rounds.vote")
    match at.step.hand_in.by if at.step.hand_in is not None else By.EACH:
        case By.TEAM:
            return words("rounds.write_about" if at.step.looks_back_on else "rounds.write_for_team")
        case By.MANDATE:
            return words("rounds.write_mandate")
        case By.FACILITATOR:
            return words("rounds.write_facilitator")
        case By.EACH:
            return words("rounds.write")


def round_summary(at: StepNow, words: Words) -> str:
    """The notification of a step."""
    return words("rounds.summary", title=words.of(at.challenge.title), step=words.of(at.step.title))


def _asked(at: StepNow, words: Words, prompt: Text, *, here: bool = False) -> list[Part]:
    """What is asked, and until when. The prompt was written for the morning, and says that nobody sees anything yet: of
    what has opened since, what is asked is enough. `here`: in the channel that it opens in."""
    hand_in = at.step.hand_in
    if at.is_late and hand_in is not None:
        late = words("rounds.late_here" if here else "rounds.late")
        return [*_in_short(hand_in.inputs, words), Paragraph(late)]
    return [Paragraph(words.of(prompt)), *_until(at, words, here=here)]


def _in_short(inputs: Sequence[Input], words: Words) -> list[Part]:
    """Return what is asked, in a line: a label was written to stand above a field, and not to be read alone."""
    labels = " · ".join(words.of(one.label) for one in inputs)
    return [Paragraph(words("rounds.asked_in_short", labels=labels))]


def _to_read(morning: Morning, words: Words) -> list[Part]:
    """What the team reads with a step: where the prompt does not speak of it, with what it is."""
    at = morning.at
    key = at.reads
    if key is None:
        return []
    if not morning.read:
        return [Paragraph(nothing_to_read(at, key, words))] if at.reads_of_many else []
    title = words.of(step_called(at.challenge, key).title)
    what = [] if at.step.looks_back_on is not None else [Note(words("rounds.from_step", title=title))]
    return [Divider(), *what, *listed(morning.read, words)]


def _in_the_channel(morning: Morning, words: Words) -> tuple[Button, ...]:
    at = morning.at
    buttons = [] if at.row.asks is Asks.NOTHING else [_hand_in_button(at, words)]
    if at.reads_of_many:
        buttons.append(_button(at, words, "see_all" if morning.read else "see_any", "round.see"))
    buttons.append(_button(at, words, "facilitator", "round.facilitate"))
    if morning.is_last:
        buttons.append(wrap_up_button(at, words))
    elif morning.is_first:
        buttons.append(_button(at, words, "about", "round.about"))
        buttons.append(Button(text=words("teams.join"), action="team.join", value=str(at.team.id), opens_form=True))
    return tuple(buttons)


def _hand_in_buttons(at: StepNow, words: Words, form: Button | None) -> list[Part]:
    if at.is_anonymous:
        opens = [Buttons((form,))] if form is not None else [Paragraph(words("rounds.form_above"))]
        return [*opens, Note(words("rounds.anonymous_button"))]
    if at.row.asks in _OF_ONE:
        own = replace(_hand_in_button(at, words), text=words("rounds.write"))
        return [Buttons((own,)), Note(words("rounds.seen_at_once"))]
    return [Buttons((_hand_in_button(at, words),)), Note(words("rounds.nobody_sees"))]


def _hand_in_button(at: StepNow, words: Words) -> Button:
    action = "vote.open" if at.step.vote is not None else "contribution.open"
    text, style = hand_in_text(at, words), Style.PRIMARY
    if at.is_anonymous:  # it opens no form here: each has one of their own
        text, style = words("rounds.get_form"), Style.PLAIN
    return Button(text=text, action=action, value=str(at.row.id), style=style, opens_form=True)


def _button(at: StepNow, words: Words, text: str, action: str) -> Button:
    return Button(text=words(f"rounds.{text}"), action=action, value=str(at.row.id), opens_form=True)


def _until(at: StepNow, words: Words, *, here: bool) -> list[Part]:
    """Say until when what is asked for is taken, and when it opens: the prompt knows no days."""
    if at.is_once_for_all:
        return [Note(_on_day("taken_until", at.next_at or at.round.ends_at, at, words))]
    if at.row.closes_at is not None:
        return [Note(_on_day("closes_on", at.row.closes_at, at, words))]
    if at.row.opens_at is None:
        return []
    return [Note(_on_day("opens_here" if here else "opens_on", at.row.opens_at, at, words))]


def _on_day(key: str, moment: datetime, at: StepNow, words: Words) -> str:
    day, clock = local_day(moment, at.team.zone), words.clock(moment, at.team.zone)
    return words(f"rounds.{key}", day=words.day(day), clock=clock)


_OF_ONE = (Asks.MANDATE, Asks.FACILITATOR)
"""What is asked of somebody the whole team knows."""
