"""How a relay goes from one team to the next. While it runs exactly one leg has the baton.

Whatever ends a leg lets the next one begin in the same unit of work, with a round of its own. A team that is busy with
another round begins when that is over, one that cannot run any more is skipped, and after the last leg the relay
closes. So the chain holds wherever Knuff stops. Whoever calls holds the relay (`storage.relay_legs.held_leg`).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from lessons.challenges import Challenge
from scheduler import relay_news
from scheduler.calendar import TooFewDays
from scheduler.confirmed import challenge_kept
from scheduler.relay_timeline import CLOSING_DAYS, days_later, lay_out_next, open_on, reminding
from scheduler.round_changes import days_of
from scheduler.rounds import FEWEST
from scheduler.timeline import Timeline, new_round
from storage import batons, relay_legs, relays, rounds, teams
from storage.moments import local_day
from storage.relay_commitments import QUESTIONS
from storage.relay_legs import HeldLeg, WaitingLeg
from storage.relay_news import News
from storage.rounds import RoundUnderWay
from storage.tables.rounds import Ending, RoundState
from storage.tables.teams import Team


def hand_over(session: Session, leg: HeldLeg, now: datetime) -> None:
    """Let a running leg be over with the words its team has approved."""
    if relay_legs.hand_over(session, leg.id, now):
        _next(session, leg, now)


def pass_on(session: Session, leg: HeldLeg, now: datetime) -> None:
    """Let a running leg be over with the words it has received; without any, the relay's question goes on alone."""
    received = batons.received(session, leg)
    if received is None:
        skip(session, leg, now)
        return
    batons.pass_on(session, leg.id, received)
    if relay_legs.hand_over(session, leg.id, now):
        _without_words(session, leg, now)


def skip(session: Session, leg: HeldLeg, now: datetime) -> None:
    """Let a running leg be over without a baton."""
    batons.forget_unapproved(session, leg.id)
    if relay_legs.skip(session, leg.id, now):
        _without_words(session, leg, now)


def end_round(session: Session, leg: HeldLeg, ending: Ending, now: datetime) -> None:
    """End a leg's round, if it is under way. What its team hears of that is the relay's own news."""
    if leg.round_id is not None and leg.round_state is not RoundState.ENDED:
        rounds.end(session, leg.round_id, ending, now)


def begin_round(session: Session, leg: HeldLeg, now: datetime) -> bool:
    """Give a leg that has begun its round. False: its team is busy with another, and begins when that one is over.
    Raises ValueError when the team's calendar has no days for it."""
    if not leg.waits_for_its_team:
        return False
    team, challenge = team_of(session, leg), challenge_of_relay(session, leg)
    timeline = lay_out_next(challenge, leg.planned_on, days_of(team), now)
    body = rounds.document_body(session, leg.document_id)
    try:
        round_id = confirm_round(session, team, challenge, body, timeline, now)
    except RoundUnderWay:
        return False
    return relay_legs.give_round(session, leg.id, round_id)


def confirm_round(
    session: Session, team: Team, challenge: Challenge, body: str, timeline: Timeline, now: datetime
) -> int:
    """Keep the round that a leg is, and return its id."""
    new = new_round(challenge, timeline, team_id=team.id, body=body)
    return rounds.confirm(session, team.organisation_id, new, now).id


def can_run(session: Session, team: Team, now: datetime) -> bool:
    """Whether a team is there at all, with a channel and enough people in it."""
    if team.ended_at is not None or team.channel_id is None:
        return False
    return teams.number_of_members(session, team.id, now) >= FEWEST


def ask_on(session: Session, legs: Sequence[HeldLeg], closing_on: date) -> None:
    """Say when the teams are asked for a commitment, and how it goes with it: each at its own hour."""
    for leg in legs:
        days = days_of(team_of(session, leg))
        due_at = {weeks: open_on(days, closing_on + timedelta(weeks=weeks)) for weeks in QUESTIONS}
        relays.ask_at(session, leg.id, due_at)


def challenge_of_relay(session: Session, leg: HeldLeg) -> Challenge:
    return challenge_kept(session, leg.document_id)


def team_of(session: Session, leg: HeldLeg) -> Team:
    return teams.find(session, leg.organisation_id, leg.team_id)


def _without_words(session: Session, leg: HeldLeg, now: datetime) -> None:
    end_round(session, leg, Ending.NOT_MADE, now)
    if _next(session, leg, now):
        relay_news.tell(session, leg.id, team_of(session, leg), News.PASSED_ON, now)


def _next(session: Session, leg: HeldLeg, now: datetime) -> bool:
    """Let the next team that can run begin. False: there is none, and the relay closes."""
    relays.start(session, leg.relay_id)
    for one in relay_legs.waiting(session, leg.relay_id):
        if _begin(session, leg, one, now):
            return True
        relay_legs.skip(session, one.id, now)
    _close(session, leg, now)
    return False


def _begin(session: Session, before: HeldLeg, leg: WaitingLeg, now: datetime) -> bool:
    team = teams.find(session, before.organisation_id, leg.team_id)
    if not can_run(session, team, now):
        return False
    days = days_of(team)
    try:
        timeline = lay_out_next(challenge_of_relay(session, before), leg.planned_on, days, now)
    except TooFewDays:
        return False
    relay_legs.begin(session, leg.id, now, remind_at=reminding(days, timeline.starts_on))
    relay_news.tell(session, leg.id, team, News.ARRIVED, now)
    if (begun := relay_legs.held_leg(session, leg.id)) is not None:
        begin_round(session, begun, now)
    return True


def _close(session: Session, last: HeldLeg, now: datetime) -> None:
    team = team_of(session, last)
    closing_on = last.closing_on
    if closing_on is None or closing_on <= local_day(now, team.zone):
        closing_on = local_day(days_later(days_of(team), now, CLOSING_DAYS), team.zone)
    relays.close(session, last.relay_id, closing_on)
    legs = relay_legs.held_legs(session, last.organisation_id, last.relay_id)
    ask_on(session, legs, closing_on)
    for leg in legs:
        team = team_of(session, leg)
        if leg.id == last.id or relay_news.hears_before(team, closing_on, now):
            relay_news.tell(session, leg.id, team, News.LAST, now)
