"""Every challenge that is offered, from its first day to its wrap-up: whatever it asks for can be handed in here, and
every message and form is something both platforms take."""

from datetime import timedelta
from typing import Any

import pytest

from bot.conversation.cards import Card, ChoiceInput, DateInput, Form, TextInput
from bot.conversation.shows import OpenForm, Replace, Say, Show
from bot.conversation.team_choices import offered
from bot.previewing import on_slack, on_teams
from lessons.challenges import Challenge
from lessons.library import load_library
from storage.tables.deliveries import Delivery, Kind
from storage.tables.rounds import Asks, Ending, Round, RoundStep
from tests.coordinating.office import form_in, read
from tests.rounds_in_chat.team_room import TEAM, Heard, TeamRoom, buttons_in
from tests.slack.limits import faults

OFFERED = [one for one in offered(list(load_library().challenges.values())) if one.form.value == "team"]
MANAGER = "U0CHEFEN"
"""Holds the mandate, and is not in the team."""


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


def taken_by_both(shows: list[Show]) -> list[Show]:
    for show in shows:
        match show:
            case OpenForm(form):
                dressed("modal", form)
            case Say(card) | Replace(_, card):
                dressed("message", card)
            case _:
                pass
    return shows


def dressed(surface: str, shown: Card | Form) -> None:
    assert faults(surface, on_slack(surface, shown)) == []
    on_teams(surface, shown, "sv")


class Players:
    """A team and its manager, who do all that is asked of them, each in their own way."""

    def __init__(self, room: TeamRoom, members: tuple[str, ...]) -> None:
        self.room = room
        self.members = members

    def do(self, step: RoundStep, heard: list[Heard]) -> None:
        match step.asks:
            case Asks.NOTHING:
                return
            case Asks.MANDATE:
                asked: tuple[str, ...] = (MANAGER,)
            case Asks.FACILITATOR | Asks.TEAM:
                asked = self.members[:1]
            case _:
                asked = self.members
        for who in asked:
            self._hand_in(step, heard, who)

    def settle(self, heard: list[Heard]) -> None:
        """Where a vote was a tie, the facilitator chooses."""
        for one in heard:
            if "round.settle" in one.buttons:
                form = form_in(taken_by_both(self.room.press_on(one, "round.settle", who=self.members[0])))
                taken_by_both(self.room.send(form, who=self.members[0], **filled(form, "")))

    def _hand_in(self, step: RoundStep, heard: list[Heard], who: str) -> None:
        own = [one for one in heard if one.who == who]
        [message] = own or [one for one in heard if one.who is None]
        action = next(one for one in message.buttons if one in ("vote.open", "contribution.open", "proposal.open"))
        form = form_in(taken_by_both(self.room.press_on(message, action, who=who)))
        while form.submit is not None:
            said = taken_by_both(self.room.send(form, who=who, **filled(form, who)))
            again = [button for button in buttons_in(form_in(said)) if button.text == "Skriv ett svar till"]
            if not again or "har inget svar än" not in read(said):
                return
            form = form_in(self.room.press(again[0].action, again[0].value, who=who))
        raise AssertionError((step.key, form))


@pytest.mark.parametrize("challenge", OFFERED, ids=lambda one: one.id)
async def test_it_is_done_from_beginning_to_wrap_up(room: TeamRoom, challenge: Challenge) -> None:
    members = (*TEAM, "U0FIA")[: max(challenge.team.least, min(challenge.team.most, len(TEAM)))]
    room.begin(*members, challenge=challenge.id, **({"mandate": MANAGER} if challenge.mandate else {}))
    players = Players(room, members)
    for step in room.rows(RoundStep):
        players.do(step, await room.clock(step.prompt_at))
        await room.clock(step.prompt_at + timedelta(minutes=1))
        for moment in (step.opens_at, step.closes_at):
            if moment is not None:
                players.settle(await room.clock(moment))
    [ended] = room.rows(Round)
    await room.clock(ended.ends_at)
    assert [one.ending for one in room.rows(Round)] == [Ending.FINISHED]
    asked = [one for one in room.heard if one.who is not None]
    assert len({(one.who, one.at) for one in asked}) == len(asked)
    [ending] = [one for one in room.rows(Delivery) if one.kind is Kind.ROUND and one.occurrence == 3]
    heard = next(one for one in await room.clock(ending.due_at) if challenge.ending.finished.sv in one.text)
    wrapped_up(room, heard, challenge, members)
    for one in room.heard:
        dressed("message", one.card)


def wrapped_up(room: TeamRoom, ending: Heard, challenge: Challenge, members: tuple[str, ...]) -> None:
    facilitator = members[0]
    page = form_in(room.press_on(ending, "wrap_up.open", who=facilitator))
    [write] = [button for button in buttons_in(page) if button.action == "wrap_up.ask"]
    form = form_in(taken_by_both(room.press(write.action, write.value, who=facilitator)))
    taken_by_both(room.send(form, who=facilitator, **filled(form, facilitator)))
    for who in members:
        for button in buttons_in(form_in(room.press_on(ending, "wrap_up.open", who=who))):
            if button.action == "wrap_up.approve":
                room.press(button.action, button.value, who=who)
    shared = read(room.press("round.open", "1"))
    assert "Avslutningskort" in shared
    assert "–" not in [line.partition(": ")[2] for line in shared.splitlines()], "every line of it says something"


def test_all_that_one_team_does_together_is_offered() -> None:
    assert {one.id for one in OFFERED} == {
        "assumption-test", "failure-sharing", "idea-sprint", "kill-rule", "politician-dialogue", "service-walk", "swap",
        "user-shadowing",
    }  # fmt: skip
