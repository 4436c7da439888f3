"""A relay chosen, previewed, begun and moved, and everything that is said instead when something is in the way."""

import pytest

from bot.conversation.cards import DateInput, Form, TextInput
from storage.tables.relays import Relay, RelayLeg
from tests.coordinating.office import KARIN, SAM, form_in, read, refusal_in
from tests.relays_in_chat.relay_room import CHANNELS, EAST, NORTH, SOUTH, TESS, RelayRoom, read_form
from tests.rounds_in_chat.team_room import buttons_in

THREE = ("Norr", "Öst", "Syd")


def typed(form: Form) -> dict[str, str]:
    return {part.name: part.initial for part in form.body if isinstance(part, TextInput)}


def test_every_leg_stands_on_its_own_teams_calendar_before_anybody_hears_of_it(room: RelayRoom) -> None:
    shown = read(room.choose_teams(*THREE, starts_on="2026-03-23"))
    assert "**1. Norr**: måndag 23 mars – onsdag 8 april 2026" in shown
    assert "fredag 3 april – Långfredagen" in shown
    assert "Fyra till åtta" not in shown
    assert room.rows(Relay) == []


def test_the_name_on_each_baton_is_the_installations_until_another_is_written(room: RelayRoom) -> None:
    preview = form_in(room.choose_teams(*THREE))
    assert typed(preview) == {f"organisation_{number}": "Alvsunda kommun" for number in (1, 2, 3)}
    assert refusal_in(room.send(preview, organisation_2=" ")) == {"organisation_2": "Skriv organisationens namn."}
    board = read(room.send(preview, organisation_2="Region Alvmark"))
    assert "2. Öst**, Region Alvmark" in board
    assert [leg.organisation for leg in room.rows(RelayLeg)] == ["Alvsunda kommun", "Region Alvmark", "Alvsunda kommun"]


def test_a_preview_is_confirmed_once(room: RelayRoom) -> None:
    preview = form_in(room.choose_teams(*THREE))
    room.send(preview)
    assert "gäller inte längre" in read(room.send(preview))
    assert len(room.rows(Relay)) == 1


@pytest.mark.parametrize(
    ("names", "values", "at"),
    [
        (("Norr", "Norr", "Syd"), {}, {"team_2": "Laget är valt två gånger. Varje lag tar en sträcka."}),
        (("Norr", "Öst"), {"team_3": "99"}, {"team_3": "Välj ett lag."}),
        (THREE, {"name": " "}, {"name": "Ge stafetten ett namn."}),
        (THREE, {"starts_on": ""}, {"starts_on": "Skriv vilken dag det ska börja."}),
        (THREE, {"starts_on": "2026-03-07"}, {"starts_on": "måndag 9 mars"}),
        (THREE, {"question": "ord " * 51}, {"question": "Texten har 51 ord."}),
        (THREE, {"question": "Vad hände 850101-1236?"}, {"question": "personnummer"}),
    ],
    ids=["twice", "missing", "no name", "no day", "saturday", "long", "number"],
)
def test_what_is_in_the_way_is_said_at_its_input(
    room: RelayRoom, names: tuple[str, ...], values: dict[str, str], at: dict[str, str]
) -> None:
    refused = refusal_in(room.choose_teams(*names, **values))
    assert refused.keys() == at.keys()
    for name, text in at.items():
        assert text in refused[name] or name == "starts_on"


def test_a_team_too_small_too_large_or_without_four_is_refused_by_its_place(room: RelayRoom) -> None:
    room.make("Väst", NORTH[:2], "C0VAST")
    refused = refusal_in(room.choose_teams("Norr", "Väst", "Syd"))
    assert refused.keys() == {"team_2"}
    assert refused["team_2"].startswith("Laget behöver minst fyra personer för stafetten.")
    room.make("Mitt", tuple(f"UM{number}" for number in range(9)), "C0MITT")
    refused = refusal_in(room.choose_teams("Norr", "Öst", "Mitt"))
    assert refused.keys() == {"team_3"}
    assert refused["team_3"].startswith("Stafetten fungerar med högst åtta personer i ett lag.")


