"""What a team hears of a step: in its channel, and alone. Pure functions of what has been gathered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation.cards import Button, Buttons, Card, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.round_lists import MOST_LISTED, listed, nothing_to_read, rest_button
from bot.conversation.round_results import Result
from bot.conversation.round_view import Candidate, StepNow, step_called
from bot.conversation.texts import Words
from lessons.challenge_steps import By
from lessons.challenges import Form
from lessons.models import Text
from storage.moments import local_day
from storage.tables.rounds import Asks, Ending


@dataclass(frozen=True, kw_only=True, slots=True)
class Morning:
    """What a step begins with, for the channel."""

    at: StepNow
    read: tuple[Candidate, ...] = ()
    """What the team reads with it, of an earlier step."""
    chosen: str | None = None
    """What the team chose in its latest vote."""
    is_to_choose: bool = False
    """Whether that vote is over, and nothing chosen."""
    is_first: bool = False
    is_last: bool = False
    roles: tuple[Part, ...] = ()
    """What is told of the facilitator, and of whoever says yes or no."""


def morning_card(morning: Morning, words: Words) -> Card:
    at = morning.at
    step, challenge = at.step, at.challenge
    parts: list[Part] = [
        Heading(words.of(step.title)),
        Note(words("rounds.day_of", title=words.of(challenge.title), day=step.day, days=challenge.length)),
        *_asked(at, words, step.prompt),
    ]
    if morning.chosen is not None:
        parts.append(Paragraph(words("rounds.chosen", text=morning.chosen)))
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
    """The one reminder: what is still open, and nothing of anybody else. `form`: as above, for whoever had none."""
    return [
        Heading(words.of(at.step.title)),
        Paragraph(words("rounds.still_open", title=words.of(at.challenge.title), team=at.team.name)),
        *_asked(at, words, at.step.private or at.step.prompt),
        *_hand_in_buttons(at, words, form),
    ]


def opened_card(at: StepNow, shown: Sequence[Candidate], words: Words) -> Card:
    """What was hidden until now, without its authors."""
    said = words("rounds.opened" if shown else "rounds.opened_nothing", title=words.of(at.step.title))
    parts: list[Part] = [
        Heading(words.of(at.step.title)),
        Paragraph(said),
        *listed(shown, words, more="rounds.more_opened"),
        *rest_button(at, shown, words),
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
        *listed(told, words, more="rounds.more_opened", mark="• " if at.looks_back_on else ""),
        *rest_button(at, told, words),
    ]
    return Card(summary=said, parts=tuple(parts), language=words.language)


def tally_card(at: StepNow, result: Result, words: Words) -> Card:
    said = verdict(result, words)
    parts: list[Part] = [
        Heading(words.of(at.step.title)),
        *map(Paragraph, said),
        *tally_parts(result, words),
    ]
    if result.tied:
        parts += _to_settle(at, words)
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


def ending_card(at: StepNow, ending: Ending, words: Words, *, follows: str | None, tied: StepNow | None = None) -> Card:
    """The last message of a round. `follows`: the title of the challenge that could come next. `tied`: the last vote,
    where nobody has settled it yet."""
    challenge, is_leg = at.challenge, at.challenge.form is Form.RELAY  # a leg of a relay, which goes on
    match ending:
        case Ending.FINISHED:
            said = words.of(challenge.ending.finished)
        case Ending.NOT_MADE:
            said = words.of(challenge.ending.not_made)
        case _:
            said = words(f"relays.leg_{ending.value}" if is_leg else f"rounds.ended_{ending.value}")
    parts: list[Part] = [Heading(words.of(challenge.title)), Paragraph(said)]
    if tied is not None:
        parts += [Paragraph(words("rounds.ended_tied", title=words.of(tied.step.title))), *_to_settle(tied, words)]
    debrief = words.of(challenge.debrief) if challenge.debrief is not None else words("rounds.debrief")
    parts += [Divider(), Heading(words("rounds.debrief_title")), Paragraph(debrief)]
    if ending in (Ending.FINISHED, Ending.NOT_MADE, Ending.STOPPED_HERE):
        parts += [Paragraph(words(f"round_changes.ending_{_wrap_up_stands(at)}")), _to_wrap_up(at, words)]
    if follows is not None and ending is Ending.FINISHED:
        parts.append(Note(words("rounds.follows", title=follows)))
    summary = words("rounds.ended_summary", title=words.of(challenge.title))
    if is_leg:
        summary = words("relays.leg_finished" if ending is Ending.FINISHED else "relays.leg_over")
    return Card(
        summary=summary,
        parts=tuple(parts),
        language=words.language,
    )


def wrap_up_card(at: StepNow, words: Words) -> Card:
    """That the wrap-up is written, and waits for the team."""
    title = words.of(at.challenge.title)
    text = words("round_changes.wrap_up_to_read", title=title)
    return Card(summary=text, parts=(Heading(title), Paragraph(text), _to_wrap_up(at, words)), language=words.language)


def hand_in_text(at: StepNow, words: Words) -> str:
    """What the button for handing in says."""
    if at.step.vote is not None:
        return words("rounds.vote")
    match at.step.hand_in.by if at.step.hand_in is not None else By.EACH:
        case By.TEAM:
            return words("rounds.write_about" if at.looks_back_on else "rounds.write_for_team")
        case By.MANDATE:
            return words("rounds.write_mandate")
        case By.FACILITATOR:
            return words("rounds.write_facilitator")
        case By.EACH:
            return words("rounds.write")


def _asked(at: StepNow, words: Words, prompt: Text) -> list[Part]:
    """What is asked, and until when. The prompt was written for the morning, and says that nobody sees anything yet: of
    what has opened since, what is asked is enough."""
    hand_in = at.step.hand_in
    if at.is_late and hand_in is not None:
        return [*(Paragraph(words.of(one.label)) for one in hand_in.inputs), Paragraph(words("rounds.late"))]
    return [Paragraph(words.of(prompt)), *_until(at, words)]


def _to_read(morning: Morning, words: Words) -> list[Part]:
    """What the team reads with a step: where the prompt does not speak of it, with what it is."""
    at = morning.at
    key = at.reads
    if key is None:
        return []
    if not morning.read:
        return [Paragraph(nothing_to_read(at, key, words))] if at.reads_of_many else []
    title = words.of(step_called(at.challenge, key).title)
    what = [] if at.looks_back_on is not None else [Note(words("rounds.from_step", title=title))]
    return [Divider(), *what, *listed(morning.read, words)]


def _to_settle(vote: StepNow, words: Words) -> list[Part]:
    settle = _button(vote, words, "settle", "round.settle", style=Style.PRIMARY, opens_form=True)
    return [Note(words("rounds.settle_note")), Buttons((settle,))]


def _to_wrap_up(at: StepNow, words: Words) -> Buttons:
    return Buttons((_button(at, words, "wrap_up", "wrap_up.open", style=Style.PRIMARY, opens_form=True),))


def _wrap_up_stands(at: StepNow) -> str:
    if at.round.wrap_up is None:
        return "none"
    return "waits" if at.round.approved_at is None else "shared"


def _in_the_channel(morning: Morning, words: Words) -> tuple[Button, ...]:
    at = morning.at
    buttons = [] if at.row.asks is Asks.NOTHING else [_hand_in_button(at, words)]
    if at.reads_of_many:
        buttons.append(_button(at, words, "see_all", "round.see", opens_form=True))
    buttons.append(_button(at, words, "facilitator", "round.facilitate", opens_form=True))
    if morning.is_last:
        buttons.append(_button(at, words, "wrap_up", "wrap_up.open", opens_form=True))
    elif morning.is_first:
        buttons.append(_button(at, words, "about", "round.about", opens_form=True))
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
    return Button(
        text=hand_in_text(at, words), action=action, value=str(at.row.id), style=Style.PRIMARY, opens_form=True
    )


def _button(
    at: StepNow, words: Words, text: str, action: str, *, style: Style = Style.PLAIN, opens_form: bool = False
) -> Button:
    return Button(text=words(f"rounds.{text}"), action=action, value=str(at.row.id), style=style, opens_form=opens_form)


def _until(at: StepNow, words: Words) -> list[Part]:
    """Say until when what is asked for is taken, and when it opens: the prompt knows no days."""
    if at.is_once_for_all:
        return [Note(_on_day("taken_until", at.next_at or at.round.ends_at, at, words))]
    if at.row.closes_at is not None:
        return [Note(_on_day("closes_on", at.row.closes_at, at, words))]
    if at.row.opens_at is None:
        return []
    return [Note(_on_day("opens_on", at.row.opens_at, at, words))]


def _on_day(key: str, moment: datetime, at: StepNow, words: Words) -> str:
    day, clock = local_day(moment, at.team.zone), words.clock(moment, at.team.zone)
    return words(f"rounds.{key}", day=words.day(day), clock=clock)


def round_summary(at: StepNow, words: Words) -> str:
    """The notification of a step."""
    return words("rounds.summary", title=words.of(at.challenge.title), step=words.of(at.step.title))


_OF_ONE = (Asks.MANDATE, Asks.FACILITATOR)
"""What is asked of somebody the whole team knows."""
