"""The planner's part for relays: what nobody presses a button for.

`plan_relays(store, now) -> Planned`, at every tick, after `plan_rounds`: a leg is over when its round is. Any number of
processes may call it: each thing is marked, by a conditional update, in the unit of work that does it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from scheduler import relay_closing_day, relay_moves, relay_news, relay_passing
from scheduler.at_work import AtWork
from scheduler.planner import Planned, never
from scheduler.relay_timeline import PATIENCE_DAYS, days_later, tellable
from scheduler.round_changes import days_of
from scheduler.setbacks import Setbacks
from storage import batons, relay_commitments, relay_legs, relays, relays_due, teams
from storage.database import Store
from storage.relay_commitments import CLOSING
from storage.relay_legs import HeldLeg
from storage.relay_news import News
from storage.relays_due import DueLeg, DueQuestion, DueRelay
from storage.tables.relays import RelayEnding
from storage.tables.teams import Team

UNREACHED_DAYS = 5
"""Working days after its last one that a team is waited for which cannot be reached: a week is enough for a workspace
to be connected again, and the others have their days planned. Whoever coordinates may go past it earlier."""


async def plan_relays(
    store: Store, now: datetime, *, setbacks: Setbacks | None = None, ended: Callable[[], bool] = never
) -> Planned:
    """Do everything in relays whose moment has come by `now` (UTC). Safe at any time, twice, from two processes.
    `setbacks` and `ended` are as for `plan_rounds`."""
    due = await store.read(partial(relays_due.due, now=now))
    at_work = AtWork(store, now, Setbacks() if setbacks is None else setbacks, ended)
    await at_work.do(start_relays, due.starts)
    await at_work.do(begin_rounds, due.rounds)
    await at_work.do(stall_legs, due.stalls)
    await at_work.do(wait_for_workspaces, due.unreached)
    await at_work.do(remind_legs, due.reminders)
    await at_work.do(go_on_without, due.passes)
    await at_work.do(ask_teams, due.questions)
    await at_work.do(end_relays, await store.read(relays_due.due_ends))
    with_day = await store.read(partial(relays_due.may_miss_its_day, now=now))
    await at_work.do_each("closing_day", with_day, partial(relay_closing_day.look_at, store, now=now))
    return Planned(promised=at_work.promised, failed=at_work.failed)


def start_relays(session: Session, due: Sequence[DueRelay], now: datetime) -> int:
    for one in due:
        relays.start(session, one.id)
    return 0


def begin_rounds(session: Session, due: Sequence[DueLeg], now: datetime) -> int:
    """Let teams that were busy with another round begin theirs of the relay."""
    for leg in _held(session, due):
        if leg.waits_for_its_team and not _has_begun(session, leg, now):
            relay_passing.pass_on(session, leg, now)  # nobody is to wait for a team that cannot run any more
    return 0


def stall_legs(session: Session, due: Sequence[DueLeg], now: datetime) -> int:
    """Tell teams whose days are over what can still be done, and when it goes on by itself."""
    promised = 0
    for leg in _held(session, due):
        team = _team(session, leg)
        days = days_of(team)
        passes_on_at = days_later(days, tellable(days, now), PATIENCE_DAYS)
        batons.settled(session, leg, now)
        if leg.is_stalled and relay_legs.stall(session, leg.id, now, passes_on_at=passes_on_at):
            promised += relay_news.tell(session, leg.id, team, News.STALLED, now)
    return promised


def wait_for_workspaces(session: Session, due: Sequence[DueLeg], now: datetime) -> int:
    """Let teams whose workspace is disconnected hear that their days are over once they can be reached, and have from
    then on the days that every team has; but let the others not wait for it without end."""
    for leg in _held(session, due):
        team = _team(session, leg)
        days = days_of(team)
        if leg.is_disconnected:
            until = passes_on_at = days_later(days, leg.stalled_at or now, UNREACHED_DAYS)
        else:
            until = tellable(days, now)
            passes_on_at = days_later(days, until, PATIENCE_DAYS)
        if relay_news.put_off(session, leg.id, team, News.STALLED, until):
            relay_legs.wait_until(session, leg.id, passes_on_at)
    return 0


def remind_legs(session: Session, due: Sequence[DueLeg], now: datetime) -> int:
    promised = 0
    for leg in _held(session, due):
        team = _team(session, leg)
        if leg.is_disconnected:
            relays_due.put_off_reminder(session, leg.id, now, days_later(days_of(team), now, 1))
        elif relays_due.mark_reminded(session, leg.id, now):
            promised += relay_news.tell(session, leg.id, team, News.REMINDED, now)
    return promised


def go_on_without(session: Session, due: Sequence[DueLeg], now: datetime) -> int:
    """Let the relay go on past teams that nobody has heard from."""
    return sum(relay_moves.go_on(session, leg.id, now) for leg in due)


def ask_teams(session: Session, due: Sequence[DueQuestion], now: datetime) -> int:
    """Ask for a commitment on the closing day, and weeks later how it goes with it: nothing of who has made none."""
    promised = 0
    for one in due:
        leg = relay_legs.held_leg(session, one.id)
        if leg is None or not relays_due.mark_asked(session, one, now):
            continue
        team = _team(session, leg)
        if one.weeks == CLOSING:
            promised += relay_news.tell(session, leg.id, team, News.CLOSING, now)
        elif relay_commitments.has_committed(session, leg.id):
            promised += relay_news.ask_how_it_goes(session, leg.id, team, one.weeks, now)
    return promised


def end_relays(session: Session, due: Sequence[DueRelay], now: datetime) -> int:
    for one in due:
        relays.end(session, one.id, RelayEnding.FINISHED, now)
    return 0


def _has_begun(session: Session, leg: HeldLeg, now: datetime) -> bool:
    """Let a team begin its round, unless it is busy again. False: it never will."""
    if not relay_passing.can_run(session, _team(session, leg), now):
        return False
    try:
        relay_passing.begin_round(session, leg, now)
    except ValueError:  # its calendar has no days for it any more
        return False
    return True


def _held(session: Session, due: Sequence[DueLeg]) -> list[HeldLeg]:
    return [leg for one in due if (leg := relay_legs.held_leg(session, one.id)) is not None]


def _team(session: Session, leg: HeldLeg) -> Team:
    return teams.find(session, leg.organisation_id, leg.team_id)
