"""What a person writes in their own words. Every function takes the person and touches only what is theirs."""

from datetime import datetime

from sqlalchemy import Integer, bindparam, delete, select, update
from sqlmodel import Session, col

from storage.loaded import all_loaded, first_loaded
from storage.own_rows import insert_own
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.answers import FollowUp, Plan, Prompt, Reflection
from storage.tables.people import Person

_reflection = metadata.tables["reflection"]
_MINE = select(*_reflection.c).where(_reflection.c.person_id == bindparam("person_id"))
_IN_ORDER = _MINE.order_by(_reflection.c.id)
_LATEST = Prepared(
    _MINE.order_by(_reflection.c.written_at.desc(), _reflection.c.id.desc())
    .offset(bindparam("skip", type_=Integer))
    .limit(bindparam("most", type_=Integer))
)
_FROM_MESSAGE = Prepared(
    _MINE.where(
        _reflection.c.conversation_id == bindparam("conversation_id"),
        _reflection.c.message_id == bindparam("message_id"),
    )
)
_TO_LESSON = _MINE.where(_reflection.c.lesson_id == bindparam("lesson_id"), _reflection.c.follow_up_id.is_(None))
_NEWEST_REPLY = Prepared(
    _TO_LESSON.where(_reflection.c.delivery_id.is_not_distinct_from(bindparam("delivery_id")))
    .where(_reflection.c.prompt == Prompt.REPLY)
    .order_by(_reflection.c.id.desc())
    .limit(1)
)
_THOUGHT = Prepared(
    _MINE.where(_reflection.c.follow_up_id == bindparam("follow_up_id"), _reflection.c.prompt == bindparam("prompt"))
    .where(_reflection.c.message_id.is_(None))
    .limit(1)
)
_ONE = Prepared(_MINE.where(_reflection.c.id == bindparam("reflection_id")))
_TO_DELIVERY = Prepared(_IN_ORDER.where(_reflection.c.delivery_id == bindparam("delivery_id")))
_TO_FOLLOW_UP = Prepared(_IN_ORDER.where(_reflection.c.follow_up_id == bindparam("follow_up_id")))
_FROM_LIBRARY = Prepared(
    _TO_LESSON.where(_reflection.c.written_at >= bindparam("since"), _reflection.c.delivery_id.is_(None)).order_by(
        _reflection.c.id
    )
)
_DELETE = Prepared(
    delete(_reflection).where(
        _reflection.c.id == bindparam("reflection_id"), _reflection.c.person_id == bindparam("person_id")
    )
)


def write(
    session: Session,
    person: Person,
    body: str,
    *,
    prompt: Prompt,
    now: datetime,
    on_page: bool = False,
    lesson_id: str | None = None,
    delivery_id: int | None = None,
    follow_up_id: int | None = None,
    conversation_id: str | None = None,
    message_id: str | None = None,
) -> int:
    """Save free text for its author. Return the reflection's id."""
    return insert_own(
        session,
        _reflection,
        person,
        body=body,
        prompt=prompt,
        lesson_id=lesson_id,
        delivery_id=delivery_id,
        follow_up_id=follow_up_id,
        conversation_id=conversation_id,
        message_id=message_id,
        written_on_page=on_page,
        can_be_undone=True,
        written_at=now,
    )


def rewrite(reflection: Reflection, body: str, *, on_page: bool, now: datetime) -> None:
    """Put other words in place of a text's. They belong where they were written: on our own page, the chat message it
    came from has no more to do with them. The same words change nothing."""
    if body == reflection.body:
        return
    reflection.body, reflection.edited_at, reflection.written_on_page = body, now, on_page
    if on_page:
        reflection.conversation_id = reflection.message_id = None


def find(session: Session, person: Person, reflection_id: int) -> Reflection | None:
    return first_loaded(session, Reflection, _ONE, reflection_id=reflection_id, person_id=person.id)


def latest(session: Session, person: Person, *, limit: int, skip: int = 0) -> list[Reflection]:
    """Return the person's texts, newest first."""
    return all_loaded(session, Reflection, _LATEST, person_id=person.id, most=limit, skip=skip)


def from_message(session: Session, person: Person, *, conversation_id: str, message_id: str) -> Reflection | None:
    """Return what was saved from one of the person's own chat messages."""
    where = {"person_id": person.id, "conversation_id": conversation_id, "message_id": message_id}
    return first_loaded(session, Reflection, _FROM_MESSAGE, **where)


def remove(session: Session, person: Person, reflection: Reflection) -> None:
    _DELETE.run(session, reflection_id=reflection.id, person_id=person.id)
    session.expunge(reflection)


def undo_no_more(session: Session, person: Person) -> None:
    """Let "undo" reach none of the texts and plans there are: only what is written from now on."""
    session.execute(update(Reflection).where(col(Reflection.person_id) == person.id).values(can_be_undone=False))
    session.execute(update(Plan).where(col(Plan.person_id) == person.id).values(can_be_undone=False))


def latest_reply(session: Session, person: Person, *, lesson_id: str, delivery_id: int | None) -> Reflection | None:
    """Return the newest reply the person wrote to that exercise."""
    about = {"person_id": person.id, "lesson_id": lesson_id, "delivery_id": delivery_id}
    return first_loaded(session, Reflection, _NEWEST_REPLY, **about)


def thought(session: Session, person: Person, follow_up: FollowUp, prompt: Prompt) -> Reflection | None:
    """Return what the person wrote in a form to one prompt after a follow-up."""
    about = {"person_id": person.id, "follow_up_id": follow_up.id, "prompt": prompt}
    return first_loaded(session, Reflection, _THOUGHT, **about)


def to_delivery(session: Session, person: Person, delivery_id: int) -> list[Reflection]:
    """Return what the person wrote to an exercise that was sent, oldest first."""
    return all_loaded(session, Reflection, _TO_DELIVERY, person_id=person.id, delivery_id=delivery_id)


def to_follow_up(session: Session, person: Person, follow_up_id: int) -> list[Reflection]:
    """Return what the person wrote after a follow-up, oldest first."""
    return all_loaded(session, Reflection, _TO_FOLLOW_UP, person_id=person.id, follow_up_id=follow_up_id)


def from_library(session: Session, person: Person, lesson_id: str, *, since: datetime) -> list[Reflection]:
    """Return what the person has written, since a moment, to an exercise taken from the library, oldest first."""
    about = {"person_id": person.id, "lesson_id": lesson_id, "since": since}
    return all_loaded(session, Reflection, _FROM_LIBRARY, **about)
