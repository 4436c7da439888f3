"""A round is moved and given more time while the team is in it: the difference first, then the change, each once."""

from storage.tables.rounds import Round
from tests.coordinating.office import KIM, SAM, form_in, read, refusal_in, somebody
from tests.rounds_in_chat.running import asked, renewed, without_days
from tests.rounds_in_chat.sprint import NEEDS, alone, channel
from tests.rounds_in_chat.team_room import ANNA, BO, TEAM, TeamRoom


async def test_the_start_is_moved_and_nobody_hears_anything_on_the_old_day(room: TeamRoom) -> None:
    room.begin(*TEAM)
    difference = room.send(asked(room, "round.move"), starts_on="2026-03-03")
    assert "Skriv behovet: kommer tisdag 3 mars klockan 10.00 i stället för måndag 2 mars klockan 10.00." in read(
        difference
    )
    assert "Utmaningen slutar tisdag 10 mars klockan 16.30 i stället för måndag 9 mars klockan 16.30." in read(
        difference
    )
    assert "start måndag 2 mars" in read(room.press("round.open", "1")), "nothing is changed yet"
    done = read(room.send(form_in(difference)))
    assert "Utmaningen är ändrad." in done
    assert "start tisdag 3 mars" in done
    assert await room.at_clock(2026, 3, 2, 10) == []
    assert {one.who for one in await room.at_clock(2026, 3, 3, 10)} == {None, *TEAM}
    assert "har redan börjat" in read(room.press("round.move", "1"))


async def test_a_change_is_made_once_and_not_when_the_round_has_become_another(room: TeamRoom) -> None:
    room.begin(*TEAM)
    seen = form_in(room.send(asked(room, "round.move"), starts_on="2026-03-03"))
    await room.at_clock(2026, 3, 2, 10)
    said = read(room.send(seen))
    assert "Inget är ändrat. Titta en gång till." in said
    assert "start måndag 2 mars" in said
    assert "gäller inte längre" in read(room.send(seen))
    more = form_in(room.send(asked(room, "round.extend"), step="need", days="1"))
    room.send(more)
    assert "gäller inte längre" in read(room.send(more)), "the second press does nothing"
    assert "Utmaningen slutar" not in read(room.press("round.open", "1"))


