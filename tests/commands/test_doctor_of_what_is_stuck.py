"""`knuff doctor` finds what is stuck, and calls a fault only what does not go away by starting Knuff."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.doctor_stuck import look_at_what_is_stuck
from bot.commands.findings import Finding
from bot.settings import Settings
from storage.database import open_store, upgrade
from storage.tables.people import Workspace
from tests.scheduler.world import World, at


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    url = f"sqlite:///{tmp_path}/knuff.db"
    monkeypatch.setenv("KNUFF_DATABASE_URL", url)
    upgrade(url)
    store = open_store(url)
    yield World(store)
    store.close()


def found() -> list[Finding]:
    return list(look_at_what_is_stuck(Settings()))


def test_where_nothing_is_stuck_nothing_is_said(world: World) -> None:
    assert found() == []


def test_what_waits_for_knuff_to_run_is_no_fault(world: World) -> None:
    world.promise(world.person(world.cohort()), step=1)
    waiting = next(one for one in found() if "messages waiting: 1" in one.what)
    assert waiting.fault is None
    assert waiting.advice is not None
    assert "`knuff worker`" in waiting.advice


def test_a_workspace_that_does_not_let_us_in_is_a_fault(world: World) -> None:
    world.change(Workspace, 1, disconnected_at=at("2026-03-02 08:15"), disconnected_reason="token_revoked")
    [lost] = found()
    assert "(token_revoked)" in lost.what
    assert lost.fault is not None
    assert "that its secret is valid" in lost.fault


def test_a_database_that_is_not_there_or_empty_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNUFF_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert found() == []
    assert list(tmp_path.iterdir()) == []