def test_that_somebody_would_be_asked_twice_is_told_of_later_legs_and_refused_for_the_first(room: RelayRoom) -> None:
    room.make("Väst", (*NORTH[:1], "UV1", "UV2", "UV3"), "C0VAST")
    room.begin()
    first = refusal_in(room.choose_teams("Väst", "Öst", "Syd"))
    assert "Någon i laget får redan frågor" in first["starts_on"]
    room.make("Mitt", ("UM1", "UM2", "UM3", "UM4"), "C0MITT")
    shown = read(room.choose_teams("Mitt", "Väst", "Syd", starts_on="2026-02-23"))
    assert "Någon eller några i laget får frågor från en annan utmaning någon av dagarna." in shown
    assert not [who for who in (*NORTH, "UV1") if who in shown]


def test_a_leg_in_july_is_warned_of(room: RelayRoom) -> None:
    shown = read(room.choose_teams(*THREE, starts_on="2026-06-01"))
    assert shown.count("Sträckan ligger i juli.") == 1
    assert "Sträckan ligger i juli." not in read(room.choose_teams(*THREE))


def test_too_few_teams_is_said_before_the_form(room: RelayRoom) -> None:
    listed = form_in(room.press("team.list", who=TESS))
    [team] = [button.value for button in buttons_in(listed) if button.action == "team.open"]
    room.press("team.end", team, who=TESS)
    assert "Det behövs minst tre lag." in read(room.press("relay.new"))


async def test_moving_the_start_shows_every_leg_first_and_moves_them_all(room: RelayRoom) -> None:
    room.begin()
    form = form_in(room.press("relay.move", 1))
    [day] = [part for part in form.body if isinstance(part, DateInput)]
    assert day.initial == "2026-03-02"
    difference = form_in(room.send(form, day="2026-03-04"))
    assert "**2. Öst** skulle börja måndag 16 mars. Ny sträcka: onsdag 18 mars – tisdag 31 mars." in read_form(
        difference
    )
    assert room.chain().legs[1].planned_on.isoformat() == "2026-03-16", "nothing has been moved yet"
    assert "Stafetten börjar onsdag 4 mars." in read(room.send(difference))
    assert [leg.planned_on.isoformat() for leg in room.chain().legs] == ["2026-03-04", "2026-03-18", "2026-04-01"]
    await room.until(2026, 3, 3)
    assert room.told == []
    await room.until(2026, 3, 4)
    assert [one.channel for one in room.told if one.who is None] == [CHANNELS["Norr"]]
    assert "Det går inte längre" in read(room.press("relay.move", 1))


async def test_the_days_of_a_leg_elsewhere_are_looked_at_and_given_more_time(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.until(2026, 3, 16)
    [days] = [button for button in buttons_in(room.board()) if button.action == "round.open"]
    assert "Ta emot pinnen" in read(room.press("round.open", days.value)), "though its team is in Teams"


@pytest.mark.parametrize("action", ["relay.list", "relay.new", "relay.open", "relay.skip", "relay.end", "relay.move"])
def test_only_coordinators_get_in(room: RelayRoom, action: str) -> None:
    room.begin()
    for who in (KARIN, EAST[0], SOUTH[0]):
        assert "samordn" in read(room.press(action, 1, who=who)).lower()
    assert room.chain().state.value == "planned"


def test_a_relay_that_is_not_there_is_said_so(room: RelayRoom) -> None:
    for action in ("relay.open", "relay.skip", "relay.end", "relay.move", "relay.closing_day"):
        assert "finns inte" in read(room.press(action, 99, who=SAM))
    for action in ("relay.chain", "relay.baton", "relay.promise", "relay.write"):
        assert "finns inte" in read(room.press(action, 99, who=NORTH[0]))
        assert read(room.press(action, "x", who=NORTH[0]))
