"""The first workspaces of an installation, met by several at once."""

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest
from sqlmodel import select

from storage import workspaces
from storage.database import Store, open_store
from storage.tables.people import Organisation, Workspace
from tests.scheduler.world import at

NOW = at("2026-03-02 12:00")


@pytest.fixture
def stores(database_url: str) -> Iterator[list[Store]]:
    """As many processes."""
    opened = [open_store(database_url) for _ in range(3)]
    yield opened
    for one in opened:
        one.close()


async def test_platforms_that_connect_at_once_belong_to_one_organisation(stores: list[Store]) -> None:
    connected = partial(workspaces.connected, organisation_name="Älvsunda", now=NOW)
    met = [("slack", "T0"), ("teams", "tenant")]
    await asyncio.gather(
        *(
            store.write(partial(connected, platform=platform, external_id=external_id))
            for store in stores
            for platform, external_id in met
        )
    )
    assert len(await stores[0].read(lambda session: session.exec(select(Organisation)).all())) == 1
    assert len(await stores[0].read(lambda session: session.exec(select(Workspace)).all())) == len(met)
