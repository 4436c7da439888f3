"""A past for a workplace to begin with: people who have gone through some weeks of a programme, in a database of its
own that goes on from there. For the demo, where there must be something to see."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from random import Random

from bot.conversation.events import Profile
from bot.rehearsal.characters import STAYING, Character, draw
from bot.rehearsal.coordinator import Coordinator
from bot.rehearsal.memory import MemoryStore
from bot.rehearsal.place import Place
from bot.rehearsal.rehearsing import only_errors_logged
from bot.rehearsal.simulated import SimulatedPerson
from bot.rehearsal.world import World
from lessons.library import Library
from storage.people import forget_conversations

SEED = 1
AT_HOME = {"Europe/Stockholm": 1}


def live(
    file: Path,
    *,
    place: Place,
    people: Sequence[str],
    programme_id: str,
    name: str,
    start: date,
    until: datetime,
    library: Library,
) -> None:
    """Let `people` (ids in the place's Slack) go through a programme from `start`, a Monday, to `until`; write what was
    stored to `file`, which must not be there yet. Their chats were on paper: the next message begins a new one."""
    store = MemoryStore()
    world = World(
        start=start, seed=SEED, library=library, store=store, faults=0.0, platforms=("slack",), outages=(), place=place
    )
    characters = draw(len(people), start=start, lots=Random(SEED), kinds=STAYING, zones=AT_HOME, ids=people)
    coordinator = Coordinator(world.stage, world.platforms["slack"])
    world.inhabit({one.person: _somebody(world, one) for one in characters}, {"slack": coordinator})

    async def lived() -> None:
        await coordinator.start(programme_id=programme_id, start=start, people=people, closed=(), name=name)
        world.lead_lives(len(library.programme(programme_id).weeks))
        await world.live_through(until)

    try:
        with only_errors_logged():
            asyncio.run(lived())
        world.read(forget_conversations)
        store.save(file)
    finally:
        store.close()


def _somebody(world: World, character: Character) -> SimulatedPerson:
    return SimulatedPerson(
        character=character,
        profile=Profile(external_id=character.person, zone=character.zone, language=character.language),
        clock=world.clock,
        later=world.stage.later,
        lots=Random(f"{SEED} {character.person}"),
    )
