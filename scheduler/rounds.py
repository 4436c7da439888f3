"""The planner's part for rounds: what is said, opened, closed and ended when its moment has come.

`plan_rounds(store, now) -> Planned`, at every tick. Any number of processes may call it: a step is marked in the unit
of work that promises for it, and every row is unique besides.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Any

from sqlmodel import Session

from lessons.challenge_steps import Step
from scheduler import pairings, round_news, round_notes
from scheduler.at_work import AtWork, LeftToOthers
from scheduler.calendar import DAY_BEGINS, DAY_ENDS, slot_moment
from scheduler.confirmed import challenge_of
from scheduler.given_back import give_back, is_missed
from scheduler.message_day import DEFAULT_LATE_HOURS
from scheduler.pair_key import PairKey
from scheduler.planner import Planned, never
from scheduler.putting_together import Arranged
from scheduler.setbacks import Setbacks
from scheduler.unheard import may_go_on, unheard
from storage import ballots, relay_legs, relay_reading, round_promising, rounds, rounds_due, waking
from storage.database import Store
from storage.moments import local_day
from storage.places import Moments
from storage.round_progress import Progress, progress, reached
from storage.round_promising import RoundPromise
from storage.rounds import DueRound, DueStep
from storage.rounds_due import StepToPromise
from storage.tables.deliveries import Kind, Priority, Reason
from storage.tables.rounds import AloneTo, Asks, Ending

MOST_A_TICK = 5000
MISSED_AT_ONCE = 20
"""Of what is given back, as `scheduler.at_work.AT_ONCE`: a round is laid out anew by itself, not with all others in one
statement."""
FEWEST = 2
"""A team of one is none."""
LATE = timedelta(hours=DEFAULT_LATE_HOURS)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Due:
    missed: list[StepToPromise]
    """Prompts whose day is over: their rounds wait, before anything else of them is done."""
    prompts: list[StepToPromise]
    pairs: list[StepToPromise]
    """Prompts before which people are put together."""
    missed_pairs: list[StepToPromise]
    """Those of them whose day is over."""
    is_any: bool
    """Whether any of these four is."""
    reminders: list[StepToPromise]
    changes: list[DueStep]
    """Openings and closings."""
    ends: list[DueRound]


async def plan_rounds(
    store: Store,
    now: datetime,
    *,
    setbacks: Setbacks | None = None,
    ended: Callable[[], bool] = never,
    pair_key: PairKey | None = None,
) -> Planned:
    """Do everything in rounds whose moment has come by `now` (UTC). Safe at any time, twice, from two processes.

    `setbacks` is what earlier ticks could not do: given, nothing of it is complained of each time. When it has `ended`
    the rest is left: whoever plans next finds it due. Without a `pair_key` nobody remembers who has met whom.
    """
    setbacks = Setbacks() if setbacks is None else setbacks
    due = await store.read(partial(_due, now=now))
    at_work = AtWork(store, now, setbacks, ended)
    is_prompted = (
        await at_work.do(let_wait, due.missed_pairs, at_once=MISSED_AT_ONCE)
        and await at_work.do(prompt, due.missed, at_once=MISSED_AT_ONCE)
        and await at_work.do(prompt, due.prompts)
    )
    put_together = partial(_put_together, store, now=now, key=pair_key)
    past_hope = [step for step in due.pairs if setbacks.is_past_hope((PAIRS, step.id))]
    if is_prompted:  # whether these still fail says whether their rounds go on
        await at_work.do_each(PAIRS, past_hope, put_together)
    waiting = await unheard(store, TELLING, setbacks, now) if due.is_any else {}
    await at_work.do(remind, may_go_on(due.reminders, waiting))
    await at_work.do(open_and_close, may_go_on(due.changes, waiting))
    await at_work.do(end_rounds, may_go_on(due.ends, waiting))
    if is_prompted:
        await at_work.do_each(PAIRS, [step for step in due.pairs if step not in past_hope], put_together)
    return Planned(promised=at_work.promised, failed=at_work.failed)


def let_wait(session: Session, due: Sequence[StepToPromise], now: datetime) -> int:
    """Let the rounds wait that have missed one of these steps, and promise nothing: what people are put together for
    is begun last of all, and what comes after it must not be said first. Raises LeftToOthers."""
    if not rounds_due.lock_rounds(session):
        raise LeftToOthers
    give_back(session, rounds_due.held_prompts_due(session, [step.id for step in due], now), now)
    return 0


def prompt(session: Session, due: Sequence[StepToPromise], now: datetime, *, arranged: Arranged | None = None) -> int:
    """Promise what begins these steps. A round that has missed one waits, and one that cannot go on ends. Return how
    many promises were new. `arranged`: who meets whom, where that is what begins. Raises LeftToOthers."""
    if not rounds_due.lock_rounds(session):
        raise LeftToOthers
    due = rounds_due.held_prompts_due(session, [step.id for step in due], now)
    due = give_back(session, due, now)
    # An ending is never undone. It closes the step, so that is not marked.
    promised = sum(_end_instead(session, step, now) for step in due)
    marked = set(rounds_due.mark_prompted(session, [step.id for step in due], now))
    if arranged is not None and marked:
        pairings.keep(session, arranged)
    alike = _alike(
        (step for step in due if step.id in marked),
        lambda step: (step.alone_to, step.day, step.due_at, step.zone),
    )
    promised += sum(_prompt_alike(session, steps, now) for steps in alike)
    if promised:
        waking.wake_lanes(session)
    return promised


def remind(session: Session, due: Sequence[StepToPromise], now: datetime) -> int:
    """Remind once of these steps. One that is not in time is left out: nobody was promised it. Raises LeftToOthers."""
    if not rounds_due.lock_rounds(session):
        raise LeftToOthers
    marked = set(rounds_due.mark_reminded(session, [step.id for step in due], now))
    alike = _alike((step for step in due if step.id in marked), lambda step: (step.asks, step.due_at, step.zone))
    promised = sum(_remind_alike(session, steps, now) for steps in alike)
    if promised:
        waking.wake_lanes(session)
    return promised


def open_and_close(session: Session, due: Sequence[DueStep], now: datetime) -> int:
    """Open what was hidden, and take nothing more of what closes: each step only what is due of it."""
    rounds_due.hold_rounds(session, [step.id for step in due])
    promised = 0
    for step in due:
        is_news = rounds.open_step(session, step.id, now)
        if step.asks is Asks.VOTE:
            is_news = ballots.close(session, step.id, now) is not None
        else:
            rounds.close_step(session, step.id, now)
        if is_news:
            promised += round_news.tell_opened(session, step.id, now)
    return promised


def end_rounds(session: Session, due: Sequence[DueRound], now: datetime) -> int:
    promised = 0
    relay_legs.hold_of_rounds(session, [one.id for one in due])  # or a baton is handed over while its leg is looked at
    rounds.hold(session, [one.id for one in due])  # before any message that tells of one of them
    for one in due:
        round_ = rounds.held(session, one.organisation_id, one.id)
        if round_.ends_at > now:  # it has got more time since it was seen to be over
            continue
        found = relay_reading.of_round(session, one.id)
        handed_over = found is not None and found[1].baton is not None  # all that a leg is for
        ending = Ending.FINISHED if handed_over else ending_of(progress(session, round_.id))
        if rounds.end(session, one.id, ending, now):
            if found is None or handed_over:  # of a leg without a baton the relay itself tells
                promised += round_news.tell_ending(session, one.id, now)
            if found is None:  # and asks, weeks after its closing
                promised += round_news.ask_later(session, one.id, ending, now)
            if ending is Ending.NOT_MADE:
                promised += round_notes.tell_ending(session, one.id, now)
    return promised


def ending_of(steps: Sequence[Progress]) -> Ending:
    """Return how a round ends whose last day is over.

    Finished: so many handed in and voted as each step needs, on one of its days at least, and what was asked for last
    has come. What one person was to write on the way, and did not, keeps nobody from finishing.
    """
    asking = [one for one in steps if one.asks is not Asks.NOTHING]
    needed = {one.key for one in asking if one.asks in (Asks.EACH, Asks.ANONYMOUS, Asks.VOTE)}
    needed |= {one.key for one in asking[-1:]}
    return Ending.FINISHED if needed <= reached(asking) else Ending.NOT_MADE


PAIRS = "pairs"
TELLING = (prompt.__name__, let_wait.__name__, PAIRS)
"""All that a step's prompt may fail at, by the names that setbacks know."""


