"""Events from platforms: kept before they are acknowledged, handled once and in order for each person, then shown.

An event that cannot be handled is tried again a few times and then set aside with the class of its error; it holds
up nobody else. While the database is away nothing counts as a try.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import monotonic

import structlog

from bot import kept_events
from bot.conversation.composing import note_card
from bot.conversation.events import AnyEvent, Pressed, Submitted
from bot.conversation.nameless import is_nameless, language_of, without_author
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show
from bot.conversation.texts import Words
from bot.handling import Handling
from bot.keeping import Keeping
from bot.logs import where
from bot.receiving import THE_FORM, nobody_asks
from bot.showing import Showing
from bot.turns import Turns
from scheduler.clock import Clock
from scheduler.generation import Generation
from storage import inbox
from storage.database import Store

MOST_TRIES = 5
WAITS = (0.1, 0.5, 2.0, 5.0)
"""Seconds between the tries."""
SWEEP_SECONDS = 30.0
"""An event that has waited since the last look, and that we have not, was kept by a process that is no more (or one
that is far behind, which is glad of help)."""
LOOKS_AGAIN_SECONDS = (0.02, 0.05, 0.1, 0.25, 0.5)
"""How long an event rests that is behind one of another process. Usually that is done in a moment."""
LEFT_BEHIND_SECONDS = 5.0
"""After so long we take up what it is behind of ourselves."""
LEFT_BEHIND_OF_A_FORM_SECONDS = 0.3
TURN_COMES_WITHIN_SECONDS = 2.0
"""Platforms wait for three. A form whose turn has not come by then is refused, and stays open."""
TURN_COMES_ON_PAGE_SECONDS = 10.0
FORM_IS_OPEN = timedelta(seconds=10)
"""So long whoever sent a form may wait for what the process that has it answers: no other takes it up."""
DATABASE_RESTS_SECONDS = 2.0
"""When the database is away we try one event now and then, not all that wait."""
MOST_AT_HAND = 2_000
"""So many events a process has in memory before it takes up more of what others have left: hundreds of thousands may
wait when Knuff has been down."""
ROOM_IN_SECONDS = 0.1
HANDLED_SIDE_BY_SIDE = 16
"""They share a commit on SQLite, where each still lets whoever waits to be acknowledged go first."""
SHOWN_SIDE_BY_SIDE = 100
"""Showing waits for the platform and for its limits, so many may wait at once."""
log = structlog.get_logger()


class LeftToAnotherKnuff(Exception):
    """The database has been upgraded under us: nothing is handled here any more."""


@dataclass(kw_only=True, slots=True, eq=False)
class Job:
    """An event in its turn. `answer` is set while somebody waits for what it shows. This is try number `tries`."""

    event_id: int
    event: AnyEvent
    answer: "asyncio.Future[list[Show] | None] | None" = None
    tries: int = 1
    is_being_handled: bool = False
    behind_since: float | None = None
    """Since when it has been behind what another process has."""
    looks: int = 0


class Intake:
    def __init__(
        self,
        *,
        store: Store,
        handling: Handling,
        showing: Showing,
        clock: Clock,
        generation: Generation | None = None,
    ) -> None:
        """`generation`: that of the process, where others look at it too."""
        self._store = store
        self._handling = handling
        self._showing = showing
        self._clock = clock
        self._keeping = Keeping(store)
        self._generation = generation or Generation()
        self._handled = Turns(side_by_side=HANDLED_SIDE_BY_SIDE, give_way=self._keeping.give_way)
        self._shown = Turns(side_by_side=SHOWN_SIDE_BY_SIDE)
        self._mine: set[int] = set()
        self._database_rests_until = float("-inf")
        self._is_left_to_another_knuff = False

    async def keep(self, event: AnyEvent) -> bool:
        """Keep the event for its turn and return after the commit. False: seen before, nothing to do."""
        if is_nameless(event):
            return False  # there is nothing to do that nobody waits for, and it is not to be kept
        event_id = await self._keeping.keep(event)
        if event_id is None:
            return False
        self._queue(Job(event_id=event_id, event=event))
        return True

    async def handle_at_once(self, event: AnyEvent, *, kept: Callable[[], None] = nobody_asks) -> list[Show] | None:
        """Keep the event, call `kept`, and return what its handling shows, for the caller to show.

        None: seen before, or kept to be handled later. A form that cannot be handled, or whose turn does not come in
        time, is refused as a whole instead, and not kept: whoever sent it is still there and can send it again. Nor is
        anything kept of what is to reach nobody with its author.
        """
        if is_nameless(event):
            return await self._answered_without_author(event)
        event_id = await self._keeping.keep(event)
        kept()
        if event_id is None:
            return None
        answer: asyncio.Future[list[Show] | None] = asyncio.get_running_loop().create_future()
        job = Job(event_id=event_id, event=event, answer=answer)
        self._queue(job)
        await asyncio.wait([answer], timeout=_turn_comes_within(event))
        while not answer.done():
            if not job.is_being_handled:
                return await self._not_in_time(job, answer)
            await asyncio.wait([answer], timeout=LOOKS_AGAIN_SECONDS[0])
        return answer.result()

    async def _answered_without_author(self, event: Pressed | Submitted) -> list[Show]:
        """Return what an anonymous form shows, handled in a unit of work of its own, in nobody's turn."""
        nobodys = without_author(event)
        try:
            async with asyncio.timeout(TURN_COMES_WITHIN_SECONDS):
                if await self._belongs_to_another_knuff():
                    raise LeftToAnotherKnuff
                return await self._handling.handle_nameless(nobodys)
        except Exception as error:  # the boundary of one form: whoever sent it can send it again
            log.warning("nameless_not_handled", error=where(error))
            if isinstance(event, Pressed):
                raise
        return [Refuse({THE_FORM: Words(language_of(nobodys))("intake.try_again")})]

    def show(self, event: AnyEvent, shows: list[Show]) -> None:
        """Carry out what was decided, after what the person was to be shown before, without waiting for it.

        A form can be opened for seconds only: it waits for nobody's cards.
        """
        forms: list[Show] = [show for show in shows if isinstance(show, OpenForm)]
        if forms:
            self._shown.queue(f"{_whose(event)} form", partial(self._showing.carry_out, event, forms), urgent=True)
        rest: list[Show] = [show for show in shows if not isinstance(show, OpenForm)]
        if rest:
            self._shown.queue(_whose(event), partial(self._showing.carry_out, event, rest))

    async def run(self) -> None:
        """Take up what an earlier process left, then look for what others leave behind, until cancelled."""
        seen = await self._looked(None)
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            seen = await self._looked(seen)

    async def finish(self, seconds: float = 5.0) -> None:
        """Let what has begun come to its end. What has not is taken up at the next start, or by whoever has upgraded
        the database under us."""
        await self._handled.finish(seconds, also_what_rests=lambda: not self._is_left_to_another_knuff)
        await self._shown.finish(seconds)

    async def _looked(self, seen: int | None) -> int | None:
        """Take up what had been kept when we looked last, or at the first look everything. Return what to begin from at
        the next."""
        try:
            newest = await self._store.read(inbox.newest)
            await self._take_up(up_to=newest if seen is None else seen)
        except Exception as error:  # the boundary of one look: the next one may fare better
            log.error("inbox_sweep_failed", error=where(error))
            return seen
        return newest

    async def _take_up(self, *, up_to: int) -> None:
        after = 0
        while kept := await self._store.read(partial(inbox.unhandled, up_to=up_to, after=after)):
            after = kept[-1].id
            for one in kept:
                while len(self._mine) >= MOST_AT_HAND:  # noqa: ASYNC110 - nobody says that there is room
                    await asyncio.sleep(ROOM_IN_SECONDS)
                await self._take(one)

    async def _take(self, kept: inbox.KeptEvent, *, counts: bool = True) -> None:
        """`counts`: what cannot be read has been tried once more. Only the slow looks count: whoever has a form waits
        looks several times a second, and whoever can read it must have time to."""
        if kept.id in self._mine:
            return
        try:
            event = kept_events.from_json(kept.body)
        except ValueError as error:  # a newer Knuff may have kept it, and may be about to handle it
            if counts:
                await self._count(kept.id, error, is_last=kept.tries + 1 >= MOST_TRIES)
            return
        if isinstance(event, Submitted) and abs(self._clock.now() - event.at) < FORM_IS_OPEN:
            return
        self._queue(Job(event_id=kept.id, event=event, tries=kept.tries + 1))

    def _queue(self, job: Job) -> None:
        self._mine.add(job.event_id)
        work = partial(self._work, job)
        self._handled.queue(_whose(job.event), work, place=job.event_id, urgent=job.answer is not None)

    async def _work(self, job: Job) -> float | None:
        """Handle the event. Return after how many seconds to try again, or None when there is nothing more to do."""
        if job.event_id not in self._mine:
            return None  # a form that was refused before its turn came
        rest = self._database_rests_until - monotonic()
        if rest > 0 and job.answer is None:
            return rest
        if await self._belongs_to_another_knuff():
            return DATABASE_RESTS_SECONDS
        job.is_being_handled = True
        again: float | None = None
        try:
            shows = await self._handling.handle(
                job.event_id, job.event, patient=job.answer is None, is_last_try=job.tries >= MOST_TRIES
            )
        except inbox.NotItsTurn:
            again = await self._behind_another(job)
        except Exception as error:  # the boundary of one event: counted, tried again, set aside at last
            log.warning("event_failed", event_id=job.event_id, error=where(error), tries=job.tries)
            again = await self._after_failure(job, error)
        else:
            self._done(job, shows)
        finally:
            job.is_being_handled = False
        return again

    async def _belongs_to_another_knuff(self) -> bool:
        """Whether the database has been upgraded under us: then whoever did that handles what is kept."""
        try:
            self._is_left_to_another_knuff = not await self._generation.is_ours(self._store)
        except Exception:  # the database is away: handling finds that out too, and does what is to be done
            return False
        return self._is_left_to_another_knuff

    async def _not_in_time(self, job: Job, answer: "asyncio.Future[list[Show] | None]") -> list[Show] | None:
        """Return what to answer when the turn of an event that somebody waits for has not come: a form is refused and
        forgotten, unless it is handled in this very moment. Anything else keeps its place and is shown in the chat."""
        if not isinstance(job.event, Submitted):
            self._answer_later(job)
            return None
        log.warning("form_not_in_its_turn", event_id=job.event_id)
        return await self._refused(job) or await answer

    async def _refused(self, job: Job) -> list[Show] | None:
        """Take a form back and return what to say. None: it has been handled."""
        words = await self._handling.words_for(job.event)
        if not await self._store.write(partial(inbox.take_back, event_id=job.event_id)):
            return None
        self._mine.discard(job.event_id)
        return [Refuse({THE_FORM: words("intake.try_again")})]

    async def _behind_another(self, job: Job) -> float:
        """What the person did earlier is with another process: return when to look again. If that process is no more,
        take it up ourselves."""
        now = monotonic()
        patience = LEFT_BEHIND_SECONDS if job.answer is None else LEFT_BEHIND_OF_A_FORM_SECONDS
        if job.behind_since is None:
            job.behind_since = now
        elif now - job.behind_since >= patience:
            job.behind_since = now
            try:
                for one in await self._store.read(partial(inbox.before, event_id=job.event_id)):
                    await self._take(one, counts=False)
            except Exception as error:  # the boundary of one look: the next one may fare better
                log.error("inbox_sweep_failed", error=where(error))
        job.looks += 1
        return LOOKS_AGAIN_SECONDS[min(job.looks, len(LOOKS_AGAIN_SECONDS)) - 1]

    async def _after_failure(self, job: Job, error: Exception) -> float | None:
        """Return after how many seconds to try again, or None when the event is set aside or refused."""
        is_last = job.tries >= MOST_TRIES
        try:
            if job.answer is not None and isinstance(job.event, Submitted):
                self._done(job, await self._refused(job))
                return None
            tries = await self._count(job.event_id, error, is_last=is_last)
            if tries is None:  # another process has handled it, or set it aside
                self._done(job, None)
                return None
            if is_last:
                words = await self._handling.words_for(job.event)
                self._done(job, [Say(note_card(words("intake.set_aside")))] if job.event.person else None)
                return None
        except Exception as failure:  # the database itself is away: the event stays where it is
            log.error("event_not_counted", event_id=job.event_id, error=where(failure))
            self._database_rests_until = monotonic() + DATABASE_RESTS_SECONDS
            self._answer_later(job)
            return DATABASE_RESTS_SECONDS
        self._answer_later(job)
        job.tries = max(job.tries, tries) + 1
        return WAITS[min(tries, len(WAITS)) - 1]

    def _answer_later(self, job: Job) -> None:
        """Let go whoever waits: what the event shows is shown in the chat."""
        if job.answer is not None and not job.answer.done():
            job.answer.set_result(None)
        job.answer = None

    def _done(self, job: Job, shows: list[Show] | None) -> None:
        self._mine.discard(job.event_id)
        if job.answer is not None:
            if not job.answer.done():
                job.answer.set_result(shows)
        elif shows:
            self.show(job.event, _in_chat(job.event, shows))

    async def _count(self, event_id: int, error: Exception, *, is_last: bool) -> int | None:
        """Count a failed try, and set the event aside after the last. Return how many there have been; None when the
        event does not wait any more."""
        name, now = type(error).__name__, self._clock.now()
        tries = await self._store.write(partial(inbox.failed, event_id=event_id, error=name, is_last=is_last, now=now))
        if is_last and tries is not None:
            log.error("event_set_aside", event_id=event_id, error=name)
        return tries


def _whose(event: AnyEvent) -> str:
    return f"{event.platform} {event.workspace} {event.person}"


def _turn_comes_within(event: AnyEvent) -> float:
    return TURN_COMES_ON_PAGE_SECONDS if event.on_page else TURN_COMES_WITHIN_SECONDS


def _in_chat(event: AnyEvent, shows: list[Show]) -> list[Show]:
    """Return what may be shown in the chat of what nobody waits for any more."""
    return [show for show in shows if isinstance(show, Replace)] if event.on_page else shows
