"""The parts of one process share what they know of the database they work with."""

import asyncio
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.serving import Service
from bot.settings import Settings
from scheduler.clock import SystemClock
from storage import schema


async def test_planning_sending_and_handling_look_together_whether_the_schema_is_still_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    is_ours = schema.is_ours

    def counted(session: Session) -> bool:
        nonlocal looks
        looks += 1
        return is_ours(session)

    monkeypatch.setattr(schema, "is_ours", counted)
    nobody = "http://127.0.0.1:9/"
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path}/knuff.db", "ORGANISATION": "Älvsunda kommun", "PORT": "0",
        "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret", "SLACK_API_URL": nobody,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"KNUFF_{name}", value)
    service = Service(Settings(), clock=SystemClock())
    await service.start()
    connected = asyncio.Event()
    connected.set()
    try:
        await service._work(connected)
        assert service._metronome is not None
        assert service._dispatcher is not None
        assert await service._dispatcher.look() > 0
        await service._metronome.tick()
        assert not await service.intake._belongs_to_another_knuff()
    finally:
        await service.stop()
    assert looks == 1
