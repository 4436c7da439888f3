"""Every challenge that is offered, from its first day to its ending: whatever it asks for can be handed in here."""

from typing import Any

import pytest

from bot.conversation.cards import ChoiceInput, DateInput, Form, TextInput
from bot.conversation.team_choices import offered
from lessons.challenges import Challenge
from lessons.library import load_library
from storage.tables.deliveries import Delivery, State
from storage.tables.rounds import Asks, Ending, Round, RoundStep
from tests.coordinating.office import form_in
from tests.rounds_in_chat.team_room import TEAM, TeamRoom

OFFERED = offered(list(load_library().challenges.values()))


def filled(form: Form, who: str) -> dict[str, Any]:
    values = {}
    for one in form.body:
        match one:
            case ChoiceInput():
                values[one.name] = one.options[0].value
            case TextInput():
                values[one.name] = f"Skrivet av {who}"
            case DateInput():
                values[one.name] = "2026-03-20"
            case _:
                pass
    return values


@pytest.mark.parametrize("challenge", OFFERED, ids=lambda one: one.id)
async def test_it_is_done_from_beginning_to_end(room: TeamRoom, challenge: Challenge) -> None:
    room.begin(*TEAM, challenge=challenge.id)
    for step in room.rows(RoundStep):
        await room.clock(step.prompt_at)
        action = "vote.open" if step.asks is Asks.VOTE else "contribution.open"
        for who in TEAM:
            if step.asks is not Asks.NOTHING and (step.asks is not Asks.FACILITATOR or who == TEAM[0]):
                form = form_in(room.press(action, step.id, who=who))
                assert form.submit is not None, (step.key, form)
                room.send(form, who=who, **filled(form, who))
        for moment in (step.opens_at, step.closes_at):
            if moment is not None:
                await room.clock(moment)
    [ended] = room.rows(Round)
    await room.clock(ended.ends_at)
    assert [one.ending for one in room.rows(Round)] == [Ending.FINISHED]
    asked = [one for one in room.heard if one.who is not None]
    assert len({(one.who, one.at) for one in asked}) == len(asked)
    [ending] = [one for one in room.rows(Delivery) if one.state is State.PLANNED]
    [heard] = await room.clock(ending.due_at)
    assert challenge.ending.finished.sv in heard.text


def test_a_challenge_that_asks_for_more_than_can_be_done_here_is_not_offered() -> None:
    assert {one.id for one in OFFERED} == {"idea-sprint", "service-walk"}
