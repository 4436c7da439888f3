"""`knuff inbox`: events that could not be handled, by id, kind and class of error. Nobody's id and nobody's words."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import orjson

from bot.commands.existing_database import existing_store
from bot.commands.faults import CANNOT, plainly, say
from bot.settings import read_settings
from storage.set_aside import Replayed, SetAside, replay, set_aside

SENTENCES = {
    Replayed.REPLAYED: "{} is back in the queue: a running Knuff takes it up within a minute.",
    Replayed.UNKNOWN: "{} is not in the inbox: `knuff inbox list` shows what can be replayed.",
    Replayed.HANDLED: "{} has been handled, so it is left alone.",
    Replayed.WAITS: "{} has not been set aside: it waits for its turn.",
    Replayed.ERASED: "{} cannot be replayed: what it said has been deleted.",
    Replayed.OVERTAKEN: "{} is left alone: the person has done more since.",
}


@plainly
def list_inbox(*, as_json: bool) -> int:
    """Show what has been set aside. Returns 0, also when there is nothing."""
    with existing_store(read_settings().database_url) as store:
        events = asyncio.run(store.read(set_aside))
    if as_json:
        sys.stdout.write("".join(f"{orjson.dumps(event).decode()}\n" for event in events))
    elif not events:
        sys.stdout.write("Nothing has been set aside.\n")
    else:
        _show(events)
    return 0


@plainly
def replay_inbox(event_ids: Sequence[int], *, everything: bool) -> int:
    """Put back what was set aside, and say for each what was done. Returns 2 when one that was named could not be."""
    if everything == bool(event_ids):
        say("Say which: the ids that `knuff inbox list` shows, or --all.")
        return CANNOT
    with existing_store(read_settings().database_url) as store:
        if everything:
            event_ids = [event.id for event in asyncio.run(store.read(set_aside)) if event.can_be_replayed]
        # In the order they came: a running Knuff may handle each in the moment it is put back.
        outcomes = [(one, store.write_now(partial(replay, event_id=one))) for one in sorted(event_ids)]
    for event_id, outcome in outcomes:
        if outcome is Replayed.REPLAYED:
            sys.stdout.write(f"{SENTENCES[outcome].format(event_id)}\n")
        else:
            say(SENTENCES[outcome].format(event_id))
    if not outcomes:
        sys.stdout.write("There is nothing to replay.\n")
    return 0 if everything or all(outcome is Replayed.REPLAYED for _, outcome in outcomes) else CANNOT


def _show(events: Sequence[SetAside]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("Id", "Platform", "What", "Came (UTC)", "Set aside (UTC)", "Tries", "Reason", "Still kept")
    for event in events:
        table.add_row(
            str(event.id), event.platform, event.kind or "", _moment(event.received_at), _moment(event.set_aside_at),
            str(event.tries), event.reason, "yes" if event.can_be_replayed else "no, deleted",
        )  # fmt: skip
    Console().print(table)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
