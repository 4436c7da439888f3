"""A morning and a night in the life of Knuff: everything that happens often, once, on whatever database there is."""

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from bench.age_data import WAVES, WORKSPACES, Age
from bench.watched import Watch
from bot.conversation import desk
from bot.conversation.events import AnyEvent, MessageRef, OpenedHome, Pressed, Wrote
from bot.conversation.visiting import House
from bot.nightly import at_night
from lessons.library import load_library
from scheduler import disposal
from scheduler.planner import plan
from storage import (
    facilitation,
    inbox,
    leases,
    my_data,
    outcomes,
    planning,
    sending,
    settling,
    survey_waves,
    surveys,
    unknown,
    work,
)
from storage.database import Store
from storage.inbox import NewEvent
from storage.surveys import Question
from storage.tables.people import Pace, Person

WORKSPACE = 7
DISPOSED_OF = 2_000
AT_NIGHT = timedelta(hours=18, minutes=45)


async def live(store: Store, age: Age) -> None:
    """Tick, send, hear, answer, and look after what is over."""
    now = age.slot + timedelta(minutes=10)
    Watch.part = "A tick that plans 200 groups, and one after which nothing is due"
    await plan(store, now)
    await plan(store, now + timedelta(seconds=1))
    Watch.part = "Lanes: look, claim, settle, find out"
    for workspace in range(WORKSPACE, WORKSPACE + 3):
        _lane(store, workspace, now)
    Watch.part = "What people do: the inbox, presses, texts, Home, my data, erasing, another rhythm"
    _people(store, age, now)
    await plan(store, now + timedelta(minutes=1))
    Watch.part = "A survey and its outcomes: what one is asked, an answer, the report"
    _survey(store, age, now)
    Watch.part = "The night"
    disposal.MOST_A_NIGHT = DISPOSED_OF
    await at_night(store, {}, now + AT_NIGHT)


def _lane(store: Store, workspace: int, now: datetime) -> None:
    store.write_now(work.everywhere)
    store.write_now(lambda session: leases.acquire(session, workspace, "bench", now=now, seconds=30))
    store.write_now(lambda session: unknown.take_over(session, workspace, ask_at=now, now=now))
    store.write_now(lambda session: work.next_in(session, workspace))
    due = store.write_now(lambda session: sending.due_messages(session, workspace, now, 50))
    assert len(due) >= 4, f"{len(due)} due in workspace {workspace}"
    for number, message in enumerate(due[:4]):
        _send(store, message.delivery_id, number, now)
    _ask(store, workspace, now + timedelta(minutes=2))
    store.write_now(lambda session: leases.release(session, workspace, "bench"))


def _send(store: Store, delivery_id: int, number: int, now: datetime) -> None:
    claimed = store.write_now(lambda session: sending.claim(session, delivery_id, now))
    assert claimed is not None

    def settle(session: Session) -> None:
        settling.note_attempt(session, claimed, ended_at=now, outcome="sent", error=None)
        if number == 0:
            settling.settle_unknown(session, claimed, ask_at=now, error="Timeout")
        elif number == 1:
            settling.put_back(session, claimed, try_at=now + timedelta(minutes=1), error="RateLimited")
        else:
            settling.settle_sent(session, claimed, conversation_id="D1", message_id="1.1", now=now)

    store.write_now(settle)


def _ask(store: Store, workspace: int, now: datetime) -> None:
    """About the one message that is unknown, until it has not been found twice."""
    lost = store.write_now(lambda session: unknown.next_to_ask_about(session, workspace, now))
    assert lost is not None
    store.write_now(lambda session: unknown.was_answered(session, lost.ids))
    store.write_now(lambda session: unknown.ask_again(session, lost, after=timedelta(seconds=60), now=now))
    for minutes in (20, 40):
        _not_found(store, workspace, now + timedelta(minutes=minutes))


def _not_found(store: Store, workspace: int, at: datetime) -> None:
    lost = store.write_now(lambda session: unknown.next_to_ask_about(session, workspace, at))
    assert lost is not None
    store.write_now(lambda session: unknown.not_found(session, lost, ask_at=at, now=at))


