"""Many people who begin on the same Monday, put into an empty database by the house's own functions."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.conversation.cohort_choices import CohortChoices, Member
from bot.conversation.enrolling import start_cohort
from lessons.library import load_library
from storage import people, workspaces
from storage.database import open_store, upgrade
from storage.tables.programmes import CatchUp, LateJoiners, Role
from tests.journeys.platforms import SLACK, Platform

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SUNDAY_EVENING = datetime(2026, 3, 1, 20, 0, tzinfo=STOCKHOLM)
"""There is no humane hour between this and Monday's slot: the welcome rides on the first nudge."""
MONDAY = date(2026, 3, 2)
SLOT = "08:15"
MONDAYS_SLOT = datetime(2026, 3, 2, 8, 15, tzinfo=STOCKHOLM)


def a_cohort_of(
    external_ids: Sequence[str],
    *,
    database_url: str,
    now: datetime = SUNDAY_EVENING,
    starts_on: date = MONDAY,
    platform: Platform = SLACK,
) -> None:
    """Bring the database to its newest schema and enrol everybody, all in Stockholm at a quarter past eight."""
    document = load_library().document("eight-weeks")
    choices = CohortChoices(
        name="Ledare i Älvsunda",
        programme_id="eight-weeks",
        starts_on=starts_on,
        slot=SLOT,
        window_minutes=60,
        late_hours=4,
        catch_up=CatchUp.LATEST_ONLY,
        late_joiners=LateJoiners.JOIN_COHORT,
        role=Role.MANAGER,
        closed=(),
        flags=("eves", "half_eves", "christmas_week"),
        members=tuple(Member(external_id=one, zone="Europe/Stockholm", language="sv") for one in external_ids),
    )

    def begin(session: Session) -> None:
        workspace = workspaces.connected(
            session,
            platform=platform.name,
            external_id=platform.workspace,
            organisation_name="Älvsunda kommun",
            now=now,
        )
        coordinator = people.person_met(
            session,
            workspace=workspace,
            external_id=platform.coordinator,
            zone="Europe/Stockholm",
            language="sv",
            now=now,
        )
        start_cohort(session, workspace=workspace, coordinator=coordinator, choices=choices, document=document, now=now)

    upgrade(database_url)
    store = open_store(database_url)
    try:
        store.write_now(begin)
    finally:
        store.close()
