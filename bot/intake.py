"""Events from platforms: kept before they are acknowledged, handled once and in order for each person, then shown.

An event that cannot be handled is tried again a few times and then set aside with the class of its error; it holds up nobody else.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session

from bot import kept_events
from bot.conversation import desk
from bot.conversation.events import AnyEvent, Profile, ProfileChanged, Submitted
from bot.conversation.shows import Refuse, Show
from bot.conversation.visiting import House
from bot.logs import where
from bot.ports import ChatPlatform
from bot.showing import Showing
from bot.turns import Turns
from scheduler.clock import Clock
from scheduler.ports import DeliveryError
from storage import inbox, people
from storage.database import Store

MOST_TRIES = 5
WAITS = (0.1, 0.5, 2.0, 5.0)
"""Seconds between the tries."""
LEFT_BEHIND = timedelta(minutes=2)
"""Events that wait this long were kept by a process that is no more."""
SWEEP_SECONDS = 30.0
KEYS_KEPT = timedelta(days=30)
MOST_KNOWN = 100_000
HANDLED_SIDE_BY_SIDE = 16
SHOWN_SIDE_BY_SIDE = 100
"""Showing waits for the platform and for its limits, so many may wait at once."""
log = structlog.get_logger()

Handle = Callable[[Session, House, AnyEvent, Profile | None, datetime], list[Show]]
"""The conversation's one door, `desk.handle`."""


