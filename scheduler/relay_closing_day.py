"""The day of a relay's closing meeting: chosen, and taken away again where the relay is not over in time."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from sqlmodel import Session

from scheduler import relay_news, relay_passing
from scheduler.relay_outlook import last_day
from storage import relay_legs, relay_reading, relays
from storage.database import Store
from storage.moments import local_day
from storage.relay_legs import HeldLeg
from storage.relay_reading import Chain
from storage.relays import NotDone
from storage.relays_due import RelayWithDay
from storage.tables.relays import RelayState


def choose(session: Session, organisation_id: int, relay_id: int, closing_on: date, now: datetime) -> NotDone | None:
    """Choose when the relay closes, until its teams have been asked: then it is DONE. NOT_YET: that is not after today,
    or not after the last leg as it looks now. Its teams hear of it: those it has not come to yet, when it comes; and
    all of them when the last leg is over. Raises RelayNotFound."""
    legs = relay_legs.held_legs(session, organisation_id, relay_id)
    chain = relay_reading.chain(session, organisation_id, relay_id)
    if chain.state is RelayState.ENDED or relays.has_been_asked(session, relay_id):
        return NotDone.DONE
    today = local_day(now, relay_passing.team_of(session, legs[-1]).zone)
    if closing_on <= today or _comes_too_soon(session, chain, closing_on, now):
        return NotDone.NOT_YET
    if closing_on == chain.closing_on:
        return None
    relays.choose_closing_day(session, relay_id, closing_on)
    if chain.state is RelayState.CLOSING:
        relay_passing.ask_on(session, legs, closing_on)
    _tell(session, legs, closing_on, now, is_another=chain.closing_on is not None)
    return None


async def look_at(store: Store, one: RelayWithDay, now: datetime) -> int:
    """Take its day away from a relay whose last leg, as it looks now, is not over before it. Return how many promises
    were new."""
    if not await store.read(partial(_is_out_of_reach, one=one, now=now)):
        return 0
    return await store.write(partial(take_away, one=one, now=now))


def take_away(session: Session, one: RelayWithDay, now: datetime) -> int:
    """As `look_at`, in a unit of work. Who has heard of the day hears that there is none any more. The end of the last
    leg brings another."""
    legs = relay_legs.held_legs(session, one.organisation_id, one.id)
    if not _is_out_of_reach(session, one, now) or not relays.forget_closing_day(session, one.id):
        return 0
    return _tell(session, legs, None, now, is_another=True)


def _is_out_of_reach(session: Session, one: RelayWithDay, now: datetime) -> bool:
    chain = relay_reading.chain(session, one.organisation_id, one.id)
    return chain.closing_on is not None and _comes_too_soon(session, chain, chain.closing_on, now)


def _comes_too_soon(session: Session, chain: Chain, closing_on: date, now: datetime) -> bool:
    last = last_day(session, chain, now)
    return last is not None and closing_on <= last


def _tell(
    session: Session, legs: Sequence[HeldLeg], closing_on: date | None, now: datetime, *, is_another: bool
) -> int:
    return sum(
        relay_news.tell_closing_day(
            session, leg.id, relay_passing.team_of(session, leg), closing_on, now, is_another=is_another
        )
        for leg in legs
        if relay_news.has_heard(leg)
    )
