"""What a team and a coordinator read of a relay stands where it belongs: once, in order, and said of the right team."""

from dataclasses import replace
from datetime import time

import pytest
from sqlmodel import Session

from bot.conversation.cards import Buttons, Card, ChoiceInput, Style
from bot.conversation.relay_cards import buttons_of_step, news_card, parts_of_step
from bot.conversation.relay_chain import is_followed
from bot.conversation.texts import Words
from lessons.challenges import Challenge
from lessons.library import Library, load_library
from scheduler.confirmed import challenge_kept
from storage.relay_news import News
from storage.relay_reading import Chain
from storage.tables.relays import LegState, Relay, RelayState
from storage.tables.rounds import Ending
from storage.tables.teams import Team
from tests.coordinating.office import SAM, form_in, read, refusal_in
from tests.relays.test_what_is_in_the_way import HARDLY_ANY
from tests.relays_in_chat.chains import NORTH as WRITTEN
from tests.relays_in_chat.chains import a_chain, leg
from tests.relays_in_chat.relay_room import EAST, NORTH, SOUTH, RelayRoom, read_form
from tests.relays_in_chat.test_what_is_said_is_so import text_of
from tests.rounds_in_chat.team_room import buttons_in

SV = Words("sv")
RELAY = load_library().challenges["relay"]
THIRD = a_chain(
    leg(1, LegState.HANDED_OVER, day=13, words=WRITTEN),
    leg(2, LegState.HANDED_OVER, day=27),
    leg(3, LegState.RUNNING, day=30),
)
"""The second team let the baton go on as it was."""


def heard(chain: Chain, number: int, news: int) -> str:
    return text_of(news_card(chain, chain.legs[number - 1], news, SV, RELAY))


def first_step(chain: Chain, number: int) -> Card:
    its, step = chain.legs[number - 1], RELAY.steps[0]
    return Card(summary="", parts=tuple(parts_of_step(chain, its, step, SV, is_last=False)), language="sv")


def test_whose_words_they_are_stands_right_before_them() -> None:
    for text in (heard(THIRD, 3, News.ARRIVED), text_of(first_step(THIRD, 3))):
        unchanged = text.index("Hos Lag 2 gick pinnen vidare som den var.")
        writes = text.index("**Lag 1**, Alvsunda kommun, skriver:")
        assert unchanged < writes < text.index("**Lärdom:**")
        assert "Lag 2**" not in text


def test_the_first_team_is_told_that_there_is_no_baton_and_of_no_team_before_it() -> None:
    first = a_chain(leg(1, LegState.RUNNING), leg(2, LegState.WAITING, day=16))
    told = text_of(first_step(first, 1))
    assert "Ni är först: det finns ingen pinne än." in told
    step = RELAY.steps[0]
    assert step.hand_in is not None
    for text in (told, SV.of(step.prompt), *(SV.of(one.label) for one in step.hand_in.inputs)):
        assert "förra laget" not in text
        assert "i pinnen" not in text


def test_a_step_has_one_button_that_stands_out() -> None:
    step = RELAY.steps[0]
    received, _whole = buttons_of_step(THIRD, THIRD.legs[2], step, SV, is_last=False)
    assert (received.action, received.style) == ("relay.received", Style.PLAIN)
    assert "Tryck på ”Vi har tagit emot” när ni har läst pinnen" in text_of(first_step(THIRD, 3))
    has = replace(THIRD.legs[2], acknowledged_at=THIRD.legs[2].begun_at)
    assert "relay.received" not in [one.action for one in buttons_of_step(THIRD, has, step, SV, is_last=False)]
    arrived = news_card(THIRD, THIRD.legs[2], News.ARRIVED, SV, RELAY)
    [row] = [part for part in arrived.parts if isinstance(part, Buttons)]
    assert (row.buttons[0].action, row.buttons[0].style) == ("relay.received", Style.PRIMARY), "nothing else is asked"


