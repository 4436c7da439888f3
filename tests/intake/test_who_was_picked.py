"""A form in which people were picked: the platform is asked who they are, and whoever waits does not wait long."""

import asyncio

import pytest

from bot.conversation.events import Profile, Submitted
from bot.conversation.shows import Refuse
from bot.conversation.texts import Words
from bot.intake import Intake
from storage.database import Store
from tests.intake.test_intake import (
    COORDINATOR,
    NOW,
    Desk,
    PaperPlatform,
    desk,
    intake,
    open_intake,
    paper,
    rows,
    store,
    wrote,
)

__all__ = ["desk", "intake", "open_intake", "paper", "store"]


@pytest.mark.parametrize(("person", "zone"), [(COORDINATOR, "Europe/Oslo"), ("U03", None)])
async def test_the_platform_is_asked_about_people_whom_a_coordinator_picked_and_nobody_else(
    intake: Intake, desk: Desk, person: str, zone: str | None
) -> None:
    form = Submitted(
        key="f", platform="paper", workspace="T1", person=person, at=NOW, form="x", about="",
        values={"people": ("U02",)}, profiles={"people": (Profile(external_id="U02", zone=None, language=None),)},
    )  # fmt: skip
    await intake.handle_at_once(form)
    told = desk.events[0]
    assert isinstance(told, Submitted)
    assert [profile.zone for profile in told.profiles["people"]] == [zone]


async def test_a_form_does_not_wait_long_for_who_was_picked_and_can_be_sent_again(
    intake: Intake, store: Store, desk: Desk, paper: PaperPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handling.PICKED_SECONDS", 0.05)
    answers = paper.profiles

    async def never(workspace: str, external_ids: list[str]) -> list[Profile]:
        await asyncio.Event().wait()
        return []

    form = Submitted(
        key="f", platform="paper", workspace="T1", person="U01", at=NOW, form="x", about="",
        values={"cue": "y"}, profiles={"people": (Profile(external_id="U02", zone=None, language=None),)},
    )  # fmt: skip
    paper.profiles = never  # type: ignore[method-assign]
    refused = await asyncio.wait_for(intake.handle_at_once(form), 2)
    assert refused == [Refuse({"": Words("sv")("intake.try_again")})]
    assert rows(store) == []
    paper.profiles = answers  # type: ignore[method-assign]
    await intake.handle_at_once(form)
    assert desk.seen == ["f"]


async def test_of_a_form_that_was_refused_nothing_is_asked_when_its_turn_comes(
    intake: Intake, desk: Desk, paper: PaperPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.TURN_COMES_WITHIN_SECONDS", 0.1)
    monkeypatch.setattr("bot.intake.WAITS", (0.3, 0.3, 0.3, 0.3))
    asked: list[list[str]] = []

    async def answer(workspace: str, external_ids: list[str]) -> list[Profile]:
        asked.append(external_ids)
        return []

    paper.profiles = answer  # type: ignore[method-assign]
    desk.faults["1"] = 2
    await intake.keep(wrote("Först", key="1", person=COORDINATOR))
    form = Submitted(
        key="f", platform="paper", workspace="T1", person=COORDINATOR, at=NOW, form="x", about="",
        values={"people": ("U02",)}, profiles={"people": (Profile(external_id="U02", zone=None, language=None),)},
    )  # fmt: skip
    assert await intake.handle_at_once(form) == [Refuse({"": Words("sv")("intake.try_again")})]
    await intake.finish()
    assert (desk.seen, asked) == (["Först"], [])
