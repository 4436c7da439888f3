"""What a wrap-up says is what the round came to, and so many of those who are in the team approve of it."""

from typing import Any

from sqlmodel import Session

from bot.conversation.cards import Form
from storage.tables.people import Person
from storage.tables.rounds import Asks, Round, RoundStep
from tests.coordinating.office import form_in, read
from tests.rounds_in_chat.running import on_page
from tests.rounds_in_chat.sprint import NEEDS, approve, channel, choose, to_the_vote, wrapped_up
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, DAG, EVA, TEAM, Heard, TeamRoom, buttons_in
from tests.rounds_in_chat.test_every_challenge import filled


async def to_the_change(room: TeamRoom) -> Heard:
    """The last morning of a service walk in which nothing has been handed in to the last step yet."""
    room.begin(*TEAM, challenge="service-walk")
    heard: list[Heard] = []
    for step in room.rows(RoundStep):
        heard = await room.clock(step.prompt_at)
        if step.key == "change":
            break
        action = "vote.open" if step.asks is Asks.VOTE else "contribution.open"
        for who in TEAM:
            form = form_in(room.press(action, step.id, who=who))
            room.send(form, who=who, **filled(form, who))
        for moment in (step.opens_at, step.closes_at):
            if moment is not None:
                await room.clock(moment)
    return next(one for one in heard if one.who is None and "wrap_up.open" in one.buttons)


def change(room: TeamRoom, heard: Heard, who: str, text: str) -> None:
    form = form_in(room.press_on(heard, "contribution.open", who=who))
    values: dict[str, Any] = dict.fromkeys(filled(form, who), text)
    room.send(form, who=who, **values)


def written(room: TeamRoom, heard: Heard) -> None:
    form = form_in(on_page(room, "wrap_up.ask", form_in(room.press_on(heard, "wrap_up.open", who=ANNA)), who=ANNA))
    room.send(form, who=ANNA, **filled(form, ANNA))


def seen_by(room: TeamRoom, heard: Heard, who: str) -> Form:
    return form_in(room.press_on(heard, "wrap_up.open", who=who))


def is_asked(form: Form) -> bool:
    return "wrap_up.approve" in {button.action for button in buttons_in(form)}


async def test_what_is_handed_in_after_it_was_written_is_in_it(room: TeamRoom) -> None:
    last = await to_the_change(room)
    written(room, last)
    change(room, last, BO, "Texten är omskriven")
    assert "Före: Texten är omskriven" in read(room.press_on(last, "wrap_up.open", who=CIA))
    for who in (ANNA, BO, CIA):
        approve(room, last, who)
    page = read(room.press("round.open", "1"))
    assert "Före: Texten är omskriven" in page
    change(room, last, DAG, "Efteråt")
    assert read(room.press("round.open", "1")) == page, "what was approved stays"


async def test_who_approved_of_other_words_is_asked_again(room: TeamRoom) -> None:
    last = await to_the_change(room)
    change(room, last, BO, "Först")
    written(room, last)
    page = seen_by(room, last, CIA)
    approve(room, last, BO)
    assert not is_asked(seen_by(room, last, BO))
    change(room, last, DAG, "Sedan")
    assert is_asked(seen_by(room, last, BO))
    assert "Kortet har ändrats sedan du läste det. Läs det igen." in read(
        on_page(room, "wrap_up.approve", page, who=CIA)
    )
    for who in (ANNA, CIA):
        approve(room, last, who)
    assert [one.shared_at for one in room.rows(Round)] == [None]
    approve(room, last, BO)
    assert [one.shared_at for one in room.rows(Round)] != [None]


async def test_a_card_that_was_shared_while_it_was_read_says_so(room: TeamRoom) -> None:
    last = await to_the_change(room)
    change(room, last, BO, "Först")
    written(room, last)
    page = seen_by(room, last, EVA)
    for who in (ANNA, BO, CIA):
        approve(room, last, who)
    said = read(on_page(room, "wrap_up.approve", page, who=EVA))
    assert "Laget har godkänt kortet" in said
    assert "steget" not in said


async def test_a_team_that_has_become_small_shares_its_wrap_up_too(room: TeamRoom) -> None:
    ending = await with_a_wrap_up(room)
    assert "När minst tre av er har godkänt det, eller alla om ni är färre" in read(
        room.press_on(ending, "wrap_up.open", who=BO)
    )
    for who in (CIA, DAG, EVA):
        room.press("team.leave", room.team_id(), who=who)
    approve(room, ending, BO)
    assert [one.shared_at for one in room.rows(Round)] == [None], "one alone approves of nothing for a team"
    approve(room, ending, ANNA)
    assert [one.shared_at for one in room.rows(Round)] != [None]


async def test_who_has_left_has_approved_of_nothing(room: TeamRoom) -> None:
    ending = await with_a_wrap_up(room)
    approve(room, ending, CIA)
    approve(room, ending, DAG)
    for who in (CIA, DAG):
        room.press("team.leave", room.team_id(), who=who)
    approve(room, ending, ANNA)
    assert [one.shared_at for one in room.rows(Round)] == [None]


async def test_where_the_one_who_had_not_approved_leaves_the_others_have(room: TeamRoom) -> None:
    ending = await with_a_wrap_up(room)
    for who in (DAG, EVA):
        room.press("team.leave", room.team_id(), who=who)
    for who in (ANNA, BO):
        approve(room, ending, who)
    assert [one.shared_at for one in room.rows(Round)] == [None]
    room.press("team.leave", room.team_id(), who=CIA)
    assert "Laget har godkänt kortet" in read(room.press_on(ending, "wrap_up.open", who=BO))
    assert [one.shared_at for one in room.rows(Round)] != [None]


async def test_who_has_left_the_workplace_is_not_waited_for(room: TeamRoom) -> None:
    ending = await with_a_wrap_up(room)

    others = [room.person(who).id for who in (CIA, DAG, EVA)]

    def gone(session: Session) -> None:
        for who in others:
            session.get_one(Person, who).left_at = room.now

    room.store.write_now(gone)
    approve(room, ending, BO)
    assert [one.shared_at for one in room.rows(Round)] == [None]
    approve(room, ending, ANNA)
    assert [one.shared_at for one in room.rows(Round)] != [None]


async def with_a_wrap_up(room: TeamRoom) -> Heard:
    """An idea sprint, over, with its wrap-up written. Return how it ended."""
    vote = await to_the_vote(room)
    for who in (ANNA, BO, CIA):
        choose(room, vote, who, NEEDS[BO])
    for day in (4, 5, 6, 9):
        await room.at_clock(2026, 3, day, 10)
    await room.at_clock(2026, 3, 9, 16, 30)
    ending = channel(await room.at_clock(2026, 3, 10, 10))
    wrapped_up(room, ending, BO)
    return ending
