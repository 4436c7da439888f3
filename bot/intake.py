"""Events from platforms: kept before they are acknowledged, handled once and in order for each person, then shown.

An event that cannot be handled is tried again a few times and then set aside with the class of its error; it holds
up nobody else.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import structlog

from bot import kept_events
from bot.conversation.composing import note_card
from bot.conversation.events import AnyEvent, Submitted
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.handling import Handling
from bot.keeping import Keeping
from bot.logs import where
from bot.receiving import THE_FORM, nobody_asks
from bot.showing import Showing
from bot.turns import Turns
from scheduler.clock import Clock
from storage import inbox
from storage.database import Store

MOST_TRIES = 5
WAITS = (0.1, 0.5, 2.0, 5.0)
"""Seconds between the tries."""
LEFT_BEHIND = timedelta(minutes=2)
"""Events that wait this long were kept by a process that is no more."""
SWEEP_SECONDS = 30.0
HANDLED_SIDE_BY_SIDE = 16
"""They share a commit on SQLite, where each still lets whoever waits to be acknowledged go first."""
SHOWN_SIDE_BY_SIDE = 100
"""Showing waits for the platform and for its limits, so many may wait at once."""
log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """An event in its turn. `answer` is set when somebody waits for what it shows. This is try number `tries`."""

    event_id: int
    event: AnyEvent
    answer: "asyncio.Future[list[Show] | None] | None" = None
    tries: int = 1


class Intake:
    def __init__(self, *, store: Store, handling: Handling, showing: Showing, clock: Clock) -> None:
        self._store = store
        self._handling = handling
        self._showing = showing
        self._clock = clock
        self._keeping = Keeping(store)
        self._handled = Turns(side_by_side=HANDLED_SIDE_BY_SIDE, give_way=self._keeping.give_way)
        self._shown = Turns(side_by_side=SHOWN_SIDE_BY_SIDE)
        self._mine: set[int] = set()

    async def keep(self, event: AnyEvent) -> bool:
        """Keep the event for its turn and return after the commit. False: seen before, nothing to do."""
        event_id = await self._keeping.keep(event)
        if event_id is None:
            return False
        self._queue(Job(event_id=event_id, event=event))
        return True

    async def handle_at_once(self, event: AnyEvent, *, kept: Callable[[], None] = nobody_asks) -> list[Show] | None:
        """Keep the event, call `kept`, and return what its handling shows, for the caller to show.

        None: seen before, or kept to be tried again. A form that cannot be handled is refused as a whole instead, and
        not kept: whoever sent it is still there and can send it again.
        """
        event_id = await self._keeping.keep(event)
        kept()
        if event_id is None:
            return None
        answer: asyncio.Future[list[Show] | None] = asyncio.get_running_loop().create_future()
        self._queue(Job(event_id=event_id, event=event, answer=answer))
        return await answer

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
        await self._take_up(older_than=timedelta(0))
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self._take_up(older_than=LEFT_BEHIND)
            except Exception as error:  # the boundary of one sweep: the next one may fare better
                log.error("inbox_sweep_failed", error=where(error))

    async def finish(self, seconds: float = 5.0) -> None:
        """Let what has begun come to its end. What has not is taken up at the next start."""
        await self._handled.finish(seconds)
        await self._shown.finish(seconds)

    async def _take_up(self, *, older_than: timedelta) -> None:
        before, after = self._clock.now() - older_than, 0
        while kept := await self._store.read(partial(inbox.unhandled, kept_before=before, after=after)):
            after = kept[-1].id
            for one in kept:
                if one.id not in self._mine:
                    await self._take(one)

    async def _take(self, kept: inbox.KeptEvent) -> None:
        try:
            event = kept_events.from_json(kept.body)
        except ValueError as error:
            await self._count(kept.id, error, most_tries=0)
            return
        self._queue(Job(event_id=kept.id, event=event, tries=kept.tries + 1))

    def _queue(self, job: Job) -> None:
        self._mine.add(job.event_id)
        self._handled.queue(_whose(job.event), partial(self._work, job), urgent=job.answer is not None)

    async def _work(self, job: Job) -> None:
        shows: list[Show] | None = None
        try:
            shows = await self._handling.handle(
                job.event_id, job.event, patient=job.answer is None, is_last_try=job.tries >= MOST_TRIES
            )
            self._mine.discard(job.event_id)
        except Exception as error:  # the boundary of one event: counted, tried again, set aside at last
            log.warning("event_failed", event_id=job.event_id, error=where(error), tries=job.tries)
            shows = await self._after_failure(job, error)
        finally:
            if job.answer is not None and not job.answer.done():
                job.answer.set_result(shows)
        if job.answer is None and shows:
            self.show(job.event, shows)

    async def _after_failure(self, job: Job, error: Exception) -> list[Show] | None:
        """Return what to say to the person, or None while the event is to be tried again."""
        try:
            if job.answer is not None and isinstance(job.event, Submitted):
                await self._store.write(partial(inbox.withdraw, event_id=job.event_id))
                self._mine.discard(job.event_id)
                return [Refuse({THE_FORM: (await self._handling.words_for(job.event))("intake.try_again")})]
            if await self._count(job.event_id, error, most_tries=MOST_TRIES):
                self._mine.discard(job.event_id)
                words = await self._handling.words_for(job.event)
                return [Say(note_card(words("intake.set_aside")))] if job.event.person else None
        except Exception as failure:  # the database itself is away: the event stays where it is
            log.error("event_not_counted", event_id=job.event_id, error=where(failure))
        if job.tries >= MOST_TRIES:
            self._mine.discard(job.event_id)  # the next sweep takes it up
            return None
        again = partial(self._work, replace(job, answer=None, tries=job.tries + 1))
        self._handled.queue_later(_whose(job.event), again, after=self._clock.sleep(WAITS[job.tries - 1]))
        return None

    async def _count(self, event_id: int, error: Exception, *, most_tries: int) -> bool:
        """Count a failed try and return whether it was the last, and the event set aside."""
        name, now = type(error).__name__, self._clock.now()
        aside = await self._store.write(
            partial(inbox.failed, event_id=event_id, error=name, most_tries=most_tries, now=now)
        )
        if aside:
            log.error("event_set_aside", event_id=event_id, error=name)
        return aside


def _whose(event: AnyEvent) -> str:
    return f"{event.platform} {event.workspace} {event.person}"
