"""A nightly look at who is still there: whoever has left is stopped before the next send."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.conversation.events import Profile
from bot.nightly import at_night
from bot.rehearsal.paper import PaperPlatform
from bot.roster import look_at_roster
from scheduler.ports import Disconnected
from storage.tables.people import Cadence, Workspace
from storage.tables.programmes import CohortDraft
from tests.coordinating.office import SAM, Office, managers, somebody


class Directory(PaperPlatform):
    """A platform that knows some people and says that the rest are gone."""

    name = "slack"

    def __init__(self, *profiles: Profile) -> None:
        self.known = {profile.external_id: profile for profile in profiles}
        self.asked: list[int] = []

    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        self.asked.append(len(external_ids))
        return [self.known.get(one) or somebody(one, gone=True) for one in external_ids]


class Closed(Directory):
    async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
        raise Disconnected("token_revoked")


async def test_whoever_has_left_is_known_to_have_left(office: Office) -> None:
    office.start_cohort(managers(3))
    await look_at_roster(office.store, Directory(*managers(2), somebody(SAM)), office.now)
    assert office.person("U0001").left_at is None
    assert office.person("U0002").left_at == office.now


async def test_a_new_zone_is_followed_unless_the_person_chose_one(office: Office) -> None:
    office.start_cohort(managers(1))
    await look_at_roster(office.store, Directory(somebody(SAM), somebody("U0000", zone="Asia/Tokyo")), office.now)
    zones = {cadence.id: cadence.zone for cadence in office.rows(Cadence)}
    assert zones[office.person("U0000").cadence_id] == "Asia/Tokyo"


async def test_many_people_are_asked_about_some_at_a_time_and_those_who_left_no_more(office: Office) -> None:
    office.start_cohort(managers(450))
    directory = Directory(somebody(SAM))
    await look_at_roster(office.store, directory, office.now)
    assert directory.asked == [200, 200, 51]
    await look_at_roster(office.store, directory, office.now)
    assert directory.asked[3:] == [1]


async def test_a_platform_that_does_not_answer_makes_nobody_leave(office: Office) -> None:
    office.start_cohort(managers(3))
    await look_at_roster(office.store, Closed(), office.now)
    assert office.person("U0000").left_at is None


async def test_a_disconnected_workspace_is_not_asked(office: Office) -> None:
    office.start_cohort(managers(3))
    office.look(lambda session: setattr(session.get_one(Workspace, 1), "disconnected_at", office.now))
    directory = Directory()
    await look_at_roster(office.store, directory, office.now)
    assert directory.asked == []


async def test_where_nobody_can_be_asked_who_is_there_nobody_is(office: Office) -> None:
    class Blind(Directory):
        has_roster = False

    office.start_cohort(managers(3))
    blind = Blind()
    await look_at_roster(office.store, blind, office.now)
    assert blind.asked == []


@pytest.mark.parametrize(("days", "kept"), [(6, 1), (8, 0)])
async def test_a_preview_nobody_confirmed_is_forgotten_after_a_week(office: Office, days: int, kept: int) -> None:
    office.send(office.plan(), profiles={"people": managers(3)})
    await at_night(office.store, {"slack": Directory(somebody(SAM))}, office.now + timedelta(days=days))
    assert len(office.rows(CohortDraft)) == kept


async def test_what_is_old_is_forgotten_though_the_rest_of_the_night_fails(office: Office) -> None:
    class Broken(Directory):
        async def profiles(self, workspace: str, external_ids: Sequence[str]) -> list[Profile]:
            raise RuntimeError("a fault of ours")

    office.send(office.plan(), profiles={"people": managers(3)})
    with pytest.raises(RuntimeError):
        await at_night(office.store, {"slack": Broken()}, office.now + timedelta(days=8))
    assert office.rows(CohortDraft) == []
