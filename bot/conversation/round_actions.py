"""What a coordinator can do with a round, as buttons below how it stands."""

from dataclasses import replace

from bot.conversation.cards import Button, Buttons, Confirm, Divider, Part, Style
from bot.conversation.coordinating_teams import button, sure
from bot.conversation.round_documents import document_buttons
from bot.conversation.visiting import Visit
from lessons.challenges import Challenge
from storage import relay_reading
from storage.tables.relays import LegState
from storage.tables.rounds import Ending, Round, RoundState


def round_actions(visit: Visit, round_: Round, challenge: Challenge) -> list[Part]:
    documents = document_buttons(visit, round_)
    if round_.state is RoundState.ENDED:
        buttons = (*documents, *_next(visit, round_, challenge))
        return [Divider(), Buttons(buttons)] if buttons else []
    end = button(visit, "round_end", "round.end", round_.id, style=Style.DANGER, confirm=_sure_to_end(visit, round_))
    return [Divider(), Buttons((*_change(visit, round_), *documents, end))]


def _sure_to_end(visit: Visit, round_: Round) -> Confirm:
    """Of a leg that has the baton, with what becomes of the relay."""
    asked, found = sure(visit, "round_end"), relay_reading.of_round(visit.session, round_.id)
    if found is None or found[1].state is not LegState.RUNNING:
        return asked
    return replace(asked, text=visit.words("relays.end_leg_text"))


def _change(visit: Visit, round_: Round) -> tuple[Button, ...]:
    """Other days. The start of a relay is moved as a whole, and not by its first leg."""
    name = "move" if round_.state is RoundState.PLANNED else "extend"
    if name == "move" and relay_reading.of_round(visit.session, round_.id) is not None:
        return ()
    text = visit.words(f"round_changes.{name}")
    return (Button(text=text, action=f"round.{name}", value=str(round_.id), opens_form=True),)


def _next(visit: Visit, round_: Round, challenge: Challenge) -> tuple[Button, ...]:
    """The challenge that takes up where this one was finished."""
    following = visit.house.library.challenges.get(challenge.next or "")
    if round_.ending is not Ending.FINISHED or following is None:
        return ()
    text = visit.words("round_changes.next_challenge", title=visit.words.of(following.title))
    value = f"{round_.team_id}:{following.id}"
    return (Button(text=text, action="round.new", value=value, style=Style.PRIMARY, opens_form=True),)
