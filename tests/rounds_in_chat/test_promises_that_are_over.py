"""What is said of an hour is true of the moment it is read: a prompt that comes late, a form that was open meanwhile,
a round that ended before its hour."""

from tests.coordinating.office import form_in, home, read
from tests.rounds_in_chat.running import on_page
from tests.rounds_in_chat.sprint import NEEDS, alone
from tests.rounds_in_chat.team_room import BO, CIA, TEAM, TeamRoom

LATE = "Det du skriver nu visas direkt, utan ditt namn, och går inte att ändra."


async def test_a_prompt_that_comes_after_its_step_has_opened_promises_nothing_that_is_over(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = await room.at_clock(2026, 3, 2, 15, 30)
    morning = next(one for one in heard if one.who is None and "contribution.open" in one.buttons)
    for said in (morning.text, alone(heard, BO).text):
        assert LATE in said
        assert "Vem behöver kunna göra vad" in said
        assert "15.00" not in said
    assert "Det här har redan öppnats här i kanalen." in morning.text
    assert "Det här har redan öppnats i lagets kanal." in alone(heard, BO).text
    assert LATE in read(room.press_on(alone(heard, BO), "contribution.open", who=BO))


async def test_a_prompt_in_time_says_when_it_opens(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = await room.at_clock(2026, 3, 2, 14)
    assert all("klockan 15.00" in one.text and LATE not in one.text for one in heard)


async def test_a_form_that_was_open_when_its_step_opened_is_read_again_before_it_is_sent(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = alone(await room.at_clock(2026, 3, 2, 10), BO)
    room.now = home(2026, 3, 2, 14, 59)
    form = form_in(room.press_on(heard, "contribution.open", who=BO))
    await room.at_clock(2026, 3, 2, 15)
    again = room.send(form, who=BO, in_need=NEEDS[BO])
    assert LATE in read(again)
    assert NEEDS[BO] in str(form_in(again)), "what was written is still there"
    assert NEEDS[BO] not in read(room.press("round.see", "2", who=CIA)), "and nobody else has seen it"
    assert "laget kan läsa det nu" in read(room.send(form_in(again), who=BO, in_need=NEEDS[BO]))
    assert NEEDS[BO] in read(room.press("round.see", "2", who=CIA))


async def test_what_had_not_opened_when_the_round_ended_is_not_announced_any_more(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = alone(await room.at_clock(2026, 3, 2, 10), BO)
    form = form_in(room.press_on(heard, "contribution.open", who=BO))
    room.send(form, who=BO, in_need=NEEDS[BO])
    on_page(room, "round.end", room.round_page())
    for day in (2, 4):
        room.now = home(2026, 3, day, 11)
        said = read(room.press_on(heard, "contribution.open", who=BO))
        assert NEEDS[BO] in said
        assert "Det här öppnades aldrig. Bara du ser det." in said
        assert "till klockan 15.00" not in said
        assert "ändra" not in said


async def test_who_has_handed_in_nothing_reads_nothing_of_what_never_opened(room: TeamRoom) -> None:
    room.begin(*TEAM)
    heard = alone(await room.at_clock(2026, 3, 2, 10), BO)
    on_page(room, "round.end", room.round_page())
    said = read(room.press_on(heard, "contribution.open", who=BO))
    assert "öppnades aldrig" not in said
    assert "stängt nu" in said
