"""What a team hears of a step: in its channel, and alone. Pure functions of what has been gathered."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.cards import Button, Buttons, Card, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.round_results import Result
from bot.conversation.round_view import Candidate, StepNow
from bot.conversation.texts import Words
from lessons.challenge_steps import By, HandIn
from storage.moments import local_day
from storage.tables.rounds import Asks, Ending

MOST_LISTED = 24
"""Of what has been handed in, in one message: the rest is a press away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Morning:
    """What a step begins with, for the channel."""

    at: StepNow
    looks_back_on: tuple[Candidate, ...] = ()
    chosen: str | None = None
    """What the team chose last."""
    is_first: bool = False
    is_last: bool = False


def morning_card(morning: Morning, words: Words) -> Card:
    at = morning.at
    step, challenge = at.step, at.challenge
    parts: list[Part] = [
        Heading(words.of(step.title)),
        Note(words("rounds.day_of", title=words.of(challenge.title), day=step.day, days=challenge.length)),
        Paragraph(words.of(step.prompt)),
        *_until(at, words),
    ]
    if morning.chosen is not None:
        parts.append(Paragraph(words("rounds.chosen", text=morning.chosen)))
    if morning.looks_back_on:
        parts += [Divider(), *listed(morning.looks_back_on, words)]
    parts.append(Buttons(_in_the_channel(morning, words)))
    if at.row.asks is not Asks.NOTHING:
        parts.append(Note(words("rounds.nobody_sees")))
    return Card(summary=round_summary(at, words), parts=tuple(parts), language=words.language)


def private_parts(at: StepNow, words: Words) -> list[Part]:
    """What a member is asked alone."""
    step = at.step
    return [
        Heading(words.of(step.title)),
        Note(words("rounds.your_team", title=words.of(at.challenge.title), team=at.team.name)),
        Paragraph(words.of(step.private or step.prompt)),
        *_until(at, words),
        *_hand_in_buttons(at, words),
    ]


def reminder_parts(at: StepNow, words: Words) -> list[Part]:
    """The one reminder: what is still open, and nothing of anybody else."""
    hand_in = at.step.hand_in
    asked = _asked_late(hand_in, words) if at.is_late and hand_in is not None else _asked_in_time(at, words)
    return [
        Heading(words.of(at.step.title)),
        Paragraph(words("rounds.still_open", title=words.of(at.challenge.title), team=at.team.name)),
        *asked,
        *_hand_in_buttons(at, words),
    ]


def opened_card(at: StepNow, shown: Sequence[Candidate], words: Words) -> Card:
    """What was hidden until now, without its authors."""
    said = words("rounds.opened" if shown else "rounds.opened_nothing", title=words.of(at.step.title))
    parts: list[Part] = [
        Heading(words.of(at.step.title)),
        Paragraph(said),
        *listed(shown, words, more="rounds.more_opened"),
    ]
    if shown:
        parts.append(Note(words("rounds.without_names")))
    return Card(summary=said, parts=tuple(parts), language=words.language)


def tally_card(at: StepNow, result: Result, words: Words) -> Card:
    said = verdict(result, words)
    parts: list[Part] = [
        Heading(words.of(at.step.title)),
        *map(Paragraph, said),
        *tally_parts(result, words),
    ]
    if result.tied:
        settle = _button(at, words, "settle", "round.settle", style=Style.PRIMARY, opens_form=True)
        parts += [Note(words("rounds.settle_note")), Buttons((settle,))]
    return Card(
        summary=words("rounds.tally_summary", title=words.of(at.step.title)),
        parts=tuple(parts),
        language=words.language,
    )


def verdict(result: Result, words: Words) -> list[str]:
    """Say how it went: chosen, a tie, or too few for it to stand. Then no number either: of two votes each knows the
    other's."""
    if not result.counts:
        return [words("rounds.too_few", least=result.least)]
    said = [words.count("rounds.voted", result.cast)]
    if result.winner is not None:
        key = "rounds.settled" if len(result.leaders) > 1 else "rounds.chosen"
        said.append(words(key, text=result.winner.headline))
    else:
        said.append(words("rounds.tie", number=len(result.leaders)))
        said += [f"• {one.headline}" for one in result.leaders]
    if result.talk_about is not None:
        said.append(words("rounds.talk_about", text=result.talk_about.headline))
    return said


def tally_parts(result: Result, words: Words) -> list[Part]:
    """List what got how much; nothing of a vote that does not stand."""
    if not result.counts:
        return []
    unit = "rounds.points" if result.are_points else "rounds.votes"
    lines = [
        words("rounds.tally_line", text=one.headline, number=words.count(unit, number))
        for one, number in result.numbers[:MOST_LISTED]
    ]
    return [Divider(), *map(Paragraph, lines)] if lines else []