async def test_the_last_team_that_does_not_get_there_hears_so_in_one_message(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.run_leg(2, EAST, 2026, 3, 26)
    await room.until(2026, 4, 7)
    before = len(room.told)
    room.press("relay.pass_on", room.leg(3), who=SOUTH[0])
    await room.until(2026, 4, 7, time(17))
    told = {one.channel: one for one in room.told[before:]}
    assert len(told) == len(room.told[before:]) == 3, "one to each team"
    assert all(
        "Stafetten är i mål" in one.text and "Slutmötet är tisdag 14 april." in one.text for one in told.values()
    )
    assert "Pinnen ni fick är stafettens sista." in told["C0SYD"].text
    assert not [one for one in told.values() if "gått vidare" in one.text or "Sista pinnen är skriven" in one.text]


def test_a_team_that_ran_out_of_time_hears_the_challenges_own_words_and_nobody_else_does() -> None:

    def told(ending: Ending | None) -> str:
        first, second, third = THIRD.legs
        over = replace(second, round_ending=ending, stalled_at=second.ended_at)
        return heard(replace(THIRD, legs=(first, over, third)), 2, News.PASSED_ON)

    assert "Ni hann inte den här gången" in told(Ending.NOT_MADE)
    for ending in (None, Ending.STOPPED_HERE, Ending.ENDED_EARLY, Ending.TEAM_TOO_SMALL):
        text = told(ending)
        assert "Pinnen ni fick har gått vidare som den var." in text
        assert "Ni hann inte" not in text


async def test_another_day_for_the_closing_meeting_is_told_as_another(room: RelayRoom) -> None:
    room.begin()
    room.send(form_in(room.press("relay.closing_day", 1)), day="2026-04-23")
    await room.run_leg(1, NORTH, 2026, 3, 12)
    [first] = [one for one in room.in_channel_of("Norr") if "Slutmötet är torsdag 23 april." in one.text]
    assert "Ni är först" in first.text, "with the relay's first step"
    await room.until(2026, 3, 12)
    assert "Slutmötet är torsdag 23 april." in room.in_channel_of("Öst")[0].text
    assert "**Slutmöte:** torsdag 23 april" in read(room.press("relay.chain", 1, who=EAST[0]))
    before = len(room.told)
    room.send(form_in(room.press("relay.closing_day", 1)), day="2026-04-24")
    await room.until(2026, 3, 12, time(17))
    assert {one.channel for one in room.told[before:]} == {"C0NORR", "19:ost@thread.tacv2"}
    assert all("Slutmötet är flyttat till fredag 24 april." in one.text for one in room.told[before:])
    room.send(form_in(room.press("relay.closing_day", 1)), day="2026-04-22")
    before = len(room.told)
    await room.until(2026, 3, 13)
    moved = [one.channel for one in room.told[before:] if "Slutmötet är flyttat till onsdag 22 april." in one.text]
    assert (len(moved), set(moved)) == (2, {"C0NORR", "19:ost@thread.tacv2"})


async def test_a_closing_meeting_comes_after_the_end_or_has_no_day_and_the_board_says_so(room: RelayRoom) -> None:
    room.begin()
    no_day = "Som det ser ut nu är den sista sträckan slut onsdag 15 april."
    assert no_day in read_form(room.board())
    assert "Ingen dag är vald för slutmötet." in read_form(room.board())
    assert "gäller därför inte längre" not in read_form(room.board()), "there was none"
    refused = refusal_in(room.send(form_in(room.press("relay.closing_day", 1)), day="2026-04-15"))
    assert "Som det ser ut nu är den slut onsdag 15 april." in refused["day"]
    assert no_day not in read(room.send(form_in(room.press("relay.closing_day", 1)), day="2026-04-16"))
    await room.until(2026, 3, 16)
    assert sum("Slutmötet har ingen dag just nu" in one.text for one in room.told) == 1, "its days are over"
    assert "Som det ser ut nu är den sista sträckan slut måndag 20 april." in read_form(room.board())
    assert "Dagen som var vald för slutmötet gäller därför inte längre" in read_form(room.board())
    assert "Ingen dag är vald" not in read_form(room.board())
    chain = read(room.press("relay.chain", 1, who=EAST[0]))
    assert "Öst, Alvsunda kommun: börjar torsdag 19 mars" in chain.replace("*", "")


async def test_whoever_says_too_late_that_it_has_come_is_told_where_it_is(room: RelayRoom) -> None:
    room.begin()
    await room.run_leg(1, NORTH, 2026, 3, 12)
    await room.until(2026, 3, 18)
    room.press("relay.pass_on", room.leg(2), who=EAST[2])
    said = read(room.press("relay.received", room.leg(2), who=EAST[1]))
    assert "Pinnen ni fick har gått vidare som den var." in said
    assert "pinnen är hos er" not in said


async def test_the_board_says_once_when_a_team_begins_as_it_looks_now(room: RelayRoom) -> None:
    room.begin()
    assert "2. Öst**, Alvsunda kommun: måndag 16 mars – fredag 27 mars\n" in read_form(room.board())
    await room.until(2026, 3, 16)
    board = read_form(room.board())
    assert "2. Öst**, Alvsunda kommun: börjar torsdag 19 mars, som det ser ut nu\n" in board
    assert "måndag 16 mars" not in board.split("2. Öst")[1].split("3. Syd")[0]


@pytest.mark.parametrize("handed_over", [True, False], ids=["handed over", "passed on"])
async def test_whoever_lets_the_baton_go_late_reads_of_the_teams_to_come_what_the_board_says(
    room: RelayRoom, handed_over: bool
) -> None:
    room.begin()
    await room.until(2026, 3, 16)
    if handed_over:
        room.write_baton(1, NORTH[0])
        room.approve(1, *NORTH[:3])
    said = read(room.press("relay.hand_over" if handed_over else "relay.pass_on", room.leg(1), who=NORTH[1]))
    begins = "3. Syd**, Alvsunda kommun: börjar tisdag 31 mars"
    assert f"{begins}, som det ser ut nu" in read_form(room.board())
    assert begins in said


async def test_whoever_ends_a_leg_early_reads_what_becomes_of_the_relay(room: RelayRoom) -> None:
    room.begin()
    await room.until(2026, 3, 12)
    first = room.chain().legs[0].round_id

    def sure() -> str:
        [end] = [one for one in buttons_in(form_in(room.press("round.open", first))) if one.action == "round.end"]
        assert end.confirm is not None
        return end.confirm.text

    assert "Stafetten väntar två arbetsdagar på lagets pinne." in sure()
    room.write_baton(1, NORTH[0])
    room.approve(1, *NORTH[:3])
    room.press("relay.hand_over", room.leg(1), who=NORTH[0])
    assert "Stafetten väntar" not in sure(), "the baton has gone on"


def test_whoever_begins_a_relay_hears_that_the_facilitators_do_not_know_of_it(room: RelayRoom) -> None:
    assert "Berätta för lagens samtalsledare redan nu." in read_form(room.begin())


def a_team_with_hardly_any_days(room: RelayRoom, number: int) -> None:
    def change(session: Session) -> None:
        session.get_one(Team, number).calendar = HARDLY_ANY

    room.look(change)


def test_a_team_with_hardly_any_days_takes_no_leg(room: RelayRoom) -> None:
    a_team_with_hardly_any_days(room, 1)
    assert room.press("relay.new"), "the form opens all the same"
    refused = refusal_in(room.choose_teams("Öst", "Norr", "Syd"))
    assert refused == {"team_2": "Norr har för få arbetsdagar i sin kalender för en sträcka. Ändra lagets dagar först."}


def test_the_board_says_that_a_team_has_hardly_any_days(room: RelayRoom) -> None:
    room.begin()
    said = "Laget har för få arbetsdagar i sin kalender för en sträcka."
    assert said not in read_form(room.board())
    a_team_with_hardly_any_days(room, room.chain().legs[2].team_id)
    assert said in read_form(room.board()).split("3. Syd")[1]
    refused = refusal_in(room.send(form_in(room.press("relay.move", 1)), day="2026-03-09"))
    assert "Syd har för få arbetsdagar" in refused["day"]


def test_a_team_that_cannot_run_follows_nobody() -> None:
    chain = a_chain(leg(1, LegState.RUNNING), leg(2, LegState.WAITING, day=16))
    assert is_followed(chain, chain.legs[0])
    gone = replace(chain, legs=(chain.legs[0], replace(chain.legs[1], can_run=False)))
    assert not is_followed(gone, gone.legs[0])


def test_a_relay_that_is_ended_without_a_baton_speaks_of_none() -> None:
    nothing = a_chain(leg(1, LegState.SKIPPED), leg(2, LegState.SKIPPED), state=RelayState.ENDED)
    assert "Pinnarna" not in heard(nothing, 1, News.ENDED_EARLY)
    assert "Pinnarna finns kvar att läsa." in heard(replace(THIRD, state=RelayState.ENDED), 1, News.ENDED_EARLY)


def another(challenge: Challenge) -> Challenge:
    title = challenge.title.model_copy(update={"sv": "Den korta stafetten"})
    return challenge.model_copy(update={"id": "short-relay", "title": title})


@pytest.fixture
def two_kinds(room: RelayRoom, library: Library) -> RelayRoom:
    challenges = dict(library.challenges) | {"short-relay": another(RELAY)}
    room.library = replace(library, challenges=challenges)
    return room


def test_with_one_challenge_for_relays_nobody_is_asked_which(room: RelayRoom) -> None:
    assert "challenge" not in [getattr(part, "name", None) for part in form_in(room.press("relay.new")).body]


def test_where_there_are_several_whoever_begins_a_relay_says_which(two_kinds: RelayRoom) -> None:
    form = form_in(two_kinds.press("relay.new"))
    [which] = [part for part in form.body if isinstance(part, ChoiceInput) and part.name == "challenge"]
    assert {one.value for one in which.options} == {"relay", "short-relay"}
    preview = form_in(two_kinds.choose_teams("Norr", "Öst", "Syd", challenge="short-relay"))
    assert "Den korta stafetten" in read_form(preview)
    two_kinds.send(preview, who=SAM)
    [kept] = two_kinds.rows(Relay)
    assert two_kinds.look(lambda session: challenge_kept(session, kept.document_id)).id == "short-relay"
    refused = refusal_in(two_kinds.choose_teams("Norr", "Öst", "Syd", challenge="gone"))
    assert refused == {"challenge": "Välj en utmaning."}