def _due(session: Session, now: datetime) -> _Due:
    prompts = rounds_due.prompts_due(session, now, MOST_A_TICK)
    pairs = [step for step in prompts if pairings.puts_together(step)]
    others = [step for step in prompts if not pairings.puts_together(step)]
    return _Due(
        missed=[step for step in others if is_missed(step, step.zone, now)],
        prompts=[step for step in others if not is_missed(step, step.zone, now)],
        pairs=pairs,
        missed_pairs=[step for step in pairs if is_missed(step, step.zone, now)],
        is_any=bool(prompts),
        reminders=rounds_due.reminders_due(session, now, MOST_A_TICK),
        changes=sorted(
            rounds.due_openings(session, now, MOST_A_TICK) + rounds.due_closings(session, now, MOST_A_TICK),
            key=lambda step: (step.due_at, step.id),
        ),
        ends=rounds.due_ends(session, now, MOST_A_TICK),
    )


async def _put_together(store: Store, step: StepToPromise, *, now: datetime, key: PairKey | None) -> int:
    """Begin a step with who meets whom: worked out first, and kept only if nobody has begun it meanwhile."""
    arranged = await pairings.arranged(store, step, key)
    return await store.write(lambda session: prompt(session, [step], now, arranged=arranged))


def _end_instead(session: Session, step: StepToPromise, now: datetime) -> int:
    ending = _cannot_go_on(session, step, now)
    if ending is None or not rounds.end(session, step.round_id, ending, now):
        return 0
    return round_news.tell_ending(session, step.round_id, now) + round_notes.tell_ending(session, step.round_id, now)


