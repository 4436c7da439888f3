"""The facilitator's own card for a step: how to hold the minutes the team sits together."""

import re

from bot.conversation.cards import Buttons, Heading, Note, Paragraph
from bot.conversation.events import Pressed
from bot.conversation.method_parts import OF_CHALLENGE, way_to
from bot.conversation.round_documents import document_buttons
from bot.conversation.round_pages import page, said
from bot.conversation.round_view import step_now
from bot.conversation.shows import OpenForm, Show
from bot.conversation.stopping import stop_button
from bot.conversation.visiting import Routes, Visit


def show_card(visit: Visit, event: Pressed) -> list[Show]:
    at, words = step_now(visit, event.value), visit.words
    if at.team.facilitator_id != visit.person.id:
        return said(visit, words("rounds.only_facilitator"))
    buttons = (*document_buttons(visit, at.round), *stop_button(visit, at))
    methods = visit.house.library.methods_about(challenge=at.challenge.id)
    shown = page(
        visit,
        "rounds.facilitator_title",
        Heading(words.of(at.step.title)),
        Note(words("rounds.minutes", number=at.step.minutes)),
        *map(Paragraph, PART.split(words.of(at.step.facilitator))),
        *way_to(methods, f"{OF_CHALLENGE}:{at.challenge.id}", words.of(at.challenge.title), words),
        *([Buttons(buttons)] if buttons else []),
    )
    return [OpenForm(shown)]


PART = re.compile(r"(?<=[.!?:”’]) (?=\*\*)")
"""Between the parts of a card: each begins with its label in bold, and is found at a glance on a line of its own."""

ROUTES = Routes(
    presses={"round.facilitate": show_card}, forms={}, commands={}, in_channels=frozenset({"round.facilitate"})
)
