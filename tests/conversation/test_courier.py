from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.cards import Card
from bot.conversation.events import Joined, MessageRef
from bot.courier import ChatCourier
from bot.ports import Address, Search
from scheduler.ports import Found, NotNeeded, NotSent, Refused, Sent
from storage.tables.deliveries import Kind, Reason, State
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    FollowUp,
    FollowUpState,
    Plan,
    Town,
    a_delivery,
    a_follow_up,
    a_nudge,
    a_person,
    buttons_of,
    look_home,
    press,
    press_in,
    replaced,
    send,
    the_form,
    written,
)

NEXT_DAY = MONDAY + timedelta(days=1)


class PaperPlatform:
    """Keeps what it is given, and finds it again."""

    name = "slack"

    def __init__(self) -> None:
        self.sent: list[tuple[Address, Card, int | None]] = []

    async def send(self, to: Address, card: Card, *, delivery_id: int | None) -> MessageRef:
        self.sent.append((to, card, delivery_id))
        return MessageRef(conversation="D9", message=f"p{len(self.sent)}")

    async def find(self, to: Address, *, delivery_id: int, since: object) -> Search:
        found = any(sent == delivery_id for _, _, sent in self.sent)
        return Search(found=MessageRef(conversation="D9", message="p1") if found else None, complete=True)

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the courier only sends and finds, and asked for {name}")


@pytest.fixture
def paper() -> PaperPlatform:
    return PaperPlatform()


@pytest.fixture
def courier(town: Town, paper: PaperPlatform) -> ChatCourier:
    return ChatCourier(store=town.store, house=town.house, platforms={"slack": paper})  # type: ignore[dict-item]


async def deliver(town: Town, courier: ChatCourier, delivery_id: int) -> Sent | NotNeeded:
    """Compose in one transaction and make the call after it, as a lane does."""
    return await town.write(lambda session: courier.compose(session, delivery_id, MORNING))()


def unsent(town: Town, **values: Any) -> int:
    nowhere: dict[str, Any] = {"state": State.SENDING, "sent_at": None, "conversation_id": None, "message_id": None}
    return a_nudge(town, **nowhere | values)


async def test_a_nudge_goes_out_with_everything_that_rides_on_it(
    town: Town, courier: ChatCourier, paper: PaperPlatform
) -> None:
    nudge = unsent(town, lesson="L05", day=NEXT_DAY)
    a_follow_up(town, lesson="L02", day=NEXT_DAY, rides_on=nudge, state=FollowUpState.OPEN)
    assert await deliver(town, courier, nudge) == Sent(conversation_id="D9", message_id="p1")
    [(to, card, delivery_id)] = paper.sent
    assert (to.workspace, to.person, delivery_id) == ("T1", "U1", nudge)
    text = written(card)
    assert text.index(town.house.library.lesson("L05").title.sv) < text.index("**Hur gick det?** _Nyttan i en mening_")
    assert "[Gjort] [Försökte] [Inte än] [Släpper den]" in text


async def test_everybody_is_written_to_in_their_own_language(
    town: Town, courier: ChatCourier, paper: PaperPlatform
) -> None:
    a_person(town, "U2", language="en")
    await deliver(town, courier, unsent(town, person="U2"))
    assert "[I’ll do it] [Another one] [Not today]" in written(paper.sent[0][1])
    assert paper.sent[0][1].summary == "Today’s exercise, 3 minutes: The value in one sentence"


async def test_an_exercise_already_taken_on_is_not_sent_again(town: Town, courier: ChatCourier) -> None:
    town.happens(press("nudge.doing", "lib:L05:2026-03-02", on="m1"))
    nudge = unsent(town, lesson="L05", day=NEXT_DAY)
    assert await deliver(town, courier, nudge) == NotNeeded(reason=Reason.ALREADY_ANSWERED)


async def test_one_merely_looked_at_is(town: Town, courier: ChatCourier) -> None:
    press_in(town, a_nudge(town, lesson="L05"), "nudge.not_today")
    assert isinstance(await deliver(town, courier, unsent(town, lesson="L05", day=NEXT_DAY)), Sent)


async def test_a_plan_let_go_in_the_morning_is_not_shown(town: Town, courier: ChatCourier) -> None:
    form = the_form(press_in(town, a_nudge(town, lesson="L04"), "nudge.plan"))
    send(town, form, cue="mötet drar över tiden", cue_on="2026-03-03", action="avslutar jag")
    plan = town.rows(Plan)[0].id
    town.happens(press("plan.let_go", plan))
    morning = a_delivery(town, kind=Kind.PLAN, subject_id=plan, day=NEXT_DAY, state=State.SENDING, sent_at=None)
    assert await deliver(town, courier, morning) == NotNeeded(reason=Reason.ALREADY_ANSWERED)


@pytest.mark.parametrize(("days", "greets"), [(1, False), (7, False), (9, False), (10, True), (40, True)])
async def test_after_a_gap_we_say_welcome_back_and_nothing_about_the_gap(
    town: Town, courier: ChatCourier, paper: PaperPlatform, days: int, greets: bool
) -> None:
    a_nudge(town)
    await deliver(town, courier, unsent(town, lesson="L05", day=MONDAY + timedelta(days=days)))
    greeting = "Kul att du är här. Vi tar det som är aktuellt nu."
    assert (greeting in written(paper.sent[0][1])) is greets


