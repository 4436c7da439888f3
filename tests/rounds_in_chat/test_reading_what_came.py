"""What a team has handed in is read in the morning after, however late it came and however little it is."""

from typing import Any

from bot.conversation.cards import ChoiceInput, TextInput
from tests.coordinating.office import form_in, read
from tests.rounds_in_chat.running import renewed
from tests.rounds_in_chat.sprint import NEEDS, alone, channel, choose, to_the_vote
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, DAG, TEAM, Heard, TeamRoom
from tests.rounds_in_chat.test_every_challenge import filled


async def to_the_walk(room: TeamRoom) -> Heard:
    """The morning of the second day of a service walk. Return what the channel hears."""
    room.begin(*TEAM, challenge="service-walk")
    await room.at_clock(2026, 3, 2, 10)
    heard = await room.at_clock(2026, 3, 3, 10)
    return next(one for one in heard if one.who is None and "Gå hela vägen" in one.text)


def walk(room: TeamRoom, heard: Heard, who: str, text: str) -> str:
    form = form_in(room.press_on(heard, "contribution.open", who=who))
    values: dict[str, Any] = dict.fromkeys(filled(form, who), text)
    return read(room.send(form, who=who, **values))


async def test_the_morning_after_lists_what_was_handed_in_also_where_the_hour_it_opened_was_missed(
    room: TeamRoom,
) -> None:
    heard = await to_the_walk(room)
    walk(room, heard, BO, "Bos väg")
    assert await room.at_clock(2026, 3, 3, 17, 30) == [], "Knuff was down from before three until the day was over"
    morning = channel(await room.at_clock(2026, 3, 4, 10))
    assert "Bos väg" in morning.text
    assert "Från steget ”Gå hela vägen”:" in morning.text
    assert "Bos väg" in read(room.press_on(morning, "round.see", who=CIA))


async def test_what_came_late_is_read_behind_the_button_of_the_morning_after(room: TeamRoom) -> None:
    heard = await to_the_walk(room)
    walk(room, heard, BO, "Bos väg")
    await room.at_clock(2026, 3, 3, 15)
    morning = channel(await room.at_clock(2026, 3, 4, 10))
    assert "laget kan läsa det nu" in walk(room, heard, DAG, "Sena väg")
    assert "Sena väg" in read(room.press_on(morning, "round.see", who=CIA))


async def test_what_the_team_chose_for_all_of_it_stands_in_the_next_morning(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="service-walk")
    monday = channel(await room.at_clock(2026, 3, 2, 10))
    form = form_in(room.press_on(monday, "contribution.open", who=BO))
    room.send(form, who=BO, in_service="Förskolekön", in_whose_way="En förälder")
    tuesday = channel(await room.at_clock(2026, 3, 3, 10))
    assert "Från steget ”Välj en väg att gå”:" in tuesday.text
    assert "Förskolekön" in tuesday.text
    assert "round.see" not in tuesday.buttons, "there is no more of it than that"


async def test_who_writes_for_the_team_after_somebody_else_begins_with_what_stands_there(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="service-walk")
    monday = channel(await room.at_clock(2026, 3, 2, 10))
    form = form_in(room.press_on(monday, "contribution.open", who=BO))
    room.send(form, who=BO, in_service="Förskolekön", in_whose_way="En förälder")
    form = form_in(room.press_on(monday, "contribution.open", who=CIA))
    assert [one.initial for one in form.body if isinstance(one, TextInput)] == ["Förskolekön", "En förälder"]


async def test_where_nothing_came_the_morning_does_not_say_that_here_it_is_and_leave_it_at_that(
    room: TeamRoom,
) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    await room.at_clock(2026, 3, 2, 15)
    tuesday = channel(await room.at_clock(2026, 3, 3, 10))
    nothing = "Än finns inget att läsa från steget ”Skriv behovet”."
    assert nothing in tuesday.text
    assert tuesday.buttons["round.see"].text == "Se om något har kommit"
    said = read(room.press_on(tuesday, "vote.open", who=BO))
    assert "Här finns inget att välja bland" in said
    assert nothing in said
    assert "har öppnats" not in said, "it has"


async def test_a_tie_that_nobody_settled_is_said_the_next_morning_and_its_end_is_shown_there(room: TeamRoom) -> None:
    vote = await to_the_vote(room)
    for who, need in ((ANNA, NEEDS[BO]), (BO, NEEDS[BO]), (CIA, NEEDS[CIA]), (DAG, NEEDS[CIA])):
        choose(room, vote, who, need)
    tally = channel(await room.at_clock(2026, 3, 3, 15))
    wednesday = await room.at_clock(2026, 3, 4, 10)
    not_yet = "Det blev lika i steget ”Välj ett behov”, och inget är valt än."
    assert not_yet in channel(wednesday).text
    assert "Behovet ni valde" not in alone(wednesday, BO).text, "there is none"
    form = form_in(room.press_on(tally, "round.settle", who=ANNA))
    [choice] = [part for part in form.body if isinstance(part, ChoiceInput)]
    shown = renewed(room.send(form, who=ANNA, choice=choice.options[0].value))
    assert shown.keys() == {tally.message, channel(wednesday).message}
    assert f"Ni har valt: {choice.options[0].text}" in shown[channel(wednesday).message]
    assert not_yet not in shown[channel(wednesday).message]


async def test_too_few_votes_are_no_choice_the_next_morning_either(room: TeamRoom) -> None:
    vote = await to_the_vote(room)
    choose(room, vote, ANNA, NEEDS[BO])
    await room.at_clock(2026, 3, 3, 15)
    assert "Ni har inte valt än." in channel(await room.at_clock(2026, 3, 4, 10)).text