def _cannot_go_on(session: Session, step: StepToPromise, now: datetime) -> Ending | None:
    if not step.has_channel:
        return Ending.CHANNEL_GONE
    if step.members < FEWEST:
        return Ending.TEAM_TOO_SMALL
    needed = {content.key for content in _steps_before(session, step) if content.must}
    if not needed:
        return None
    return None if needed <= reached(progress(session, step.round_id)) else Ending.NOT_MADE


def _alike(steps: Iterable[StepToPromise], what: Callable[[StepToPromise], Any]) -> list[list[StepToPromise]]:
    """Return the steps that are promised together: the same is said at the same moment."""
    alike = defaultdict(list)
    for step in steps:
        alike[what(step)].append(step)
    return list(alike.values())


def _prompt_alike(session: Session, steps: Sequence[StepToPromise], now: datetime) -> int:
    alone_to = steps[0].alone_to
    promise = _promise(Kind.ROUND, steps, steps[0].day, now)
    promised = round_promising.promise(session, promise)
    if alone_to is None:  # only the day's exercise gives way, and claiming sees to that
        return promised
    if promise.falls_away is None:
        round_notes.make_way(session, promise, alone_to)
    people = sum(one.members for one in steps) if alone_to is AloneTo.MEMBERS else len(steps)
    return promised + round_promising.promise(session, replace(promise, people=people), alone_to)


def _remind_alike(session: Session, steps: Sequence[StepToPromise], now: datetime) -> int:
    step = steps[0]
    promise = _promise(Kind.ROUND_REMINDER, steps, local_day(step.due_at, step.zone), now)
    if promise.falls_away is not None:
        return 0
    match step.asks:
        case Asks.TEAM:  # anybody of them: nobody in particular
            waiting = replace(promise, steps=[one.id for one in steps if not one.handed_in])
            return round_promising.promise(session, waiting)
        case Asks.MANDATE:
            to = AloneTo.MANDATE
        case Asks.FACILITATOR:
            to = AloneTo.FACILITATOR
        case _:
            to = AloneTo.MEMBERS
    round_notes.make_way(session, promise, to)
    return round_promising.promise(session, promise, to)


def _promise(kind: Kind, steps: Sequence[StepToPromise], day: date, now: datetime) -> RoundPromise:
    """Return the promise, and why it falls away if Knuff was down too long: another day has its own prompt. Late but on
    its own day and at a humane hour it is sent."""
    due_at, zone = steps[0].due_at, steps[0].zone
    day_ends_at = slot_moment(day, DAY_ENDS, zone)
    late_after = max(due_at, min(due_at + LATE, day_ends_at))
    priority = Priority.TODAY
    falls_away = None
    if now > late_after:
        late_after, priority = max(due_at, day_ends_at), Priority.CATCH_UP
        if not slot_moment(day, DAY_BEGINS, zone) <= now < day_ends_at:
            falls_away = Reason.KNUFF_WAS_DOWN
    moments = Moments(
        due_at=due_at, late_after=late_after, try_at=max(due_at, now.replace(microsecond=0)), priority=priority
    )
    return RoundPromise(kind=kind, steps=[step.id for step in steps], day=day, moments=moments, falls_away=falls_away)


def _steps_before(session: Session, step: StepToPromise) -> Iterable[Step]:
    """Return the steps before this one, as they were confirmed."""
    challenge = challenge_of(session, step.document_id, step.digest)
    return takewhile(lambda one: one.key != step.key, challenge.steps)
