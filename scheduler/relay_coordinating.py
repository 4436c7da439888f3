"""What whoever coordinates a relay does with it: begins it, moves it, goes past a team, closes or ends it. Each in one
unit of work, and whether they may is asked before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from lessons.challenges import ChallengeDocument
from scheduler import relay_news, relay_passing, round_changes
from scheduler.relay_timeline import lay_out_relay
from scheduler.round_changes import days_of
from scheduler.timeline_changes import HasPassed
from storage import batons, relay_legs, relays, rounds, teams
from storage.relay_legs import HeldLeg
from storage.relay_news import News
from storage.relays import NewLeg, NewRelay, NotDone
from storage.rounds import TeamHasEnded
from storage.tables.people import Person
from storage.tables.relays import LegState, Relay, RelayEnding, RelayState
from storage.tables.rounds import Ending


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayTeam:
    team_id: int
    organisation: str
    """The name that stands on the baton."""


def confirm(
    session: Session,
    made_by: Person,
    document: ChallengeDocument,
    teams_in_order: Sequence[RelayTeam],
    now: datetime,
    *,
    name: str,
    question: str,
    starts_on: date,
) -> Relay:
    """Keep a relay as it was shown, with a round for its first team; the others get theirs with the baton. Raises
    CannotLayOut, TeamNotFound, TeamHasEnded and RoundUnderWay (the first team's)."""
    found = [teams.find(session, made_by.organisation_id, one.team_id) for one in teams_in_order]
    for team in found:
        if team.ended_at is not None:
            raise TeamHasEnded(team.id)
    legs = lay_out_relay(document.challenge, starts_on, [days_of(team) for team in found], now)
    first = relay_passing.confirm_round(session, found[0], document.challenge, document.to_json(), legs[0], now)
    new = NewRelay(
        name=name,
        question=question,
        document_id=rounds.find(session, made_by.organisation_id, first).document_id,
        starts_on=starts_on,
        legs=tuple(
            NewLeg(team_id=one.team_id, organisation=one.organisation, planned_on=leg.starts_on, deadline=leg.ends_on)
            for one, leg in zip(teams_in_order, legs, strict=True)
        ),
    )
    kept = relays.keep(session, made_by, new, now)
    leg_id = relay_legs.waiting(session, kept.id)[0].id
    relay_legs.begin(session, leg_id, now, remind_at=None)
    relay_legs.give_round(session, leg_id, first)
    return kept


def move_start(session: Session, organisation_id: int, relay_id: int, starts_on: date, now: datetime) -> NotDone | None:
    """Let a relay that has not begun begin on another day; its legs follow. Return why not, or None when it is done.
    Raises RelayNotFound, CannotLayOut, with the place among the legs to come, and RoundHasChanged."""
    legs = [
        leg for leg in relay_legs.held_legs(session, organisation_id, relay_id) if leg.state is not LegState.SKIPPED
    ]
    if not legs or legs[0].relay_state is not RelayState.PLANNED or legs[0].round_id is None:
        return NotDone.DONE
    found = [relay_passing.team_of(session, leg) for leg in legs]
    challenge = relay_passing.challenge_of_relay(session, legs[0])
    laid_out = lay_out_relay(challenge, starts_on, [days_of(team) for team in found], now)
    round_ = rounds.find(session, organisation_id, legs[0].round_id)
    first = round_changes.under_way(session, round_, found[0], challenge)
    try:
        round_changes.write(session, first, round_changes.moved(first, starts_on, now))
    except HasPassed:
        return NotDone.DONE
    relays.move(session, relay_id, starts_on)
    for leg, days in zip(legs, laid_out, strict=True):
        relay_legs.plan_leg(session, leg.id, planned_on=days.starts_on, deadline=days.ends_on)
    return None


def skip(session: Session, organisation_id: int, leg_id: int, now: datetime) -> NotDone | None:
    """Let the relay go past a team that waits, is busy with something else, or whose days are over. Return why not, or
    None when it is done. Words that its team has approved go on all the same."""
    leg = relay_legs.held_leg(session, leg_id)
    if leg is None or leg.organisation_id != organisation_id:
        return NotDone.NO_SUCH_LEG
    if leg.state is LegState.WAITING:
        return None if relay_legs.skip(session, leg_id, now) else NotDone.DONE
    if leg.state is not LegState.RUNNING:
        return NotDone.DONE
    if not (leg.is_stalled or leg.waits_for_its_team):
        return NotDone.NOT_YET
    leg = batons.settled(session, leg, now)
    if leg.approved_at is not None:
        relay_passing.hand_over(session, leg, now)
    else:
        relay_passing.skip(session, leg, now)
    return None


def end_early(session: Session, organisation_id: int, relay_id: int, now: datetime) -> NotDone | None:
    """End the relay now. Its teams hear so, but for those it has not come to; approved words stay in the chain. Raises
    RelayNotFound."""
    legs = relay_legs.held_legs(session, organisation_id, relay_id)
    if legs[0].relay_state is RelayState.ENDED:
        return NotDone.DONE
    for leg in legs:
        _end_leg(session, leg, now)
    relays.end(session, relay_id, RelayEnding.ENDED_EARLY, now)
    for leg in legs:
        if relay_news.has_heard(leg):
            relay_news.tell(session, leg.id, relay_passing.team_of(session, leg), News.ENDED_EARLY, now)
    return None


def _end_leg(session: Session, leg: HeldLeg, now: datetime) -> None:
    if leg.state is LegState.WAITING:
        relay_legs.skip(session, leg.id, now)
    if leg.state is not LegState.RUNNING:
        return
    leg = batons.settled(session, leg, now)
    if leg.approved_at is not None:
        relay_legs.hand_over(session, leg.id, now)
    else:
        batons.forget_unapproved(session, leg.id)
        relay_legs.skip(session, leg.id, now)
    relay_passing.end_round(session, leg, Ending.ENDED_EARLY, now)
