"""What is handed in once for all of a team is told in its channel: in one message that holds all of it, whenever it was
written and whatever held that message up."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import date

import pytest
from sqlmodel import Session, select

from bot.conversation.cards import Card
from bot.conversation.events import MessageRef
from bot.conversation.shows import Show
from bot.courier import ChatCourier
from bot.ports import Channel
from lessons.library import Library
from scheduler.ports import Call, Sent, Unknown
from storage import sending, settling
from storage.database import Store
from storage.round_news import News
from storage.sending import Claimed
from storage.tables.deliveries import Delivery, Reason, State
from storage.tables.rounds import Contribution, Round, RoundState
from tests.coordinating.office import form_in, home
from tests.rounds_in_chat.rule import with_five_rules
from tests.rounds_in_chat.running import asked as asked_for
from tests.rounds_in_chat.running import on_page, renewed
from tests.rounds_in_chat.sprint import channel
from tests.rounds_in_chat.team_room import ANNA, BO, CHANNEL, CIA, DAG, TEAM, Heard, TeamRoom
from tests.rounds_in_chat.test_what_is_said_is_so import choices_of, on_day, to_the_answers

FIRST, SECOND, THIRD = "Vi börjar på måndag", "Det finns inga pengar", "Vi väntar till hösten"


def answer(room: TeamRoom, asked: Heard, reason: str, *, who: str = BO) -> list[Show]:
    """Answer the first idea that has no answer."""
    form = form_in(room.press_on(asked, "contribution.open", who=who))
    about = choices_of(form)[0].options[0].value
    return room.send(form, who=who, about=about, in_answer="yes", in_reason=reason)


def told(room: TeamRoom) -> Delivery:
    """The message that tells the team's answers."""
    [row] = [row for row in room.rows(Delivery) if row.occurrence == News.OPENED and row.day >= home(2026, 3, 9).date()]
    return row


def texts_in(card: Card) -> str:
    return repr(card.parts)


class Platform:
    """A chat in which a message takes its time; keeps each card of it."""

    def __init__(self, trouble: Exception | None = None, *, meanwhile: Callable[[], object] | None = None) -> None:
        self.cards: list[Card] = []
        self.trouble = trouble
        self.meanwhile = meanwhile

    async def send(self, to: Channel, card: Card, *, delivery_id: int | None) -> MessageRef:
        assert not self.cards, "once"
        self.cards.append(card)
        return MessageRef(conversation=to.conversation, message="m1")

    async def update(self, workspace: str, message: MessageRef, card: Card) -> None:
        if self.trouble is not None:
            raise self.trouble
        assert (message.conversation, message.message) == (CHANNEL, "m1")
        self.cards.append(card)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()


def claimed(room: TeamRoom, platform: Platform) -> tuple[Claimed, Call]:
    """Mark what is due, and write it, as a lane does."""
    courier = ChatCourier(store=room.store, house=room.house(), platforms={"slack": platform})  # type: ignore[dict-item]
    [due] = room.look(lambda session: sending.due_messages(session, 1, room.now, 100))
    marked = room.look(lambda session: sending.claim(session, due.delivery_id, room.now))
    assert marked is not None
    return marked, room.look(lambda session: courier.compose(session, due.delivery_id, room.now))


def settled(room: TeamRoom, mark: Claimed, sent: Sent) -> None:
    where = {"conversation_id": sent.conversation_id, "message_id": sent.message_id}
    assert room.look(lambda session: settling.settle_sent(session, mark, now=room.now, **where))


async def arrived(call: Call) -> Sent:
    sent = await call()
    assert isinstance(sent, Sent)
    return sent


async def test_what_is_written_while_the_message_is_on_its_way_is_shown_when_it_has_come(room: TeamRoom) -> None:
    asked = await to_the_answers(room)
    room.now = home(2026, 3, 9, 11)
    answer(room, asked, FIRST)
    platform = Platform()
    mark, call = claimed(room, platform)
    assert renewed(answer(room, asked, SECOND, who=CIA)) == {}, "nobody knows yet where it is"
    sent = await arrived(call)
    room.look(lambda session: settling.settle_unknown(session, mark, ask_at=room.now, error="timeout"))
    assert renewed(answer(room, asked, THIRD)) == {}
    settled(room, mark, sent)
    assert SECOND not in texts_in(platform.cards[-1])
    assert sent.afterwards is not None
    await sent.afterwards()
    assert len(platform.cards) == 2
    for said in (FIRST, SECOND, THIRD):
        assert said in texts_in(platform.cards[-1])
    assert await room.at_clock(2026, 3, 9, 12) == [], "and nobody is notified again"


