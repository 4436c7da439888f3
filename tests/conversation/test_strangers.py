"""Whose events we answer: those of our own workspace, and no others."""

from dataclasses import replace

import pytest

from bot.conversation.events import Profile
from storage import people
from storage.tables.people import Person, Workspace
from tests.conversation.builders import Town, press


def test_nothing_of_another_workspace_is_kept_and_nothing_said(town: Town) -> None:
    foreign = replace(press("welcome.start"), workspace="T2", person="U1")
    profile = Profile(external_id="U1", zone=None, language="sv")
    before = len(town.rows(Person))
    assert town.happens(foreign, profile=profile) == []
    assert len(town.rows(Person)) == before
    assert len(town.rows(Workspace)) == 1


@pytest.mark.parametrize(
    ("zone", "is_one"),
    [("Europe/Stockholm", True), ("UTC", True), ("Factory", False), ("localtime", False), ("Nowhere/City", False)],
)
def test_a_zone_is_a_places(zone: str, is_one: bool) -> None:
    assert people.is_zone(zone) is is_one
