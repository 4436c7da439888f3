"""A relay as somebody who has a part in it may see it: its teams, and whoever coordinates."""

from collections.abc import Sequence

from bot.conversation.cards import Button, Buttons, Form, Note, Paragraph, Part
from bot.conversation.own_page import link
from bot.conversation.references import number
from bot.conversation.relay_parts import chain_parts
from bot.conversation.shows import OpenForm, Show
from bot.conversation.visiting import CannotAnswer, Visit
from scheduler.relay_outlook import as_it_looks
from storage import relay_reading, round_steps, teams
from storage.relay_reading import Chain, Leg, LegNotFound
from storage.relays import NotDone, RelayNotFound
from storage.tables.teams import Team


def leg_now(visit: Visit, value: str) -> tuple[Chain, Leg]:
    """Return the leg a button is about. Raises CannotAnswer when it is none in the person's organisation."""
    try:
        return relay_reading.leg(visit.session, visit.person.organisation_id, number(value))
    except LegNotFound:
        raise CannotAnswer("relays.gone") from None


def chain_for(visit: Visit, relay_id: int) -> Chain:
    """Return a relay to somebody with a part in it, as it looks now. Raises CannotAnswer for everybody else."""
    try:
        chain = relay_reading.chain(visit.session, visit.person.organisation_id, relay_id)
    except RelayNotFound:
        raise CannotAnswer("relays.gone") from None
    if not visit.is_by_coordinator and not any(belongs(visit, leg) for leg in chain.legs):
        raise CannotAnswer("relays.gone")
    return as_it_looks(visit.session, chain, visit.now)


def belongs(visit: Visit, leg: Leg) -> bool:
    """Whether the person is in the leg's team, or has a part to play for it."""
    return visit.person.id == _team(visit, leg).mandate_id or is_theirs(visit, leg)


def is_theirs(visit: Visit, leg: Leg) -> bool:
    """Whether the person may read the team's baton and let it go on: the same rule as where that is done."""
    return visit.person.id == _team(visit, leg).facilitator_id or is_in_team(visit, leg)


def is_in_team(visit: Visit, leg: Leg) -> bool:
    """Whether the person may write the team's baton and approve of it."""
    return round_steps.is_member(visit.session, visit.person, leg.team_id)


def _team(visit: Visit, leg: Leg) -> Team:
    return teams.find(visit.session, visit.person.organisation_id, leg.team_id)


def whole(visit: Visit, chain: Chain, *, saying: str | None = None, buttons: Sequence[Button] = ()) -> list[Show]:
    """Show the whole relay as text, and where it is as a picture."""
    words = visit.words
    parts: list[Part] = [Paragraph(f"**{saying}**")] if saying is not None else []
    parts += chain_parts(chain, words, everything=True)
    if buttons:
        parts.append(Buttons(tuple(buttons)))
    if (address := link(visit, f"/my/relay/{chain.id}")) is not None:
        picture = Button(text=words("relays.page_link"), action="own_page.open", url=address)
        parts += [Buttons((picture,)), Note(words("relays.page_link_note"))]
    return [OpenForm(page(visit, "relays.chain_title", *parts))]


def page(visit: Visit, title: str, *parts: Part) -> Form:
    words = visit.words
    return Form(name="relay.page", title=words(title), submit=None, close=words("relays.close"), body=parts)


def said(visit: Visit, text: str, *buttons: Button) -> list[Show]:
    """Say something short in a page of its own, perhaps with something to press."""
    rest: tuple[Part, ...] = (Buttons(buttons),) if buttons else ()
    return [OpenForm(page(visit, "relays.page_title", Paragraph(text), *rest))]


def refused(visit: Visit, why: NotDone) -> list[Show]:
    """Say why something is not done, and what to do instead."""
    return said(visit, visit.words(f"relays.not_{why.value}"))