async def test_what_is_written_while_the_message_is_shown_anew_is_shown_too(room: TeamRoom) -> None:
    asked = await to_the_answers(room)
    room.now = home(2026, 3, 9, 11)
    answer(room, asked, FIRST)
    platform = Platform(meanwhile=lambda: answer(room, asked, THIRD))
    _mark, call = claimed(room, platform)
    answer(room, asked, SECOND, who=CIA)
    sent = await arrived(call)
    assert sent.afterwards is not None
    await sent.afterwards()
    assert [THIRD in texts_in(card) for card in platform.cards] == [False, False, True]


async def test_how_the_proposals_were_sorted_is_told_for_a_week_as_the_vote_says_nothing_of_it(room: TeamRoom) -> None:
    sorting = channel(await with_five_rules(room))
    form = form_in(room.press_on(sorting, "contribution.open", who=ANNA))
    about = choices_of(form)[0].options[0].value
    room.now = home(2026, 3, 4, 11)
    room.send(form, who=ANNA, about=about, in_place="own", in_owner="Enheten", in_why="Vet ingen")
    [told_] = [row for row in room.rows(Delivery) if row.occurrence == News.OPENED and row.day == date(2026, 3, 4)]
    assert (told_.due_at, told_.late_after) == (home(2026, 3, 4, 11), home(2026, 3, 11, 16, 30))


async def test_marks_in_what_is_answered_do_not_end_those_that_let_it_stand_out(room: TeamRoom) -> None:
    asked = await to_the_answers(room)

    def mark(session: Session) -> None:
        for one in session.exec(select(Contribution)).all():
            one.inputs = dict.fromkeys(one.inputs, f"** Mät **en** sak *i taget* ({one.id})")
            session.add(one)

    room.look(mark)
    room.now = home(2026, 3, 9, 11)
    answer(room, asked, FIRST)
    heard = channel(await room.at_clock(2026, 3, 9, 11, 1))
    [bold] = [line for line in heard.text.splitlines() if "Mät" in line]
    assert re.fullmatch(r"\*\*Mät en sak \*i taget\* \(\d+\)\*\*", bold)


async def test_a_message_that_tells_it_all_already_is_left_alone(room: TeamRoom) -> None:
    asked = await to_the_answers(room)
    room.now = home(2026, 3, 9, 11)
    answer(room, asked, FIRST)
    answer(room, asked, SECOND, who=CIA)
    platform = Platform()
    mark, call = claimed(room, platform)
    sent = await arrived(call)
    settled(room, mark, sent)
    assert sent.afterwards is not None
    await sent.afterwards()
    [card] = platform.cards
    assert FIRST in texts_in(card)
    assert SECOND in texts_in(card)


async def test_where_showing_it_anew_fails_it_is_shown_to_whoever_presses_next(room: TeamRoom) -> None:
    asked = await to_the_answers(room)
    room.now = home(2026, 3, 9, 11)
    answer(room, asked, FIRST)
    platform = Platform(Unknown("timeout"))
    mark, call = claimed(room, platform)
    answer(room, asked, SECOND, who=CIA)
    sent = await arrived(call)
    settled(room, mark, sent)
    assert sent.afterwards is not None
    await sent.afterwards()
    assert len(platform.cards) == 1
    for action in ("contribution.open", "round.see"):
        shown = room.press_on(asked, action, who=DAG)
        assert SECOND in renewed(shown)["m1"]
    opened = room.in_channel("round.opened", asked.buttons["contribution.open"].value, who=DAG)
    assert SECOND in renewed(opened)["m1"]


