"""A relay in the parts of a card: what a team has received, its words, and the whole chain. Pure functions of it."""

from bot.conversation.cards import Divider, Heading, Note, Paragraph, Part
from bot.conversation.relay_chain import afterwards, baton_lines, closing_day, promise_text, standing_text
from bot.conversation.texts import Words
from storage.relay_reading import Chain, Leg
from storage.relay_reading import Words as BatonWords


def received_parts(chain: Chain, leg: Leg, words: Words) -> list[Part]:
    """What a team begins its leg with: the relay's question, and the latest words that were handed over before it."""
    parts: list[Part] = [Paragraph(words("relays.question", question=chain.question))]
    written, handed = chain.received_by(leg), chain.handed_to(leg)
    if written is None or written.baton is None:
        first = "you_are_first" if leg.position == 1 else "no_baton_yet"
        parts.append(Paragraph(words(f"relays.{first}")))
    else:
        if handed is not None and handed.id != written.id:
            parts.append(Note(words("relays.came_unchanged", team=handed.team)))
        parts.append(Paragraph(words("relays.from_team", team=written.team, organisation=written.organisation)))
        parts += baton_parts(written.baton.words, words)
    if chain.closing_on is not None and chain.closing_on > (leg.starts_on or leg.planned_on):
        parts.append(Note(words("relays.closes_on", day=words.day(chain.closing_on))))
    return parts


def baton_parts(baton: BatonWords, words: Words) -> list[Part]:
    return [Paragraph(f"**{label}:** {text}") for label, text in baton_lines(baton, words)]


def chain_parts(chain: Chain, words: Words, *, everything: bool = False) -> list[Part]:
    """The relay as text: each team where it is, with what it learned; or with all its words, and what is promised."""
    parts: list[Part] = [Paragraph(words("relays.question", question=chain.question))]
    for leg in chain.legs:
        parts.append(Paragraph(leg_line(chain, leg, words)))
        if leg.baton is not None:
            told = baton_parts(leg.baton.words, words)
            parts += told if everything else told[:1]
    if everything and (day := closing_day(chain)) is not None:
        parts.append(Paragraph(f"**{words('relays.board_closing')}:** {words.day(day)}"))
    if everything and any(leg.commitment is not None for leg in chain.legs):
        parts += [Divider(), *promise_parts(chain, words)]
    return parts


def promise_parts(chain: Chain, words: Words) -> list[Part]:
    """What each organisation goes on with, as far as it has been said."""
    parts: list[Part] = [Heading(words("relays.promises_title"))]
    for leg in chain.legs:
        if leg.commitment is not None:
            parts.append(Paragraph(f"**{leg.organisation}:** {promise_text(leg.commitment, words)}"))
            parts += map(Note, afterwards(leg, words))
    return parts


def leg_line(chain: Chain, leg: Leg, words: Words, *, stands: str | None = None) -> str:
    """Say where a team is; or `stands` of it."""
    return words(
        "relays.leg_line",
        number=leg.position,
        team=leg.team,
        organisation=leg.organisation,
        stands=standing_text(chain, leg, words) if stands is None else stands,
    )
