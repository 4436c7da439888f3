"""One event handled: the platform is asked who it is about, then everything is recorded in one unit of work."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.conversation import desk
from bot.conversation.events import AnyEvent, Profile, ProfileChanged, Submitted
from bot.conversation.shows import Refuse, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from bot.ports import ChatPlatform
from scheduler.clock import Clock
from scheduler.ports import DeliveryError
from storage import inbox, people
from storage.database import Store

HURRY_SECONDS = 1.0
"""A platform gives three seconds for everything; one of them may go to asking who somebody is."""
MOST_KNOWN = 100_000

Handle = Callable[[Session, House, AnyEvent, Profile | None, datetime], list[Show]]
"""The conversation's one door, `desk.handle`."""


class Handling:
    def __init__(
        self,
        *,
        store: Store,
        house: House,
        platforms: Mapping[str, ChatPlatform],
        clock: Clock,
        handle: Handle = desk.handle,
    ) -> None:
        self._store = store
        self._house = house
        self._platforms = platforms
        self._clock = clock
        self._desk = handle
        self._known: set[tuple[str, str, str]] = set()

    async def handle(self, event_id: int, event: AnyEvent, *, patient: bool) -> list[Show] | None:
        """Handle the event and erase its body, both or neither. None: somebody else has.

        In a hurry (not `patient`), somebody without a profile is better than no answer.
        """
        event = await self._with_profiles(event)
        stranger = await self._profile_of_stranger(event, patient=patient)
        now = self._clock.now()

        def handle(session: Session) -> list[Show] | None:
            if not inbox.settle(session, event_id, now=now):
                return None
            shows = self._desk(session, self._house, event, stranger, now)
            if any(isinstance(show, Refuse) for show in shows):
                inbox.withdraw(session, event_id)  # nothing was recorded, so the same form may be sent again
            return shows

        return await self._store.write(handle)

    async def words_for(self, event: AnyEvent) -> Words:
        """Return our texts in the person's language."""
        found = await self._store.read(
            lambda session: people.find(
                session, platform=event.platform, workspace=event.workspace, person=event.person
            )
        )
        return Words(found[1].language if found else people.DEFAULT_LANGUAGE)

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
        """Return the profile of somebody we have not met, None for an acquaintance."""
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
            async with asyncio.timeout(None if patient else HURRY_SECONDS):
                return await self._platforms[platform].profile(workspace, person) or nobody
        except (DeliveryError, TimeoutError):
            if patient:
                raise
            return nobody