@pytest.mark.parametrize(("unanswered", "asks"), [(0, False), (9, False), (10, True), (19, True)])
async def test_after_ten_unanswered_we_ask_whether_the_pace_suits(
    town: Town, courier: ChatCourier, paper: PaperPlatform, unanswered: int, asks: bool
) -> None:
    a_person(town, "U2", unanswered=unanswered)
    await deliver(town, courier, unsent(town, person="U2"))
    assert ("Passar takten?" in written(paper.sent[0][1])) is asks


async def test_welcome_and_farewell_are_messages_of_their_own(
    town: Town, courier: ChatCourier, paper: PaperPlatform
) -> None:
    somebody = town.person().id
    welcome = a_delivery(town, kind=Kind.WELCOME, subject_id=somebody)
    farewell = a_delivery(town, kind=Kind.FAREWELL, subject_id=somebody, day=NEXT_DAY)
    await deliver(town, courier, welcome)
    await deliver(town, courier, farewell)
    assert "Välkommen till Knuff" in written(paper.sent[0][1])
    assert "du hittar mig när du vill" in written(paper.sent[1][1])


async def test_whoever_was_never_welcomed_is_welcomed_with_the_first_exercise_that_reaches_them(
    town: Town, courier: ChatCourier, paper: PaperPlatform
) -> None:
    a_person(town, "U2", welcomed_at=None)
    await deliver(town, courier, unsent(town, person="U2"))
    first = written(paper.sent[0][1])
    assert "Det här sparas" in first
    assert "Jag gör det" in first


@pytest.mark.parametrize("kind", [Kind.WELCOME, Kind.NUDGE])
async def test_whoever_got_the_app_or_looked_at_home_before_the_welcome_can_still_choose_in_it(
    town: Town, courier: ChatCourier, paper: PaperPlatform, kind: Kind
) -> None:
    a_person(town, "U2", welcomed_at=None)
    town.happens(Joined(key="joined", platform="slack", workspace="T1", person="U2", at=MORNING, conversation="D2"))
    look_home(town, person="U2")
    subject = {"subject_id": town.person("U2").id} if kind is Kind.WELCOME else {"lesson_id": "L01", "step": 1}
    await deliver(town, courier, a_delivery(town, "U2", kind=kind, state=State.SENDING, sent_at=None, **subject))
    chosen = [button.action for button in buttons_of(paper.sent[0][1])]
    assert chosen[:4] == ["welcome.start", "rhythm.open", "welcome.language", "stop.now"]


@pytest.mark.parametrize(("hours_before", "stands"), [(0, True), (24, False)])
def test_a_welcome_stays_on_the_message_that_brought_it(town: Town, hours_before: int, stands: bool) -> None:
    welcomed_at = MORNING - timedelta(hours=hours_before)
    a_person(town, "U2", welcomed_at=welcomed_at)
    nudge = a_nudge(town, "U2", sent_at=MORNING)
    assert ("Det här sparas" in replaced(press_in(town, nudge, "nudge.doing", person="U2"))) is stands


async def test_an_unknown_delivery_is_looked_for_on_the_platform(town: Town, courier: ChatCourier) -> None:
    nudge = unsent(town)
    assert await courier.find(nudge, MORNING) == Found(at=None, complete=True)
    await deliver(town, courier, nudge)
    assert await courier.find(nudge, MORNING) == Found(at=Sent(conversation_id="D9", message_id="p1"), complete=True)


async def test_what_cannot_be_composed_is_refused_and_never_guessed(town: Town, courier: ChatCourier) -> None:
    with pytest.raises(Refused, match="lesson_not_found"):
        await deliver(town, courier, unsent(town, lesson="L999"))
    with pytest.raises(Refused, match="delivery_not_found"):
        await deliver(town, courier, 987654)


async def test_a_platform_whose_settings_are_missing_is_waited_for(town: Town) -> None:
    nowhere = ChatCourier(store=town.store, house=town.house, platforms={})
    with pytest.raises(NotSent, match="no_such_platform"):
        await deliver(town, nowhere, unsent(town))


async def test_a_fault_of_ours_while_composing_calls_nothing_and_leaves_nothing_to_find_out(
    town: Town, paper: PaperPlatform
) -> None:
    courier = ChatCourier(store=town.store, house=None, platforms={"slack": paper})  # type: ignore[arg-type, dict-item]
    nudge = unsent(town)
    with pytest.raises(Refused):
        await deliver(town, courier, nudge)
    assert paper.sent == []


async def test_a_database_that_is_away_while_composing_takes_the_claim_back(
    town: Town, courier: ChatCourier, paper: PaperPlatform
) -> None:
    nudge = unsent(town)
    town.write(lambda session: session.execute(text("ALTER TABLE delivery RENAME TO gone")))
    with pytest.raises(SQLAlchemyError):
        await deliver(town, courier, nudge)
    assert paper.sent == []


async def test_what_is_sent_is_what_is_shown_again_after_an_answer_elsewhere(
    town: Town, courier: ChatCourier, paper: PaperPlatform
) -> None:
    nudge = unsent(town, lesson="L05", day=NEXT_DAY)
    asked = a_follow_up(town, lesson="L02", day=NEXT_DAY, rides_on=nudge)
    await deliver(town, courier, nudge)
    shows = town.happens(press("follow_up.done", asked, on="p1"))
    before, after = written(paper.sent[0][1]), replaced(shows)
    assert before.split("**Hur gick det?**")[0] == after.split("**Hur gick det?**")[0]
    assert len(town.rows(FollowUp)) == 1
