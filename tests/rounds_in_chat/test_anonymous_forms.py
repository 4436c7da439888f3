"""What is handed in without a name: one form each, that knows nobody; and what is said when it cannot be taken."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.conversation.cards import ChoiceInput, Form, TextInput
from bot.conversation.shows import OpenForm, Say
from storage.round_progress import progress, reached
from storage.tables.deliveries import Delivery, State
from storage.tables.rounds import Asks, Ending, FormToken, Proposal, Round, RoundStep, TokenGiven
from tests.coordinating.office import SAM, form_in, read, somebody
from tests.rounds_in_chat.rule import FIA, MANAGER, SIX, first_morning, handed_in, opened, with_five_rules
from tests.rounds_in_chat.sprint import alone, channel
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, TeamRoom, buttons_in


async def test_everybody_has_a_form_of_their_own_and_hands_it_in_once(room: TeamRoom) -> None:
    monday = await first_morning(room)
    private = alone(monday, BO)
    assert "Jag sparar inte vem som skrev" in private.text
    form = opened(room, monday, BO)
    assert "Öppnas i lagets kanal tisdag 3 mars klockan 15.00." in read([OpenForm(form)])
    assert form == opened(room, monday, BO), "closed without sending, it opens again"
    assert "utan ditt namn" in read(room.send(form, who=BO, in_rule="Dubbel attest", in_cost="En dag"))
    assert "redan inlämnat" in read(room.send(form, who=BO, in_rule="En till", in_cost="")), "sent twice"
    assert "redan inlämnat" in read(room.press_on(private, "proposal.open", who=BO))
    assert [one.inputs for one in room.rows(Proposal)] == [{"rule": "Dubbel attest", "cost": "En dag"}]
    assert room.person(BO).last_seen_at is None, "not even that they were there"


async def test_no_two_forms_are_alike_and_none_says_whose_it_is(room: TeamRoom) -> None:
    monday = await first_morning(room)
    values = [alone(monday, who).buttons["proposal.open"].value for who in SIX]
    assert len(set(values)) == len(SIX)
    for value in values:
        step, language, _token = value.split(":")
        assert (step, language) == ("1", "sv")
    assert len({len(value) for value in values}) == 1


async def test_the_database_and_the_messages_together_do_not_tell_who_has_handed_in(room: TeamRoom) -> None:
    monday = await first_morning(room)
    handed_in(room, monday, BO, "Dubbel attest")
    value = alone(monday, BO).buttons["proposal.open"].value
    [used] = room.rows(FormToken)
    readable = {value, value.split(":")[2]}
    assert used.digest not in readable | {sha256(one.encode()).hexdigest() for one in readable}


async def test_whoever_may_not_have_got_their_form_gets_one_in_the_channel_or_with_the_reminder(
    room: TeamRoom,
) -> None:
    monday = await first_morning(room)
    for who in (BO, CIA):
        _is_in_doubt(room, who)
    shows = room.press_on(channel(monday), "contribution.open", who=BO)
    assert "Jag har skickat ett formulär" in read(shows)
    assert "eget formulär i vår chatt" in read(room.press_on(channel(monday), "contribution.open", who=BO))
    tuesday = await room.at_clock(2026, 3, 3, 10)
    assert "proposal.open" not in alone(tuesday, BO).buttons, "not a third"
    form = form_in(room.press_on(alone(tuesday, CIA), "proposal.open", who=CIA))
    assert "utan ditt namn" in read(room.send(form, who=CIA, in_rule="Stämpelklockan", in_cost=""))
    assert "eget formulär i vår chatt" in read(room.press_on(channel(monday), "contribution.open", who=CIA))


async def test_what_is_wrong_is_said_in_the_form_and_the_form_is_not_used_up(room: TeamRoom) -> None:
    monday = await first_morning(room)
    form = opened(room, monday, BO)
    assert "31 ord" in read(room.send(form, who=BO, in_rule="ord " * 31, in_cost=""))
    assert "personnummer" in read(room.send(form, who=BO, in_rule="19121212-1212", in_cost=""))
    assert "Skriv något" in read(room.send(form, who=BO, in_rule=" ", in_cost=""))
    assert room.rows(Proposal) == []
    assert "Skriv något" in read(room.send(form, who=BO, in_rule="", in_cost="En timme")), "of no rule"
    rule, cost = (part for part in form.body if isinstance(part, TextInput))
    assert (rule.optional, cost.optional) == (False, True)
    assert room.rows(Proposal) == []
    assert "utan ditt namn" in read(room.send(form, who=BO, in_rule="Dubbel attest", in_cost=""))


async def test_a_form_nobody_was_given_is_not_taken(room: TeamRoom) -> None:
    monday = await first_morning(room)
    form = opened(room, monday, BO)
    step, language, token = form.about.split(":")
    made_up = [f"{step}:{language}:{token[:-1]}x", f"{step}:{language}:", f"2:{language}:{token}"]
    made_up += ["", "1", f"x:sv:{token}"]
    for about in made_up:
        said = read(room.send(replace(form, about=about), who=BO, in_rule="Påhittad", in_cost=""))
        assert "gäller inte längre" in said or "no longer in use" in said
        assert "gäller inte längre" in read(room.press("proposal.open", about, who=BO)) or not about.count(":sv:")
    assert room.rows(Proposal) == []


async def test_the_channel_tells_where_the_form_is_and_gives_one_to_whoever_came_late(room: TeamRoom) -> None:
    monday = await first_morning(room)
    assert "eget formulär i vår chatt" in read(room.press_on(channel(monday), "contribution.open", who=BO))
    late = "U0SEN"
    assert "till för dem som är med" in read(room.press_on(channel(monday), "contribution.open", who=late))
    room.press_on(channel(monday), "team.join", who=late)
    shows = room.press_on(channel(monday), "contribution.open", who=late)
    assert "Jag har skickat ett formulär" in read(shows)
    [card] = [show.card for show in shows if isinstance(show, Say)]
    [button] = [button for part in card.parts for button in getattr(part, "buttons", ())]
    assert button in buttons_in(form_in(shows)), "the same form, should the message not arrive"
    form = form_in(room.press(button.action, button.value, who=late))
    assert "utan ditt namn" in read(room.send(form, who=late, in_rule="Stämpelklockan", in_cost=""))
    assert "eget formulär i vår chatt" in read(room.press_on(channel(monday), "contribution.open", who=late))
    assert len(room.rows(Proposal)) == 1
    assert [one.person_id for one in room.rows(TokenGiven)] == [room.person(late).id]


async def test_everybody_is_reminded_and_the_form_they_have_is_the_only_one(room: TeamRoom) -> None:
    monday = await first_morning(room)
    handed_in(room, monday, BO, "Dubbel attest")
    room.press_on(channel(monday), "team.join", who="U0SEN")
    tuesday = await room.at_clock(2026, 3, 3, 10)
    assert {one.who for one in tuesday} == {*SIX, "U0SEN"}, "of what is anonymous nobody knows who has handed it in"
    for who in SIX:
        assert "proposal.open" not in alone(tuesday, who).buttons
        assert "Formuläret finns här i chatten" in alone(tuesday, who).text
    form = form_in(room.press_on(alone(tuesday, "U0SEN"), "proposal.open", who="U0SEN"))
    assert "utan ditt namn" in read(room.send(form, who="U0SEN", in_rule="Stämpelklockan", in_cost=""))


async def test_nobody_reads_any_of_it_before_it_opens_and_then_the_team_without_names(room: TeamRoom) -> None:
    wednesday = await with_five_rules(room)
    before = [one for one in room.heard if one.at < room.rows(RoundStep)[0].opened_at]  # type: ignore[operator]
    assert not any("Regel nummer" in one.text for one in before)
    opened_card = next(one for one in room.heard if "Det här har ni skrivit" in one.text)
    assert opened_card.text.count("Regel nummer") == 5
    assert not any(who in repr(opened_card.card) for who in SIX)
    assert "Regel nummer 3" in channel(wednesday).text


async def test_what_comes_after_it_has_opened_is_not_taken(room: TeamRoom) -> None:
    monday = await first_morning(room)
    late = opened(room, monday, FIA)
    for who in SIX[:5]:
        handed_in(room, monday, who, f"Av {who}")
    await room.at_clock(2026, 3, 3, 15)
    assert "redan öppnats" in read(room.send(late, who=FIA, in_rule="Sent", in_cost=""))
    assert "redan öppnats" in read(room.press_on(alone(monday, FIA), "proposal.open", who=FIA))
    assert len(room.rows(Proposal)) == 5


async def test_fewer_than_it_takes_are_read_by_nobody_and_the_round_stops_there(room: TeamRoom) -> None:
    monday = await first_morning(room)
    for who in SIX[:4]:
        handed_in(room, monday, who, f"Regel av {who}")
    await room.at_clock(2026, 3, 3, 10)
    assert await room.at_clock(2026, 3, 3, 15) == []
    assert "pågår" in read(room.press("round.open", "1"))
    assert "tillräckligt" not in read(room.press("round.open", "1")), "when it is enough would be somebody's moment"
    [to_starter] = await room.at_clock(2026, 3, 4, 10)
    assert to_starter.who == SAM
    assert [one.ending for one in room.rows(Round)] == [Ending.NOT_MADE]
    [ending] = await room.at_clock(2026, 3, 5, 10)
    assert "Kom det färre än fem förslag har ingen sett dem." in ending.text
    assert not any("Regel av" in one.text for one in room.heard)
    seen = read([*room.press("round.see", "2", who=ANNA), *room.press("round.opened", "1", who=ANNA)])
    assert "Regel av" not in seen


async def test_proposals_are_sorted_voted_on_and_answered_each_beside_what_was_said_of_it(room: TeamRoom) -> None:
    wednesday = await with_five_rules(room)
    sorting = channel(wednesday)
    assert "till för lagets samtalsledare" in read(room.press_on(sorting, "contribution.open", who=BO))
    for number in range(5):
        form = form_in(room.press_on(sorting, "contribution.open", who=ANNA))
        about = next(part for part in form.body if isinstance(part, ChoiceInput))
        assert about.options[0].text == f"Regel nummer {number}", "what has no answer yet comes first"
        place = "own" if number == 2 else "law"
        room.send(form, who=ANNA, about=about.options[0].value, in_place=place, in_owner="Enhetschefen", in_why="")
    sorted_ = next(one for one in await room.at_clock(2026, 3, 4, 11) if one.who is None)
    assert sorted_.text.count("Lag, avtal eller säkerhet") == 4
    vote = channel(await room.at_clock(2026, 3, 5, 10))
    ballot = form_in(room.press_on(vote, "vote.open", who=CIA))
    assert read([OpenForm(ballot)]).count("Lag, avtal eller säkerhet") == 4, "one votes knowing how it was sorted"
    for who in (ANNA, BO, CIA):
        form = form_in(room.press_on(vote, "vote.open", who=who))
        choice = next(part for part in form.body if isinstance(part, ChoiceInput))
        chosen = next(option.value for option in choice.options if option.text == "Regel nummer 2")
        assert "Din röst är inlämnad" in read(room.send(form, who=who, choice=chosen))
    assert "Ni har valt: Regel nummer 2" in channel(await room.at_clock(2026, 3, 5, 15)).text
    friday = await room.at_clock(2026, 3, 6, 10)
    form = form_in(room.press_on(alone(friday, MANAGER), "contribution.open", who=MANAGER))
    assert read([OpenForm(form)]).count("Enhetschefen") == 5
    assert "Ni har valt: Regel nummer 2" in read([OpenForm(form)]), "which the manager is asked to begin with"
    answer: dict[str, Any] = {"in_answer": "try", "in_reason": "Vi provar"}
    first = next(part for part in form.body if isinstance(part, ChoiceInput))
    said = read(room.send(form, who=MANAGER, about=first.options[0].value, **answer))
    assert "Fyra förslag har inget svar än" in said
    assert "answer" not in reached(room.look(lambda session: progress(session, 1))), "one answer of five is not all"
    see = read(room.press("round.see", str(_step(room, "answer").id), who=BO))
    assert see.index("Regel nummer 0") < see.index("Vi provar") < see.index("Regel nummer 1"), "as the answers come"


@pytest.mark.parametrize("most_each", [2])
async def test_several_may_come_on_one_form_where_the_challenge_lets_them(room: TeamRoom, most_each: int) -> None:
    await first_morning(room)
    _let_each_hand_in(room, most_each)
    room.heard.clear()
    card = room.press("contribution.open", "1", who=BO)
    assert "eget formulär" in read(card)
    private = next(one for one in room.rows(RoundStep) if one.asks is Asks.ANONYMOUS)
    room.send(form_in(room.press("team.add", room.team_id())), profiles={"people": (somebody("U0NY"),)})
    [said, _page] = room.press("contribution.open", str(private.id), who="U0NY")
    assert isinstance(said, Say)
    [button] = [button for part in said.card.parts for button in getattr(part, "buttons", ())]
    form: Form = form_in(room.press(button.action, button.value, who="U0NY"))
    names = [part.name for part in form.body if isinstance(part, TextInput)]
    assert names == ["in_rule", "in_cost", "in2_rule", "in2_cost"]
    values: dict[str, Any] = dict(zip(names, ("Ett", "", "Två", "En dag"), strict=True))
    assert "utan ditt namn" in read(room.send(form, who="U0NY", **values))
    assert sorted(one.inputs["rule"] for one in room.rows(Proposal)) == ["Ett", "Två"]


def _step(room: TeamRoom, key: str) -> RoundStep:
    return next(one for one in room.rows(RoundStep) if one.key == key)


def _is_in_doubt(room: TeamRoom, who: str) -> None:
    """Their message may or may not have arrived: the platform has not said."""

    person = room.person(who).id

    def change(session: Session) -> None:
        wanted = select(Delivery).where(col(Delivery.person_id) == person)
        delivery = session.exec(wanted).one()
        delivery.state, delivery.started_at = State.UNKNOWN, delivery.started_at or room.now
        delivery.sent_at = delivery.message_id = delivery.conversation_id = None
        session.add(delivery)

    room.look(change)


def _let_each_hand_in(room: TeamRoom, most_each: int) -> None:
    def change(session: Session) -> None:
        session.get_one(RoundStep, 1).most_each = most_each

    room.look(change)
