"""A nightly look at who is still there. Whoever has left is stopped before the next send; zone and language follow."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import structlog
from sqlmodel import Session

from bot.conversation.events import Profile
from bot.ports import ChatPlatform
from scheduler.ports import DeliveryError
from storage import people, workspaces
from storage.database import Store

log = structlog.get_logger()

AT_A_TIME = 200


async def look_at_roster(store: Store, platform: ChatPlatform, now: datetime) -> None:
    """Ask the platform about everybody we write to and note what has changed. What can't be asked waits a night; a
    platform that cannot tell is not asked."""
    if not platform.has_roster:
        return
    for workspace_id, external_id in await store.read(partial(workspaces.connected_on, platform=platform.name)):
        ids = await store.read(partial(workspaces.everybody_in, workspace_id=workspace_id))
        for start in range(0, len(ids), AT_A_TIME):
            try:
                profiles = await platform.profiles(external_id, ids[start : start + AT_A_TIME])
            except DeliveryError as error:
                log.warning("roster_not_read", workspace_id=workspace_id, error=error.args[0])
                break
            left = await store.write(partial(note, workspace_id=workspace_id, profiles=profiles, now=now))
            log.info("roster_read", workspace_id=workspace_id, people=len(profiles), left=left)


def note(session: Session, workspace_id: int, profiles: Sequence[Profile], now: datetime) -> int:
    """Note what the profiles say. Return how many have left."""
    by_id = {profile.external_id: profile for profile in profiles}
    for person in workspaces.people_by_id(session, workspace_id, by_id.keys()):
        profile = by_id[person.external_id]
        people.profile_changed(
            session, person, zone=profile.zone, language=profile.language, is_gone=profile.is_gone, now=now
        )
    return sum(1 for profile in profiles if profile.is_gone)