class Intake:
    def __init__(
        self,
        *,
        store: Store,
        house: House,
        platforms: Mapping[str, ChatPlatform],
        showing: Showing,
        clock: Clock,
        handle: Handle = desk.handle,
    ) -> None:
        self._store = store
        self._house = house
        self._platforms = platforms
        self._showing = showing
        self._clock = clock
        self._desk = handle
        self._handled = Turns(side_by_side=HANDLED_SIDE_BY_SIDE)
        self._shown = Turns(side_by_side=SHOWN_SIDE_BY_SIDE)
        self._known: set[tuple[str, str, str]] = set()
        self._mine: set[int] = set()

    async def keep(self, event: AnyEvent) -> bool:
        """Keep the event for its turn and return after the commit. False: seen before, nothing to do."""
        event_id = await self._store.write(lambda session: _keep(session, event))
        if event_id is None:
            return False
        self._queue(event_id, event)
        return True

    async def handle_at_once(self, event: AnyEvent) -> list[Show] | None:
        """Keep the event and return what its handling shows, for the caller to show. None: seen before, or to be tried again."""
        event_id = await self._store.write(lambda session: _keep(session, event))
        if event_id is None:
            return None
        answer: asyncio.Future[list[Show] | None] = asyncio.get_running_loop().create_future()
        self._queue(event_id, event, answer)
        return await answer

    def show(self, event: AnyEvent, shows: list[Show]) -> None:
        """Carry out what was decided, after what the person was to be shown before, without waiting for it."""
        self._shown.queue(_whose(event), lambda: self._showing.carry_out(event, shows))

    async def run(self) -> None:
        """Take up what an earlier process left, then look for what others leave behind, until cancelled."""
        await self._take_up(older_than=timedelta(0))
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self._take_up(older_than=LEFT_BEHIND)
                before = self._clock.now() - KEYS_KEPT
                await self._store.write(lambda session, before=before: inbox.forget(session, handled_before=before))  # type: ignore[misc]
            except Exception as error:  # the boundary of one sweep: the next one may fare better
                log.error("inbox_sweep_failed", error=type(error).__name__)

    async def finish(self, seconds: float = 5.0) -> None:
        """Let what has begun come to its end. What has not is taken up at the next start."""
        await self._handled.finish(seconds)
        await self._shown.finish(seconds)

    async def _take_up(self, *, older_than: timedelta) -> None:
        before, after = self._clock.now() - older_than, 0
        while True:
            kept = await self._store.read(
                lambda session, after=after: inbox.unhandled(session, kept_before=before, after=after)  # type: ignore[misc]
            )
            for one in kept:
                after = one.id
                if one.id not in self._mine:
                    await self._take(one)
            if not kept:
                return

    async def _take(self, kept: inbox.KeptEvent) -> None:
        try:
            event = kept_events.from_json(kept.body)
        except ValueError as error:
            name = type(error).__name__
            await self._store.write(
                lambda session: inbox.failed(session, kept.id, error=name, most_tries=0, now=self._clock.now())
            )
            log.error("event_set_aside", event_id=kept.id, error=name)
            return
        self._queue(kept.id, event)

    def _queue(self, event_id: int, event: AnyEvent, answer: "asyncio.Future[list[Show] | None] | None" = None) -> None:
        self._mine.add(event_id)
        self._handled.queue(_whose(event), lambda: self._work(event_id, event, answer, tries=1))

    async def _work(
        self, event_id: int, event: AnyEvent, answer: "asyncio.Future[list[Show] | None] | None", *, tries: int
    ) -> None:
        shows: list[Show] | None = None
        try:
            shows = await self._handle(event_id, event, patient=answer is None)
        except Exception as error:  # the boundary of one event: counted, tried again, set aside at last
            if not await self._is_over(event_id, event, error, tries=tries):
                again = partial(self._work, event_id, event, None, tries=tries + 1)
                self._handled.queue_later(_whose(event), again, after=self._clock.sleep(WAITS[tries - 1]))
            else:
                self._mine.discard(event_id)
        else:
            self._mine.discard(event_id)
        finally:
            if answer is not None and not answer.done():
                answer.set_result(shows)
        if answer is None and shows:
            self.show(event, shows)

    async def _is_over(self, event_id: int, event: AnyEvent, error: Exception, *, tries: int) -> bool:
        """Count the failed try and return whether it was the last one."""
        name, now = type(error).__name__, self._clock.now()
        log.warning("event_failed", event_id=event_id, error=where(error), tries=tries)
        try:
            aside = await self._store.write(
                lambda session: inbox.failed(session, event_id, error=name, most_tries=MOST_TRIES, now=now)
            )
        except Exception as failure:  # the database itself is away: the event stays and is taken up later
            log.error("event_not_counted", event_id=event_id, error=type(failure).__name__)
            aside = False
        if aside:
            log.error("event_set_aside", event_id=event_id, error=name)
        return aside or tries >= MOST_TRIES

    async def _handle(self, event_id: int, event: AnyEvent, *, patient: bool) -> list[Show] | None:
        """Handle the event in one unit of work. None: somebody else has."""
        event = await self._with_profiles(event)
        stranger = await self._profile_of_stranger(event, patient=patient)
        now = self._clock.now()

        def handle(session: Session) -> list[Show] | None:
            if not inbox.settle(session, event_id, now=now):
                return None
            shows = self._desk(session, self._house, event, stranger, now)
            if any(isinstance(show, Refuse) for show in shows):
                inbox.withdraw(session, event_id)
            return shows

        return await self._store.write(handle)

    async def _with_profiles(self, event: AnyEvent) -> AnyEvent:
        """Say who was picked in a form: the platform knows, and nobody may ask it inside a transaction."""
        if not isinstance(event, Submitted) or not event.profiles:
            return event
        platform = self._platforms[event.platform]
        picked = {
            name: tuple(await platform.profiles(event.workspace, [profile.external_id for profile in profiles]))
            for name, profiles in event.profiles.items()
        }
        return replace(event, profiles=picked)

    async def _profile_of_stranger(self, event: AnyEvent, *, patient: bool) -> Profile | None:
        """Return the profile of somebody we have not met. In a hurry, somebody without one is better than no answer."""
        who = (event.platform, event.workspace, event.person)
        if who in self._known or not event.person or isinstance(event, ProfileChanged):
            return None
        platform, workspace, person = who
        if await self._store.read(
            lambda session: people.find(session, platform=platform, workspace=workspace, person=person) is not None
        ):
            if len(self._known) < MOST_KNOWN:
                self._known.add(who)
            return None
        nobody = Profile(external_id=person, zone=None, language=None)
        try:
            return await self._platforms[platform].profile(workspace, person) or nobody
        except DeliveryError:
            if patient:
                raise
            return nobody


def _keep(session: Session, event: AnyEvent) -> int | None:
    return inbox.keep(
        session,
        platform=event.platform,
        workspace=event.workspace,
        key=event.key,
        person=event.person,
        body=kept_events.to_json(event),
        at=event.at,
    )


def _whose(event: AnyEvent) -> str:
    return f"{event.platform} {event.workspace} {event.person}"
