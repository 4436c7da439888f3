"""When a team has no time, says nothing, or is not there any more: plain words, no blame, and the baton goes on."""

from datetime import time

from storage.tables.relays import LegState, RelayEnding, RelayState
from tests.coordinating.office import SAM, form_in, read, refusal_in
from tests.relays_in_chat.relay_room import CHANNELS, EAST, NORTH, SOUTH, TESS, RelayRoom, read_form
from tests.rounds_in_chat.team_room import buttons_in


def actions(room: RelayRoom) -> list[tuple[str, str]]:
    return [(button.action, button.value) for button in buttons_in(room.board())]


async def test_a_team_without_time_hears_so_once_and_what_it_received_goes_on_as_it_was(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    before = len(room.told)
    await room.until(2026, 3, 30)
    stalled = [one for one in room.told[before:] if "Pinnen är kvar hos er" in one.text]
    assert [one.channel for one in stalled] == [CHANNELS["Öst"]]
    assert "Gör ni inget går den vidare onsdag 1 april, som den är." in stalled[0].text
    assert "har pinnen kvar" in read_form(room.board())
    assert "Gör laget inget går stafetten vidare onsdag 1 april." in read_form(room.board())
    await room.until(2026, 4, 2)
    arrived = room.in_channel_of("Syd")[0]
    assert "Lärdom 1." in arrived.text
    assert "Hos Öst gick pinnen vidare som den var." in arrived.text
    [told] = [one for one in room.in_channel_of("Öst") if "Pinnen har gått vidare" in one.text]
    assert "Ni hann inte den här gången, och det är helt i sin ordning." in told.text
    assert len([one for one in room.told if "Ni hann inte den här gången" in one.text]) == 1, "one word is enough"


async def test_a_team_may_still_write_when_its_days_are_over(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 16, CLOCK)
    assert "Frågan är kvar hos er" in room.in_channel_of("Norr")[-1].text
    assert "Gör ni inget går stafettens fråga vidare ensam" in room.in_channel_of("Norr")[-1].text
    room.write_baton(1, NORTH[0], learning="Sent men sant.")
    room.approve(1, *NORTH[:3])
    assert "Nu är den hos Öst" in read(room.press("relay.hand_over", room.leg(1), who=NORTH[0]))
    await room.until(2026, 3, 17)
    assert "Sent men sant." in room.in_channel_of("Öst")[0].text


async def test_a_team_may_pass_on_what_it_received_before_its_days_are_over(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.until(2026, 3, 18)
    said = read(room.press("relay.pass_on", room.leg(2), who=EAST[2]))
    assert "Pinnen har gått vidare som den var." in said
    assert "har lämnat" not in said
    again = read(room.press("relay.pass_on", room.leg(2), who=EAST[1]))
    assert "Pinnen ni fick har gått vidare som den var." in again
    assert [leg.state for leg in room.chain().legs] == [LegState.HANDED_OVER, LegState.HANDED_OVER, LegState.RUNNING]


async def test_whoever_coordinates_skips_a_team_that_waits_and_the_one_after_it_gets_the_baton(room: RelayRoom) -> None:
    room.begin()
    assert ("relay.skip", str(room.leg(2))) in actions(room)
    assert "Laget står över den här stafetten." in read(room.press("relay.skip", room.leg(2)))
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.until(2026, 3, 12)
    assert room.in_channel_of("Öst") == []
    assert "Lärdom 1." in room.in_channel_of("Syd")[0].text
    assert "2. Öst**, Alvsunda kommun: stod över" in read_form(room.board())
    assert "Det går inte längre" in read(room.press("relay.skip", room.leg(2)))


async def test_a_team_that_has_ended_is_passed_and_the_board_says_so_before(room: RelayRoom) -> None:
    room.begin()
    listed = form_in(room.press("team.list", who=TESS))
    [team] = [button.value for button in buttons_in(listed) if button.action == "team.open"]
    room.press("team.end", team, who=TESS)
    assert "Laget är avslutat eller har ingen kanal." in read_form(room.board())
    await room.run_leg(1, NORTH, 2026, 3, 12)
    assert "stod över" in read_form(room.board())
    await room.until(2026, 3, 12)
    assert "Lärdom 1." in room.in_channel_of("Syd")[0].text


async def test_a_team_that_closes_days_while_it_waits_is_read_with_the_days_it_has_now(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 3)
    board = read_form(room.board())
    assert "måndag 30 mars – onsdag 15 april" in board
    assert "den sista sträckan slut onsdag 15 april" in board
    listed = form_in(room.press("team.list"))
    south = [button.value for button in buttons_in(listed) if button.action == "team.open"][-1]
    edit = form_in(room.press("team.edit", south))
    room.send(form_in(room.send(edit, closed="2026-04-08 - 2026-04-28")))
    board = read_form(room.board())
    assert "måndag 30 mars – fredag 8 maj" in board
    assert "den sista sträckan slut fredag 8 maj" in board
    form = form_in(room.press("relay.closing_day", 1))
    assert "fredag 8 maj" in refusal_in(room.send(form, day="2026-04-09"))["day"]


async def test_who_does_not_say_that_it_has_come_is_asked_once_and_then_the_board_says_so(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.until(2026, 3, 20)
    reminders = [one for one in room.told if "Har pinnen kommit fram?" in one.text]
    assert [one.channel for one in reminders] == [CHANNELS["Öst"]]
    assert "Norr har lämnat över till er." in reminders[0].text
    waits = room.words("relays.board_unreceived")
    assert waits in read_form(room.board())
    room.press_in(reminders[0], "relay.received", who=EAST[0])
    assert waits not in read_form(room.board())


async def test_a_relay_that_is_ended_early_is_told_to_those_who_have_had_it(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.until(2026, 3, 17)
    assert "avslutad i förtid" in read(room.press("relay.end", 1))
    before = len(room.told)
    await room.until(2026, 3, 20)
    heard = [one for one in room.told[before:] if "Stafetten är avslutad" in one.text]
    assert {one.channel for one in heard} == {CHANNELS["Norr"], CHANNELS["Öst"]}
    assert (room.chain().state, room.chain().ending) == (RelayState.ENDED, RelayEnding.ENDED_EARLY)
    assert {"relay.end", "relay.skip", "relay.closing_day"} & {action for action, _value in actions(room)} == set()


async def test_the_last_team_skips_to_the_closing(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.run_leg(2, EAST, 2026, 3, 26)
    await room.until(2026, 4, 7)
    assert "Nu väntar slutmötet." in read(room.press("relay.pass_on", room.leg(3), who=SOUTH[0]))
    assert "väntar på slutmötet" in read_form(room.board(SAM))


CLOCK = time(17)


async def test_a_team_with_another_challenge_gets_the_baton_and_begins_when_that_is_over(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 9)
    listed = form_in(room.press("team.list", who=TESS))
    [team] = [button.value for button in buttons_in(listed) if button.action == "team.open"]
    asked = form_in(room.press("round.new", f"{team}:idea-sprint", who=TESS))
    chosen = form_in(room.send(asked, who=TESS, starts_on="2026-03-11"))
    room.send(chosen, who=TESS)
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.until(2026, 3, 12)
    [arrived] = [one for one in room.in_channel_of("Öst") if "Pinnen är hos er" in one.text]
    assert "Er sträcka börjar när er andra lagutmaning är klar." in arrived.text
    assert "Sträckan börjar när lagets andra lagutmaning är klar." in read_form(room.board())
    assert ("relay.skip", str(room.leg(2))) in actions(room)
    await room.until(2026, 3, 20)
    assert [one for one in room.in_channel_of("Öst") if "Nu börjar er sträcka." in one.text]