def _people(store: Store, age: Age, now: datetime) -> None:
    house = House(
        library=load_library(), organisation_name="Granby", contact="it", coordinators=frozenset(), page_address=None
    )
    person_id = 2 * WORKSPACES + WORKSPACE - 1
    for number in range(3):
        whose = person_id + number
        delivery, day = _latest(store, whose)
        assert day == age.slot.date(), day
        for index, event in enumerate(_events(whose, delivery, now)):
            _heard(store, house, event, f"{whose}-{index}", now)
    store.write_now(lambda session: inbox.unhandled(session, up_to=10**9))
    store.write_now(inbox.waiting)
    store.write_now(lambda session: my_data.collect(session, session.get_one(Person, person_id)))
    store.write_now(lambda session: my_data.erase(session, session.get_one(Person, person_id), now))
    store.write_now(lambda session: _change_rhythm(session, person_id + 1, now))


def _survey(store: Store, age: Age, now: datetime) -> None:
    """Somebody who is still there answers what opened today, and reads what others may see of the cohort."""
    whose, today = 2 * WORKSPACES + WORKSPACE + 1, age.slot.date()
    organisation, cohort = 1 + whose % WORKSPACES, age.last * WORKSPACES + 1 + whose % WORKSPACES
    [asked, *_] = store.write_now(lambda session: surveys.open_waves(session, person_id=whose, on=today))
    assert asked.opens_on == today
    at = {"person_id": whose, "enrolment_id": asked.enrolment_id}
    store.write_now(lambda session: surveys.all_waves(session, person_id=whose, on=today))
    store.write_now(lambda session: surveys.latest_promise(session, wave_id=asked.wave_id, **at))
    answers: dict[Question, str | None] = {Question("S12"): "1", Question("S13"): "4"}
    assert store.write_now(lambda session: surveys.respond(session, asked, answers, person_id=whose, now=now))
    store.write_now(lambda session: surveys.responses(session, person_id=whose, wave_id=asked.wave_id))
    store.write_now(lambda session: surveys.answered_about(session, **at))
    store.write_now(lambda session: outcomes.cohorts_of(session, person_id=whose))
    of = {"organisation_id": organisation, "cohort_id": cohort}
    store.write_now(lambda session: outcomes.people(session, **of))
    assert len(store.write_now(lambda session: outcomes.waves(session, **of))) == WAVES
    store.write_now(lambda session: outcomes.done(session, **of))
    store.write_now(lambda session: facilitation.tell(session, organisation, before=now))
    store.write_now(lambda session: survey_waves.call_off(session, cohort_id=cohort, today=today))


def _events(whose: int, delivery: int, now: datetime) -> list[AnyEvent]:
    where = MessageRef(conversation=f"D{whose}", message="1.1")
    who = {
        "platform": "slack", "workspace": f"T{1 + whose % WORKSPACES}", "person": f"U{whose}", "at": now
    }  # fmt: skip
    return [
        Pressed(key="1", action="nudge.doing", value=str(delivery), message=where, **who),  # type: ignore[arg-type]
        Wrote(key="2", message=MessageRef(conversation=f"D{whose}", message="2.2"), text="Det gick bra.", **who),  # type: ignore[arg-type]
        Pressed(key="3", action="nudge.another", value=str(delivery), message=where, **who),  # type: ignore[arg-type]
        OpenedHome(key="4", **who),  # type: ignore[arg-type]
    ]


def _heard(store: Store, house: House, event: AnyEvent, key: str, now: datetime) -> None:
    kept = NewEvent(
        platform=event.platform, workspace=event.workspace, key=key, person=event.person, body="{}", received_at=now
    )
    [id] = store.write_now(lambda session: inbox.keep_all(session, [kept]))
    assert id is not None

    def handle(session: Session) -> None:
        assert inbox.settle(session, id, now=now) is not None
        desk.handle(session, house, event, None, now)

    store.write_now(handle)


def _change_rhythm(session: Session, person_id: int, now: datetime) -> None:
    person = session.get_one(Person, person_id)
    cadence = planning.cadence_for(
        session, organisation_id=person.organisation_id, zone="Europe/Stockholm", slot="10:00", days=31,
        pace=Pace.DAILY, now=now,
    )  # fmt: skip
    planning.move_person(session, person=person, cadence_id=cadence, now=now)


def _latest(store: Store, person_id: int) -> tuple[int, date]:
    asked = "SELECT id, day FROM delivery WHERE person_id = :person AND state = 'sent' ORDER BY day DESC LIMIT 1"
    row = store.write_now(lambda session: session.connection().execute(text(asked), {"person": person_id}).one())
    return row.id, row.day if isinstance(row.day, date) else date.fromisoformat(row.day)