def ending_card(at: StepNow, ending: Ending, words: Words, *, follows: str | None) -> Card:
    """The last message of a round. `follows`: the title of the challenge that could come next."""
    challenge = at.challenge
    match ending:
        case Ending.FINISHED:
            said = words.of(challenge.ending.finished)
        case Ending.NOT_MADE:
            said = words.of(challenge.ending.not_made)
        case _:
            said = words(f"rounds.ended_{ending.value}")
    parts: list[Part] = [Heading(words.of(challenge.title)), Paragraph(said)]
    debrief = words.of(challenge.debrief) if challenge.debrief is not None else words("rounds.debrief")
    parts += [Divider(), Heading(words("rounds.debrief_title")), Paragraph(debrief)]
    if ending in (Ending.FINISHED, Ending.NOT_MADE, Ending.STOPPED_HERE):
        parts.append(Buttons((_button(at, words, "wrap_up", "wrap_up.open", style=Style.PRIMARY, opens_form=True),)))
    if follows is not None and ending is Ending.FINISHED:
        parts.append(Note(words("rounds.follows", title=follows)))
    return Card(
        summary=words("rounds.ended_summary", title=words.of(challenge.title)),
        parts=tuple(parts),
        language=words.language,
    )


def listed(shown: Sequence[Candidate], words: Words, *, more: str = "rounds.more_shown") -> list[Part]:
    """What was handed in, one after another, as many as a message takes, and where the rest is."""
    parts: list[Part] = [Paragraph(f"• {one.text}") for one in shown[:MOST_LISTED]]
    if (left := len(shown) - MOST_LISTED) > 0:
        parts.append(Note(words.count(more, left)))
    return parts


def hand_in_text(at: StepNow, words: Words) -> str:
    """What the button for handing in says."""
    if at.step.vote is not None:
        return words("rounds.vote")
    by = at.step.hand_in.by if at.step.hand_in is not None else By.EACH
    if by is By.TEAM:
        return words("rounds.write_about" if at.looks_back_on else "rounds.write_for_team")
    return words("rounds.write")


def _asked_in_time(at: StepNow, words: Words) -> list[Part]:
    return [Paragraph(words.of(at.step.private or at.step.prompt)), *_until(at, words)]


def _asked_late(hand_in: HandIn, words: Words) -> list[Part]:
    """The prompt was written for the morning, and says that nobody sees anything yet: what is asked is enough."""
    return [*(Paragraph(words.of(one.label)) for one in hand_in.inputs), Paragraph(words("rounds.late"))]


def _in_the_channel(morning: Morning, words: Words) -> tuple[Button, ...]:
    at = morning.at
    buttons = [] if at.row.asks is Asks.NOTHING else [_hand_in_button(at, words)]
    if at.looks_back_on is not None:
        buttons.append(_button(at, words, "see_all", "round.see", opens_form=True))
    buttons.append(_button(at, words, "facilitator", "round.facilitate", opens_form=True))
    if morning.is_last:
        buttons.append(_button(at, words, "wrap_up", "wrap_up.open", opens_form=True))
    elif morning.is_first:
        buttons.append(_button(at, words, "about", "round.about", opens_form=True))
        buttons.append(Button(text=words("teams.join"), action="team.join", value=str(at.team.id), opens_form=True))
    return tuple(buttons)


def _hand_in_buttons(at: StepNow, words: Words) -> list[Part]:
    return [Buttons((_hand_in_button(at, words),)), Note(words("rounds.nobody_sees"))]


def _hand_in_button(at: StepNow, words: Words) -> Button:
    action = "vote.open" if at.step.vote is not None else "contribution.open"
    return Button(
        text=hand_in_text(at, words), action=action, value=str(at.row.id), style=Style.PRIMARY, opens_form=True
    )


def _button(
    at: StepNow, words: Words, text: str, action: str, *, style: Style = Style.PLAIN, opens_form: bool = False
) -> Button:
    return Button(text=words(f"rounds.{text}"), action=action, value=str(at.row.id), style=style, opens_form=opens_form)


def _until(at: StepNow, words: Words) -> list[Part]:
    """Say on which day, and when, what is handed in opens or the vote closes: the prompt knows no days."""
    for key, moment in (("opens_on", at.row.opens_at), ("closes_on", at.row.closes_at)):
        if moment is not None:
            day, clock = local_day(moment, at.team.zone), words.clock(moment, at.team.zone)
            return [Note(words(f"rounds.{key}", day=words.day(day), clock=clock))]
    return []


def round_summary(at: StepNow, words: Words) -> str:
    """The notification of a step."""
    return words("rounds.summary", title=words.of(at.challenge.title), step=words.of(at.step.title))