async def test_of_two_coordinators_the_second_is_shown_what_the_first_has_done(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    seen = [
        form_in(room.send(form_in(room.press("round.extend", "1", who=who)), who=who, step="need", days="1"))
        for who in (SAM, KIM)
    ]
    assert "är ändrad" in read(room.send(seen[1], who=KIM))
    assert "Inget är ändrat. Titta en gång till." in read(room.send(seen[0], who=SAM))
    assert [one.times_changed for one in room.rows(Round)] == [1]


async def test_without_days_in_the_calendar_it_is_said_why_a_round_is_not_moved(room: TeamRoom) -> None:
    room.begin(*TEAM)
    form = asked(room, "round.move")
    room.look(without_days)
    assert "för få arbetsdagar i sin kalender" in refusal_in(room.send(form, starts_on="2026-03-03"))["starts_on"]


async def test_without_days_in_the_calendar_it_is_said_why_a_step_gets_no_more_time(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    form = asked(room, "round.extend")
    room.look(without_days)
    assert "för få arbetsdagar i sin kalender" in refusal_in(room.send(form, step="need", days="1"))["step"]
    assert "Inget steg kan få mer tid nu." in read(room.press("round.extend", "1"))


async def test_a_step_gets_more_time_and_what_was_said_of_it_says_so(room: TeamRoom) -> None:
    room.begin(*TEAM)
    monday = await room.at_clock(2026, 3, 2, 10)
    form = form_in(room.press_on(alone(monday, BO), "contribution.open", who=BO))
    room.send(form, who=BO, in_need=NEEDS[BO])
    difference = room.send(asked(room, "round.extend"), step="need", days="2")
    assert "Skriv behovet: öppnas onsdag 4 mars klockan 15.00 i stället för måndag 2 mars klockan 15.00." in read(
        difference
    )
    assert "meddelanden som redan har kommit" in read(difference)
    done = room.send(form_in(difference))
    said_anew = renewed(done)
    assert said_anew.keys() == {one.message for one in monday}
    in_channel = channel(monday).message
    for message, card in said_anew.items():
        where = "här" if message == in_channel else "i lagets kanal"
        assert f"Öppnas {where} onsdag 4 mars klockan 15.00." in card
    assert not any(NEEDS[BO] in card for card in said_anew.values())
    introduced = {one.message for one in monday if "jag är Knuff" in one.text}
    assert introduced == {name for name, card in said_anew.items() if "jag är Knuff" in card} != set()
    assert await room.at_clock(2026, 3, 2, 15) == [], "it does not open at its old hour"
    assert {one.who for one in await room.at_clock(2026, 3, 3, 10)} <= {*TEAM} - {BO}, "only who is reminded"
    assert NEEDS[BO] in channel(await room.at_clock(2026, 3, 4, 15)).text
    assert "vote.open" in channel(await room.at_clock(2026, 3, 5, 10)).buttons


async def test_too_little_has_come_and_there_is_time_until_the_next_step(room: TeamRoom) -> None:
    room.begin(*TEAM)
    monday = await room.at_clock(2026, 3, 2, 10)
    await room.at_clock(2026, 3, 2, 15)
    difference = room.send(asked(room, "round.extend"), step="need", days="1")
    assert "Skriv behovet: öppnas" not in read(difference), "what has opened is not hidden again"
    room.send(form_in(difference))
    assert all(one.who in TEAM for one in await room.at_clock(2026, 3, 3, 10)), "reminders: the vote waits"
    form = form_in(room.press_on(alone(monday, BO), "contribution.open", who=BO))
    assert "laget kan läsa det nu" in read(room.send(form, who=BO, in_need=NEEDS[BO]))
    wednesday = await room.at_clock(2026, 3, 4, 10)
    assert NEEDS[BO] in channel(wednesday).text


async def test_a_step_that_is_done_gets_no_more_and_an_ended_round_is_left_alone(room: TeamRoom) -> None:
    room.begin(*TEAM)
    await room.at_clock(2026, 3, 2, 10)
    form = asked(room, "round.extend")
    await room.at_clock(2026, 3, 3, 10)
    await room.at_clock(2026, 3, 3, 15)
    assert "kan inte få mer tid" in refusal_in(room.send(form, step="choose_need", days="1"))["step"]
    assert "Välj ett av alternativen" in refusal_in(room.send(form, step="ideas", days="9"))["days"]
    assert "kan inte få mer tid" in refusal_in(room.send(form, step="no_such", days="1"))["step"]
    room.press("round.end", "1")
    for action in ("round.extend", "round.move"):
        assert "redan avslutad" in read(room.press(action, "1"))
    assert "redan avslutad" in read(room.send(form, step="ideas", days="1"))


def test_a_change_never_asks_anybody_twice_a_day_and_never_says_of_whom(room: TeamRoom) -> None:
    room.begin(*TEAM)
    people = {"people": tuple(map(somebody, ("U0X", "U0Y", "U0Z", BO))), "facilitator": (somebody("U0X"),)}
    room.send(form_in(room.press("team.new")), profiles=people, name="Öst", channel="C0EAST")
    assert "börjar tisdag 10 mars" in read(room.send(form_in(room.choose(starts_on="2026-03-10"))))
    refused = refusal_in(room.send(form_in(room.press("round.move", "2")), starts_on="2026-03-09"))["starts_on"]
    assert "Någon i laget får redan frågor" in refused
    assert BO not in refused
    assert "2026-03-11" not in refused
    moved = form_in(room.send(form_in(room.press("round.move", "2")), starts_on="2026-03-11"))
    assert "är ändrad" in read(room.send(moved))


async def test_a_round_is_nobody_elses_to_change(room: TeamRoom) -> None:
    room.begin(*TEAM)
    for action in ("round.move", "round.extend"):
        assert "samordnar" in read(room.press(action, "1", who=ANNA))
    seen = form_in(room.send(asked(room, "round.move"), starts_on="2026-03-03"))
    assert "samordnar" in read(room.send(seen, who=ANNA))
    assert "start måndag 2 mars" in read(room.press("round.open", "1"))


async def test_what_takes_up_where_it_ended_is_chosen_already(room: TeamRoom) -> None:
    room.make_team(*TEAM)
    following = room.library.challenges["idea-sprint"].next
    new = form_in(room.press("round.new", f"1:{following}"))
    assert following is not None
    assert new.about == f"1:{following}"
