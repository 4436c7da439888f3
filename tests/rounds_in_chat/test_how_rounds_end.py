"""A team that stops, its wrap-up that waits to be read, and weeks later the question what came of it."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.conversation.cards import TextInput
from bot.conversation.shows import Replace
from storage.database import Store
from storage.tables import metadata
from storage.tables.deliveries import Delivery, Kind, State
from storage.tables.rounds import Afterwards, Ending, Round, RoundState
from tests.coordinating.office import form_in, home, read, refusal_in
from tests.rounds_in_chat.running import close, on_page, without_days
from tests.rounds_in_chat.sprint import NEEDS, alone, approve, channel, to_the_vote, wrapped_up
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, DAG, EVA, TEAM, Heard, TeamRoom

LEARNED = "Vi behöver fråga nattpersonalen först"


def stop(room: TeamRoom, heard: Heard, learned: str = "") -> str:
    card = form_in(room.press_on(heard, "round.facilitate", who=ANNA))
    return read(room.send(form_in(on_page(room, "round.stop", card, who=ANNA)), who=ANNA, learned=learned))


async def test_a_team_stops_and_hears_so_at_once_in_words_that_honour_it(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    room.now = home(2026, 3, 3, 10, 30)
    assert "Ni har stannat här." in stop(room, tuesday, learned=LEARNED)
    [told] = await room.clock(room.now)
    assert told.who is None
    assert "Ni valde att stanna här. Det ni har lärt er räknas." in told.text
    assert "Läs det och godkänn det." in told.text
    assert LEARNED not in told.text
    assert [one.ending for one in room.rows(Round)] == [Ending.STOPPED_HERE]
    assert "laget stannade här" in read(room.press("round.open", "1"))
    assert await room.at_clock(2026, 3, 4, 10) == [], "nothing more of it is said"
    assert "redan avslutad" in read(room.press("round.stop", tuesday.buttons["vote.open"].value, who=ANNA))


@pytest.mark.parametrize(("seen", "told"), [((8, 15), (10, 0)), ((11, 0), (11, 0))], ids=["before", "after its hour"])
async def test_an_ending_that_is_seen_the_next_morning_is_told_on_that_day(
    room: TeamRoom, seen: tuple[int, int], told: tuple[int, int]
) -> None:
    await to_the_vote(room)
    for day, hour in product((3, 4, 5, 6, 9), (10, 15)):
        await room.at_clock(2026, 3, day, hour)
    heard = await room.at_clock(2026, 3, 10, *seen) + await room.at_clock(2026, 3, 10, *told)
    [ending] = [one for one in heard if "Tio minuter tillsammans" in one.text]
    assert (ending.who, ending.at) == (None, home(2026, 3, 10, *told))
    assert [one.ended_at for one in room.rows(Round)] == [home(2026, 3, 10, *seen)]


async def test_an_ending_that_is_seen_in_the_evening_waits_for_the_morning(room: TeamRoom) -> None:
    await to_the_vote(room)
    for day, hour in product((3, 4, 5, 6, 9), (10, 15)):
        await room.at_clock(2026, 3, day, hour)
    assert await room.at_clock(2026, 3, 10, 20) == []
    ending = channel(await room.at_clock(2026, 3, 11, 10))
    assert "Tio minuter tillsammans" in ending.text


async def test_an_ending_that_is_seen_late_on_a_day_the_team_rests_waits_for_the_next(room: TeamRoom) -> None:
    await to_the_vote(room)
    room.look(lambda session: close(session, date(2026, 3, 12)))
    for day, hour in product((3, 4, 5, 6, 9), (10, 15)):
        await room.at_clock(2026, 3, day, hour)
    assert await room.at_clock(2026, 3, 12, 11) == [], "it was to be told on Tuesday, and Knuff was down"
    assert "Tio minuter tillsammans" in channel(await room.at_clock(2026, 3, 13, 10)).text


async def test_a_round_of_a_team_whose_calendar_has_no_days_left_can_still_be_stopped(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    room.look(without_days)
    room.now = home(2026, 3, 3, 10, 30)
    assert "Ni har stannat här." in stop(room, tuesday)
    assert "Ni valde att stanna här." in channel(await room.at_clock(2026, 3, 4, 10)).text


async def test_a_round_of_a_team_whose_calendar_has_no_days_left_comes_to_its_end(room: TeamRoom) -> None:
    await to_the_vote(room)
    room.look(without_days)
    for day, hour in product((3, 4, 5, 6, 9, 10, 11), (10, 15)):
        await room.at_clock(2026, 3, day, hour)
    assert [one.state for one in room.rows(Round)] == [RoundState.ENDED]


async def test_what_was_learned_is_read_by_others_when_the_team_has_approved_it(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    stop(room, tuesday, learned=LEARNED)
    [ending] = await room.clock(room.now)
    assert f"Vi stannade här och lärde oss: {LEARNED}" in read(room.press_on(ending, "wrap_up.open", who=BO))
    for who in (ANNA, BO):
        approve(room, ending, who)
        assert LEARNED not in read(room.press("round.open", "1"))
    approve(room, ending, CIA)
    page = read(room.press("round.open", "1"))
    assert LEARNED in page
    assert "Vårt första test" not in page, "what there was no time for is not held up"


async def test_who_stops_need_not_say_anything_and_may_write_it_later(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    stop(room, tuesday)
    [ending] = await room.clock(room.now)
    assert "Samtalsledaren skriver avslutningskortet tillsammans med er." in ending.text
    page = form_in(room.press_on(ending, "wrap_up.open", who=ANNA))
    form = form_in(on_page(room, "wrap_up.ask", page, who=ANNA))
    assert "Skriv något" in "".join(refusal_in(room.send(form, who=ANNA)).values())
    assert "Vi stannade här och lärde oss" in str(form)
    assert "Kortet är skrivet." in read(room.send(form, who=ANNA, _learned=LEARNED))
    assert LEARNED in read(room.press_on(ending, "wrap_up.open", who=BO))


async def test_who_stops_on_the_last_day_keeps_what_is_written_in_the_wrap_up(room: TeamRoom) -> None:
    last = await to_a_written_wrap_up(room)
    stop(room, last, learned=LEARNED)
    page = read(room.press_on(last, "wrap_up.open", who=BO))
    for line in (LEARNED, "Vi provar en vecka", "Enhetschefen", "Fredag vecka 12"):
        assert line in page


async def test_a_wrap_up_that_is_shared_takes_no_more_words_and_says_so(room: TeamRoom) -> None:
    last = await to_a_written_wrap_up(room)
    step = last.buttons["wrap_up.open"].value
    open_already = form_in(room.press("round.stop", step, who=ANNA))
    for who in (ANNA, BO, CIA):
        approve(room, last, who)
    form = form_in(room.press("round.stop", step, who=ANNA))
    assert not [part for part in form.body if isinstance(part, TextInput)]
    said = read(room.send(open_already, who=ANNA, learned=LEARNED))
    assert "Ni har stannat här." in said
    assert "Avslutningskortet är redan godkänt, så det du skrev är inte sparat." in said
    assert LEARNED not in read(room.press_on(last, "wrap_up.open", who=BO))


async def test_only_the_facilitator_stops_a_round_and_not_with_anybodys_number_in_it(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    step = tuesday.buttons["vote.open"].value
    assert "lagets samtalsledare" in read(room.press("round.stop", step, who=BO))
    form = form_in(room.press("round.stop", step, who=ANNA))
    assert "lagets samtalsledare" in read(room.send(form, who=BO))
    for text, why in (("ord " * 51, "51 ord"), ("Ring 19121212-1212", "personnummer")):
        assert why in refusal_in(room.send(form, who=ANNA, learned=text))["learned"]
    assert [one.ending for one in room.rows(Round)] == [None]


async def test_what_had_not_opened_stays_its_authors_when_the_team_stops(room: TeamRoom) -> None:
    room.begin(*TEAM)
    monday = await room.at_clock(2026, 3, 2, 10)
    form = form_in(room.press_on(alone(monday, BO), "contribution.open", who=BO))
    room.send(form, who=BO, in_need=NEEDS[BO])
    stop(room, channel(monday), learned=LEARNED)
    heard = [*await room.clock(room.now), *await room.at_clock(2026, 3, 2, 15), *await room.at_clock(2026, 3, 3, 10)]
    assert [one.who for one in heard] == [None]
    shown = [*room.press_on(heard[0], "wrap_up.open", who=CIA), *room.press("round.open", "1")]
    assert NEEDS[BO] not in read(shown) + heard[0].text


async def test_a_team_that_stops_in_the_evening_hears_of_it_in_the_morning(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    room.now = home(2026, 3, 3, 19)
    stop(room, tuesday)
    assert await room.clock(room.now) == []
    assert "stanna här" in channel(await room.at_clock(2026, 3, 4, 10)).text


async def test_the_team_hears_once_that_its_wrap_up_waits_and_not_when_it_has_been_read(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    stop(room, tuesday)
    [ending] = await room.clock(room.now)
    wrapped_up_again(room, ending, "Ett")
    [told] = await room.clock(room.now)
    assert "är skrivet. Läs det och godkänn det" in told.text
    assert "Ett" not in told.text
    wrapped_up_again(room, ending, "Två")
    assert await room.clock(room.now) == [], "once"


async def test_a_wrap_up_that_was_approved_meanwhile_waits_for_nobody(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    stop(room, tuesday)
    [ending] = await room.clock(room.now)
    room.now = home(2026, 3, 3, 19)
    wrapped_up_again(room, ending, "Ett")
    for who in (ANNA, BO, CIA):
        approve(room, ending, who)
    assert await room.at_clock(2026, 3, 4, 10) == []


async def test_weeks_later_the_team_is_asked_once_and_answers_as_one(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    stop(room, tuesday, learned=LEARNED)
    [ending] = await room.clock(room.now)
    for who in (ANNA, BO, CIA):
        approve(room, ending, who)
    assert await room.at_clock(2026, 3, 31, 9) == []
    asked = channel(await room.at_clock(2026, 3, 31, 10))
    assert "Har det ni lärde er kommit till nytta?" in asked.text
    assert LEARNED in str(asked.card), "what it was they arrived at"
    buttons = [one for part in asked.card.parts for one in getattr(part, "buttons", ())]
    assert [one.text for one in buttons] == ["Ja", "Delvis", "Nej, inte nu"]
    for who, button, said in ((BO, buttons[0], "ja"), (EVA, buttons[2], "nej, inte nu")):
        shown = room.in_channel(button.action, button.value, who=who, message=asked.message)
        [anew] = [one for one in shown if isinstance(one, Replace)]
        assert f"Lagets svar: {said}" in str(anew.card)
    assert [one.afterwards for one in room.rows(Round)] == [Afterwards.NOT_ANY_MORE]
    assert "Har laget haft nytta av det de lärde sig?: Nej, inte nu" in read(room.press("round.open", "1"))
    assert await room.at_clock(2026, 5, 4, 10) == []


async def test_an_answer_knows_nobody_and_is_the_teams_own(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    stop(room, tuesday)
    await room.clock(room.now)
    asked = channel(await room.at_clock(2026, 3, 31, 10))
    value = asked.buttons["round.afterwards"].value
    said = room.in_channel("round.afterwards", value, who="U0NY", message=asked.message)
    assert "med i laget" in read(said)
    assert [one.afterwards for one in room.rows(Round)] == [None]
    before = everything(room.store)
    room.in_channel("round.afterwards", value, who=DAG, message=asked.message)
    changed = {name: rows for name, rows in everything(room.store).items() if rows != before[name]}
    assert changed.keys() <= {"round", "person"}, "nothing but the team's answer, and that somebody was seen"


async def test_who_ends_it_for_the_team_gets_no_question_for_it(room: TeamRoom) -> None:
    await to_the_vote(room)
    room.press("round.end", "1")
    assert [one for one in room.rows(Delivery) if one.kind is Kind.ROUND_FOLLOW_UP] == []


async def test_a_team_that_has_ended_is_asked_nothing_more(room: TeamRoom) -> None:
    tuesday = await to_the_vote(room)
    stop(room, tuesday)
    await room.clock(room.now)
    room.press("team.end", "1")
    assert await room.at_clock(2026, 3, 31, 10) == []
    [question] = [one for one in room.rows(Delivery) if one.kind is Kind.ROUND_FOLLOW_UP]
    assert question.state is State.EXPLAINED


async def to_a_written_wrap_up(room: TeamRoom) -> Heard:
    """The last morning, with the wrap-up written. Return what the channel heard."""
    await to_the_vote(room)
    for day in (4, 5, 6):
        await room.at_clock(2026, 3, day, 10)
    last = channel(await room.at_clock(2026, 3, 9, 10))
    wrapped_up(room, last, BO)
    return last


def wrapped_up_again(room: TeamRoom, ending: Heard, learned: str) -> None:
    page = form_in(room.press_on(ending, "wrap_up.open", who=ANNA))
    form = form_in(on_page(room, "wrap_up.ask", page, who=ANNA))
    room.send(form, who=ANNA, _learned=learned)


def everything(store: Store) -> dict[str, list[Any]]:
    def read_all(session: Session) -> dict[str, list[Any]]:
        connection = session.connection()
        return {
            name: [tuple(row) for row in connection.execute(select(table))] for name, table in metadata.tables.items()
        }

    return store.write_now(read_all)
