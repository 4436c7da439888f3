"""A nightly look at who is still there. Whoever has left is stopped before the next send; zone and language follow."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session, col, select

from bot.conversation.events import Profile
from bot.ports import ChatPlatform
from scheduler.ports import DeliveryError
from storage import cohorts, people
from storage.database import Store
from storage.tables.people import Person, Workspace

log = structlog.get_logger()

AT_A_TIME = 200
DRAFTS_KEPT = timedelta(days=7)
"""A cohort that was previewed and never started: its draft names people."""


async def look_at_roster(store: Store, platform: ChatPlatform, now: datetime) -> None:
    """Ask the platform about everybody we write to and note what has changed. What can't be asked waits a night.

    Drafts that nobody confirmed are thrown away by the way.
    """
    await store.write(lambda session: cohorts.forget_drafts(session, made_before=now - DRAFTS_KEPT))
    for workspace_id, external_id in await store.read(partial(workspaces_of, platform=platform.name)):
        ids = await store.read(partial(people_in, workspace_id=workspace_id))
        for start in range(0, len(ids), AT_A_TIME):
            try:
                profiles = await platform.profiles(external_id, ids[start : start + AT_A_TIME])
            except DeliveryError as error:
                log.warning("roster_not_read", workspace_id=workspace_id, error=error.args[0])
                break
            left = await store.write(partial(note, workspace_id=workspace_id, profiles=profiles, now=now))
            log.info("roster_read", workspace_id=workspace_id, people=len(profiles), left=left)


def workspaces_of(session: Session, platform: str) -> list[tuple[int, str]]:
    """Return id and external id of every connected workspace."""
    rows = session.exec(
        select(Workspace.id, Workspace.external_id).where(
            Workspace.platform == platform, col(Workspace.disconnected_at).is_(None)
        )
    )
    return [(workspace_id, external_id) for workspace_id, external_id in rows]


def people_in(session: Session, workspace_id: int) -> list[str]:
    """Return the external ids of everybody who has not left."""
    return list(
        session.exec(
            select(Person.external_id)
            .where(Person.workspace_id == workspace_id, col(Person.left_at).is_(None))
            .order_by(col(Person.id))
        )
    )


def note(session: Session, workspace_id: int, profiles: Sequence[Profile], now: datetime) -> int:
    """Note what the profiles say. Return how many have left."""
    by_id = {profile.external_id: profile for profile in profiles}
    rows = session.exec(
        select(Person).where(Person.workspace_id == workspace_id, col(Person.external_id).in_(by_id))
    ).all()
    for person in rows:
        profile = by_id[person.external_id]
        people.profile_changed(
            session, person, zone=profile.zone, language=profile.language, is_gone=profile.is_gone, now=now
        )
    return sum(1 for profile in profiles if profile.is_gone)
