"""One event handled: the platform is asked who it is about, then everything is recorded in one unit of work."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.conversation import desk
from bot.conversation.events import AnyEvent, Left, Mentioned, Profile, ProfileChanged, Submitted
from bot.conversation.shows import Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from bot.ports import ChatPlatform
from scheduler.clock import Clock
from scheduler.ports import DeliveryError
from storage import inbox, people
from storage.database import Store
from storage.tables.people import Person, Workspace

HURRY_SECONDS = 1.0
"""A platform gives three seconds for everything; one of them may go to asking who somebody is."""
PICKED_SECONDS = 2.0
"""As much may go to asking about those who were picked in a form: they are many, and the form is all there is to do."""

Handle = Callable[[Session, House, AnyEvent, Profile | None, datetime], list[Show]]
"""The conversation's one door, `desk.handle`."""


NOBODY_MET = (ProfileChanged, Left, Mentioned)
"""Events by which we do not get to know anybody."""


class Stranger(Exception):
    """We have not met whoever the event is from: ask the platform about them, then handle it."""


class Handling:
    def __init__(
        self,
        *,
        store: Store,
        house: House,
        platforms: Mapping[str, ChatPlatform],
        clock: Clock,
        house_on: Mapping[str, House] | None = None,
        handle: Handle = desk.handle,
    ) -> None:
        """`house_on`: by platform, where the house has something else to offer."""
        self._store = store
        self._house = house
        self._house_on = house_on or {}
        self._platforms = platforms
        self._clock = clock
        self._desk = handle

    async def handle(
        self, event_id: int, event: AnyEvent, *, patient: bool, is_last_try: bool = False
    ) -> list[Show] | None:
        """Handle the event and erase its body, both or neither. None: somebody else has.

        In a hurry (not `patient`), somebody without a profile is better than no answer, and on the last try better than
        losing what they wrote: the nightly look at the roster finds out who they are.
        """
        event = await self._with_profiles(event, patient=patient)
        try:
            return await self._record(event_id, event, None, patient=patient)
        except Stranger:
            profile = await self._profile(event, patient=patient, is_needed=patient and not is_last_try)
            return await self._record(event_id, event, profile, patient=patient)

    async def handle_nameless(self, event: AnyEvent) -> list[Show]:
        """Handle an event that knows not who it is from, in a unit of work with nothing else in it."""
        house, now = self._house_on.get(event.platform, self._house), self._clock.now()
        return await self._store.write(lambda session: self._desk(session, house, event, None, now))

    async def words_for(self, event: AnyEvent) -> Words:
        """Return our texts in the person's language."""
        found = await self._find(event)
        return Words(found[1].language if found else people.DEFAULT_LANGUAGE)

    async def _with_profiles(self, event: AnyEvent, *, patient: bool) -> AnyEvent:
        """Say who was picked in a form: the platform knows, and nobody may ask it inside a transaction. Raises
        TimeoutError when that takes too long for a form that waits: what has been learnt by then is remembered, so the
        next try is quick."""
        if not isinstance(event, Submitted) or not event.profiles or not await self._may_pick(event):
            return event
        platform = self._platforms[event.platform]
        async with asyncio.timeout(None if patient else PICKED_SECONDS):
            picked = {
                name: tuple(await platform.profiles(event.workspace, [profile.external_id for profile in profiles]))
                for name, profiles in event.profiles.items()
            }
        return replace(event, profiles=picked)

    async def _may_pick(self, event: Submitted) -> bool:
        """Whether it is a coordinator: nobody else makes us ask the platform about many people at once."""
        if event.person in self._house.coordinators:
            return True
        found = await self._find(event)
        return found is not None and found[1].is_coordinator

    async def _find(self, event: AnyEvent) -> tuple[Workspace, Person] | None:
        return await self._store.read(
            lambda session: people.find(
                session, platform=event.platform, workspace=event.workspace, person=event.person
            )
        )

    async def _record(
        self, event_id: int, event: AnyEvent, profile: Profile | None, *, patient: bool
    ) -> list[Show] | None:
        """Handle the event in one unit of work. Raises Stranger, having done nothing, where a profile is needed."""
        now = self._clock.now()

        def handle(session: Session) -> list[Show] | None:
            settled = inbox.settle(session, event_id, now=now)
            if settled is None:
                return None
            if profile is None and not settled.has_met and event.person and not isinstance(event, NOBODY_MET):
                raise Stranger
            house = self._house_on.get(event.platform, self._house)
            shows = self._desk(session, house, event, profile, now)
            if any(isinstance(show, Refuse) for show in shows):
                inbox.withdraw(session, event_id)  # nothing was recorded, so the same form may be sent again
            return shows

        return await self._store.write(handle, patient=patient)

    async def _profile(self, event: AnyEvent, *, patient: bool, is_needed: bool) -> Profile:
        """Return what the platform knows about whoever the event is from; if that cannot be had and is not needed, what
        the event itself says."""
        if event.profile is not None:
            return event.profile
        nobody = Profile(external_id=event.person, zone=None, language=None)
        try:
            async with asyncio.timeout(None if patient else HURRY_SECONDS):
                return await self._platforms[event.platform].profile(event.workspace, event.person) or nobody
        except (DeliveryError, TimeoutError):
            if is_needed:
                raise
            return nobody
