"""How a team's vote went, as its channel reads it: what was chosen, a tie to be settled, or too few for it to stand."""

from bot.conversation.cards import Button, Buttons, Card, Divider, Heading, Note, Paragraph, Part, Style
from bot.conversation.round_lists import MOST_LISTED
from bot.conversation.round_results import Result
from bot.conversation.round_view import StepNow
from bot.conversation.texts import Words


def tally_card(at: StepNow, result: Result, words: Words) -> Card:
    said = verdict(result, words)
    parts: list[Part] = [
        Heading(words.of(at.step.title)),
        *map(Paragraph, said),
        *tally_parts(result, words),
    ]
    if result.tied:
        parts += _to_settle(at, words, Style.PRIMARY)
    return Card(
        summary=words("rounds.tally_summary", title=words.of(at.step.title)),
        parts=tuple(parts),
        language=words.language,
    )


def verdict(result: Result, words: Words) -> list[str]:
    """Say how it went: chosen, a tie, or too few for it to stand. Then no number either: of two votes each knows the
    other's."""
    if not result.counts:
        return [words("rounds.too_few", least=words.number(result.least))]
    said = [words.count("rounds.voted", result.cast, people=words.number(result.cast).capitalize())]
    if result.winner is not None:
        key = "rounds.settled" if len(result.leaders) > 1 else "rounds.chosen"
        said.append(words(key, text=result.winner.headline))
    else:
        said.append(words("rounds.tie", number=words.number(len(result.leaders))))
        said += _lines(result, words, leaders=True)
    if result.talk_about is not None:
        said.append(words("rounds.talk_about", text=result.talk_about.headline))
    return said


def tally_parts(result: Result, words: Words) -> list[Part]:
    """List what got how much, but for the tied, that the verdict has listed; nothing of a vote that does not stand."""
    if not result.counts:
        return []
    lines = _lines(result, words, leaders=False if result.winner is None else None)[:MOST_LISTED]
    return [Divider(), *map(Paragraph, lines)] if lines else []


def _lines(result: Result, words: Words, *, leaders: bool | None) -> list[str]:
    """Return what got how much, a line each: of the leaders, of the others, or of all."""
    unit = "rounds.points" if result.are_points else "rounds.votes"
    return [
        words("rounds.tally_line", text=one.headline, number=words.count(unit, number))
        for one, number in result.numbers
        if leaders is None or (one in result.leaders) is leaders
    ]


def not_settled(vote: StepNow, words: Words, *, style: Style) -> list[Part]:
    """Say of an earlier vote that it was a tie and nothing is chosen, with what its facilitator chooses with."""
    return [
        Paragraph(words("rounds.not_settled", title=words.of(vote.step.title))),
        *_to_settle(vote, words, style),
    ]


def _to_settle(vote: StepNow, words: Words, style: Style) -> list[Part]:
    settle = Button(
        text=words("rounds.settle"), action="round.settle", value=str(vote.row.id), style=style, opens_form=True
    )
    return [Note(words("rounds.settle_note")), Buttons((settle,))]
