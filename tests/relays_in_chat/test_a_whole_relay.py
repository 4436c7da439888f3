"""A relay from the coordinator's choice to the answers twelve weeks later, through the desk: Slack, Teams, Slack."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import date

import pytest
from sqlmodel import Session, select

from bot.conversation.cards import Form
from lessons.library import Library
from scheduler import relay_moves
from storage import relay_legs
from storage.database import Store
from storage.tables.deliveries import Delivery, Kind, State
from storage.tables.people import Person
from storage.tables.relays import RelayCommitment, RelayEnding, RelayState
from tests.coordinating.office import SAM, form_in, read, refusal_in
from tests.relays_in_chat.relay_room import CHANNELS, EAST, NORTH, SOUTH, TESS, RelayRoom, read_form
from tests.rounds_in_chat.team_room import buttons_in


async def test_a_slack_team_hands_to_a_teams_team_and_everybody_is_there_at_the_closing(room: RelayRoom) -> None:
    board = read_form(room.begin())
    assert "1. Norr**, Alvsunda kommun: måndag 2 mars – fredag 13 mars\n" in board
    assert "3. Syd**, Alvsunda kommun: måndag 30 mars – onsdag 15 april\n" in board

    await room.until(2026, 3, 2)
    [first] = room.in_channel_of("Norr")
    assert "Hur slipper människor vänta i onödan?" in first.text
    assert "relay.received" not in first.buttons, "nobody has handed the first team anything"
    assert "Norr**, Alvsunda kommun: har frågan sedan måndag 2 mars" in read_form(room.board())

    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.until(2026, 3, 12)
    [arrived] = room.in_channel_of("Öst")
    assert "Pinnen är hos er" in arrived.text
    assert "**Norr**, Alvsunda kommun, skriver:" in arrived.text
    assert "**Lärdom:** Lärdom 1." in arrived.text
    assert "Er sträcka börjar måndag 16 mars." in arrived.text
    assert arrived.channel == CHANNELS["Öst"]

    assert "Nu ser alla lag att pinnen är hos er." in read(room.press_in(arrived, "relay.received", who=EAST[0]))
    await room.until(2026, 3, 16)
    heard = [one.text for one in room.in_channel_of("Norr")]
    assert [text for text in heard if "Öst (Alvsunda kommun) har tagit emot pinnen." in text]
    assert "Er sträcka är klar" in heard[-1]
    assert not [one for one in room.told if "Har pinnen kommit fram?" in one.text]
    morning = room.in_channel_of("Öst")[-1]
    assert "**Lärdom:** Lärdom 1." in morning.text

    await room.run_leg(2, EAST, 2026, 3, 26)
    await room.run_leg(3, SOUTH, 2026, 4, 14)
    assert room.chain().state is RelayState.CLOSING
    await room.until(2026, 4, 14)
    assert all("Slutmötet är " in room.in_channel_of(name)[-1].text for name in CHANNELS)

    asked_early = read(room.press("relay.promise", room.leg(1), who=NORTH[0]))
    assert "Frågan kommer i kanalen när stafetten är i mål." in asked_early
    form = form_in(room.press("relay.closing_day", 1))
    assert "Slutmötet är torsdag 23 april." in read(room.send(form, day="2026-04-23"))
    before = len(room.told)
    await room.until(2026, 4, 23)
    closing = {one.channel: one for one in room.told[before:]}
    assert set(closing) == set(CHANNELS.values())
    for one in closing.values():
        assert [f"Lärdom {number}." in one.text for number in (1, 2, 3)] == [True] * 3

    await promises_are_kept_and_asked_about(room)
    assert {one.state for one in room.rows(Delivery)} <= {State.SENT, State.EXPLAINED}


async def promises_are_kept_and_asked_about(room: RelayRoom) -> None:
    form = form_in(room.press("relay.promise", room.leg(1), who=NORTH[2]))
    past = refusal_in(room.send(form, who=NORTH[2], text="En sak.", role="Chefen", due_on="2026-04-01"))
    assert past == {"due_on": "Välj en dag som kommer."}
    named = form_in(room.send(form, who=NORTH[2], text="En sak.", role="Karin Lund", due_on="2026-09-01"))
    assert (named.submit, room.rows(RelayCommitment)) == ("Skicka ändå", [])
    for number, who in ((1, NORTH[2]), (2, EAST[3])):
        form = form_in(room.press("relay.promise", room.leg(number), who=who))
        kept = room.send(form, who=who, text=f"Sak {number}.", role="Enhetschefen", due_on="2026-09-01")
        assert "Det är sparat. Jag frågar laget hur det går fyra och tolv veckor efter slutmötet." in read(kept)
    board = read_form(room.board())
    assert "Sak 1. Ansvarig roll: Enhetschefen. Till tisdag 1 september 2026." in board
    assert "Organisationen har inte skrivit vad den går vidare med." in board
    before = len(room.told)
    await room.until(2026, 5, 22)
    asked = [one for one in room.told[before:] if "Hur går det?" in one.text]
    assert {one.channel for one in asked} == {CHANNELS["Norr"], CHANNELS["Öst"]}, "who promised nothing is not asked"
    [norr] = [one for one in asked if one.channel == CHANNELS["Norr"]]
    assert "Ni gick vidare med: Sak 1." in norr.text
    form = form_in(room.press_in(norr, "relay.follow_up", who=NORTH[3]))
    assert "Svaret gäller för laget." in read(room.send(form, who=NORTH[3], said="under_way", text="Två enheter kvar."))
    late = form_in(room.press("relay.promise", room.leg(3), who=SOUTH[0]))
    said = read(room.send(late, who=SOUTH[0], text="Sak 3.", role="Rektorn", due_on="2026-09-01"))
    assert "Det är sparat. Jag frågar laget hur det går tolv veckor efter slutmötet." in said
    assert "Efter fyra veckor: Det är på gång. Två enheter kvar." in read_form(room.board())
    await room.until(2026, 7, 20)
    assert room.chain().ending is RelayEnding.FINISHED
    follow_ups = [one for one in room.rows(Delivery) if one.kind is Kind.RELAY_FOLLOW_UP]
    assert len(follow_ups) == 5, "two teams twice each, and once the one that said so after four weeks"


def close_days(room: RelayRoom, name: str, closed: str) -> Form:
    """A coordinator lets a team rest on these days. Return the difference, to be confirmed."""
    who = TESS if name == "Öst" else SAM
    listed = form_in(room.press("team.list", who=who))
    [team] = [one.value for one in buttons_in(listed) if one.action == "team.open" and name in (one.spoken or "")]
    return form_in(room.send(form_in(room.press("team.edit", team, who=who)), who=who, closed=closed))


async def test_a_closing_day_that_a_waiting_teams_new_calendar_goes_past_is_taken_away_at_once(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 3)
    room.send(form_in(room.press("relay.closing_day", 1)), day="2026-04-20")
    room.send(close_days(room, "Öst", "2026-03-17"), who=TESS)
    assert room.chain().closing_on == date(2026, 4, 20), "a day more is in time"
    await room.until(2026, 3, 4)
    room.send(close_days(room, "Syd", "2026-04-08 - 2026-04-28"))
    assert room.chain().closing_on is None
    assert "den sista sträckan slut måndag 11 maj" in read_form(room.board())
    before = len(room.told)
    await room.until(2026, 3, 5)
    told = [one.channel for one in room.told[before:] if "Stafetten tar längre tid än planerat" in one.text]
    assert told == [CHANNELS["Norr"]], "who has heard of it, and nobody else"


@pytest.mark.postgres
async def test_a_team_that_is_changed_while_it_gets_the_baton_waits_for_that(
    emptied_postgres: Store, library: Library
) -> None:
    """Whoever hands over holds the relay before the team that is to have its turn."""
    room = RelayRoom(store=emptied_postgres, library=library)
    room.make_teams()
    room.begin()
    await room.until(2026, 3, 12)
    room.send(form_in(room.press("relay.closing_day", 1)), day="2026-06-01")
    room.write_baton(1, NORTH[0])
    room.approve(1, *NORTH[:3])
    confirmed, leg = close_days(room, "Öst", "2026-03-17"), room.leg(1)
    with Session(room.store.engine) as first, ThreadPoolExecutor(1) as beside:
        assert relay_legs.held_leg(first, leg) is not None
        changed = beside.submit(room.send, confirmed, who=TESS)
        with pytest.raises(NotYet):
            changed.result(0.5)
        member = first.exec(select(Person).where(Person.external_id == NORTH[0])).one()
        assert relay_moves.hand_over(first, member, leg, room.now) is None
        first.commit()
        assert "Titta en gång till." in read(changed.result(20)), "it has a round now"
