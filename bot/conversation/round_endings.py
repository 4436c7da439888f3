"""What a team's channel hears when its round is over: how it ended, and that its wrap-up is written."""

from bot.conversation.cards import Button, Buttons, Card, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.round_view import StepNow
from bot.conversation.texts import Words
from bot.conversation.vote_cards import not_settled
from lessons.challenges import Form
from storage.tables.rounds import Ending


def ending_card(
    at: StepNow, ending: Ending, words: Words, *, follows: str | None, tied: StepNow | None = None, unanswered: int = 0
) -> Card:
    """The last message of a round. `follows`: the title of the challenge that could come next. `tied`: the last vote,
    where nobody has settled it yet. `unanswered`: how much of what the team was to answer has no answer."""
    challenge, is_leg = at.challenge, at.challenge.form is Form.RELAY  # a leg of a relay, which goes on
    is_finished = ending is Ending.FINISHED
    match ending:
        case Ending.FINISHED:
            said = words.of(challenge.ending.finished)
        case Ending.NOT_MADE:
            said = words.of(challenge.ending.not_made)
        case _:
            said = words(f"relays.leg_{ending.value}" if is_leg else f"rounds.ended_{ending.value}")
    parts: list[Part] = [Heading(words.of(challenge.title)), Paragraph(said)]
    if unanswered and ending is Ending.NOT_MADE:
        number = words.number(unanswered).capitalize()
        parts.append(Paragraph(words.count("round_changes.unanswered", unanswered, left=number)))
    if tied is not None:
        parts += not_settled(tied, words, style=Style.PRIMARY)
    own = challenge.debrief if is_finished else None  # it speaks of what was done on the way
    debrief = words.of(own) if own is not None else words("rounds.debrief")
    parts += [Divider(), Heading(words("rounds.debrief_title")), Paragraph(debrief)]
    if ending in (Ending.FINISHED, Ending.NOT_MADE, Ending.STOPPED_HERE):
        parts += [Paragraph(words(f"round_changes.ending_{_wrap_up_stands(at)}")), _to_wrap_up(at, words)]
    if follows is not None and is_finished:
        parts.append(Note(words("rounds.follows", title=follows)))
    summary = words("rounds.ended_summary", title=words.of(challenge.title))
    if is_leg:
        summary = words("relays.leg_finished" if is_finished else "relays.leg_over")
    return Card(summary=summary, parts=tuple(parts), language=words.language)


def wrap_up_card(at: StepNow, words: Words) -> Card:
    """That the wrap-up is written, and waits for the team; or, shown anew, that the team has approved it."""
    title = words.of(at.challenge.title)
    key = "wrap_up_to_read" if at.round.approved_at is None else "ending_shared"
    text = words(f"round_changes.{key}", title=title)
    return Card(summary=text, parts=(Heading(title), Paragraph(text), _to_wrap_up(at, words)), language=words.language)


def wrap_up_button(at: StepNow, words: Words, *, style: Style = Style.PLAIN) -> Button:
    text = words("rounds.wrap_up")
    return Button(text=text, action="wrap_up.open", value=str(at.row.id), style=style, opens_form=True)


def _to_wrap_up(at: StepNow, words: Words) -> Buttons:
    return Buttons((wrap_up_button(at, words, style=Style.PRIMARY),))


def _wrap_up_stands(at: StepNow) -> str:
    if at.round.wrap_up is None:
        return "none"
    return "waits" if at.round.approved_at is None else "shared"
