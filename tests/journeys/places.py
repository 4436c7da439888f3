"""Whoever sits at the page works in Slack or in Teams: who they are there, and where the same things are found."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import pytest
from playwright.async_api import expect

from bot.conversation.texts import Words
from tests.journeys.coordinator import start_a_cohort, start_a_cohort_in_teams
from tests.journeys.hands import Hands, HandsInTeams, wait_for
from tests.journeys.sitting import PATIENCE_MS, Sitting

SHOWN_OF_A_BUTTON = 24
SHOWN_OF_A_TITLE = 16
"""Teams cuts what is longer than a line. So much of it stands there in any case."""


class Place(Sitting):
    name: ClassVar[str]
    coordinator: ClassVar[str]
    coordinator_id: ClassVar[str]
    leaders: ClassVar[Mapping[str, str]]
    """By the language they speak."""
    leader_ids: ClassVar[Mapping[str, str]]

    @property
    @abstractmethod
    def hands(self) -> Hands:
        """Hands on the same people."""

    @abstractmethod
    def start_a_cohort(self) -> None:
        """Through the control API, for the leaders, from the next working day."""

    @abstractmethod
    async def asks_for_cohorts(self) -> None:
        """Come to the coordinator's desk."""

    @abstractmethod
    async def finds_a_welcome(self, words: Words) -> None:
        """See the welcome, in the leader's language."""

    @abstractmethod
    async def goes_home(self) -> None: ...

    @abstractmethod
    async def leaves_home(self) -> None: ...

    @abstractmethod
    async def goes_home_by_keyboard(self) -> None: ...


class InSlack(Place):
    name = "slack"
    coordinator = "Amina Hassan"
    coordinator_id = "U03AMINA"
    leaders: ClassVar = {"sv": "Karin Lindqvist", "en": "Helen Carter"}
    leader_ids: ClassVar = {"sv": "U01KARIN", "en": "U05HELEN"}

    @property
    def hands(self) -> Hands:
        return Hands(self.address)

    def start_a_cohort(self) -> None:
        start_a_cohort(self.hands, list(self.leader_ids.values()))

    async def asks_for_cohorts(self) -> None:
        await self.write("/knuff")

    async def finds_a_welcome(self, words: Words) -> None:
        await self.sees(words("welcome.title"))

    async def goes_home(self) -> None:
        await self.open_tab("home")

    async def leaves_home(self) -> None:
        await self.open_tab("messages")

    async def goes_home_by_keyboard(self) -> None:
        await self.tab_to(self.says("home"), role="a")
        await self.page.keyboard.press("Enter")


class InTeams(Place):
    name = "teams"
    coordinator = "Sofia Lindgren"
    coordinator_id = "0a000001-0000-4000-8000-000000000001"
    leaders: ClassVar = {"sv": "Mats Eriksson", "en": "Emily Turner"}
    leader_ids: ClassVar = {
        "sv": "0a000002-0000-4000-8000-000000000002",
        "en": "0a000004-0000-4000-8000-000000000004",
    }

    @property
    def hands(self) -> HandsInTeams:
        return HandsInTeams(self.address)

    def start_a_cohort(self) -> None:
        start_a_cohort_in_teams(self.hands, list(self.leader_ids.values()))

    async def asks_for_cohorts(self) -> None:
        await self.write({"sv": "omgångar", "en": "cohorts"}[self.language])

    async def finds_a_welcome(self, words: Words) -> None:
        """Teams tells nothing about somebody who has not written yet, so the welcome comes in Swedish first."""
        if words.language != "sv":
            await self.press(Words("sv")("welcome.other_language"))
        await self.sees(words("welcome.title"))

    async def goes_home(self) -> None:
        await self.write({"sv": "hem", "en": "home"}[self.language])

    async def leaves_home(self) -> None:
        """There it is a message like the others."""

    async def goes_home_by_keyboard(self) -> None:
        await self.tab_to(self.says("composer"), role="textarea")
        await self.page.keyboard.type("hem")
        await self.page.keyboard.press("Enter")

    def shown(self, name: str) -> str:
        return name[:SHOWN_OF_A_BUTTON]

    async def sees_title(self, title: str) -> None:
        heading = self.form.get_by_role("heading", level=2)
        await expect(heading).to_have_text(re.compile(f"^{re.escape(title[:SHOWN_OF_A_TITLE])}"), timeout=PATIENCE_MS)


PLACES = pytest.mark.parametrize("place", [InSlack, InTeams], ids=["slack", "teams"])


def monday(sitting: Place) -> None:
    """Wind on to Monday's nudge, with the leaders in a cohort."""
    hands, leader = sitting.hands, sitting.leader_ids["sv"]
    sitting.start_a_cohort()
    hands.post("/clock", {"to_local": "2026-02-27T09:00"})
    wait_for("the welcome", lambda: hands.messages(leader), seconds=20)
    hands.post("/clock", {"to_local": "2026-03-02T08:15"})
    wait_for("Monday's nudge", lambda: len(hands.messages(leader)) > 1, seconds=20)
