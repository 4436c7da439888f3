"""Weeks after a round: the question what came of it, asked once in the team's channel. One answer for all of them, and
nobody's own."""

from bot.conversation.cards import Button, Buttons, Card, Facts, Heading, Note, Paragraph, Part, Style
from bot.conversation.events import Pressed
from bot.conversation.round_pages import said
from bot.conversation.round_view import StepNow, belongs, step_now
from bot.conversation.shows import Replace, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from bot.conversation.wrap_up_reading import shared_parts
from storage import rounds
from storage.tables.rounds import Afterwards, Ending, Round, RoundState


def follow_up_card(at: StepNow, words: Words) -> Card:
    """What the channel is asked, with the wrap-up that the team approved, and what it has answered by now."""
    title, answered = words.of(at.challenge.title), at.round.afterwards
    told = [Paragraph(f"**{_said(answered, words)}**")] if answered is not None else []
    parts: list[Part] = [
        Heading(title),
        Paragraph(words(f"round_changes.follow_up{_stopped(at.round)}", title=title)),
        *shared_parts(at.challenge, at.round, words),
        *told,
        Buttons(tuple(_button(at, one, words) for one in Afterwards)),
        Note(words("round_changes.follow_up_note")),
    ]
    summary = words("round_changes.follow_up_summary", title=title)
    return Card(summary=summary, parts=tuple(parts), language=words.language)


def answer(visit: Visit, event: Pressed) -> list[Show]:
    """Keep what the team says. Whoever answers last answers for all, and nobody is written down."""
    step_id, _, chosen = event.value.partition(":")
    at = step_now(visit, step_id)
    if not belongs(visit, at):
        raise CannotAnswer("rounds.not_in_team")
    if chosen not in set(Afterwards) or at.round.state is not RoundState.ENDED:
        raise CannotAnswer("rounds.gone")
    rounds.say_afterwards(visit.session, at.round.id, Afterwards(chosen))
    visit.session.refresh(at.round)
    if event.message is None:
        return said(visit, _said(Afterwards(chosen), visit.words))
    return [Replace(event.message, follow_up_card(at, Words(at.team.language)))]


def afterwards_parts(round_: Round, words: Words) -> list[Part]:
    """What the team has answered, for whoever coordinates."""
    if round_.afterwards is None:
        return []
    asked, given = words(f"round_changes.asked{_stopped(round_)}"), words(f"round_changes.{round_.afterwards.value}")
    return [Heading(words("round_changes.afterwards")), Facts(((asked, given),))]


def _said(one: Afterwards, words: Words) -> str:
    return words("round_changes.said", answer=words(f"round_changes.{one.value}").lower())


def _stopped(round_: Round) -> str:
    """What a text is called that asks about a round the team stopped ends so: it asks about what was learned."""
    return "_stopped" if round_.ending is Ending.STOPPED_HERE else ""


def _button(at: StepNow, one: Afterwards, words: Words) -> Button:
    style = Style.PRIMARY if one is Afterwards.STILL else Style.PLAIN
    value = f"{at.row.id}:{one.value}"
    return Button(text=words(f"round_changes.{one.value}"), action="round.afterwards", value=value, style=style)


ROUTES = Routes(
    presses={"round.afterwards": answer}, forms={}, commands={}, in_channels=frozenset({"round.afterwards"})
)
