"""What a team does in a relay while it has the baton, and what the clock does where a team does nothing."""

from datetime import datetime

from sqlmodel import Session

from scheduler import relay_news, relay_passing
from storage import batons, relay_legs
from storage.relay_legs import HeldLeg
from storage.relay_news import News
from storage.relays import NotDone
from storage.tables.people import Person
from storage.tables.relays import LegState


def hand_over(session: Session, person: Person, leg_id: int, now: datetime) -> NotDone | None:
    """Hand the team's own words over. Return why not, or None when it is done; DONE when somebody was first."""
    leg = _their_leg(session, person, leg_id)
    if isinstance(leg, NotDone):
        return leg
    leg = batons.settled(session, leg, now)
    if leg.approved_at is None:
        return NotDone.NOT_APPROVED
    relay_passing.hand_over(session, leg, now)
    return None


def pass_on(session: Session, person: Person, leg_id: int, now: datetime) -> NotDone | None:
    """Let what the team has received go on as it is. Return why not, or None when it is done."""
    leg = _their_leg(session, person, leg_id)
    if isinstance(leg, NotDone):
        return leg
    leg = batons.settled(session, leg, now)
    if leg.approved_at is not None:
        return NotDone.APPROVED
    relay_passing.pass_on(session, leg, now)
    return None


def acknowledge(session: Session, person: Person, leg_id: int, now: datetime) -> NotDone | None:
    """Say that what was handed to the leg has come; whoever handed it over hears so. Return why not, or None when it
    is done."""
    leg = _their_leg(session, person, leg_id)
    if isinstance(leg, NotDone):
        return leg
    if leg.remind_at is None:
        return NotDone.NO_SUCH_LEG  # the first team: nobody has handed it anything
    if not relay_legs.acknowledge(session, leg_id, now):
        return NotDone.DONE
    before = [one for one in relay_legs.held_legs(session, leg.organisation_id, leg.relay_id) if _hands_to(one, leg)]
    if before:
        relay_news.tell(session, before[-1].id, relay_passing.team_of(session, before[-1]), News.ACKNOWLEDGED, now)
    return None


def go_on(session: Session, leg_id: int, now: datetime) -> bool:
    """Let a leg that has stalled long enough go on by itself: with its own words where they are approved, else with
    those it has received. False: somebody was first."""
    leg = relay_legs.held_leg(session, leg_id)
    if leg is None or leg.state is not LegState.RUNNING or leg.passes_on_at is None or leg.passes_on_at > now:
        return False
    leg = batons.settled(session, leg, now)
    if leg.approved_at is not None:
        relay_passing.hand_over(session, leg, now)
    else:
        relay_passing.pass_on(session, leg, now)
    return True


def _their_leg(session: Session, person: Person, leg_id: int) -> HeldLeg | NotDone:
    """Return the leg, or why somebody may do nothing with it: only its own team may, while it has the baton."""
    leg = relay_legs.held_leg(session, leg_id)
    if leg is None or leg.organisation_id != person.organisation_id:
        return NotDone.NO_SUCH_LEG
    if not relay_legs.is_theirs(session, person, leg):
        return NotDone.NOT_YOURS
    if leg.state is LegState.RUNNING:
        return leg
    return NotDone.NOT_YET if leg.state is LegState.WAITING else NotDone.DONE


def _hands_to(one: HeldLeg, leg: HeldLeg) -> bool:
    return one.position < leg.position and one.state is LegState.HANDED_OVER
