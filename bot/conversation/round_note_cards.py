"""What somebody hears of a round alone, beside its steps: that they have got a part in it, or that what they began has
ended by itself. And what the channel hears of a day that Knuff has slept through."""

from bot.conversation import facilitators
from bot.conversation.cards import Button, Buttons, Card, Heading, Note, Paragraph, Part
from bot.conversation.round_cards import private_parts
from bot.conversation.round_view import StepNow
from bot.conversation.texts import Words
from storage import round_notes
from storage.tables.rounds import Asks


def note_card(at: StepNow, note: round_notes.Note, words: Words, *, introduced_by: str | None = None) -> Card:
    """`introduced_by`: the organisation, for somebody who has had no message of ours before."""
    title = words.of(at.challenge.title)
    if note is round_notes.Note.HAS_ENDED:
        return _ended(at, title, words)
    leads = note is round_notes.Note.FACILITATES
    summary = words(f"round_changes.{'you_lead' if leads else 'you_decide'}_summary", title=title)
    asked = at.row.asks is (Asks.FACILITATOR if leads else Asks.MANDATE) and not at.is_over
    parts: list[Part] = [
        *_introduction(at, introduced_by, words, leads=leads),
        Heading(title),
        Note(at.team.name),
        facilitators.you_are(at, words) if leads else Paragraph(words("round_changes.you_decide")),
        *(private_parts(at, words) if asked else ()),
        *([] if leads or asked else [Note(words("round_changes.you_decide_later"))]),
    ]
    return Card(summary=summary, parts=tuple(parts), language=words.language)


def given_back_parts(at: StepNow, words: Words) -> list[Part]:
    if at.row.given_back_from is None:
        return []
    return [Note(words("round_changes.given_back", day=words.day(at.row.given_back_from)))]


def _introduction(at: StepNow, introduced_by: str | None, words: Words, *, leads: bool) -> list[Part]:
    if introduced_by is None:
        return []
    key = "rounds.first_message" if leads else "rounds.first_message_mandate"
    return [Paragraph(words(key, organisation=introduced_by, team=at.team.name))]


def _ended(at: StepNow, title: str, words: Words) -> Card:
    """To whoever began it: no more than the round's own page says."""
    ending = at.round.ending
    how = words(f"round_changes.alone_{ending.value}") if ending is not None else ""
    text = words("round_changes.has_ended_alone", title=title, team=at.team.name, how=how)
    shows = Button(text=words("round_changes.show_how"), action="round.open", value=str(at.round.id), opens_form=True)
    return Card(summary=text, parts=(Paragraph(text), Buttons((shows,))), language=words.language)