@pytest.mark.postgres
async def test_what_is_written_just_as_the_message_arrives_is_shown_in_it(
    emptied_postgres: Store, library: Library
) -> None:
    """On PostgreSQL, whose writers do not wait by themselves: else neither would have seen the other."""
    room = TeamRoom(store=emptied_postgres, library=library)
    asked = await to_the_answers(room)
    room.now = home(2026, 3, 9, 11)
    answer(room, asked, FIRST)
    mark, call = claimed(room, Platform())
    sent = await arrived(call)
    form = form_in(room.press_on(asked, "contribution.open", who=CIA))
    about = choices_of(form)[0].options[0].value
    with Session(room.store.engine) as first, ThreadPoolExecutor(1) as beside:
        settling.settle_sent(
            first, mark, conversation_id=sent.conversation_id, message_id=sent.message_id, now=room.now
        )
        answered = beside.submit(room.send, form, who=CIA, about=about, in_answer="no", in_reason=SECOND)
        with pytest.raises(NotYet):
            answered.result(0.5)
        first.commit()
        assert SECOND in renewed(answered.result(20))["m1"]


async def test_it_is_told_late_rather_than_never_with_all_that_came_meanwhile(room: TeamRoom) -> None:
    """The lane could not send for longer than an exercise would have waited."""
    asked = await to_the_answers(room)
    room.now = home(2026, 3, 9, 10, 30)
    answer(room, asked, FIRST)
    room.now = home(2026, 3, 9, 14, 45)
    answer(room, asked, SECOND, who=CIA)
    [heard] = await room.at_clock(2026, 3, 9, 15)
    assert FIRST in heard.text
    assert SECOND in heard.text
    assert told(room).state is State.SENT


async def test_what_is_handed_in_in_the_last_minute_is_told_though_the_round_is_over(room: TeamRoom) -> None:
    asked = await to_the_answers(room)
    room.now = home(2026, 3, 9, 16, 29)
    for reason, who in ((FIRST, BO), (SECOND, CIA), (THIRD, ANNA)):
        answer(room, asked, reason, who=who)
    assert await room.at_clock(2026, 3, 9, 16, 31) == [], "nobody is written to in the evening"
    assert [one.state for one in room.rows(Round)] == [RoundState.ENDED]
    heard = channel(await room.at_clock(2026, 3, 10, 7, 30))
    for said in (FIRST, SECOND, THIRD):
        assert said in heard.text
    assert "Tio minuter tillsammans" in channel(await room.at_clock(2026, 3, 10, 10)).text


async def test_once_somebody_has_ended_the_round_nothing_more_is_told(room: TeamRoom) -> None:
    asked = await to_the_answers(room)
    room.now = home(2026, 3, 9, 11)
    answer(room, asked, FIRST)
    on_page(room, "round.end", room.round_page())
    assert await room.at_clock(2026, 3, 9, 11, 1) == []
    assert told(room).reason is Reason.ROUND_ENDED


async def test_it_may_still_come_for_a_week_when_the_team_hears_it_at_another_hour(room: TeamRoom) -> None:
    asked = await to_the_answers(room)
    room.send(form_in(room.send(asked_for(room, "round.extend"), step="answer", days="2")))
    room.now = home(2026, 3, 9, 18)
    answer(room, asked, FIRST)
    assert (told(room).due_at, told(room).late_after) == (home(2026, 3, 10, 10), home(2026, 3, 17, 16, 30))
    room.send(form_in(room.send(form_in(room.press("team.edit", "1")), slot="09:00")))
    assert (told(room).due_at, told(room).late_after) == (home(2026, 3, 10, 9), home(2026, 3, 17, 16, 30))


async def test_what_the_next_step_says_too_is_not_told_beside_it(room: TeamRoom) -> None:
    room.begin(*TEAM, challenge="service-walk")
    monday = channel(await on_day(room, 2))
    room.now = home(2026, 3, 2, 10, 30)
    form = form_in(room.press_on(monday, "contribution.open", who=BO))
    room.send(form, who=BO, in_service="Kön", in_whose_way="En förälder")
    tuesday = channel(await on_day(room, 3))
    assert "Kön" in tuesday.text
    assert "Gå hela vägen" in tuesday.text, "the lane could not send until then"
